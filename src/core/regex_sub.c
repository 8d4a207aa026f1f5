/* re.sub. The replacement is read once into pieces: text, or the number of a group. */
#include "regex_internal.h"

#include <string.h>

typedef struct piece {
    lme_str text;
    size_t group; /* SIZE_MAX: text */
} piece;

typedef struct pieces {
    lme_arena *arena;
    const lme_regex *regex;
    piece *items;
    size_t n, capacity;
    lme_builder text; /* not yet a piece */
} pieces;

static void add_piece(pieces *p, lme_str text, size_t group)
{
    if (p->n == p->capacity) {
        size_t capacity = p->n == 0 ? 8 : 2 * p->n;
        p->items = lme_arena_grow(p->arena, p->items, p->n * sizeof *p->items,
                                  capacity * sizeof *p->items);
        p->capacity = capacity;
    }
    p->items[p->n++] = (piece){.text = text, .group = group};
}

static void flush(pieces *p)
{
    if (p->text.len > 0)
        add_piece(p, lme_builder_finish(&p->text), SIZE_MAX);
    p->text = (lme_builder){.arena = p->arena};
}

static bool add_group(pieces *p, size_t group, lme_error *err)
{
    if (group >= p->regex->n_groups)
        return lme_fail(err, LME_ERR_TASK, NULL, "the replacement names group %zu; %.*s has %zu",
                        group, LME_STR_ARG(p->regex->pattern), p->regex->n_groups - 1);
    flush(p);
    add_piece(p, LME_STR(""), group);
    return true;
}

/* \g<name> or \g<number>; *at stands on the "<". */
static bool read_named(pieces *p, lme_str s, size_t *at, lme_error *err)
{
    size_t close = lme_str_find(s, LME_STR(">"), *at);
    if (*at >= s.len || s.ptr[*at] != '<' || close == SIZE_MAX)
        return lme_fail(err, LME_ERR_TASK, NULL, "the replacement has \\g without <name>");
    lme_str name = lme_str_slice(s, *at + 1, close);
    *at = close + 1;
    int64_t number;
    if (lme_str_to_int(name, &number) && number >= 0)
        return add_group(p, (size_t)number, err);
    int found =
        pcre2_substring_number_from_name(p->regex->code, (PCRE2_SPTR)lme_str_cstr(p->arena, name));
    if (found <= 0)
        return lme_fail(err, LME_ERR_TASK, NULL, "the replacement names group %.*s; %.*s has none",
                        LME_STR_ARG(name), LME_STR_ARG(p->regex->pattern));
    return add_group(p, (size_t)found, err);
}

/* Number of digits below `base` at `at`, at most n. */
static size_t count_digits(lme_str s, size_t at, size_t n, char base)
{
    size_t found = 0;
    while (found < n && at + found < s.len && s.ptr[at + found] >= '0' &&
           s.ptr[at + found] < '0' + base)
        found++;
    return found;
}

/* \1 to \99 are groups, \0 with up to two digits and \ooo are octal; *at stands on the digit. */
static bool read_digits(pieces *p, lme_str s, size_t *at, lme_error *err)
{
    size_t octal = count_digits(s, *at, 3, 8);
    bool is_octal = s.ptr[*at] == '0' || octal == 3;
    size_t n = is_octal ? octal : count_digits(s, *at, 2, 10);
    unsigned value = 0;
    for (size_t i = 0; i < n; i++)
        value = value * (is_octal ? 8 : 10) + (unsigned)(s.ptr[*at + i] - '0');
    *at += n;
    if (!is_octal)
        return add_group(p, value, err);
    if (value > 0377)
        return lme_fail(err, LME_ERR_TASK, NULL,
                        "the replacement has an octal escape outside of \\0 to \\377");
    lme_builder_codepoint(&p->text, value);
    return true;
}

/* What stands behind a backslash; *at is moved behind it. */
static bool read_escape(pieces *p, lme_str s, size_t *at, lme_error *err)
{
    static const char letters[] = "nrtabfv\\", meanings[] = "\n\r\t\a\b\f\v\\";
    if (*at == s.len)
        return lme_fail(err, LME_ERR_TASK, NULL, "the replacement ends with a backslash");
    char c = s.ptr[*at];
    if (c >= '0' && c <= '9')
        return read_digits(p, s, at, err);
    (*at)++;
    if (c == 'g')
        return read_named(p, s, at, err);
    const char *letter = c == '\0' ? NULL : strchr(letters, c);
    if (letter != NULL) {
        lme_builder_char(&p->text, meanings[letter - letters]);
        return true;
    }
    if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'))
        return lme_fail(err, LME_ERR_TASK, NULL, "the replacement has the unknown escape \\%c", c);
    lme_builder_char(&p->text, '\\');
    lme_builder_char(&p->text, c);
    return true;
}

static bool read_replacement(pieces *p, lme_str s, lme_error *err)
{
    for (size_t at = 0; at < s.len;) {
        char c = s.ptr[at++];
        if (c != '\\')
            lme_builder_char(&p->text, c);
        else if (!read_escape(p, s, &at, err))
            return false;
    }
    flush(p);
    return true;
}

static void add_replacement(lme_builder *out, const pieces *p, lme_str subject)
{
    for (size_t i = 0; i < p->n; i++) {
        bool is_text = p->items[i].group == SIZE_MAX;
        lme_builder_add(out, is_text ? p->items[i].text
                                     : lme_regex_group(p->regex, subject, p->items[i].group));
    }
}

/* The arguments are re.sub's. NOLINTNEXTLINE(readability-function-size) */
bool lme_regex_sub(lme_arena *arena, const lme_regex *regex, lme_str replacement, lme_str subject,
                   size_t count, lme_str *result, lme_error *err)
{
    pieces p = {.arena = arena, .regex = regex, .text = {.arena = arena}};
    if (!lme_regex_check_subject(regex, subject, err) || !read_replacement(&p, replacement, err))
        return false;
    lme_builder out = {.arena = arena};
    lme_regex_walk walk = {.regex = regex, .subject = subject};
    size_t done = 0, n = 0;
    while (count == 0 || n < count) {
        bool found;
        if (!lme_regex_next(&walk, &found, err))
            return false;
        if (!found)
            break;
        lme_builder_add(&out, lme_str_slice(subject, done, walk.start));
        add_replacement(&out, &p, subject);
        done = walk.end;
        n++;
    }
    if (n == 0) {
        *result = subject;
        return true;
    }
    lme_builder_add(&out, lme_str_slice(subject, done, subject.len));
    *result = lme_builder_finish(&out);
    return true;
}

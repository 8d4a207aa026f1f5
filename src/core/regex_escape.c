/* Escapes and sets. Python knows fewer escapes than PCRE2 and calls the others errors, its \s is
 * not Unicode's, and its sets know no [:classes:].
 */
#include "regex_scan.h"

#include <string.h>

#include <lmeval/unicode.h>

/* str.isspace: Unicode's white space with U+001C to U+001F, without U+180E; and the rest. */
#define SPACES                                                                                     \
    "\\x09-\\x0d\\x1c-\\x20\\x85\\xa0\\x{1680}\\x{2000}-\\x{200a}\\x{2028}\\x{2029}\\x{202f}"      \
    "\\x{205f}\\x{3000}"
#define NO_SPACES                                                                                  \
    "\\x00-\\x08\\x0e-\\x1b\\x21-\\x84\\x86-\\x9f\\xa1-\\x{167f}\\x{1681}-\\x{1fff}\\x{200b}-"     \
    "\\x{2027}\\x{202a}-\\x{202e}\\x{2030}-\\x{205e}\\x{2060}-\\x{2fff}\\x{3001}-\\x{10ffff}"

char lme_regex_peek(const lme_regex_scan *s, size_t ahead)
{
    if (ahead >= s->in.len - s->at)
        return '\0';
    return s->in.ptr[s->at + ahead];
}

static bool is_octal(char c)
{
    return c >= '0' && c <= '7';
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void add(lme_regex_scan *s, const char *text)
{
    lme_builder_add(&s->out, lme_str_from(text));
}

static bool bad_escape(const lme_regex_scan *s)
{
    return lme_regex_refuse(s->err, s->in, s->at, "bad escape \\%c", lme_regex_peek(s, 1));
}

/* \xHH, \uHHHH, \UHHHHHHHH: so many digits, no fewer. */
static bool scan_hex(lme_regex_scan *s, size_t n)
{
    lme_str digits = lme_str_slice(s->in, s->at + 2, s->at + 2 + n);
    size_t found = 0;
    while (found < digits.len && digits.ptr[found] != '\0' &&
           strchr("0123456789abcdefABCDEF", digits.ptr[found]) != NULL)
        found++;
    if (found < n)
        return lme_regex_refuse(s->err, s->in, s->at, "\\%c wants %zu hexadecimal digits",
                                lme_regex_peek(s, 1), n);
    lme_builder_format(&s->out, "\\x{%.*s}", LME_STR_ARG(digits));
    s->at += 2 + n;
    return true;
}

/* \0, \07, \012, \123: `n` octal digits behind the backslash. */
static bool scan_octal(lme_regex_scan *s, size_t n)
{
    unsigned value = 0;
    for (size_t i = 1; i <= n; i++)
        value = value * 8 + (unsigned)(lme_regex_peek(s, i) - '0');
    if (value > 0377)
        return lme_regex_refuse(s->err, s->in, s->at, "octal escape outside of \\0 to \\377");
    lme_builder_format(&s->out, "\\x{%x}", value);
    s->at += 1 + n;
    return true;
}

/* The escapes that mean a character, alike inside and outside of a set. */
static bool scan_character(lme_regex_scan *s)
{
    char c = lme_regex_peek(s, 1);
    static const char names[] = "abfnrtv\\";
    static const char *const values[] = {"\\x07", "\\x08", "\\x0c", "\\x0a",
                                         "\\x0d", "\\x09", "\\x0b", "\\\\"};
    if (c == 'x')
        return scan_hex(s, 2);
    if (c == 'u')
        return scan_hex(s, 4);
    if (c == 'U')
        return scan_hex(s, 8);
    const char *name = c == '\0' ? NULL : strchr(names, c);
    if (name != NULL) {
        add(s, values[name - names]);
        s->at += 2;
        return true;
    }
    if (is_letter(c) || is_digit(c))
        return bad_escape(s);
    /* Anything else is itself; what has a meaning keeps its backslash. */
    size_t end = s->at + 1;
    lme_codepoint_next(s->in, &end);
    if ((unsigned char)c < 0x80 && c != '\0')
        lme_builder_char(&s->out, '\\');
    lme_builder_add(&s->out, lme_str_slice(s->in, s->at + 1, end));
    s->at = end;
    return true;
}

/* A reference to a group, or three octal digits. */
static bool scan_reference(lme_regex_scan *s)
{
    char first = lme_regex_peek(s, 1), second = lme_regex_peek(s, 2);
    if (is_octal(first) && is_octal(second) && is_octal(lme_regex_peek(s, 3)))
        return scan_octal(s, 3);
    size_t group = (size_t)(first - '0');
    if (is_digit(second))
        group = group * 10 + (size_t)(second - '0');
    if (group > s->n_groups)
        return lme_regex_refuse(s->err, s->in, s->at, "there is no group %zu before it", group);
    lme_builder_format(&s->out, "\\g{%zu}", group);
    s->at += is_digit(second) ? 3 : 2;
    return true;
}

bool lme_regex_scan_escape(lme_regex_scan *s)
{
    /* Python's \B does not match in an empty text. */
    static const struct {
        char name;
        const char *meaning;
    } meanings[] = {
        {'A', "\\A"}, {'Z', "\\z"}, {'b', "\\b"}, {'B', "(?!\\A\\z)\\B"}, {'d', "\\d"},
        {'D', "\\D"}, {'w', "\\w"}, {'W', "\\W"}, {'s', "[" SPACES "]"},  {'S', "[^" SPACES "]"},
    };
    if (s->at + 1 >= s->in.len)
        return lme_regex_refuse(s->err, s->in, s->at, "a backslash stands at the end");
    char c = lme_regex_peek(s, 1);
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if (meanings[i].name == c) {
            add(s, meanings[i].meaning);
            s->at += 2;
            return true;
        }
    }
    if (c == '0')
        return scan_octal(s,
                          is_octal(lme_regex_peek(s, 2)) ? 2 + is_octal(lme_regex_peek(s, 3)) : 1);
    if (is_digit(c))
        return scan_reference(s);
    if (c == 'N')
        return lme_regex_refuse(s->err, s->in, s->at, "\\N{name} is not known here, write \\uXXXX");
    return scan_character(s);
}

/* One member of a set; is_class when it is \d and the like, which cannot end a range. */
static bool scan_member(lme_regex_scan *s, bool *is_class)
{
    char c = lme_regex_peek(s, 0);
    *is_class = false;
    if (c != '\\') {
        size_t end = s->at;
        lme_codepoint_next(s->in, &end);
        if (c != '\0' && strchr("[]^-", c) != NULL)
            lme_builder_char(&s->out, '\\');
        lme_builder_add(&s->out, lme_str_slice(s->in, s->at, end));
        s->at = end;
        return true;
    }
    if (s->at + 1 >= s->in.len)
        return lme_regex_refuse(s->err, s->in, s->at, "a backslash stands at the end");
    c = lme_regex_peek(s, 1);
    if (c == 's' || c == 'S') {
        *is_class = true;
        add(s, c == 's' ? SPACES : NO_SPACES);
        s->at += 2;
        return true;
    }
    if (c != '\0' && strchr("dDwW", c) != NULL) {
        *is_class = true;
        lme_builder_add(&s->out, lme_str_slice(s->in, s->at, s->at + 2));
        s->at += 2;
        return true;
    }
    if (!is_octal(c))
        return scan_character(s);
    size_t n = 1;
    while (n < 3 && is_octal(lme_regex_peek(s, n + 1)))
        n++;
    return scan_octal(s, n);
}

/* A member, or a range of two. */
static bool scan_range(lme_regex_scan *s)
{
    size_t begin = s->at;
    bool low_is_class, high_is_class;
    if (!scan_member(s, &low_is_class))
        return false;
    if (lme_regex_peek(s, 0) != '-' || lme_regex_peek(s, 1) == ']' || s->at + 1 >= s->in.len)
        return true;
    s->at++;
    lme_builder_char(&s->out, '-');
    if (!scan_member(s, &high_is_class))
        return false;
    if (low_is_class || high_is_class) {
        lme_str range = lme_str_slice(s->in, begin, s->at);
        return lme_regex_refuse(s->err, s->in, begin, "bad character range %.*s",
                                LME_STR_ARG(range));
    }
    return true;
}

bool lme_regex_scan_set(lme_regex_scan *s)
{
    size_t begin = s->at++;
    lme_builder_char(&s->out, '[');
    if (lme_regex_peek(s, 0) == '^') {
        lme_builder_char(&s->out, '^');
        s->at++;
    }
    /* A ] that comes first is a member. */
    for (size_t first = s->at; s->at == first || lme_regex_peek(s, 0) != ']';) {
        if (s->at >= s->in.len)
            return lme_regex_refuse(s->err, s->in, begin, "unterminated character set");
        if (!scan_range(s))
            return false;
    }
    lme_builder_char(&s->out, ']');
    s->at++;
    return true;
}

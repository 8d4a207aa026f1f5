/* From Python's syntax to PCRE2's. Most of a pattern means the same in both; what differs is
 * rewritten, what only PCRE2 has is refused as Python would.
 */
#include "regex_python.h"

#include "regex_scan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/unicode.h>

enum {
    SHOWN = 300 /* bytes of a pattern that a message repeats */
};

lme_str lme_regex_shown(lme_str pattern)
{
    size_t end = pattern.len < SHOWN ? pattern.len : SHOWN;
    while (end < pattern.len && ((unsigned char)pattern.ptr[end] & 0xC0) == 0x80)
        end--;
    return lme_str_slice(pattern, 0, end);
}

bool lme_regex_refuse(lme_error *err, lme_str pattern, size_t at, const char *format, ...)
{
    char why[256];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof why, format, arguments);
    va_end(arguments);
    lme_str shown = lme_regex_shown(pattern);
    return lme_fail(err, LME_ERR_TASK, NULL, "bad regular expression %.*s%s: %s (at byte %zu)",
                    LME_STR_ARG(shown), shown.len < pattern.len ? "..." : "", why, at);
}

/* {2} {2,} {,3} {2,3}; any other brace is itself. */
static void scan_brace(lme_regex_scan *s)
{
    size_t low = 1, comma, end;
    while (lme_regex_peek(s, low) >= '0' && lme_regex_peek(s, low) <= '9')
        low++;
    comma = lme_regex_peek(s, low) == ',';
    for (end = low + comma; lme_regex_peek(s, end) >= '0' && lme_regex_peek(s, end) <= '9';)
        end++;
    bool repeats = lme_regex_peek(s, end) == '}' && end > 1 && (comma == 1 || end == low);
    if (!repeats) {
        lme_builder_add(&s->out, LME_STR("\\{"));
        s->at++;
        return;
    }
    lme_builder_add(&s->out, low == 1 ? LME_STR("{0") : LME_STR("{"));
    lme_builder_add(&s->out, lme_str_slice(s->in, s->at + 1, s->at + end + 1));
    s->at += end + 1;
}

/* Blanks and comments of (?x) become one blank, which keeps "(" and "?" around them apart. */
static bool skip_verbose(lme_regex_scan *s)
{
    char c = lme_regex_peek(s, 0);
    if (!s->verbose[s->depth] || c == '\0' || strchr(" \t\n\r\v\f#", c) == NULL)
        return false;
    s->at++;
    while (c == '#' && s->at < s->in.len && s->in.ptr[s->at - 1] != '\n')
        s->at++;
    lme_builder_char(&s->out, ' ');
    return true;
}

/* A character that is itself; PCRE2 takes more of them for blanks in (?x). */
static void copy_character(lme_regex_scan *s)
{
    size_t begin = s->at;
    uint32_t c = lme_codepoint_next(s->in, &s->at);
    bool blank = c >= 0x80 && (lme_is_space(c) || c == 0x200E || c == 0x200F);
    if (s->verbose[s->depth] && blank)
        lme_builder_format(&s->out, "\\x{%x}", (unsigned)c);
    else
        lme_builder_add(&s->out, lme_str_slice(s->in, begin, s->at));
}

static bool scan_one(lme_regex_scan *s)
{
    switch (lme_regex_peek(s, 0)) {
    case '\\':
        return lme_regex_scan_escape(s);
    case '[':
        return lme_regex_scan_set(s);
    case '(':
        return lme_regex_scan_group(s);
    case '{':
        scan_brace(s);
        return true;
    case ')':
        if (s->depth == 0)
            return lme_regex_refuse(s->err, s->in, s->at, "unbalanced parenthesis");
        s->depth--;
        break;
    default:
        break;
    }
    copy_character(s);
    return true;
}

static void mark(lme_regex_translation *t, lme_arena *arena, size_t *capacity, lme_regex_shift here)
{
    const lme_regex_shift *last = t->n_shifts > 0 ? &t->shifts[t->n_shifts - 1] : NULL;
    if (last != NULL && here.out - last->out == here.in - last->in)
        return;
    if (t->shifts == NULL || t->n_shifts == *capacity) {
        size_t more = *capacity == 0 ? 16 : *capacity * 2;
        t->shifts = lme_arena_grow(arena, t->shifts, *capacity * sizeof here, more * sizeof here);
        *capacity = more;
    }
    t->shifts[t->n_shifts++] = here;
}

bool lme_regex_translate(lme_arena *arena, lme_str pattern, lme_regex_translation *translation,
                         lme_error *err)
{
    lme_regex_scan s = {.in = pattern, .out = {.arena = arena}, .result = translation, .err = err};
    size_t capacity = 0;
    *translation = (lme_regex_translation){.n_shifts = 0};
    while (s.at < pattern.len) {
        mark(translation, arena, &capacity, (lme_regex_shift){.out = s.out.len, .in = s.at});
        if (!skip_verbose(&s) && !scan_one(&s))
            return false;
    }
    if (s.depth > 0)
        return lme_regex_refuse(err, pattern, pattern.len, "missing ), unterminated group");
    translation->text = lme_builder_finish(&s.out);
    return true;
}

size_t lme_regex_origin(const lme_regex_translation *t, size_t out)
{
    size_t in = out;
    for (size_t i = 0; i < t->n_shifts && t->shifts[i].out <= out; i++)
        in = t->shifts[i].in + (out - t->shifts[i].out);
    return in;
}

/* str.lower, upper, title, capitalize. Most code points map to one (utf8proc); the rest stand in a
 * table, and U+03A3 depends on what is around it.
 */
#include "unicode_internal.h"
#include "unicode_special.h"

#include <stdlib.h>
#include <utf8proc.h>

static int compare_from(const void *key, const void *row)
{
    uint32_t c = *(const uint32_t *)key, from = ((const lme_special_case *)row)->from;
    return (c > from) - (c < from);
}

static const lme_special_case *find_special(uint32_t c)
{
    if (c < 0x80)
        return NULL;
    return bsearch(&c, lme_special_cases, sizeof lme_special_cases / sizeof lme_special_cases[0],
                   sizeof lme_special_cases[0], compare_from);
}

static void add_all(lme_builder *out, const uint32_t *codepoints)
{
    for (size_t i = 0; i < 3 && codepoints[i] != 0; i++)
        lme_builder_codepoint(out, codepoints[i]);
}

static void add_upper(lme_builder *out, uint32_t c)
{
    const lme_special_case *full = find_special(c);
    if (full != NULL)
        add_all(out, full->upper);
    else
        lme_builder_codepoint(out, (uint32_t)utf8proc_toupper((utf8proc_int32_t)c));
}

static void add_title(lme_builder *out, uint32_t c)
{
    const lme_special_case *full = find_special(c);
    if (full != NULL)
        add_all(out, full->title);
    else
        lme_builder_codepoint(out, (uint32_t)utf8proc_totitle((utf8proc_int32_t)c));
}

static bool is_cased(uint32_t c)
{
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    return k == UTF8PROC_CATEGORY_LU || k == UTF8PROC_CATEGORY_LL || k == UTF8PROC_CATEGORY_LT ||
           lme_is_upper(c) || lme_is_lower(c);
}

/* Case_Ignorable: marks, formats, modifiers, and the punctuation that can stand inside of words. */
static bool is_case_ignorable(uint32_t c)
{
    static const uint32_t inside[] = {'\'',   '.',    ':',    0xB7,   0x387,  0x55F,
                                      0x5F4,  0x2018, 0x2019, 0x2024, 0x2027, 0xFE13,
                                      0xFE52, 0xFE55, 0xFF07, 0xFF0E, 0xFF1A};
    utf8proc_category_t k = utf8proc_category((utf8proc_int32_t)c);
    if (k == UTF8PROC_CATEGORY_MN || k == UTF8PROC_CATEGORY_ME || k == UTF8PROC_CATEGORY_CF ||
        k == UTF8PROC_CATEGORY_LM || k == UTF8PROC_CATEGORY_SK)
        return true;
    for (size_t i = 0; i < sizeof inside / sizeof inside[0]; i++) {
        if (inside[i] == c)
            return true;
    }
    return false;
}

/* Final_Sigma: a cased letter before, none after; ignorable ones do not count. */
static bool is_final_sigma(lme_str s, size_t at, size_t next)
{
    bool before = false;
    while (at > 0) {
        uint32_t c = lme_codepoint_before(s, &at);
        if (!is_case_ignorable(c)) {
            before = is_cased(c);
            break;
        }
    }
    while (before && next < s.len) {
        uint32_t c = lme_codepoint_next(s, &next);
        if (!is_case_ignorable(c))
            return !is_cased(c);
    }
    return before;
}

static void add_lower(lme_builder *out, lme_str s, size_t at, size_t next, uint32_t c)
{
    if (c == 0x130) {
        lme_builder_codepoint(out, 'i');
        lme_builder_codepoint(out, 0x307);
    } else if (c == 0x3A3) {
        lme_builder_codepoint(out, is_final_sigma(s, at, next) ? 0x3C2 : 0x3C3);
    } else {
        lme_builder_codepoint(out, (uint32_t)utf8proc_tolower((utf8proc_int32_t)c));
    }
}

/* Adds the ASCII characters from byte `at` on, those from `first` to `last` in the other case.
 * Returns the byte behind them. Most texts are nothing else: this is eight times as fast as a look
 * into the tables (bench/render.sh). */
static size_t add_ascii(lme_builder *out, lme_str s, size_t at, char first, char last)
{
    size_t end = at;
    while (end < s.len && (unsigned char)s.ptr[end] < 0x80)
        end++;
    char *to = lme_builder_reserve(out, end - at);
    for (size_t i = at; i < end; i++) {
        char c = s.ptr[i];
        *to++ = c >= first && c <= last ? (char)(c ^ 0x20) : c;
    }
    out->len += end - at;
    return end;
}

lme_str lme_lower(lme_arena *arena, lme_str s)
{
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < s.len;) {
        size_t from = at = add_ascii(&out, s, at, 'A', 'Z');
        if (at == s.len)
            break;
        uint32_t c = lme_codepoint_next(s, &at);
        add_lower(&out, s, from, at, c);
    }
    return lme_builder_finish(&out);
}

lme_str lme_upper(lme_arena *arena, lme_str s)
{
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < s.len;) {
        at = add_ascii(&out, s, at, 'a', 'z');
        if (at < s.len)
            add_upper(&out, lme_codepoint_next(s, &at));
    }
    return lme_builder_finish(&out);
}

lme_str lme_title(lme_arena *arena, lme_str s)
{
    lme_builder out = {.arena = arena};
    bool in_word = false;
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = lme_codepoint_next(s, &at);
        if (in_word)
            add_lower(&out, s, from, at, c);
        else
            add_title(&out, c);
        in_word = is_cased(c);
    }
    return lme_builder_finish(&out);
}

lme_str lme_capitalize(lme_arena *arena, lme_str s)
{
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t c = lme_codepoint_next(s, &at);
        if (from == 0)
            add_title(&out, c);
        else
            add_lower(&out, s, from, at, c);
    }
    return lme_builder_finish(&out);
}

/* Code points and their classes. Categories are utf8proc's: version 2.8 knows Unicode 15 as CPython
 * 3.12 does, where 3.11 knows 14, so that only characters added in between can differ.
 */
#include "eight_bytes.h"
#include "unicode_internal.h"

#include <string.h>
#include <utf8proc.h>

enum {
    REPLACEMENT = 0xFFFD
};

/* Length of the valid sequence at p; 0 when there is none. */
static size_t sequence(const unsigned char *p, size_t n, uint32_t *codepoint)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t len = utf8proc_iterate(p, (utf8proc_ssize_t)n, &c);
    if (len <= 0)
        return 0;
    *codepoint = (uint32_t)c;
    return (size_t)len;
}

uint32_t lme_codepoint_next(lme_str s, size_t *at)
{
    LME_BUG(*at >= s.len, "reading past a text's end");
    unsigned char first = (unsigned char)s.ptr[*at];
    if (first < 0x80) {
        (*at)++;
        return first;
    }
    uint32_t c = REPLACEMENT;
    size_t len = sequence((const unsigned char *)s.ptr + *at, s.len - *at, &c);
    *at += len > 0 ? len : 1;
    return len > 0 ? c : REPLACEMENT;
}

lme_str lme_utf8_cut(lme_str s, size_t len)
{
    if (len >= s.len)
        return s;
    while (len > 0 && ((unsigned char)s.ptr[len] & 0xC0) == 0x80)
        len--;
    return lme_str_slice(s, 0, len);
}

uint32_t lme_codepoint_before(lme_str s, size_t *at)
{
    LME_BUG(*at == 0 || *at > s.len, "reading before a text's start");
    size_t end = *at, start = end - 1;
    while (start > 0 && end - start < 4 && ((unsigned char)s.ptr[start] & 0xC0) == 0x80)
        start--;
    size_t next = start;
    uint32_t c = lme_codepoint_next(lme_str_slice(s, 0, end), &next);
    *at = next == end ? start : end - 1;
    return next == end ? c : REPLACEMENT;
}

bool lme_utf8_valid(lme_str s)
{
    size_t at = 0;
    while (at < s.len) {
        if ((unsigned char)s.ptr[at] < 0x80) {
            at++;
            continue;
        }
        uint32_t c;
        size_t len = sequence((const unsigned char *)s.ptr + at, s.len - at, &c);
        if (len == 0)
            return false;
        at += len;
    }
    return true;
}

lme_str lme_utf8_repair(lme_arena *arena, lme_str s)
{
    if (lme_utf8_valid(s))
        return s;
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < s.len;)
        lme_builder_codepoint(&out, lme_codepoint_next(s, &at));
    return lme_builder_finish(&out);
}

/* How many of eight bytes do not begin a code point: those whose two top bits are 10. */
static size_t count_inner(const char *bytes)
{
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    uint64_t inner = eight >> 7 & ~eight >> 6 & LME_EACH_BYTE;
    return (size_t)(inner * LME_EACH_BYTE >> 56);
}

size_t lme_codepoints(lme_str s)
{
    size_t n = s.len, at = 0;
    for (; s.len - at >= 8; at += 8)
        n -= count_inner(s.ptr + at);
    for (; at < s.len; at++)
        n -= ((unsigned char)s.ptr[at] & 0xC0) == 0x80;
    return n;
}

size_t lme_codepoint_offset(lme_str s, size_t index)
{
    size_t at = 0;
    while (index > 0 && at < s.len) {
        lme_codepoint_next(s, &at);
        index--;
    }
    return at;
}

static utf8proc_category_t category(uint32_t c)
{
    return utf8proc_category((utf8proc_int32_t)c);
}

/* Bidirectional types WS, B, S and category Zs: CPython's _PyUnicode_IsWhitespace. */
bool lme_is_space(uint32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
    return c == 0x85 || c == 0xA0 || c == 0x1680 || (c >= 0x2000 && c <= 0x200A) || c == 0x2028 ||
           c == 0x2029 || c == 0x202F || c == 0x205F || c == 0x3000;
}

/* Numeric_Type Digit beside decimal: superscripts, circled and the like. */
static bool is_other_digit(uint32_t c)
{
    static const uint32_t ranges[][2] = {
        {0xB2, 0xB3},       {0xB9, 0xB9},       {0x1369, 0x1371},   {0x19DA, 0x19DA},
        {0x2070, 0x2070},   {0x2074, 0x2079},   {0x2080, 0x2089},   {0x2460, 0x2468},
        {0x2474, 0x247C},   {0x2488, 0x2490},   {0x24EA, 0x24EA},   {0x24F5, 0x24FD},
        {0x24FF, 0x24FF},   {0x2776, 0x277E},   {0x2780, 0x2788},   {0x278A, 0x2792},
        {0x10A40, 0x10A43}, {0x10E60, 0x10E68}, {0x11052, 0x1105A}, {0x1F100, 0x1F10A},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++) {
        if (c >= ranges[i][0] && c <= ranges[i][1])
            return true;
    }
    return false;
}

bool lme_is_digit(uint32_t c)
{
    if (c < 0x80)
        return c >= '0' && c <= '9';
    return category(c) == UTF8PROC_CATEGORY_ND || is_other_digit(c);
}

/* Unicode lays digits out in runs from 0 to 9, some runs next to each other. */
int lme_decimal_value(uint32_t c)
{
    if (c < 0x80)
        return c >= '0' && c <= '9' ? (int)(c - '0') : -1;
    if (category(c) != UTF8PROC_CATEGORY_ND)
        return -1;
    uint32_t first = c;
    while (category(first - 1) == UTF8PROC_CATEGORY_ND)
        first--;
    return (int)((c - first) % 10);
}

bool lme_is_alpha(uint32_t c)
{
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO;
}

bool lme_is_punctuation(uint32_t c)
{
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_PC && k <= UTF8PROC_CATEGORY_PO;
}

bool lme_is_symbol(uint32_t c)
{
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_SM && k <= UTF8PROC_CATEGORY_SO;
}

bool lme_is_numeral(uint32_t c)
{
    utf8proc_category_t k = category(c);
    return k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO;
}

bool lme_is_upper(uint32_t c)
{
    return utf8proc_isupper((utf8proc_int32_t)c) != 0;
}

bool lme_is_lower(uint32_t c)
{
    return utf8proc_islower((utf8proc_int32_t)c) != 0;
}

bool lme_str_is_digit(lme_str s)
{
    size_t at = 0;
    while (at < s.len) {
        if (!lme_is_digit(lme_codepoint_next(s, &at)))
            return false;
    }
    return s.len > 0;
}

lme_str lme_lstrip(lme_str s)
{
    size_t at = 0;
    while (at < s.len) {
        size_t next = at;
        if (!lme_is_space(lme_codepoint_next(s, &next)))
            break;
        at = next;
    }
    return lme_str_slice(s, at, s.len);
}

lme_str lme_rstrip(lme_str s)
{
    while (s.len > 0) {
        size_t at = s.len;
        if (!lme_is_space(lme_codepoint_before(s, &at)))
            break;
        s.len = at;
    }
    return s;
}

lme_str lme_strip(lme_str s)
{
    return lme_rstrip(lme_lstrip(s));
}

/* Terminal columns: utf8proc's widths, control characters none. */
size_t lme_display_width(lme_str s)
{
    size_t width = 0;
    for (size_t at = 0; at < s.len;) {
        int w = utf8proc_charwidth((utf8proc_int32_t)lme_codepoint_next(s, &at));
        width += w > 0 ? (size_t)w : 0;
    }
    return width;
}

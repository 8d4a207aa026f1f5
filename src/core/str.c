/* Slices of bytes: comparing, searching, copying, nearest names, whole-text integers. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/str.h>

lme_str lme_str_from(const char *text)
{
    return text == NULL ? LME_STR("") : (lme_str){text, strlen(text)};
}

bool lme_str_equal(lme_str a, lme_str b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

bool lme_str_is(lme_str a, const char *text)
{
    return lme_str_equal(a, lme_str_from(text));
}

int lme_str_compare(lme_str a, lme_str b)
{
    size_t shared = a.len < b.len ? a.len : b.len;
    int order = shared == 0 ? 0 : memcmp(a.ptr, b.ptr, shared);
    if (order != 0)
        return order;
    return (a.len > b.len) - (a.len < b.len);
}

bool lme_str_starts(lme_str s, lme_str prefix)
{
    return s.len >= prefix.len && lme_str_equal((lme_str){s.ptr, prefix.len}, prefix);
}

bool lme_str_ends(lme_str s, lme_str suffix)
{
    return s.len >= suffix.len &&
           lme_str_equal(lme_str_slice(s, s.len - suffix.len, s.len), suffix);
}

lme_str lme_str_slice(lme_str s, size_t from, size_t to)
{
    if (to > s.len)
        to = s.len;
    if (from > to)
        from = to;
    return (lme_str){from == 0 ? s.ptr : s.ptr + from, to - from};
}

/* Candidates by first byte: the C library's memchr is the fastest loop there is. */
static size_t find_short(lme_str s, lme_str part, size_t from)
{
    size_t last = s.len - part.len;
    while (from <= last) {
        const char *hit = memchr(s.ptr + from, part.ptr[0], last - from + 1);
        if (hit == NULL)
            return SIZE_MAX;
        if (memcmp(hit, part.ptr, part.len) == 0)
            return (size_t)(hit - s.ptr);
        from = (size_t)(hit - s.ptr) + 1;
    }
    return SIZE_MAX;
}

/* Rabin and Karp's rolling hash: a long `part` in a repetitive text stays linear. */
static size_t find_long(lme_str s, lme_str part, size_t from)
{
    const uint64_t prime = 4294967291u, base = 263;
    uint64_t wanted = 0, hash = 0, top = 1;
    for (size_t i = 0; i < part.len; i++) {
        wanted = (wanted * base + (unsigned char)part.ptr[i]) % prime;
        hash = (hash * base + (unsigned char)s.ptr[from + i]) % prime;
        top = i == 0 ? 1 : top * base % prime;
    }
    for (size_t at = from;; at++) {
        if (hash == wanted && memcmp(s.ptr + at, part.ptr, part.len) == 0)
            return at;
        if (at + part.len >= s.len)
            return SIZE_MAX;
        uint64_t leaving = (unsigned char)s.ptr[at] * top % prime;
        hash = ((hash + prime - leaving) * base + (unsigned char)s.ptr[at + part.len]) % prime;
    }
}

size_t lme_str_find(lme_str s, lme_str part, size_t from)
{
    if (from > s.len || part.len > s.len - from)
        return SIZE_MAX;
    if (part.len == 0)
        return from;
    return part.len <= 64 ? find_short(s, part, from) : find_long(s, part, from);
}

lme_str lme_str_copy(lme_arena *arena, lme_str s)
{
    return lme_str_concat(arena, s, LME_STR(""));
}

const char *lme_str_cstr(lme_arena *arena, lme_str s)
{
    return lme_str_copy(arena, s).ptr;
}

lme_str lme_str_concat(lme_arena *arena, lme_str a, lme_str b)
{
    LME_BUG(b.len >= SIZE_MAX - a.len, "texts longer than memory");
    char *text = lme_arena_alloc(arena, a.len + b.len + 1);
    if (a.len > 0)
        memcpy(text, a.ptr, a.len);
    if (b.len > 0)
        memcpy(text + a.len, b.ptr, b.len);
    return (lme_str){text, a.len + b.len};
}

lme_str lme_str_format(lme_arena *arena, const char *format, ...)
{
    char text[256];
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int length = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    LME_BUG(length < 0, "a text that cannot be formatted");
    lme_str made = {text, (size_t)length};
    if (made.len < sizeof text) {
        made = lme_str_copy(arena, made);
    } else {
        char *longer = lme_arena_alloc(arena, made.len + 1);
        vsnprintf(longer, made.len + 1, format, again);
        made.ptr = longer;
    }
    va_end(again);
    return made;
}

lme_str lme_str_replace(lme_arena *arena, lme_str s, lme_str from, lme_str to)
{
    lme_builder text = {.arena = arena};
    size_t at = 0;
    size_t hit = from.len == 0 ? SIZE_MAX : lme_str_find(s, from, 0);
    while (hit != SIZE_MAX) {
        lme_builder_add(&text, lme_str_slice(s, at, hit));
        lme_builder_add(&text, to);
        at = hit + from.len;
        hit = lme_str_find(s, from, at);
    }
    lme_builder_add(&text, lme_str_slice(s, at, s.len));
    return lme_builder_finish(&text);
}

enum {
    LONGEST_NAME = 128
};

static char small(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

/* Case is nothing that people mistype: they do not know it. */
static bool same_letter(char a, char b)
{
    return small(a) == small(b) || ((a == '-' || a == '_') && (b == '-' || b == '_'));
}

static size_t least(size_t a, size_t b)
{
    return a < b ? a : b;
}

/* Optimal string alignment: insertions, deletions, replacements, swaps of neighbours. */
static size_t edit_distance(lme_str a, lme_str b)
{
    size_t rows[3][LONGEST_NAME + 1];
    for (size_t j = 0; j <= b.len; j++)
        rows[0][j] = j;
    for (size_t i = 1; i <= a.len; i++) {
        size_t *row = rows[i % 3];
        const size_t *above = rows[(i + 2) % 3], *second = rows[(i + 1) % 3];
        row[0] = i;
        for (size_t j = 1; j <= b.len; j++) {
            size_t replaced = above[j - 1] + (same_letter(a.ptr[i - 1], b.ptr[j - 1]) ? 0 : 1);
            row[j] = least(replaced, least(above[j], row[j - 1]) + 1);
            if (i > 1 && j > 1 && same_letter(a.ptr[i - 1], b.ptr[j - 2]) &&
                same_letter(a.ptr[i - 2], b.ptr[j - 1]))
                row[j] = least(row[j], second[j - 2] + 1);
        }
    }
    return rows[a.len % 3][b.len];
}

lme_str lme_str_nearest(lme_str word, const lme_str *candidates, size_t n)
{
    lme_str nearest = LME_STR("");
    if (word.len > LONGEST_NAME)
        return nearest;
    size_t bound = least(word.len / 3, 3);
    for (size_t i = 0; i < n; i++) {
        if (candidates[i].len > LONGEST_NAME)
            continue;
        size_t distance = edit_distance(word, candidates[i]);
        if (distance > bound || (nearest.len > 0 && distance == bound))
            continue;
        bound = distance;
        nearest = candidates[i];
    }
    return nearest;
}

bool lme_str_to_int(lme_str s, int64_t *value)
{
    bool negative = s.len > 0 && s.ptr[0] == '-';
    size_t at = negative ? 1 : 0;
    if (at == s.len)
        return false;
    /* Counted downwards: the lowest number has no positive twin. */
    int64_t sum = 0;
    for (; at < s.len; at++) {
        if (s.ptr[at] < '0' || s.ptr[at] > '9')
            return false;
        int digit = s.ptr[at] - '0';
        if (sum < INT64_MIN / 10 || (sum == INT64_MIN / 10 && digit > -(int)(INT64_MIN % 10)))
            return false;
        sum = sum * 10 - digit;
    }
    if (!negative && sum == INT64_MIN)
        return false;
    *value = negative ? sum : -sum;
    return true;
}

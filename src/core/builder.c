/* The builder that makes a text; room for the final NUL is always kept. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/str.h>

char *lme_builder_reserve(lme_builder *b, size_t n)
{
    /* capacity is 0 or leaves room for the NUL: capacity > len. */
    if (n >= b->capacity - b->len) {
        LME_BUG(n >= SIZE_MAX / 2 - b->len, "a text longer than memory");
        size_t capacity = b->capacity < 64 ? 64 : b->capacity * 2;
        if (capacity < b->len + n + 1)
            capacity = b->len + n + 1;
        b->ptr = lme_arena_grow(b->arena, b->ptr, b->capacity, capacity);
        b->capacity = capacity;
    }
    return b->ptr + b->len;
}

void lme_builder_add(lme_builder *b, lme_str s)
{
    if (s.len == 0)
        return;
    memcpy(lme_builder_reserve(b, s.len), s.ptr, s.len);
    b->len += s.len;
}

void lme_builder_char(lme_builder *b, char c)
{
    *lme_builder_reserve(b, 1) = c;
    b->len++;
}

void lme_builder_codepoint(lme_builder *b, uint32_t codepoint)
{
    char *at = lme_builder_reserve(b, 4);
    if (codepoint < 0x80) {
        at[0] = (char)codepoint;
        b->len += 1;
    } else if (codepoint < 0x800) {
        at[0] = (char)(0xc0 | codepoint >> 6);
        at[1] = (char)(0x80 | (codepoint & 0x3f));
        b->len += 2;
    } else if (codepoint < 0x10000) {
        at[0] = (char)(0xe0 | codepoint >> 12);
        at[1] = (char)(0x80 | (codepoint >> 6 & 0x3f));
        at[2] = (char)(0x80 | (codepoint & 0x3f));
        b->len += 3;
    } else {
        LME_BUG(codepoint > 0x10ffff, "a code point past U+10FFFF");
        at[0] = (char)(0xf0 | codepoint >> 18);
        at[1] = (char)(0x80 | (codepoint >> 12 & 0x3f));
        at[2] = (char)(0x80 | (codepoint >> 6 & 0x3f));
        at[3] = (char)(0x80 | (codepoint & 0x3f));
        b->len += 4;
    }
}

void lme_builder_int(lme_builder *b, int64_t number)
{
    char digits[20];
    size_t n = 0;
    uint64_t rest = number < 0 ? 0 - (uint64_t)number : (uint64_t)number;
    do {
        digits[n++] = (char)('0' + rest % 10);
        rest /= 10;
    } while (rest > 0);
    if (number < 0)
        lme_builder_char(b, '-');
    char *at = lme_builder_reserve(b, n);
    b->len += n;
    while (n > 0)
        *at++ = digits[--n];
}

void lme_builder_format(lme_builder *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    char *at = lme_builder_reserve(b, 32);
    size_t room = b->capacity - b->len;
    int length = vsnprintf(at, room, format, args);
    va_end(args);
    LME_BUG(length < 0, "a text that cannot be formatted");
    if ((size_t)length >= room) {
        at = lme_builder_reserve(b, (size_t)length);
        vsnprintf(at, (size_t)length + 1, format, again);
    }
    va_end(again);
    b->len += (size_t)length;
}

lme_str lme_builder_finish(lme_builder *b)
{
    *lme_builder_reserve(b, 0) = '\0';
    return (lme_str){b->ptr, b->len};
}

/* Quoted texts: the escapes of Python's `unicode_escape` codec. */
#include "constant.h"

#include <string.h>

#include <lmeval/unicode.h>

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : 99;
}

typedef struct unescaping {
    lme_builder out;
    lme_str inside;
    size_t at; /* behind the backslash */
    lme_escapes escapes;
} unescaping;

/* Exactly n hexadecimal digits. */
static const char *read_hexadecimal(unescaping *u, size_t n)
{
    uint32_t codepoint = 0;
    for (size_t i = 0; i < n; i++) {
        int digit = u->at < u->inside.len ? digit_value(u->inside.ptr[u->at]) : 99;
        if (digit >= 16)
            return "an escape \\x, \\u or \\U has too few hexadecimal digits";
        codepoint = codepoint << 4 | (uint32_t)digit;
        u->at++;
    }
    if (codepoint > 0x10FFFF)
        return "an escape names a character past U+10FFFF";
    if (codepoint >= 0xD800 && codepoint <= 0xDFFF)
        return "an escape names half of a surrogate pair, which is no character";
    lme_builder_codepoint(&u->out, codepoint);
    return NULL;
}

static void read_octal(unescaping *u)
{
    uint32_t codepoint = 0;
    for (int i = 0; i < 3 && u->at < u->inside.len; i++) {
        char c = u->inside.ptr[u->at];
        if (c < '0' || c > '7')
            break;
        codepoint = codepoint * 8 + (uint32_t)(c - '0');
        u->at++;
    }
    lme_builder_codepoint(&u->out, codepoint);
}

/* What is no escape stays, backslash and all. */
static void keep(unescaping *u)
{
    uint32_t c = lme_codepoint_next(u->inside, &u->at);
    lme_builder_char(&u->out, '\\');
    if (c < 0x80 || u->escapes == LME_ESCAPES_PYTHON)
        lme_builder_codepoint(&u->out, c);
    else if (c < 0x100)
        lme_builder_format(&u->out, "x%02x", c);
    else if (c < 0x10000)
        lme_builder_format(&u->out, "u%04x", c);
    else
        lme_builder_format(&u->out, "U%08x", c);
}

static const char *read_escape(unescaping *u)
{
    static const char letters[] = "\\\\''\"\"a\ab\bf\fn\nr\rt\tv\v"; /* pairs */
    char c = u->inside.ptr[u->at];
    for (size_t i = 0; i < sizeof letters - 1; i += 2) {
        if (letters[i] == c) {
            lme_builder_char(&u->out, letters[i + 1]);
            u->at++;
            return NULL;
        }
    }
    if (c >= '0' && c <= '7') {
        read_octal(u);
        return NULL;
    }
    if (c == 'N')
        return "\\N{...} is not supported: use \\u and four hexadecimal digits";
    size_t digits = c == 'x' ? 2 : c == 'u' ? 4 : c == 'U' ? 8 : 0;
    u->at += digits > 0 || c == '\n' ? 1 : 0;
    if (digits > 0)
        return read_hexadecimal(u, digits);
    if (c != '\n') /* a backslash at the end of a line joins the lines */
        keep(u);
    return NULL;
}

const char *lme_constant_text(lme_arena *arena, lme_str inside, lme_escapes escapes, lme_str *text)
{
    if (inside.len == 0 || memchr(inside.ptr, '\\', inside.len) == NULL) {
        *text = inside;
        return NULL;
    }
    unescaping u = {.out = {.arena = arena}, .inside = inside, .escapes = escapes};
    while (u.at < inside.len) {
        size_t backslash = lme_str_find(inside, LME_STR("\\"), u.at);
        lme_builder_add(&u.out, lme_str_slice(inside, u.at, backslash));
        if (backslash == SIZE_MAX)
            break;
        u.at = backslash + 1;
        if (u.at == inside.len)
            return "a backslash stands alone at the end";
        const char *why = read_escape(&u);
        if (why != NULL)
            return why;
    }
    *text = lme_builder_finish(&u.out);
    return NULL;
}

/* str() and repr() as Python prints values: prompts and hashes must equal lm_eval's, so this
 * follows float_repr_style 'short' and unicode_repr of CPython to the byte.
 */
#include "double_digits.h"
#include "walk.h"

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#include <lmeval/limits.h>
#include <lmeval/value.h>

static size_t put(char *text, size_t at, const char *part, size_t length)
{
    memcpy(text + at, part, length);
    return at + length;
}

static size_t zeros(char *text, size_t at, int n)
{
    for (int i = 0; i < n; i++)
        text[at++] = '0';
    return at;
}

/* D.DDDe+XX */
static size_t exponent_form(char *text, size_t at, const lme_digits *d)
{
    text[at++] = d->digits[0];
    if (d->n > 1) {
        text[at++] = '.';
        at = put(text, at, d->digits + 1, (size_t)d->n - 1);
    }
    int length = snprintf(text + at, LME_DOUBLE_TEXT - at, "e%c%02d", d->exponent < 0 ? '-' : '+',
                          d->exponent < 0 ? -d->exponent : d->exponent);
    return at + (size_t)length;
}

/* 0.00DDD, DD.DD, DDD00.0 */
static size_t point_form(char *text, size_t at, const lme_digits *d)
{
    int whole = d->exponent + 1; /* digits before the point */
    if (whole <= 0) {
        at = put(text, at, "0.", 2);
        at = zeros(text, at, -whole);
        return put(text, at, d->digits, (size_t)d->n);
    }
    if (whole >= d->n) {
        at = put(text, at, d->digits, (size_t)d->n);
        at = zeros(text, at, whole - d->n);
        return put(text, at, ".0", 2);
    }
    at = put(text, at, d->digits, (size_t)whole);
    text[at++] = '.';
    return put(text, at, d->digits + whole, (size_t)(d->n - whole));
}

size_t lme_double_text(char text[LME_DOUBLE_TEXT], double value)
{
    size_t at = 0;
    if (isnan(value)) {
        at = put(text, at, "nan", 3);
    } else {
        if (signbit(value))
            text[at++] = '-';
        lme_digits digits = {.n = 0};
        if (!isinf(value))
            lme_double_digits(value, &digits);
        if (isinf(value))
            at = put(text, at, "inf", 3);
        else if (digits.exponent < -4 || digits.exponent >= 16)
            at = exponent_form(text, at, &digits);
        else
            at = point_form(text, at, &digits);
    }
    text[at] = '\0';
    return at;
}

lme_str lme_double_repr(lme_arena *arena, double value)
{
    char text[LME_DOUBLE_TEXT];
    size_t length = lme_double_text(text, value);
    return lme_str_copy(arena, (lme_str){text, length});
}

bool lme_str_to_double(lme_str s, double *value)
{
    return s.len > 0 && lme_double_read(s.ptr, s.len, value);
}

/* Python's str.isprintable. */
static bool is_printable(utf8proc_int32_t codepoint)
{
    if (codepoint < 0x7f)
        return codepoint >= 0x20;
    const unsigned unprintable = 1u << UTF8PROC_CATEGORY_CN | 1u << UTF8PROC_CATEGORY_CC |
                                 1u << UTF8PROC_CATEGORY_CF | 1u << UTF8PROC_CATEGORY_CS |
                                 1u << UTF8PROC_CATEGORY_CO | 1u << UTF8PROC_CATEGORY_ZL |
                                 1u << UTF8PROC_CATEGORY_ZP | 1u << UTF8PROC_CATEGORY_ZS;
    return (unprintable >> utf8proc_category(codepoint) & 1) == 0;
}

static void write_escape(lme_builder *out, unsigned codepoint)
{
    if (codepoint == '\n')
        lme_builder_add(out, LME_STR("\\n"));
    else if (codepoint == '\r')
        lme_builder_add(out, LME_STR("\\r"));
    else if (codepoint == '\t')
        lme_builder_add(out, LME_STR("\\t"));
    else if (codepoint < 0x100)
        lme_builder_format(out, "\\x%02x", codepoint);
    else if (codepoint < 0x10000)
        lme_builder_format(out, "\\u%04x", codepoint);
    else
        lme_builder_format(out, "\\U%08x", codepoint);
}

static void write_string(lme_builder *out, lme_str s)
{
    bool single = s.len > 0 && memchr(s.ptr, '\'', s.len) != NULL;
    bool twofold = s.len > 0 && memchr(s.ptr, '"', s.len) != NULL;
    char quote = single && !twofold ? '"' : '\'';
    lme_builder_char(out, quote);
    size_t done = 0, at = 0; /* bytes up to `done` are written, up to `at` they are plain */
    while (at < s.len) {
        utf8proc_int32_t codepoint = (unsigned char)s.ptr[at];
        utf8proc_ssize_t length = 1;
        if (codepoint >= 0x80)
            length = utf8proc_iterate((const utf8proc_uint8_t *)s.ptr + at,
                                      (utf8proc_ssize_t)(s.len - at), &codepoint);
        bool bad = length <= 0;
        bool quoted = codepoint == quote || codepoint == '\\';
        if (!bad && !quoted && is_printable(codepoint)) {
            at += (size_t)length;
            continue;
        }
        lme_builder_add(out, lme_str_slice(s, done, at));
        if (bad) /* what Python's surrogateescape makes of a byte that is no UTF-8 */
            write_escape(out, 0xdc00u + (unsigned char)s.ptr[at]);
        else if (quoted)
            lme_builder_format(out, "\\%c", (char)codepoint);
        else
            write_escape(out, (unsigned)codepoint);
        at += bad ? 1 : (size_t)length;
        done = at;
    }
    lme_builder_add(out, lme_str_slice(s, done, s.len));
    lme_builder_char(out, quote);
}

static void write_scalar(lme_builder *out, const lme_value *v)
{
    char text[LME_DOUBLE_TEXT];
    switch (v->kind) {
    case LME_NULL:
        lme_builder_add(out, LME_STR("None"));
        break;
    case LME_BOOL:
        lme_builder_add(out, v->boolean ? LME_STR("True") : LME_STR("False"));
        break;
    case LME_INT:
        lme_builder_int(out, v->integer);
        break;
    case LME_FLOAT:
        lme_builder_add(out, (lme_str){text, lme_double_text(text, v->number)});
        break;
    case LME_STRING:
        write_string(out, v->string);
        break;
    case LME_UNDEFINED: /* Jinja's name for it; on its own it prints as nothing */
        lme_builder_add(out, LME_STR("Undefined"));
        break;
    case LME_FUNCTION: /* Python prints an address; a name that holds is more use */
        lme_builder_format(out, "<function %.*s>", LME_STR_ARG(v->string));
        break;
    case LME_OPAQUE:
        lme_builder_add(out, LME_STR("<object>"));
        break;
    case LME_UNREAD:
        lme_builder_add(out, v->string);
        break;
    case LME_LIST:
    case LME_TUPLE:
    case LME_MAP:
        break;
    }
}

static lme_str bracket(lme_kind kind, bool open)
{
    if (kind == LME_LIST)
        return open ? LME_STR("[") : LME_STR("]");
    if (kind == LME_TUPLE)
        return open ? LME_STR("(") : LME_STR(")");
    return open ? LME_STR("{") : LME_STR("}");
}

static void write_open(lme_builder *out, lme_walk *walk, const lme_value *v)
{
    if (!lme_has_children(v)) {
        write_scalar(out, v);
        return;
    }
    lme_builder_add(out, bracket(v->kind, true));
    lme_walk_push(walk, (lme_frame){.v = v});
}

static void write_close(lme_builder *out, const lme_value *v)
{
    if (v->kind == LME_TUPLE && v->list.len == 1)
        lme_builder_char(out, ',');
    lme_builder_add(out, bracket(v->kind, false));
}

/* A list of itself, doubled some tens of times, is small to make and endless to print: past the
 * limit the text stops, and whoever asked sees a text longer than allowed. */
lme_str lme_value_repr(lme_arena *arena, const lme_value *v)
{
    lme_builder out = {.arena = arena};
    lme_walk walk = {.n = 0};
    write_open(&out, &walk, v);
    while (walk.n > 0 && out.len <= LME_LIMIT_TEMPLATE_OUTPUT) {
        lme_frame *top = lme_walk_top(&walk);
        const lme_value *parent = top->v;
        size_t i = top->at++;
        if (i == lme_children(parent)) {
            write_close(&out, parent);
            walk.n--;
            continue;
        }
        if (parent->kind == LME_MAP && i % 2 == 1)
            lme_builder_add(&out, LME_STR(": "));
        else if (i > 0)
            lme_builder_add(&out, LME_STR(", "));
        write_open(&out, &walk, lme_child(parent, i));
    }
    lme_walk_end(&walk);
    return lme_builder_finish(&out);
}

lme_str lme_value_str(lme_arena *arena, const lme_value *v)
{
    if (v->kind == LME_STRING)
        return v->string;
    if (v->kind == LME_UNDEFINED)
        return LME_STR("");
    return lme_value_repr(arena, v);
}

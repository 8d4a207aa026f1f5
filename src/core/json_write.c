/* Byte for byte what Python's json.dumps writes: its separators, its escapes, its floats. */
#include "eight_bytes.h"
#include "walk.h"

#include <math.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/unicode.h>

/* \uXXXX of one UTF-16 unit. */
static void write_unit(lme_builder *out, uint32_t unit)
{
    static const char digits[] = "0123456789abcdef";
    char text[] = {'\\',
                   'u',
                   digits[unit >> 12],
                   digits[unit >> 8 & 15],
                   digits[unit >> 4 & 15],
                   digits[unit & 15]};
    lme_builder_add(out, (lme_str){text, sizeof text});
}

static void write_escape(lme_builder *out, uint32_t c)
{
    if (c < 0x10000) {
        write_unit(out, c);
        return;
    }
    write_unit(out, 0xD800 + ((c - 0x10000) >> 10));
    write_unit(out, 0xDC00 + ((c - 0x10000) & 0x3FF));
}

static const char *short_escape(unsigned char c)
{
    switch (c) {
    case '"':
        return "\\\"";
    case '\\':
        return "\\\\";
    case '\n':
        return "\\n";
    case '\r':
        return "\\r";
    case '\t':
        return "\\t";
    case '\b':
        return "\\b";
    case '\f':
        return "\\f";
    default:
        return NULL;
    }
}

static bool is_plain(unsigned char c, bool ensure_ascii)
{
    return c >= 0x20 && c != '"' && c != '\\' && (c < 0x7F || !ensure_ascii);
}

/* Whether eight bytes are plain, all at once: prompts are nearly nothing else. */
static bool are_plain(const char *bytes, bool ensure_ascii)
{
    const uint64_t each = LME_EACH_BYTE, top = each << 7;
    uint64_t eight;
    memcpy(&eight, bytes, sizeof eight);
    uint64_t odd = lme_zero_bytes(eight ^ each * '"') | lme_zero_bytes(eight ^ each * '\\') |
                   ((eight - each * 0x20) & ~eight & top);
    if (ensure_ascii)
        odd |= lme_zero_bytes(eight ^ each * 0x7F) | (eight & top);
    return odd == 0;
}

/* The end of the plain bytes from `at` on. */
static size_t pass_plain(lme_str s, size_t at, bool ensure_ascii)
{
    while (s.len - at >= 8 && are_plain(s.ptr + at, ensure_ascii))
        at += 8;
    while (at < s.len && is_plain((unsigned char)s.ptr[at], ensure_ascii))
        at++;
    return at;
}

void lme_json_write_string(lme_builder *out, lme_str s, bool ensure_ascii)
{
    lme_builder_char(out, '"');
    size_t plain = 0, at = 0;
    while ((at = pass_plain(s, at, ensure_ascii)) < s.len) {
        unsigned char c = (unsigned char)s.ptr[at];
        lme_builder_add(out, lme_str_slice(s, plain, at));
        uint32_t codepoint = lme_codepoint_next(s, &at);
        const char *escape = short_escape(c);
        if (escape != NULL)
            lme_builder_add(out, lme_str_from(escape));
        else
            write_escape(out, codepoint);
        plain = at;
    }
    lme_builder_add(out, lme_str_slice(s, plain, s.len));
    lme_builder_char(out, '"');
}

static void write_double(lme_builder *out, double d, const lme_json_style *style)
{
    if (isfinite(d)) {
        lme_builder_add(out, lme_double_repr(out->arena, d));
        return;
    }
    const char *name = isnan(d) ? "NaN" : d > 0 ? "Infinity" : "-Infinity";
    lme_builder_add(out, lme_str_from(style->nan_as_null ? "null" : name));
}

static void new_line(lme_builder *out, const lme_json_style *style, size_t level)
{
    if (style->indent == 0)
        return;
    lme_builder_char(out, '\n');
    for (size_t i = 0; i < level * (size_t)style->indent; i++)
        lme_builder_char(out, ' ');
}

/* Everything but a list or map with something in it. */
static void write_leaf(lme_builder *out, const lme_value *v, const lme_json_style *style)
{
    switch (v->kind) {
    case LME_NULL:
    case LME_UNDEFINED:
    case LME_OPAQUE:
        lme_builder_add(out, LME_STR("null"));
        break;
    case LME_BOOL:
        lme_builder_add(out, v->boolean ? LME_STR("true") : LME_STR("false"));
        break;
    case LME_INT:
        lme_builder_int(out, v->integer);
        break;
    case LME_FLOAT:
        write_double(out, v->number, style);
        break;
    case LME_STRING:
    case LME_FUNCTION:
        lme_json_write_string(out, v->string, style->ensure_ascii);
        break;
    case LME_UNREAD: /* as it came */
        lme_builder_add(out, v->string);
        break;
    case LME_LIST:
    case LME_TUPLE:
        lme_builder_add(out, LME_STR("[]"));
        break;
    case LME_MAP:
        lme_builder_add(out, LME_STR("{}"));
        break;
    }
}

/* Keys that are no text are written as json.dumps does: 1 -> "1", True -> "true". */
static void write_key(lme_builder *out, const lme_value *key, const lme_json_style *style)
{
    bool is_text = key->kind == LME_STRING;
    if (!is_text)
        lme_builder_char(out, '"');
    write_leaf(out, key, style);
    lme_builder_add(out, is_text ? LME_STR("") : LME_STR("\""));
    lme_builder_add(out, style->compact ? LME_STR(":") : LME_STR(": "));
}

static void open_or_write(lme_builder *out, const lme_value *v, const lme_json_style *style,
                          lme_walk *walk)
{
    if (!lme_has_children(v) || lme_children(v) == 0) {
        write_leaf(out, v, style);
        return;
    }
    lme_builder_char(out, v->kind == LME_MAP ? '{' : '[');
    lme_walk_push(walk, (lme_frame){.v = v});
}

void lme_json_write(lme_builder *out, const lme_value *v, const lme_json_style *style)
{
    static const lme_json_style plain = {0};
    const lme_json_style *as = style != NULL ? style : &plain;
    lme_walk walk = {0};
    open_or_write(out, v, as, &walk);
    while (walk.n > 0) {
        lme_frame *top = lme_walk_top(&walk);
        bool is_map = top->v->kind == LME_MAP;
        if (top->at == lme_children(top->v)) {
            walk.n--;
            new_line(out, as, walk.n);
            lme_builder_char(out, is_map ? '}' : ']');
            continue;
        }
        size_t i = top->at++;
        bool is_value = is_map && i % 2 == 1;
        if (i > 0 && !is_value)
            lme_builder_add(out, as->indent > 0 || as->compact ? LME_STR(",") : LME_STR(", "));
        if (!is_value)
            new_line(out, as, walk.n);
        const lme_value *child = lme_child(top->v, i);
        if (is_map && !is_value)
            write_key(out, child, as);
        else
            open_or_write(out, child, as, &walk);
    }
    lme_walk_end(&walk);
}

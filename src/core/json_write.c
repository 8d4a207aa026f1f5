/* Byte for byte what Python's json.dumps writes: its separators, its escapes, its floats. */
#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/unicode.h>

static void write_escape(lme_builder *out, unsigned c)
{
    lme_builder_format(out, "\\u%04x", c);
}

/* One code point that is not printable ASCII. */
static void write_wide(lme_builder *out, lme_str s, size_t from, size_t to, uint32_t c, bool ascii)
{
    if (!ascii) {
        lme_builder_add(out, lme_str_slice(s, from, to));
    } else if (c >= 0x10000) {
        write_escape(out, 0xD800u + (unsigned)((c - 0x10000) >> 10));
        write_escape(out, 0xDC00u + (unsigned)((c - 0x10000) & 0x3FF));
    } else {
        write_escape(out, (unsigned)c);
    }
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

void lme_json_write_string(lme_builder *out, lme_str s, bool ensure_ascii)
{
    lme_builder_char(out, '"');
    size_t plain = 0, at = 0;
    while (at < s.len) {
        unsigned char c = (unsigned char)s.ptr[at];
        bool is_plain = c >= 0x20 && c != '"' && c != '\\' && (c < 0x7F || !ensure_ascii);
        if (is_plain) {
            at++;
            continue;
        }
        lme_builder_add(out, lme_str_slice(s, plain, at));
        size_t from = at;
        uint32_t wide = lme_codepoint_next(s, &at);
        const char *escape = short_escape(c);
        if (escape != NULL)
            lme_builder_add(out, lme_str_from(escape));
        else if (c < 0x20)
            write_escape(out, c);
        else if (c == 0x7F)
            lme_builder_char(out, (char)c);
        else
            write_wide(out, s, from, at, wide, ensure_ascii);
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

static void separate(lme_builder *out, const lme_json_style *style, size_t level)
{
    lme_builder_char(out, ',');
    if (style->indent == 0 && !style->compact)
        lme_builder_char(out, ' ');
    new_line(out, style, level);
}

static void write_value(lme_builder *out, const lme_value *v, const lme_json_style *style,
                        size_t level);

static void write_list(lme_builder *out, const lme_value *v, const lme_json_style *style,
                       size_t level)
{
    if (v->list.len == 0) {
        lme_builder_add(out, LME_STR("[]"));
        return;
    }
    lme_builder_char(out, '[');
    new_line(out, style, level + 1);
    for (size_t i = 0; i < v->list.len; i++) {
        if (i > 0)
            separate(out, style, level + 1);
        write_value(out, &v->list.items[i], style, level + 1);
    }
    new_line(out, style, level);
    lme_builder_char(out, ']');
}

/* Keys that are no text are written as json.dumps does: 1 -> "1", True -> "true". */
static void write_key(lme_builder *out, const lme_value *key, const lme_json_style *style)
{
    if (key->kind == LME_STRING) {
        lme_json_write_string(out, key->string, style->ensure_ascii);
        return;
    }
    lme_builder_char(out, '"');
    write_value(out, key, style, 0);
    lme_builder_char(out, '"');
}

static void write_map(lme_builder *out, const lme_value *v, const lme_json_style *style,
                      size_t level)
{
    if (v->map.len == 0) {
        lme_builder_add(out, LME_STR("{}"));
        return;
    }
    lme_builder_char(out, '{');
    new_line(out, style, level + 1);
    for (size_t i = 0; i < v->map.len; i++) {
        if (i > 0)
            separate(out, style, level + 1);
        write_key(out, &v->map.pairs[i].key, style);
        lme_builder_add(out, style->compact ? LME_STR(":") : LME_STR(": "));
        write_value(out, &v->map.pairs[i].value, style, level + 1);
    }
    new_line(out, style, level);
    lme_builder_char(out, '}');
}

static void write_value(lme_builder *out, const lme_value *v, const lme_json_style *style,
                        size_t level)
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
        lme_builder_format(out, "%" PRId64, v->integer);
        break;
    case LME_FLOAT:
        write_double(out, v->number, style);
        break;
    case LME_STRING:
    case LME_FUNCTION:
        lme_json_write_string(out, v->string, style->ensure_ascii);
        break;
    case LME_LIST:
    case LME_TUPLE:
        write_list(out, v, style, level);
        break;
    case LME_MAP:
        write_map(out, v, style, level);
        break;
    }
}

void lme_json_write(lme_builder *out, const lme_value *v, const lme_json_style *style)
{
    static const lme_json_style plain = {0};
    write_value(out, v, style != NULL ? style : &plain, 0);
}

/* Digits, signs, grouping, padding: what both ways of formatting share. */
#include "format.h"

#include <math.h>
#include <string.h>

#include <lmeval/limits.h>
#include <lmeval/unicode.h>

/* printf obeys the user's decimal comma; Python does not. */
static lme_str with_point(lme_arena *arena, lme_str digits)
{
    return lme_str_replace(arena, digits, LME_STR(","), LME_STR("."));
}

static lme_str printed(lme_arena *arena, double magnitude, char type, bool alternate, int precision)
{
    switch (type) {
    case 'e':
        return lme_str_format(arena, alternate ? "%#.*e" : "%.*e", precision, magnitude);
    case 'E':
        return lme_str_format(arena, alternate ? "%#.*E" : "%.*E", precision, magnitude);
    case 'g':
        return lme_str_format(arena, alternate ? "%#.*g" : "%.*g", precision, magnitude);
    case 'G':
        return lme_str_format(arena, alternate ? "%#.*G" : "%.*G", precision, magnitude);
    default:
        return lme_str_format(arena, alternate ? "%#.*f" : "%.*f", precision, magnitude);
    }
}

/* No type but a precision: like g, but with a digit behind the point, as repr has. */
static lme_str like_repr(lme_arena *arena, double magnitude, int precision)
{
    int digits = precision == 0 ? 1 : precision;
    lme_str text = with_point(arena, printed(arena, magnitude, 'g', false, digits));
    if (memchr(text.ptr, '.', text.len) == NULL && memchr(text.ptr, 'e', text.len) == NULL) {
        /* A whole number with all its digits used up goes to exponents in Python. */
        if ((int)text.len >= digits)
            return with_point(arena, printed(arena, magnitude, 'e', false, digits - 1));
        return lme_str_concat(arena, text, LME_STR(".0"));
    }
    return text;
}

lme_str lme_format_double(lme_arena *arena, double magnitude, const lme_format_spec *spec)
{
    bool upper = spec->type == 'E' || spec->type == 'F' || spec->type == 'G';
    if (isnan(magnitude))
        return upper ? LME_STR("NAN") : LME_STR("nan");
    if (isinf(magnitude))
        return upper ? LME_STR("INF") : LME_STR("inf");
    if (spec->type == '\0' && spec->precision < 0)
        return lme_double_repr(arena, magnitude);
    if (spec->type == '\0')
        return like_repr(arena, magnitude, spec->precision);
    int precision = spec->precision < 0 ? 6 : spec->precision;
    return with_point(arena, printed(arena, magnitude, spec->type, spec->alternate, precision));
}

lme_str lme_format_digits(lme_arena *arena, int64_t value, unsigned base, bool upper)
{
    const char *symbols = upper ? "0123456789ABCDEF" : "0123456789abcdef";
    char text[64];
    size_t at = sizeof text;
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    do {
        text[--at] = symbols[left % base];
        left /= base;
    } while (left > 0);
    return lme_str_copy(arena, (lme_str){text + at, sizeof text - at});
}

/* Digits in front of the point or exponent. */
static size_t whole_digits(lme_str digits)
{
    size_t n = 0;
    while (n < digits.len && digits.ptr[n] != '.' && digits.ptr[n] != 'e' && digits.ptr[n] != 'E' &&
           digits.ptr[n] != '%')
        n++;
    return n;
}

/* 1234567.5 -> 1,234,567.5; zeros in front up to `width` are grouped too. */
static lme_str grouped(lme_arena *arena, lme_str digits, char separator, size_t group, size_t width)
{
    size_t whole = whole_digits(digits);
    lme_str rest = lme_str_slice(digits, whole, digits.len);
    size_t zeros = 0;
    while (whole + zeros + (whole + zeros - 1) / group + rest.len < width)
        zeros++;
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < whole + zeros; i++) {
        size_t left = whole + zeros - i;
        if (i > 0 && left % group == 0)
            lme_builder_char(&out, separator);
        lme_builder_char(&out, i < zeros ? '0' : digits.ptr[i - zeros]);
    }
    lme_builder_add(&out, rest);
    return lme_builder_finish(&out);
}

static void fill(lme_builder *out, uint32_t codepoint, size_t n)
{
    for (size_t i = 0; i < n; i++)
        lme_builder_codepoint(out, codepoint == 0 ? ' ' : codepoint);
}

static bool check_width(const lme_format_use *use, size_t width, lme_error *err)
{
    return lme_text_fits(use->rendering, use->at, width, err) &&
           lme_tick(use->rendering, use->at, width / 16, err);
}

bool lme_format_pad(const lme_format_use *use, const lme_format_spec *spec, lme_str text,
                    lme_str *padded, lme_error *err)
{
    size_t length = lme_codepoints(text);
    *padded = text;
    if (length >= spec->width)
        return true;
    if (!check_width(use, spec->width, err))
        return false;
    size_t room = spec->width - length;
    size_t before = spec->align == '>' ? room : spec->align == '^' ? room / 2 : 0;
    lme_builder out = {.arena = use->rendering->arena};
    fill(&out, spec->fill, before);
    lme_builder_add(&out, text);
    fill(&out, spec->fill, room - before);
    *padded = lme_builder_finish(&out);
    return true;
}

bool lme_format_number(const lme_format_use *use, const lme_format_spec *spec,
                       const lme_number_text *number, lme_str *text, lme_error *err)
{
    lme_arena *arena = use->rendering->arena;
    char sign[2] = {number->negative ? '-' : spec->sign, '\0'};
    if (sign[0] == '-' && !number->negative)
        sign[0] = '\0';
    lme_str front = lme_str_format(arena, "%s%s", sign, number->prefix);
    if (!check_width(use, spec->width, err))
        return false;
    bool inside = spec->align == '='; /* padding between sign and digits */
    lme_str digits = number->digits;
    if (spec->grouping != '\0') {
        size_t width =
            inside && spec->fill == '0' && spec->width > front.len ? spec->width - front.len : 0;
        bool decimal = strchr("bxXo", spec->type) == NULL || spec->type == '\0';
        digits = grouped(arena, digits, spec->grouping, decimal ? 3 : 4, width);
    }
    lme_format_spec pad = *spec;
    if (inside) {
        pad.width = spec->width > front.len ? spec->width - front.len : 0;
        pad.align = '>';
        lme_str right;
        if (!lme_format_pad(use, &pad, digits, &right, err))
            return false;
        *text = lme_str_concat(arena, front, right);
        return true;
    }
    if (pad.align == '\0')
        pad.align = '>';
    return lme_format_pad(use, &pad, lme_str_concat(arena, front, digits), text, err);
}

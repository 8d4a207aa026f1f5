/* 'text' % values, as printf has it and Python extends it: %s %r %d %i %u %x %X %o %e %f %g %c %%,
 * %(name)s, flags, width, precision, and * for the last two.
 */
#include "convert.h"
#include "format.h"
#include "operators.h"

#include <math.h>
#include <string.h>

#include <lmeval/limits.h>
#include <lmeval/unicode.h>

typedef struct percent {
    const lme_format_use *use;
    lme_str pattern;
    size_t at;   /* in the pattern */
    size_t next; /* positional value */
    lme_builder out;
    lme_error *err;
} percent;

static bool fail(const percent *p, const char *why)
{
    return lme_source_fail(p->use->rendering->source, p->use->at, LME_ERR_TEMPLATE, p->err,
                           "%% formatting: %s", why);
}

static char peek(const percent *p)
{
    return p->at < p->pattern.len ? p->pattern.ptr[p->at] : '\0';
}

static bool next_value(percent *p, const lme_value **value)
{
    if (p->next >= p->use->positional.len)
        return fail(p, "there are fewer values than the text has places");
    *value = &p->use->positional.items[p->next++];
    return true;
}

/* Digits, or * for the next value. */
static bool read_count(percent *p, size_t most, size_t *count)
{
    *count = 0;
    if (peek(p) == '*') {
        const lme_value *value = NULL;
        p->at++;
        if (!next_value(p, &value))
            return false;
        if (!lme_is_integral(value) || lme_integer_of(value) < 0)
            return fail(p, "* wants an integer that is not negative");
        *count = (size_t)lme_integer_of(value);
    } else {
        for (; peek(p) >= '0' && peek(p) <= '9'; p->at++) {
            if (*count <= most)
                *count = *count * 10 + (size_t)(peek(p) - '0');
        }
    }
    if (*count > most)
        return lme_source_fail(p->use->rendering->source, p->use->at, LME_ERR_LIMIT, p->err,
                               "%% formatting: a width or precision is more than %zu", most);
    return true;
}

static bool read_spec(percent *p, lme_format_spec *spec)
{
    for (;; p->at++) {
        char c = peek(p);
        if (c == '-')
            spec->align = '<';
        else if (c == '0')
            spec->fill = '0';
        else if (c == '+' || (c == ' ' && spec->sign != '+'))
            spec->sign = c;
        else if (c == '#')
            spec->alternate = true;
        else if (c != ' ')
            break;
    }
    if (!read_count(p, LME_LIMIT_TEMPLATE_OUTPUT, &spec->width))
        return false;
    if (peek(p) == '.') {
        size_t precision;
        p->at++;
        if (!read_count(p, LME_MOST_PRECISION, &precision))
            return false;
        spec->precision = (int)precision;
    }
    while (peek(p) == 'l' || peek(p) == 'h' || peek(p) == 'L')
        p->at++;
    spec->type = peek(p);
    if (spec->type == '\0')
        return fail(p, "the text ends within a place");
    p->at++;
    if (spec->fill == '0' && spec->align == '\0')
        spec->align = '=';
    if (spec->align == '<')
        spec->fill = 0;
    return true;
}

/* The value that %(name)s asks for. */
static bool named_value(percent *p, const lme_value **value)
{
    size_t end = lme_str_find(p->pattern, LME_STR(")"), p->at);
    if (end == SIZE_MAX)
        return fail(p, "%( has no closing )");
    if (p->use->named == NULL)
        return fail(p, "a name in the text wants a map behind the %");
    lme_value name = lme_string(lme_str_slice(p->pattern, p->at, end));
    *value = lme_map_lookup(p->use->named, &name);
    if (*value == NULL)
        return fail(p, "the map lacks a name of the text");
    p->at = end + 1;
    return true;
}

static bool put_text(percent *p, const lme_format_spec *spec, lme_str text)
{
    lme_format_spec pad = *spec;
    lme_str padded;
    pad.fill = 0;
    if (pad.align != '<')
        pad.align = '>';
    if (spec->precision >= 0 && spec->type != 'c')
        text = lme_str_slice(text, 0, lme_codepoint_offset(text, (size_t)spec->precision));
    if (!lme_format_pad(p->use, &pad, text, &padded, p->err))
        return false;
    lme_builder_add(&p->out, padded);
    return true;
}

static bool put_number(percent *p, const lme_format_spec *spec, const lme_number_text *number)
{
    lme_str text;
    if (!lme_format_number(p->use, spec, number, &text, p->err))
        return false;
    lme_builder_add(&p->out, text);
    return true;
}

static bool put_integer(percent *p, const lme_format_spec *spec, const lme_value *value)
{
    bool decimal = strchr("diu", spec->type) != NULL;
    int64_t integer;
    if (lme_is_integral(value))
        integer = lme_integer_of(value);
    else if (!decimal || value->kind != LME_FLOAT)
        return fail(p, decimal ? "%d wants a number" : "%x and %o want an integer");
    else if (!lme_truncate(value->number, &integer))
        return fail(p, "%d got a number that no integer of 64 bits holds");
    lme_arena *arena = p->use->rendering->arena;
    bool upper = spec->type == 'X';
    unsigned base = decimal ? 10 : spec->type == 'o' ? 8 : 16;
    const char *prefix = decimal ? "" : base == 8 ? "0o" : upper ? "0X" : "0x";
    lme_number_text number = {
        .negative = integer < 0,
        .prefix = spec->alternate ? prefix : "",
        .digits = lme_format_digits(arena, integer, base, upper),
    };
    lme_builder longer = {.arena = arena};
    for (int i = (int)number.digits.len; i < spec->precision; i++)
        lme_builder_char(&longer, '0');
    lme_builder_add(&longer, number.digits);
    number.digits = lme_builder_finish(&longer);
    return put_number(p, spec, &number);
}

static bool put_double(percent *p, const lme_format_spec *spec, const lme_value *value)
{
    if (!lme_is_number(value))
        return fail(p, "%e, %f and %g want a number");
    double number = lme_number_of(value);
    lme_number_text text = {
        .negative = signbit(number) != 0 && !isnan(number),
        .prefix = "",
        .digits = lme_format_double(p->use->rendering->arena, fabs(number), spec),
    };
    return put_number(p, spec, &text);
}

static bool put_character(percent *p, const lme_format_spec *spec, const lme_value *value)
{
    if (value->kind == LME_STRING && lme_codepoints(value->string) == 1)
        return put_text(p, spec, value->string);
    if (!lme_is_integral(value))
        return fail(p, "%c wants an integer or a text of one character");
    int64_t codepoint = lme_integer_of(value);
    if (codepoint < 0 || codepoint > 0x10FFFF || (codepoint >= 0xD800 && codepoint <= 0xDFFF))
        return fail(p, "%c got a number that is no character");
    lme_builder text = {.arena = p->use->rendering->arena};
    lme_builder_codepoint(&text, (uint32_t)codepoint);
    return put_text(p, spec, lme_builder_finish(&text));
}

static bool put_value(percent *p, const lme_format_spec *spec, const lme_value *value)
{
    lme_rendering *r = p->use->rendering;
    if (value->kind == LME_UNDEFINED)
        return lme_missing_fail(r, p->use->at, value, p->err);
    lme_str text;
    switch (spec->type) {
    case 's':
        return lme_text_of(r, p->use->at, value, &text, p->err) && put_text(p, spec, text);
    case 'a':
        return lme_ascii_of(r, p->use->at, value, &text, p->err) && put_text(p, spec, text);
    case 'r':
        return lme_repr_of(r, p->use->at, value, &text, p->err) && put_text(p, spec, text);
    case 'd':
    case 'i':
    case 'u':
    case 'x':
    case 'X':
    case 'o':
        return put_integer(p, spec, value);
    case 'e':
    case 'E':
    case 'f':
    case 'F':
    case 'g':
    case 'G':
        return put_double(p, spec, value);
    case 'c':
        return put_character(p, spec, value);
    default:
        return fail(p, "expected one of s r d i u x X o e E f F g G c % behind a %");
    }
}

/* Behind a %. */
static bool put_place(percent *p)
{
    lme_format_spec spec = {.precision = -1};
    const lme_value *value = NULL;
    if (peek(p) == '(') {
        p->at++;
        if (!named_value(p, &value))
            return false;
    }
    if (!read_spec(p, &spec))
        return false;
    if (spec.type == '%') {
        lme_builder_char(&p->out, '%');
        return true;
    }
    if ((value == NULL && !next_value(p, &value)) || value == NULL)
        return false;
    return put_value(p, &spec, value);
}

bool lme_format_percent(const lme_format_use *use, lme_str pattern, lme_str *text, lme_error *err)
{
    percent p = {
        .use = use, .pattern = pattern, .out = {.arena = use->rendering->arena}, .err = err};
    while (p.at < pattern.len) {
        size_t place = lme_str_find(pattern, LME_STR("%"), p.at);
        lme_builder_add(&p.out, lme_str_slice(pattern, p.at, place));
        if (place == SIZE_MAX)
            break;
        p.at = place + 1;
        if (!put_place(&p) || !lme_text_fits(use->rendering, use->at, p.out.len, err))
            return false;
    }
    if (p.next < use->positional.len && !use->lenient)
        return fail(&p, "there are more values than the text has places");
    *text = lme_builder_finish(&p.out);
    return true;
}

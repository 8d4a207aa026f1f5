/* '{} {0[key]!r:>8}'.format(...): fields, conversions, and format specs of texts and numbers. A
 * spec may hold fields itself, one level deep.
 */
#include "convert.h"
#include "format.h"
#include "lookup.h"

#include <math.h>
#include <string.h>

#include <lmeval/limits.h>
#include <lmeval/unicode.h>

typedef struct braces {
    const lme_format_use *use;
    size_t next; /* of the fields without name */
    bool numbered, automatic;
    lme_error *err;
} braces;

static bool fail(const braces *b, const char *why)
{
    return lme_source_fail(b->use->rendering->source, b->use->at, LME_ERR_TEMPLATE, b->err,
                           "format: %s", why);
}

/* The first part of a field's name: empty, a number, or a keyword. */
static bool first_value(braces *b, lme_str name, lme_value *value)
{
    int64_t index;
    bool number = lme_str_to_int(name, &index) && index >= 0;
    b->automatic = b->automatic || name.len == 0;
    b->numbered = b->numbered || number;
    if (b->automatic && b->numbered)
        return fail(b, "fields with and without numbers are mixed");
    if (name.len == 0 || number) {
        size_t at = name.len == 0 ? b->next++ : (size_t)index;
        if (at >= b->use->positional.len)
            return fail(b, "there are fewer values than the text has fields");
        *value = b->use->positional.items[at];
        return true;
    }
    const lme_value *named = lme_value_get(b->use->named, name);
    if (named == NULL) {
        lme_str shown = lme_shown(name);
        return lme_source_fail(b->use->rendering->source, b->use->at, LME_ERR_TEMPLATE, b->err,
                               "format: no value has the name '%.*s'", LME_STR_ARG(shown));
    }
    *value = *named;
    return true;
}

static size_t name_end(lme_str field, size_t at)
{
    while (at < field.len && field.ptr[at] != '.' && field.ptr[at] != '[')
        at++;
    return at;
}

/* .attribute and [item] behind the first part. */
static bool follow(braces *b, lme_str field, size_t at, lme_value *value)
{
    lme_rendering *r = b->use->rendering;
    while (at < field.len) {
        if (field.ptr[at] == '.') {
            size_t end = name_end(field, at + 1);
            lme_str name = lme_str_slice(field, at + 1, end);
            lme_value object = *value;
            if (!lme_attribute(r, b->use->at, &object, name, value, b->err))
                return false;
            at = end;
            continue;
        }
        size_t close = lme_str_find(field, LME_STR("]"), at);
        if (field.ptr[at] != '[' || close == SIZE_MAX)
            return fail(b, "expected . or [ behind a field's name, and ] at the end");
        lme_str inside = lme_str_slice(field, at + 1, close);
        int64_t index;
        lme_value object = *value;
        lme_value key = lme_str_to_int(inside, &index) ? lme_int(index) : lme_string(inside);
        if (!lme_item(r, b->use->at, &object, &key, value, b->err))
            return false;
        at = close + 1;
    }
    return true;
}

static bool is_align(uint32_t c)
{
    return c == '<' || c == '>' || c == '^' || c == '=';
}

static size_t read_fill(lme_str spec, lme_format_spec *out)
{
    if (spec.len == 0)
        return 0;
    size_t second = 0;
    uint32_t first = lme_codepoint_next(spec, &second);
    if (second < spec.len && is_align((unsigned char)spec.ptr[second])) {
        out->fill = first;
        out->align = spec.ptr[second];
        return second + 1;
    }
    if (!is_align(first))
        return 0;
    out->align = spec.ptr[0];
    return 1;
}

static size_t read_number(lme_str spec, size_t at, size_t *number)
{
    *number = 0;
    for (; at < spec.len && spec.ptr[at] >= '0' && spec.ptr[at] <= '9'; at++) {
        if (*number <= LME_LIMIT_TEMPLATE_OUTPUT)
            *number = *number * 10 + (size_t)(spec.ptr[at] - '0');
    }
    return at;
}

static char take(lme_str spec, size_t *at, const char *set)
{
    if (*at == spec.len || strchr(set, spec.ptr[*at]) == NULL || spec.ptr[*at] == '\0')
        return '\0';
    return spec.ptr[(*at)++];
}

/* [[fill]align][sign][#][0][width][grouping][.precision][type] */
static bool read_spec(const braces *b, lme_str text, lme_format_spec *spec)
{
    *spec = (lme_format_spec){.precision = -1};
    size_t at = read_fill(text, spec);
    spec->sign = take(text, &at, "+- ");
    spec->alternate = take(text, &at, "#") != '\0';
    if (take(text, &at, "0") != '\0') {
        if (spec->fill == 0)
            spec->fill = '0';
        if (spec->align == '\0')
            spec->align = '=';
    }
    at = read_number(text, at, &spec->width);
    spec->grouping = take(text, &at, ",_");
    if (take(text, &at, ".") != '\0') {
        size_t precision, from = at;
        at = read_number(text, at, &precision);
        if (at == from)
            return fail(b, "a format's precision has no digits");
        if (precision > LME_MOST_PRECISION)
            return fail(b, "a format's precision is more than 1000 digits");
        spec->precision = (int)precision;
    }
    spec->type = take(text, &at, "bcdeEfFgGnosxX%");
    if (at < text.len)
        return fail(b, "a field's format is not understood: expected "
                       "[[fill]align][sign][#][0][width][,][.precision][type]");
    return true;
}

static bool format_string(const braces *b, const lme_format_spec *spec, lme_str value,
                          lme_str *text)
{
    bool wrong_type = spec->type != '\0' && spec->type != 's';
    if (wrong_type || spec->sign != '\0' || spec->alternate || spec->grouping != '\0')
        return fail(b, "a text cannot have a number's format");
    lme_format_spec pad = *spec;
    if (pad.align == '=') {
        if (pad.fill != '0')
            return fail(b, "a text cannot have the alignment =");
        pad.align = '<';
    }
    if (spec->precision >= 0)
        value = lme_str_slice(value, 0, lme_codepoint_offset(value, (size_t)spec->precision));
    return lme_format_pad(b->use, &pad, value, text, b->err);
}

static bool format_integer(const braces *b, const lme_format_spec *spec, int64_t value,
                           lme_str *text)
{
    lme_arena *arena = b->use->rendering->arena;
    if (spec->precision >= 0)
        return fail(b, "an integer's format has no precision");
    bool upper = spec->type == 'X';
    unsigned base = spec->type == 'b' ? 2 : spec->type == 'o' ? 8 : 10;
    if (spec->type == 'x' || upper)
        base = 16;
    const char *prefix = base == 2 ? "0b" : base == 8 ? "0o" : upper ? "0X" : "0x";
    lme_number_text number = {
        .negative = value < 0,
        .prefix = spec->alternate && base != 10 ? prefix : "",
        .digits = lme_format_digits(arena, value, base, upper),
    };
    return lme_format_number(b->use, spec, &number, text, b->err);
}

static bool format_double(const braces *b, const lme_format_spec *spec, double value, lme_str *text)
{
    lme_arena *arena = b->use->rendering->arena;
    lme_format_spec digits = *spec;
    bool percent = spec->type == '%';
    if (percent)
        digits.type = 'f';
    else if (spec->type == 'n')
        digits.type = 'g';
    lme_number_text number = {
        .negative = signbit(value) != 0 && !isnan(value),
        .prefix = "",
        .digits = lme_format_double(arena, fabs(percent ? value * 100.0 : value), &digits),
    };
    if (percent)
        number.digits = lme_str_concat(arena, number.digits, LME_STR("%"));
    return lme_format_number(b->use, spec, &number, text, b->err);
}

static bool format_character(const braces *b, const lme_format_spec *spec, int64_t value,
                             lme_str *text)
{
    if (value < 0 || value > 0x10FFFF || (value >= 0xD800 && value <= 0xDFFF))
        return fail(b, "the format c got a number that is no character");
    lme_builder character = {.arena = b->use->rendering->arena};
    lme_builder_codepoint(&character, (uint32_t)value);
    return lme_format_pad(b->use, spec, lme_builder_finish(&character), text, b->err);
}

static bool format_value(const braces *b, lme_str spec_text, const lme_value *value, lme_str *text)
{
    lme_format_spec spec;
    if (spec_text.len == 0)
        return lme_text_of(b->use->rendering, b->use->at, value, text, b->err);
    if (!read_spec(b, spec_text, &spec))
        return false;
    if (value->kind == LME_STRING)
        return format_string(b, &spec, value->string, text);
    if (!lme_is_number(value))
        return fail(b, "only texts and numbers can have a format behind the colon");
    bool fractional = spec.type != '\0' && strchr("eEfFgG%", spec.type) != NULL;
    if (value->kind == LME_FLOAT || fractional) {
        if (spec.type != '\0' && !fractional && spec.type != 'n')
            return fail(b, "a number with a fraction cannot have an integer's format");
        return format_double(b, &spec, lme_number_of(value), text);
    }
    if (spec.type == 's')
        return fail(b, "an integer cannot have the format s");
    if (spec.type == 'c')
        return format_character(b, &spec, lme_integer_of(value), text);
    return format_integer(b, &spec, lme_integer_of(value), text);
}

/* !r !s !a in front of the colon. */
static bool convert(const braces *b, char how, lme_value *value)
{
    lme_rendering *r = b->use->rendering;
    lme_str text;
    if (how != 'r' && how != 's' && how != 'a')
        return fail(b, "expected r, s or a behind !");
    bool fine = how == 's'   ? lme_text_of(r, b->use->at, value, &text, b->err)
                : how == 'r' ? lme_repr_of(r, b->use->at, value, &text, b->err)
                             : lme_ascii_of(r, b->use->at, value, &text, b->err);
    if (fine)
        *value = lme_string(text);
    return fine;
}

static bool expand(braces *b, lme_str pattern, bool nested, lme_str *text);

/* What stands between { and }. */
static bool put_field(braces *b, lme_str field, bool nested, lme_str *text)
{
    size_t end = 0;
    bool inside = false;
    while (end < field.len && (inside || (field.ptr[end] != '!' && field.ptr[end] != ':'))) {
        inside = field.ptr[end] == '[' || (inside && field.ptr[end] != ']');
        end++;
    }
    lme_value value = lme_null();
    size_t first = name_end(lme_str_slice(field, 0, end), 0);
    if (!first_value(b, lme_str_slice(field, 0, first), &value) ||
        !follow(b, lme_str_slice(field, 0, end), first, &value))
        return false;
    if (value.kind == LME_UNDEFINED)
        return lme_missing_fail(b->use->rendering, b->use->at, &value, b->err);
    if (end < field.len && field.ptr[end] == '!') {
        bool ends = end + 2 == field.len || (end + 2 < field.len && field.ptr[end + 2] == ':');
        if (!ends)
            return fail(b, "expected one letter behind !");
        if (!convert(b, field.ptr[end + 1], &value))
            return false;
        end += 2;
    }
    lme_str spec = lme_str_slice(field, end + 1, field.len);
    if (!nested && !expand(b, spec, true, &spec))
        return false;
    return format_value(b, spec, &value, text);
}

/* Where the field that begins at `at` ends; SIZE_MAX when it does not. */
static size_t field_end(lme_str pattern, size_t at)
{
    size_t depth = 1;
    for (; at < pattern.len; at++) {
        if (pattern.ptr[at] == '{')
            depth++;
        else if (pattern.ptr[at] == '}' && --depth == 0)
            return at;
    }
    return SIZE_MAX;
}

/* Calls itself through put_field once: `nested` stops the second time. */
static bool expand(braces *b, lme_str pattern, bool nested, lme_str *text)
{
    lme_rendering *r = b->use->rendering;
    lme_builder out = {.arena = r->arena};
    for (size_t at = 0; at < pattern.len; at++) {
        char c = pattern.ptr[at];
        bool doubled = at + 1 < pattern.len && pattern.ptr[at + 1] == c;
        if (c != '{' && c != '}') {
            lme_builder_char(&out, c);
            continue;
        }
        if (doubled && !nested) {
            lme_builder_char(&out, c);
            at++;
            continue;
        }
        size_t end = c == '{' ? field_end(pattern, at + 1) : SIZE_MAX;
        if (end == SIZE_MAX)
            return fail(b, c == '{' ? "a { has no closing }: {{ stands for one {"
                                    : "a } has no opening {: }} stands for one }");
        lme_str value = LME_STR("");
        if (!put_field(b, lme_str_slice(pattern, at + 1, end), nested, &value))
            return false;
        lme_builder_add(&out, value);
        if (!lme_text_fits(r, b->use->at, out.len, b->err))
            return false;
        at = end;
    }
    *text = lme_builder_finish(&out);
    return true;
}

bool lme_format_braces(const lme_format_use *use, lme_str pattern, lme_str *text, lme_error *err)
{
    braces b = {.use = use, .err = err};
    return expand(&b, pattern, false, text);
}

/* int, float, abs, round. */
#include "arguments.h"
#include "constant.h"
#include "convert.h"
#include "format.h"
#include "operators.h"

#include <math.h>

static bool past_64_bits(const lme_invocation *use, lme_error *err)
{
    return lme_source_fail(use->rendering->source, use->at, LME_ERR_LIMIT, err,
                           "%s: this number does not fit into 64 bits", use->row->name);
}

/* A text as int(text, base), or as a whole part of float(text); false in `found` when it is
 * neither. */
static bool integer_of_text(const lme_invocation *use, lme_str text, int64_t *integer, bool *found,
                            lme_error *err)
{
    int64_t base;
    bool too_large;
    double number;
    if (!lme_take_integer(use, 1, 10, &base, err))
        return false;
    bool possible = base == 0 || (base >= 2 && base <= 36);
    *found = possible && lme_read_integer(text, base, integer, &too_large);
    if (*found)
        return true;
    if (possible && too_large)
        return past_64_bits(use, err);
    *found = lme_python_float(text, &number) && isfinite(number);
    return !*found || lme_truncate(number, integer) || past_64_bits(use, err);
}

static bool to_int(const lme_invocation *use, lme_value *result, lme_error *err)
{
    const lme_value *v = &use->subject;
    int64_t integer = 0;
    bool found = lme_is_number(v);
    if (lme_is_integral(v)) {
        integer = lme_integer_of(v);
    } else if (v->kind == LME_FLOAT) {
        found = !isnan(v->number);
        if (found && !lme_truncate(v->number, &integer))
            return past_64_bits(use, err);
    } else if (v->kind == LME_STRING && !integer_of_text(use, v->string, &integer, &found, err)) {
        return false;
    } else if (v->kind == LME_UNDEFINED) {
        return lme_missing_fail(use->rendering, use->at, v, err);
    }
    *result = lme_int(found ? integer : 0);
    if (!found && use->given[0] != NULL)
        *result = *use->given[0];
    return true;
}

const lme_callable lme_template_filter_int = {
    .name = "int",
    .summary = "the value as integer, or the default when it is none",
    .parameters = {"default", "base"},
    .call = to_int,
};

static bool to_float(const lme_invocation *use, lme_value *result, lme_error *err)
{
    const lme_value *v = &use->subject;
    double number = 0.0;
    bool found = lme_is_number(v);
    if (found)
        number = lme_number_of(v);
    else if (v->kind == LME_STRING)
        found = lme_python_float(v->string, &number);
    else if (v->kind == LME_UNDEFINED)
        return lme_missing_fail(use->rendering, use->at, v, err);
    *result = lme_float(found ? number : 0.0);
    if (!found && use->given[0] != NULL)
        *result = *use->given[0];
    return true;
}

const lme_callable lme_template_filter_float = {
    .name = "float",
    .summary = "the value as number, or the default when it is none",
    .parameters = {"default"},
    .call = to_float,
};

static bool wants_number(const lme_invocation *use, lme_error *err)
{
    return lme_is_number(&use->subject) ||
           lme_use_fail(use, err, "got %s, expected a number", lme_type_name(&use->subject));
}

static bool absolute(const lme_invocation *use, lme_value *result, lme_error *err)
{
    const lme_value *v = &use->subject;
    if (!wants_number(use, err))
        return false;
    if (v->kind == LME_FLOAT) {
        *result = lme_float(fabs(v->number));
        return true;
    }
    if (lme_integer_of(v) < 0)
        return lme_negate(use->rendering, use->at, v, result, err);
    *result = lme_int(lme_integer_of(v));
    return true;
}

const lme_callable lme_template_filter_abs = {
    .name = "abs",
    .summary = "without its sign",
    .call = absolute,
};

/* round(x, n): the nearest decimal of the double's exact value, halves to even, which is what
 * printf gives. */
static double round_behind_point(lme_arena *arena, double number, int places)
{
    enum {
        ENOUGH = 323 /* past this a double has no further digits to round */
    };
    if (!isfinite(number) || places > ENOUGH)
        return number;
    lme_format_spec spec = {.type = 'f', .precision = places};
    double rounded = number;
    lme_str digits = lme_format_double(arena, fabs(number), &spec);
    if (!lme_str_to_double(digits, &rounded))
        return number;
    return copysign(rounded, number);
}

/* A unit is 10 ** places; halves go to the even multiple. */
static double round_before_point(double number, int places)
{
    if (!isfinite(number))
        return number;
    double unit = pow(10.0, places), size = fabs(number);
    if (isinf(unit))
        return copysign(0.0, number);
    double left = fmod(size, unit), base = size - left;
    bool odd = fmod(base / unit, 2.0) >= 0.5;
    if (left > unit / 2 || (left >= unit / 2 && odd))
        base += unit;
    return copysign(base, number);
}

static bool round_integer(const lme_invocation *use, int64_t number, int64_t places,
                          lme_value *result, lme_error *err)
{
    int64_t unit = 1;
    *result = lme_int(number);
    if (places >= 0)
        return true;
    for (; places < 0 && unit <= INT64_MAX / 10; places++)
        unit *= 10;
    int64_t left = number % unit, base = number - left;
    if (places < 0) { /* a unit past 64 bits */
        left = 0;
        base = 0;
    }
    int64_t half = unit / 2, size = left < 0 ? -left : left;
    bool up = size > half || (size == half && base / unit % 2 != 0);
    lme_value from = lme_int(base), step = lme_int(!up ? 0 : number < 0 ? -unit : unit);
    lme_operation o = {.rendering = use->rendering,
                       .at = use->at,
                       .operator= LME_ADD,
                       .left = &from,
                       .right = &step};
    return lme_arithmetic(&o, result, err);
}

static bool round_common(const lme_invocation *use, int64_t places, lme_value *result,
                         lme_error *err)
{
    enum {
        MOST = 400
    };
    const lme_value *v = &use->subject;
    if (lme_is_integral(v))
        return round_integer(use, lme_integer_of(v), places, result, err);
    int bounded = places > MOST ? MOST : places < -MOST ? -MOST : (int)places;
    *result = lme_float(bounded < 0 ? round_before_point(v->number, -bounded)
                                    : round_behind_point(use->arena, v->number, bounded));
    return true;
}

static bool round_number(const lme_invocation *use, lme_value *result, lme_error *err)
{
    int64_t places;
    lme_str method;
    if (!lme_take_integer(use, 0, 0, &places, err) ||
        !lme_take_text(use, 1, LME_STR("common"), &method, err) || !wants_number(use, err))
        return false;
    if (lme_str_is(method, "common"))
        return round_common(use, places, result, err);
    bool up = lme_str_is(method, "ceil");
    if (!up && !lme_str_is(method, "floor"))
        return lme_use_fail(use, err, "argument 'method' is neither common, ceil nor floor");
    double unit = pow(10.0, (double)places);
    double scaled = lme_number_of(&use->subject) * unit;
    if (!isfinite(scaled) || unit == 0.0)
        return past_64_bits(use, err);
    double whole = up ? ceil(scaled) : floor(scaled);
    *result = lme_float((whole == 0.0 ? 0.0 : whole) / unit);
    return true;
}

const lme_callable lme_template_filter_round = {
    .name = "round",
    .summary = "to so many places, or with method='ceil' or 'floor'",
    .parameters = {"precision", "method"},
    .call = round_number,
};

/* Methods of numbers. */
#include "arguments.h"
#include "convert.h"

#include <math.h>

static bool is_integer(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    double number = use->subject.number;
    *result = lme_bool(isfinite(number) && !(trunc(number) < number || trunc(number) > number));
    return true;
}

const lme_callable lme_template_method_float_is_integer = {
    .name = "is_integer",
    .summary = "it has no fraction",
    .kinds = 1u << LME_FLOAT,
    .call = is_integer,
};

static bool bit_length(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    int64_t integer = lme_integer_of(&use->subject);
    uint64_t left = integer < 0 ? 0 - (uint64_t)integer : (uint64_t)integer;
    int64_t n = 0;
    for (; left > 0; left >>= 1)
        n++;
    *result = lme_int(n);
    return true;
}

const lme_callable lme_template_method_int_bit_length = {
    .name = "bit_length",
    .summary = "how many binary digits",
    .kinds = 1u << LME_INT | 1u << LME_BOOL,
    .call = bit_length,
};

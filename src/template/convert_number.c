/* Numbers among values. */
#include "convert.h"

#include <math.h>

bool lme_is_integral(const lme_value *v)
{
    return v->kind == LME_INT || v->kind == LME_BOOL;
}

int64_t lme_integer_of(const lme_value *v)
{
    return v->kind == LME_BOOL ? (int64_t)v->boolean : v->integer;
}

bool lme_is_number(const lme_value *v)
{
    return lme_is_integral(v) || v->kind == LME_FLOAT;
}

double lme_number_of(const lme_value *v)
{
    return v->kind == LME_FLOAT ? v->number : (double)lme_integer_of(v);
}

bool lme_truncate(double number, int64_t *value)
{
    const double bound = 9223372036854775808.0; /* 2^63 */
    double whole = trunc(number);
    if (!(whole >= -bound && whole < bound))
        return false;
    *value = (int64_t)whole;
    return true;
}

/* Python's arithmetic on int and float. Ints here have 64 bits; a result that needs more is an
 * error, never another number.
 */
#include "convert.h"
#include "operators.h"

#include <math.h>

static bool too_large(const lme_operation *o, lme_error *err)
{
    return lme_source_fail(o->rendering->source, o->at, LME_ERR_LIMIT, err,
                           "the result does not fit into 64 bits");
}

static bool by_zero(const lme_operation *o, lme_error *err)
{
    return lme_source_fail(o->rendering->source, o->at, LME_ERR_TEMPLATE, err, "division by zero");
}

static bool add(int64_t a, int64_t b, int64_t *sum)
{
    if ((b > 0 && a > INT64_MAX - b) || (b < 0 && a < INT64_MIN - b))
        return false;
    *sum = a + b;
    return true;
}

static bool subtract(int64_t a, int64_t b, int64_t *difference)
{
    if ((b < 0 && a > INT64_MAX + b) || (b > 0 && a < INT64_MIN + b))
        return false;
    *difference = a - b;
    return true;
}

static bool multiply(int64_t a, int64_t b, int64_t *product)
{
    if (a == 0 || b == 0) {
        *product = 0;
        return true;
    }
    if ((a == -1 && b == INT64_MIN) || (b == -1 && a == INT64_MIN))
        return false;
    int64_t wrapped = (int64_t)((uint64_t)a * (uint64_t)b);
    if (wrapped / b != a)
        return false;
    *product = wrapped;
    return true;
}

/* Towards minus infinity. */
static bool floor_divide(int64_t a, int64_t b, int64_t *quotient)
{
    if (b == -1)
        return subtract(0, a, quotient);
    int64_t q = a / b;
    if (a % b != 0 && (a < 0) != (b < 0))
        q--;
    *quotient = q;
    return true;
}

/* The sign of the divisor. */
static int64_t modulo(int64_t a, int64_t b)
{
    if (b == -1)
        return 0;
    int64_t m = a % b;
    return m != 0 && (m < 0) != (b < 0) ? m + b : m;
}

static bool power(int64_t base, int64_t exponent, int64_t *result)
{
    int64_t product = 1;
    for (;;) {
        if ((exponent & 1) != 0 && !multiply(product, base, &product))
            return false;
        exponent >>= 1;
        if (exponent == 0)
            break;
        if (!multiply(base, base, &base))
            return false;
    }
    *result = product;
    return true;
}

/* Python's float % and //, which differ from fmod and floor near the edges. */
static double float_modulo(double a, double b)
{
    double m = fmod(a, b);
    if (m != 0.0)
        return (b < 0.0) != (m < 0.0) ? m + b : m;
    return copysign(0.0, b);
}

static double float_floor(double a, double b)
{
    double m = fmod(a, b);
    double quotient = (a - m) / b;
    if (m != 0.0 && (b < 0.0) != (m < 0.0))
        quotient -= 1.0;
    if (quotient == 0.0)
        return copysign(0.0, a / b);
    double whole = floor(quotient);
    return quotient - whole > 0.5 ? whole + 1.0 : whole;
}

static bool float_power(const lme_operation *o, double a, double b, lme_value *result,
                        lme_error *err)
{
    if (a == 0.0 && b < 0.0)
        return by_zero(o, err);
    if (a < 0.0 && isfinite(a) && isfinite(b) && floor(b) < b)
        return lme_source_fail(o->rendering->source, o->at, LME_ERR_TEMPLATE, err,
                               "a negative number to a fractional power is no real number");
    double value = pow(a, b);
    if (isinf(value) && isfinite(a) && isfinite(b))
        return too_large(o, err);
    *result = lme_float(value);
    return true;
}

static bool on_floats(const lme_operation *o, lme_value *result, lme_error *err)
{
    double a = lme_number_of(o->left), b = lme_number_of(o->right);
    bool divides = o->operator== LME_DIVIDE || o->operator== LME_FLOOR || o->operator== LME_MODULO;
    if (divides && b == 0.0)
        return by_zero(o, err);
    switch ((int)o->operator) {
    case LME_ADD:
        *result = lme_float(a + b);
        return true;
    case LME_SUBTRACT:
        *result = lme_float(a - b);
        return true;
    case LME_MULTIPLY:
        *result = lme_float(a * b);
        return true;
    case LME_DIVIDE:
        *result = lme_float(a / b);
        return true;
    case LME_FLOOR:
        *result = lme_float(float_floor(a, b));
        return true;
    case LME_MODULO:
        *result = lme_float(float_modulo(a, b));
        return true;
    default:
        return float_power(o, a, b, result, err);
    }
}

static bool on_integers(const lme_operation *o, lme_value *result, lme_error *err)
{
    int64_t a = lme_integer_of(o->left), b = lme_integer_of(o->right), value = 0;
    bool fits = true;
    switch ((int)o->operator) {
    case LME_ADD:
        fits = add(a, b, &value);
        break;
    case LME_SUBTRACT:
        fits = subtract(a, b, &value);
        break;
    case LME_MULTIPLY:
        fits = multiply(a, b, &value);
        break;
    case LME_FLOOR:
        fits = floor_divide(a, b, &value);
        break;
    case LME_MODULO:
        value = modulo(a, b);
        break;
    default:
        fits = power(a, b, &value);
        break;
    }
    *result = lme_int(value);
    return fits || too_large(o, err);
}

bool lme_arithmetic_numbers(const lme_operation *o, lme_value *result, lme_error *err)
{
    bool integral = lme_is_integral(o->left) && lme_is_integral(o->right);
    bool zero = integral && lme_integer_of(o->right) == 0;
    bool negative = integral && lme_integer_of(o->right) < 0;
    if (!integral || o->operator== LME_DIVIDE ||(o->operator== LME_POWER && negative))
        return on_floats(o, result, err);
    if (zero && (o->operator== LME_FLOOR || o->operator== LME_MODULO))
        return by_zero(o, err);
    return on_integers(o, result, err);
}

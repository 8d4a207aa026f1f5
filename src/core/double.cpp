/* C++ because C has no function for this: the shortest digits that read back to the same double
 * (printf would need up to 17 tries a number) and reading them without a locale (strtod obeys the
 * user's decimal comma) are std::to_chars and std::from_chars of C++17. Only digits cross the C
 * face; all layout is C.
 */
#include "double_digits.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <system_error>

void lme_double_digits(double value, lme_digits *digits)
{
    char text[32];
    const std::to_chars_result end =
        std::to_chars(text, text + sizeof text, std::fabs(value), std::chars_format::scientific);
    digits->n = 0;
    const char *at = text;
    for (; at != end.ptr && *at != 'e'; at++) {
        if (*at != '.')
            digits->digits[digits->n++] = *at;
    }
    /* "e+05", "e-300": from_chars wants no plus. */
    at += at[1] == '+' ? 2 : 1;
    std::from_chars(at, end.ptr, digits->exponent);
}

/* Roughly the power of ten of a number that from_chars read but found out of range. */
static long decimal_exponent(const char *at, const char *end)
{
    const long bound = 1000000;
    long place = 0; /* of the first digit that is not 0: 1 for units, 0 for tenths */
    bool found = false, behind_point = false;
    for (; at != end && *at != 'e' && *at != 'E'; at++) {
        found = found || (*at != '.' && *at != '0');
        if (*at == '.')
            behind_point = true;
        else if (found && !behind_point)
            place++;
        else if (!found && behind_point)
            place--;
    }
    if (at == end)
        return place;
    const bool negative = at[1] == '-';
    long exponent = 0;
    for (at += negative || at[1] == '+' ? 2 : 1; at != end && exponent < bound; at++)
        exponent = exponent * 10 + (*at - '0');
    return place + (negative ? -exponent : exponent);
}

bool lme_double_read(const char *text, size_t length, double *value)
{
    const char *end = text + length;
    const char *first = length > 0 && *text == '-' ? text + 1 : text;
    /* from_chars also reads "inf" and "nan(...)", which are no numbers to us. */
    if (first == end || (*first != '.' && (*first < '0' || *first > '9')))
        return false;
    double read = 0.0;
    const std::from_chars_result result = std::from_chars(text, end, read);
    if (result.ptr != end)
        return false;
    if (result.ec == std::errc::result_out_of_range) {
        /* Too large has no value; too small is zero. */
        if (decimal_exponent(first, end) > 0)
            return false;
        *value = first == text ? 0.0 : -0.0;
        return true;
    }
    if (result.ec != std::errc())
        return false;
    *value = read;
    return true;
}

/* Whole numbers as Python reads them from text: literals, int(text, base). */
#include "constant.h"

#include <lmeval/unicode.h>

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    char lower = (char)(c | 0x20);
    return lower >= 'a' && lower <= 'z' ? lower - 'a' + 10 : 99;
}

/* 0x, 0o, 0b: the base that it names; 0 when there is none. */
static int64_t prefix_base(lme_str digits)
{
    if (digits.len < 2 || digits.ptr[0] != '0')
        return 0;
    char letter = (char)(digits.ptr[1] | 0x20);
    return letter == 'x' ? 16 : letter == 'o' ? 8 : letter == 'b' ? 2 : 0;
}

/* Digits with single underscores between them, counted downwards: the lowest number has no
 * positive twin. */
static bool read_digits(lme_str digits, int64_t base, int64_t *sum, bool *too_large)
{
    bool after_digit = false;
    *sum = 0;
    for (size_t i = 0; i < digits.len; i++) {
        if (digits.ptr[i] == '_' && after_digit) {
            after_digit = false;
            continue;
        }
        int digit = digit_value(digits.ptr[i]);
        if (digit >= base)
            return false;
        after_digit = true;
        *too_large = *too_large || *sum < (INT64_MIN + digit) / base;
        if (!*too_large)
            *sum = *sum * base - digit;
    }
    return after_digit;
}

bool lme_read_integer(lme_str text, int64_t base, int64_t *value, bool *too_large)
{
    *too_large = false;
    text = lme_strip(text);
    bool negative = lme_str_starts(text, LME_STR("-"));
    if (negative || lme_str_starts(text, LME_STR("+")))
        text = lme_str_slice(text, 1, text.len);
    int64_t prefix = prefix_base(text);
    if (prefix > 0 && (base == 0 || base == prefix)) {
        base = prefix;
        text = lme_str_slice(text, 2, text.len);
        if (lme_str_starts(text, LME_STR("_")))
            text = lme_str_slice(text, 1, text.len);
    }
    int64_t sum;
    if (!read_digits(text, base == 0 ? 10 : base, &sum, too_large))
        return false;
    if (!negative && sum == INT64_MIN)
        *too_large = true;
    if (!*too_large)
        *value = negative ? sum : -sum;
    return !*too_large;
}

bool lme_constant_integer(lme_str text, int64_t *value)
{
    bool too_large;
    return lme_read_integer(text, 0, value, &too_large);
}

/* Numbers as Python reads them from text: literals, int(text, base), float(text). */
#include "constant.h"

#include <math.h>

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

/* Case does not count; `word` is in lower case. */
static bool is_word(lme_str text, const char *word)
{
    size_t n = 0;
    while (n < text.len && word[n] != '\0' && (text.ptr[n] | 0x20) == word[n])
        n++;
    return word[n] == '\0' && n == text.len;
}

static size_t skip_decimals(lme_str text, size_t at)
{
    while (at < text.len && text.ptr[at] >= '0' && text.ptr[at] <= '9')
        at++;
    return at;
}

/* 12.5e-3, .5, 5. */
static bool is_decimal(lme_str text)
{
    size_t at = skip_decimals(text, 0);
    size_t digits = at;
    if (at < text.len && text.ptr[at] == '.') {
        size_t end = skip_decimals(text, at + 1);
        digits += end - (at + 1);
        at = end;
    }
    if (digits == 0)
        return false;
    if (at < text.len && (text.ptr[at] | 0x20) == 'e') {
        at++;
        if (at < text.len && (text.ptr[at] == '+' || text.ptr[at] == '-'))
            at++;
        size_t end = skip_decimals(text, at);
        if (end == at)
            return false;
        at = end;
    }
    return at == text.len;
}

/* Drops underscores that stand between digits; false when one stands elsewhere. */
static bool drop_underscores(lme_str *text, char *plain, size_t size)
{
    size_t n = 0;
    for (size_t i = 0; i < text->len; i++) {
        char c = text->ptr[i];
        if (c == '_') {
            bool between = i > 0 && i + 1 < text->len && digit_value(text->ptr[i - 1]) < 10 &&
                           digit_value(text->ptr[i + 1]) < 10;
            if (!between)
                return false;
            continue;
        }
        if (n == size)
            return false;
        plain[n++] = c;
    }
    *text = (lme_str){plain, n};
    return true;
}

bool lme_read_number(lme_str text, double *value)
{
    enum {
        LONGEST = 1024 /* digits that a number may have */
    };
    char plain[LONGEST];
    text = lme_strip(text);
    bool negative = lme_str_starts(text, LME_STR("-"));
    if (negative || lme_str_starts(text, LME_STR("+")))
        text = lme_str_slice(text, 1, text.len);
    if (is_word(text, "inf") || is_word(text, "infinity")) {
        *value = negative ? -HUGE_VAL : HUGE_VAL;
        return true;
    }
    if (is_word(text, "nan")) {
        *value = (double)NAN;
        return true;
    }
    if (!drop_underscores(&text, plain, sizeof plain) || !is_decimal(text))
        return false;
    if (!lme_str_to_double(text, value))
        *value = HUGE_VAL; /* the only decimals that it does not read are too large */
    if (negative)
        *value = -*value;
    return true;
}

/* PyYAML's resolver, rule by rule. Source: YAML 1.1 types as PyYAML 6 resolver.py and
 * constructor.py read them: a float needs a point, an exponent needs a sign, 010 is octal, 1:30 is
 * base 60.
 */
#include "yaml_scalar.h"

#include <math.h>
#include <string.h>

static bool is_one_of(lme_str s, const char *const *words, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (lme_str_is(s, words[i]))
            return true;
    }
    return false;
}

bool lme_yaml_null(lme_str s)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    return is_one_of(s, words, sizeof words / sizeof words[0]);
}

bool lme_yaml_bool(lme_str s, bool *value)
{
    static const char *const yes[] = {"yes",  "Yes", "YES", "true", "True",
                                      "TRUE", "on",  "On",  "ON"};
    static const char *const no[] = {"no",    "No",  "NO",  "false", "False",
                                     "FALSE", "off", "Off", "OFF"};
    *value = is_one_of(s, yes, sizeof yes / sizeof yes[0]);
    return *value || is_one_of(s, no, sizeof no / sizeof no[0]);
}

static lme_str without_sign(lme_str s, bool *negative)
{
    *negative = s.len > 0 && s.ptr[0] == '-';
    bool signed_ = s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+');
    return lme_str_slice(s, signed_ ? 1 : 0, s.len);
}

static bool all_in(lme_str s, const char *set)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\0' || strchr(set, s.ptr[i]) == NULL)
            return false;
    }
    return s.len > 0;
}

static int digit_value(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* Digits in a base, underscores skipped. Past 63 bits it becomes a double, as long JSON integers
 * do. */
static lme_value number_in_base(lme_str s, int base, bool negative)
{
    int64_t sum = 0;
    double wide = 0;
    bool overflows = false;
    for (size_t i = 0; i < s.len; i++) {
        int digit = digit_value(s.ptr[i]);
        if (digit < 0)
            continue;
        wide = wide * base + digit;
        overflows = overflows || sum > (INT64_MAX - digit) / base;
        sum = overflows ? sum : sum * base + digit;
    }
    if (overflows)
        return lme_float(negative ? -wide : wide);
    return lme_int(negative ? -sum : sum);
}

/* 1:30:05, base 60: the first part any number, the others 0 to 59 in one or two digits. */
static bool sixty(lme_str s, bool negative, lme_value *value)
{
    if (s.len == 0 || s.ptr[0] < '1' || s.ptr[0] > '9')
        return false;
    int64_t sum = 0;
    size_t parts = 0;
    for (size_t from = 0; from <= s.len; parts++) {
        size_t colon = lme_str_find(s, LME_STR(":"), from);
        lme_str part = lme_str_slice(s, from, colon);
        if (!all_in(part, parts == 0 ? "0123456789_" : "0123456789") ||
            (parts > 0 && (part.len > 2 || (part.len == 2 && part.ptr[0] > '5'))) || part.len > 9 ||
            parts > 5)
            return false;
        sum = sum * 60 + number_in_base(part, 10, false).integer;
        from = colon == SIZE_MAX ? s.len + 1 : colon + 1;
    }
    *value = lme_int(negative ? -sum : sum);
    return parts > 1;
}

bool lme_yaml_int(lme_arena *arena, lme_str s, lme_value *value)
{
    (void)arena;
    bool negative;
    lme_str body = without_sign(s, &negative);
    if (body.len == 0 || body.ptr[0] == '_')
        return false;
    lme_str rest = lme_str_slice(body, 2, body.len);
    int base = 10;
    if (lme_str_starts(body, LME_STR("0b")) && all_in(rest, "01_"))
        base = 2;
    else if (lme_str_starts(body, LME_STR("0x")) && all_in(rest, "0123456789abcdefABCDEF_"))
        base = 16;
    else if (body.len > 1 && body.ptr[0] == '0' && all_in(body, "01234567_"))
        base = 8;
    else if (!lme_str_is(body, "0") && (body.ptr[0] == '0' || !all_in(body, "0123456789_")))
        return sixty(body, negative, value);
    *value = number_in_base(base == 2 || base == 16 ? rest : body, base, negative);
    return true;
}

/* Digits (and `_`) from `at` on; returns where they end. */
static size_t pass_digits(lme_str s, size_t at, bool underscores)
{
    while (at < s.len &&
           ((s.ptr[at] >= '0' && s.ptr[at] <= '9') || (underscores && s.ptr[at] == '_')))
        at++;
    return at;
}

/* [eE][-+][0-9]+ or nothing, up to the end. */
static bool ends_in_exponent(lme_str s, size_t at)
{
    if (at == s.len)
        return true;
    if (at + 2 >= s.len || (s.ptr[at] != 'e' && s.ptr[at] != 'E') ||
        (s.ptr[at + 1] != '-' && s.ptr[at + 1] != '+'))
        return false;
    return pass_digits(s, at + 2, false) == s.len;
}

static bool has_float_shape(lme_str s, lme_str body)
{
    size_t point = pass_digits(body, 0, true);
    if (point >= body.len || body.ptr[point] != '.')
        return false;
    if (point == 0) {
        /* ".5" takes no sign, and a digit must follow the point. */
        bool digit = body.len > 1 && body.ptr[1] >= '0' && body.ptr[1] <= '9';
        return body.len == s.len && digit && ends_in_exponent(body, pass_digits(body, 1, true));
    }
    return body.ptr[0] != '_' && ends_in_exponent(body, pass_digits(body, point + 1, true));
}

bool lme_yaml_float(lme_arena *arena, lme_str s, double *value)
{
    static const char *const inf[] = {".inf", ".Inf", ".INF"};
    static const char *const nan[] = {".nan", ".NaN", ".NAN"};
    bool negative;
    lme_str body = without_sign(s, &negative);
    if (is_one_of(body, inf, 3)) {
        *value = (double)(negative ? -INFINITY : INFINITY);
        return true;
    }
    if (is_one_of(s, nan, 3)) {
        *value = (double)NAN;
        return true;
    }
    if (!has_float_shape(s, body))
        return false;
    lme_str digits = lme_str_replace(arena, body, LME_STR("_"), LME_STR(""));
    if (!lme_str_to_double(digits, value))
        return false;
    *value = negative ? -*value : *value;
    return true;
}

lme_value lme_yaml_plain(lme_arena *arena, lme_str s)
{
    lme_value value;
    bool yes;
    double number;
    if (lme_yaml_null(s))
        return lme_null();
    if (lme_yaml_bool(s, &yes))
        return lme_bool(yes);
    if (lme_yaml_int(arena, s, &value))
        return value;
    if (lme_yaml_float(arena, s, &number))
        return lme_float(number);
    return lme_string(s);
}

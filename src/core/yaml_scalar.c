/* PyYAML's resolver and constructor, rule by rule: a float needs a point and its exponent a sign,
 * 010 is octal, 1:30 is base 60. What a tag forces is read more freely than what is plain:
 * `!!float 1e3` is 1000.0, a plain 1e3 is a text. Source: PyYAML 6 resolver.py, constructor.py.
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

static bool is_null(lme_str s)
{
    static const char *const words[] = {"", "~", "null", "Null", "NULL"};
    return is_one_of(s, words, sizeof words / sizeof words[0]);
}

static bool is_bool(lme_str s)
{
    static const char *const words[] = {"yes",  "Yes",  "YES",  "no",    "No",    "NO",
                                        "true", "True", "TRUE", "false", "False", "FALSE",
                                        "on",   "On",   "ON",   "off",   "Off",   "OFF"};
    return is_one_of(s, words, sizeof words / sizeof words[0]);
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* Moves past digits (and `_`); returns where they end. */
static size_t pass_digits(lme_str s, size_t at, bool underscores)
{
    while (at < s.len && (is_digit(s.ptr[at]) || (underscores && s.ptr[at] == '_')))
        at++;
    return at;
}

/* Moves past one or more `:[0-5]?[0-9]`; returns `at` when there are none. */
static size_t pass_sixties(lme_str s, size_t at)
{
    while (at + 1 < s.len && s.ptr[at] == ':' && is_digit(s.ptr[at + 1])) {
        bool two = s.ptr[at + 1] <= '5' && at + 2 < s.len && is_digit(s.ptr[at + 2]);
        at += two ? 3 : 2;
    }
    return at;
}

static bool all_in(lme_str s, const char *set)
{
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '\0' || strchr(set, s.ptr[i]) == NULL)
            return false;
    }
    return s.len > 0;
}

static lme_str without_sign(lme_str s)
{
    return lme_str_slice(s, s.len > 0 && (s.ptr[0] == '-' || s.ptr[0] == '+'), s.len);
}

static bool is_int(lme_str s)
{
    lme_str body = without_sign(s);
    lme_str rest = lme_str_slice(body, 2, body.len);
    if (lme_str_starts(body, LME_STR("0b")))
        return all_in(rest, "01_");
    if (lme_str_starts(body, LME_STR("0x")))
        return all_in(rest, "0123456789abcdefABCDEF_");
    if (lme_str_starts(body, LME_STR("0")))
        return body.len == 1 || all_in(lme_str_slice(body, 1, body.len), "01234567_");
    if (body.len == 0 || !is_digit(body.ptr[0]))
        return false;
    size_t at = pass_digits(body, 0, true);
    return at == body.len || pass_sixties(body, at) == body.len;
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

static bool is_float(lme_str s)
{
    static const char *const inf[] = {".inf", ".Inf", ".INF"};
    static const char *const nan[] = {".nan", ".NaN", ".NAN"};
    lme_str body = without_sign(s);
    if (is_one_of(body, inf, 3) || is_one_of(s, nan, 3))
        return true;
    if (body.len > 0 && body.ptr[0] == '.') /* takes no sign, and a digit must follow */
        return body.len == s.len && body.len > 1 && is_digit(body.ptr[1]) &&
               ends_in_exponent(body, pass_digits(body, 1, true));
    if (body.len == 0 || !is_digit(body.ptr[0]))
        return false;
    size_t whole = pass_digits(body, 0, true);
    size_t point = pass_sixties(body, whole);
    if (point == body.len || body.ptr[point] != '.')
        return false;
    size_t end = pass_digits(body, point + 1, true);
    return point > whole ? end == body.len : ends_in_exponent(body, end);
}

lme_yaml_type lme_yaml_resolve(lme_str s)
{
    if (is_null(s))
        return LME_YAML_NULL;
    if (is_bool(s))
        return LME_YAML_BOOL;
    if (is_int(s))
        return LME_YAML_INT;
    return is_float(s) ? LME_YAML_FLOAT : LME_YAML_TEXT;
}

static bool make_bool(lme_arena *arena, lme_str s, lme_value *value)
{
    static const char *const yes[] = {"yes", "true", "on"};
    static const char *const no[] = {"no", "false", "off"};
    lme_builder lower = {.arena = arena};
    for (size_t i = 0; i < s.len; i++) {
        bool upper = s.ptr[i] >= 'A' && s.ptr[i] <= 'Z';
        lme_builder_char(&lower, (char)(s.ptr[i] + (upper ? 'a' - 'A' : 0)));
    }
    lme_str word = lme_builder_finish(&lower);
    *value = lme_bool(is_one_of(word, yes, 3));
    return value->boolean || is_one_of(word, no, 3);
}

static int digit_value(char c)
{
    if (is_digit(c))
        return c - '0';
    if (c >= 'a' && c <= 'f')
        return c - 'a' + 10;
    return c >= 'A' && c <= 'F' ? c - 'A' + 10 : 99;
}

/* The sum so far, exact as long as it fits. */
typedef struct sum {
    uint64_t exact;
    double wide;
    bool overflows;
} sum;

static void add_digit(sum *to, unsigned base, uint64_t digit)
{
    to->wide = to->wide * base + (double)digit;
    to->overflows = to->overflows || to->exact > (UINT64_MAX - digit) / base;
    to->exact = to->exact * base + digit;
}

static lme_value finish_int(const sum *from, bool negative)
{
    uint64_t most = (uint64_t)INT64_MAX + negative;
    if (from->overflows || from->exact > most)
        return lme_float(negative ? -from->wide : from->wide);
    if (negative && from->exact > 0)
        return lme_int(-(int64_t)(from->exact - 1) - 1);
    return lme_int((int64_t)from->exact);
}

static bool add_digits(sum *to, unsigned base, lme_str digits)
{
    for (size_t i = 0; i < digits.len; i++) {
        int digit = digit_value(digits.ptr[i]);
        if (digit >= (int)base)
            return false;
        add_digit(to, base, (uint64_t)digit);
    }
    return digits.len > 0;
}

/* 1:30:05, base 60. */
static bool add_sixties(sum *to, lme_str s)
{
    for (size_t from = 0; from <= s.len;) {
        size_t colon = lme_str_find(s, LME_STR(":"), from);
        sum part = {0};
        if (!add_digits(&part, 10, lme_str_slice(s, from, colon)) || part.overflows)
            return false;
        add_digit(to, 60, part.exact);
        from = colon == SIZE_MAX ? s.len + 1 : colon + 1;
    }
    return true;
}

/* Signed, underscores gone. */
static bool make_int(lme_str s, lme_value *value)
{
    lme_str body = without_sign(s);
    bool negative = s.len > 0 && s.ptr[0] == '-';
    lme_str rest = lme_str_slice(body, 2, body.len);
    sum total = {0};
    bool ok;
    if (lme_str_starts(body, LME_STR("0b")))
        ok = add_digits(&total, 2, rest);
    else if (lme_str_starts(body, LME_STR("0x")))
        ok = add_digits(&total, 16, rest);
    else if (lme_str_starts(body, LME_STR("0o")))
        ok = add_digits(&total, 8, rest);
    else if (lme_str_starts(body, LME_STR("0")))
        ok = add_digits(&total, 8, body);
    else if (lme_str_find(body, LME_STR(":"), 0) != SIZE_MAX)
        ok = add_sixties(&total, body);
    else {
        ok = add_digits(&total, 10, body);
        /* The nearest double, where summing up digits would round at each. */
        if (ok && (total.overflows || total.exact > INT64_MAX) &&
            !lme_str_to_double(body, &total.wide))
            total.wide = (double)INFINITY;
    }
    if (ok)
        *value = finish_int(&total, negative);
    return ok;
}

/* Python's float() of an unsigned decimal text; too large is infinite. */
static bool read_decimal(lme_str s, double *value)
{
    size_t point = pass_digits(s, 0, false);
    bool has_point = point < s.len && s.ptr[point] == '.';
    size_t at = has_point ? pass_digits(s, point + 1, false) : point;
    if (at == (size_t)has_point)
        return false;
    if (at < s.len && (s.ptr[at] == 'e' || s.ptr[at] == 'E')) {
        size_t digits = at + 1;
        digits += digits < s.len && (s.ptr[digits] == '-' || s.ptr[digits] == '+');
        at = pass_digits(s, digits, false);
        if (at == digits)
            return false;
    }
    if (at < s.len)
        return false;
    if (!lme_str_to_double(s, value))
        *value = (double)INFINITY;
    return true;
}

/* 1:30:05.5, base 60; summed from the right, as PyYAML does. */
static bool read_sixties(lme_str s, double *value)
{
    double base = 1;
    *value = 0;
    for (size_t end = s.len;;) {
        size_t from = end;
        while (from > 0 && s.ptr[from - 1] != ':')
            from--;
        double part;
        if (!read_decimal(lme_str_slice(s, from, end), &part))
            return false;
        *value += part * base;
        base *= 60;
        if (from == 0)
            return true;
        end = from - 1;
    }
}

static bool make_float(lme_str s, lme_value *value)
{
    static const char *const inf[] = {".inf", ".Inf", ".INF"};
    static const char *const nan[] = {".nan", ".NaN", ".NAN"};
    lme_str body = without_sign(s);
    bool negative = s.len > 0 && s.ptr[0] == '-';
    double number;
    if (is_one_of(body, inf, 3))
        number = (double)INFINITY;
    else if (is_one_of(body, nan, 3))
        number = (double)NAN;
    else if (!read_sixties(body, &number))
        return false;
    *value = lme_float(negative ? -number : number);
    return true;
}

bool lme_yaml_construct(lme_arena *arena, lme_yaml_type type, lme_str s, lme_value *value)
{
    switch (type) {
    case LME_YAML_TEXT:
        *value = lme_string(s);
        return true;
    case LME_YAML_NULL:
        *value = lme_null();
        return true;
    case LME_YAML_BOOL:
        return make_bool(arena, s, value);
    case LME_YAML_INT:
        return make_int(lme_str_replace(arena, s, LME_STR("_"), LME_STR("")), value);
    case LME_YAML_FLOAT:
        return make_float(lme_str_replace(arena, s, LME_STR("_"), LME_STR("")), value);
    }
    return false;
}

/* Dates and times become what Python's str() makes of datetime's types: that is what a template
 * prints there. */
#include "convert.h"

#include <math.h>

#include <lmeval/unicode.h>

enum {
    SECONDS_PER_DAY = 86400,
    JULIAN_EPOCH = 2440588, /* 1970-01-01 as a Julian day, which INT96 counts in */
    MOST_DAYS = 50000000    /* of an INT96: its microseconds fit 64 bits */
};

/* Year, month and day of a day counted from 1970-01-01. Source: H. Hinnant,
 * "chrono-Compatible Low-Level Date Algorithms", civil_from_days. */
static lme_str date_text(lme_arena *arena, int64_t days)
{
    int64_t z = days + 719468;
    int64_t era = (z >= 0 ? z : z - 146096) / 146097;
    int64_t of_era = z - era * 146097;
    int64_t year_of_era = (of_era - of_era / 1460 + of_era / 36524 - of_era / 146096) / 365;
    int64_t of_year = of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t shifted = (5 * of_year + 2) / 153;
    int64_t month = shifted < 10 ? shifted + 3 : shifted - 9;
    int64_t year = year_of_era + era * 400 + (month <= 2);
    int64_t day = of_year - (153 * shifted + 2) / 5 + 1;
    return lme_str_format(arena, "%04lld-%02lld-%02lld", (long long)year, (long long)month,
                          (long long)day);
}

/* Hours, minutes, seconds, and microseconds when there are any. */
static lme_str clock_text(lme_arena *arena, int64_t seconds, int64_t micros)
{
    lme_builder text = {.arena = arena};
    int64_t hour = seconds / 3600, minute = seconds / 60 % 60, second = seconds % 60;
    lme_builder_format(&text, "%02lld:%02lld:%02lld", (long long)hour, (long long)minute,
                       (long long)second);
    if (micros != 0)
        lme_builder_format(&text, ".%06lld", (long long)micros);
    return lme_builder_finish(&text);
}

/* Quotient and remainder that round down, as Python's. */
static int64_t floor_divide(int64_t a, int64_t b, int64_t *rest)
{
    int64_t quotient = a / b;
    *rest = a % b;
    if (*rest < 0) {
        *rest += b;
        quotient--;
    }
    return quotient;
}

static lme_value timestamp(lme_arena *arena, int64_t units, int64_t per_second, bool is_utc)
{
    int64_t fraction, of_day;
    int64_t seconds = floor_divide(units, per_second, &fraction);
    int64_t days = floor_divide(seconds, SECONDS_PER_DAY, &of_day);
    int64_t micros = per_second >= 1000000 ? fraction / (per_second / 1000000)
                                           : fraction * (1000000 / per_second);
    lme_str date = date_text(arena, days);
    lme_str clock = clock_text(arena, of_day, micros);
    return lme_string(lme_str_format(arena, "%.*s %.*s%s", LME_STR_ARG(date), LME_STR_ARG(clock),
                                     is_utc ? "+00:00" : ""));
}

static lme_value time_of_day(lme_arena *arena, int64_t units, int64_t per_second)
{
    int64_t fraction;
    int64_t seconds = floor_divide(units, per_second, &fraction);
    int64_t micros = per_second >= 1000000 ? fraction / (per_second / 1000000)
                                           : fraction * (1000000 / per_second);
    return lme_string(clock_text(arena, seconds, micros));
}

static double decimal(const lme_parquet_node *leaf, const lme_raw *raw)
{
    double digits = (double)raw->integer;
    bool is_bytes =
        leaf->physical == LME_PHYSICAL_BYTES || leaf->physical == LME_PHYSICAL_FIXED_BYTES;
    /* Big-endian two's complement. */
    if (is_bytes) {
        digits = 0.0;
        for (size_t i = 0; i < raw->bytes.len; i++) {
            unsigned char byte = (unsigned char)raw->bytes.ptr[i];
            digits = digits * 256 + (i == 0 ? (double)(signed char)byte : (double)byte);
        }
    }
    return digits / pow(10.0, leaf->scale);
}

static double half(const lme_raw *raw)
{
    unsigned bits = (unsigned)lme_little_endian((const unsigned char *)raw->bytes.ptr, 2);
    unsigned exponent = bits >> 10 & 0x1f, fraction = bits & 0x3ff;
    double value = exponent == 0    ? ldexp(fraction, -24)
                   : exponent == 31 ? (fraction == 0 ? (double)INFINITY : (double)NAN)
                                    : ldexp(fraction + 1024, (int)exponent - 25);
    return (bits & 0x8000) != 0 ? -value : value;
}

static const char *text(lme_arena *arena, const lme_raw *raw, lme_value *value)
{
    if (!lme_utf8_valid(raw->bytes))
        return "it holds bytes that are no text (an image or sound?), and only text is read";
    *value = lme_string(lme_str_copy(arena, raw->bytes));
    return NULL;
}

static const char *integer(const lme_parquet_node *leaf, const lme_raw *raw, lme_value *value)
{
    *value = lme_int(raw->integer);
    if (leaf->logical == LME_LOGICAL_UNSIGNED && leaf->physical == LME_PHYSICAL_INT32)
        *value = lme_int((int64_t)(uint32_t)raw->integer);
    else if (leaf->logical == LME_LOGICAL_UNSIGNED && raw->integer < 0)
        return "it holds an integer above 9223372036854775807";
    return NULL;
}

/* INT96: nanoseconds of the day, then the Julian day. */
static const char *old_timestamp(lme_arena *arena, const lme_raw *raw, lme_value *value)
{
    const unsigned char *at = (const unsigned char *)raw->bytes.ptr;
    int64_t nanos = (int64_t)lme_little_endian(at, 8);
    int64_t day = (int64_t)lme_little_endian(at + 8, 4) - JULIAN_EPOCH;
    int64_t rest;
    if (day > MOST_DAYS || nanos < 0)
        return "it holds a timestamp of no calendar";
    int64_t seconds = floor_divide(nanos, 1000000000, &rest) + day * SECONDS_PER_DAY;
    /* Seconds and nanoseconds of any day do not fit one number: microseconds do. */
    *value = timestamp(arena, seconds * 1000000 + rest / 1000, 1000000, false);
    return NULL;
}

static const char *plain_value(lme_arena *arena, const lme_parquet_node *leaf, const lme_raw *raw,
                               lme_value *value)
{
    switch (leaf->physical) {
    case LME_PHYSICAL_BOOLEAN:
        *value = lme_bool(raw->integer != 0);
        return NULL;
    case LME_PHYSICAL_INT32:
    case LME_PHYSICAL_INT64:
        return integer(leaf, raw, value);
    case LME_PHYSICAL_INT96:
        return old_timestamp(arena, raw, value);
    case LME_PHYSICAL_FLOAT:
    case LME_PHYSICAL_DOUBLE:
        *value = lme_float(raw->number);
        return NULL;
    case LME_PHYSICAL_BYTES:
    case LME_PHYSICAL_FIXED_BYTES:
        return text(arena, raw, value);
    case LME_PHYSICALS:
        break;
    }
    return "it is of no known type";
}

const char *lme_parquet_convert(lme_arena *arena, const lme_parquet_node *leaf, const lme_raw *raw,
                                lme_value *value)
{
    bool is_integer = leaf->physical == LME_PHYSICAL_INT32 || leaf->physical == LME_PHYSICAL_INT64;
    bool is_decimal = leaf->logical == LME_LOGICAL_DECIMAL &&
                      leaf->physical != LME_PHYSICAL_FLOAT && leaf->physical != LME_PHYSICAL_DOUBLE;
    if (is_decimal)
        *value = lme_float(decimal(leaf, raw));
    else if (leaf->logical == LME_LOGICAL_FLOAT16 && raw->bytes.len == 2)
        *value = lme_float(half(raw));
    else if (leaf->logical == LME_LOGICAL_DATE && is_integer)
        *value = lme_string(date_text(arena, (int32_t)raw->integer));
    else if (leaf->logical == LME_LOGICAL_TIME && is_integer && leaf->units_per_second > 0)
        *value = time_of_day(arena, raw->integer, leaf->units_per_second);
    else if (leaf->logical == LME_LOGICAL_TIMESTAMP && is_integer && leaf->units_per_second > 0)
        *value = timestamp(arena, raw->integer, leaf->units_per_second, leaf->is_utc);
    else
        return plain_value(arena, leaf, raw, value);
    return NULL;
}

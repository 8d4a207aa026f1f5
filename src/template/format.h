/* Python's two ways to put values into a text: '%5.2f' % x and '{:5.2f}'.format(x). */
#ifndef LMEVAL_TEMPLATE_FORMAT_H
#define LMEVAL_TEMPLATE_FORMAT_H

#include "things.h"

typedef struct lme_format_use {
    lme_rendering *rendering;
    size_t at;
    lme_items positional;
    const lme_value *named; /* a map; NULL: none */
    bool lenient;           /* % only: values that are left over are no error */
} lme_format_use;

bool lme_format_percent(const lme_format_use *use, lme_str pattern, lme_str *text,
                        lme_error *err) LME_MUST_CHECK;
bool lme_format_braces(const lme_format_use *use, lme_str pattern, lme_str *text,
                       lme_error *err) LME_MUST_CHECK;

/* How one value is to look. Zero-initialised with .precision = -1 it is "as it is". */
typedef struct lme_format_spec {
    uint32_t fill;  /* 0: blank */
    char align;     /* < > ^ = or 0 */
    char sign;      /* + - blank or 0 */
    char grouping;  /* , _ or 0 */
    char type;      /* s d f ... or 0 */
    bool alternate; /* # */
    size_t width;
    int precision; /* -1: none */
} lme_format_spec;

/* The digits of a number in the spec's type, without sign: "1.50", "ff", "inf".
 *   type  one of e E f F g G, or 0 for repr */
lme_str lme_format_double(lme_arena *arena, double magnitude, const lme_format_spec *spec);

/* A number's digits with sign, prefix, grouping and padding. */
typedef struct lme_number_text {
    bool negative;
    const char *prefix; /* "0x" ... or "" */
    lme_str digits;
} lme_number_text;

bool lme_format_number(const lme_format_use *use, const lme_format_spec *spec,
                       const lme_number_text *number, lme_str *text, lme_error *err) LME_MUST_CHECK;

/* |value| in base 2, 8, 10 or 16. */
lme_str lme_format_digits(lme_arena *arena, int64_t value, unsigned base, bool upper);

/* Pads to the width; a text without align goes left. */
bool lme_format_pad(const lme_format_use *use, const lme_format_spec *spec, lme_str text,
                    lme_str *padded, lme_error *err) LME_MUST_CHECK;

enum {
    LME_MOST_PRECISION = 1000 /* digits behind the point that a format may ask for */
};

#endif

/* What + - * / // % ** ~ and the comparisons do, with Python's meaning. */
#ifndef LMEVAL_TEMPLATE_OPERATORS_H
#define LMEVAL_TEMPLATE_OPERATORS_H

#include "ast.h"
#include "rendering.h"

/* Where an operator stands and what it works on. */
typedef struct lme_operation {
    lme_rendering *rendering;
    size_t at;
    lme_operator operator;
    const lme_value *left, *right;
} lme_operation;

bool lme_arithmetic(const lme_operation *o, lme_value *result, lme_error *err) LME_MUST_CHECK;
bool lme_negate(lme_rendering *r, size_t at, const lme_value *v, lme_value *result,
                lme_error *err) LME_MUST_CHECK;

/* int and float operands only; bools count as ints. */
bool lme_arithmetic_numbers(const lme_operation *o, lme_value *result,
                            lme_error *err) LME_MUST_CHECK;

/* == != < <= > >= in, not in */
bool lme_compare(const lme_operation *o, bool *result, lme_error *err) LME_MUST_CHECK;

/* Python's ==, for values that are already known to be defined. */
bool lme_equals(lme_rendering *r, size_t at, const lme_value *a, const lme_value *b, bool *equal,
                lme_error *err) LME_MUST_CHECK;

/* -1, 0, 1 for the order that < > and sort() use; fails for values that have none. NaN has no
 * place: it is neither less nor greater. */
bool lme_order(lme_rendering *r, size_t at, const lme_value *a, const lme_value *b, int *order,
               lme_error *err) LME_MUST_CHECK;

/* The value of a map's key; NULL when it lacks it. Keys of any scalar kind, 1 is True. */
const lme_value *lme_map_lookup(const lme_value *map, const lme_value *key);
/* Lists and maps are none. */
bool lme_is_hashable(const lme_value *v);
/* Adds a pair to a map that is being made, or replaces its value. */
void lme_map_put(lme_map_builder *map, lme_value key, lme_value value);

#endif

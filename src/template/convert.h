/* What Python's str(), iter(), len(), bool(), int() and float() make of a value, with the limits
 * that keep them short. Each fails for UNDEFINED values where StrictUndefined would. */
#ifndef LMEVAL_TEMPLATE_CONVERT_H
#define LMEVAL_TEMPLATE_CONVERT_H

#include "things.h"

bool lme_text_of(lme_rendering *r, size_t at, const lme_value *v, lme_str *text,
                 lme_error *err) LME_MUST_CHECK;
/* Python's repr(): texts in quotes. */
bool lme_repr_of(lme_rendering *r, size_t at, const lme_value *v, lme_str *text,
                 lme_error *err) LME_MUST_CHECK;
/* ascii(): repr with everything past ASCII escaped. */
bool lme_ascii_of(lme_rendering *r, size_t at, const lme_value *v, lme_str *text,
                  lme_error *err) LME_MUST_CHECK;
/* Reads a stream to its end. */
bool lme_items_of(lme_rendering *r, size_t at, const lme_value *v, lme_items *items,
                  lme_error *err) LME_MUST_CHECK;
bool lme_length_of(lme_rendering *r, size_t at, const lme_value *v, size_t *length,
                   lme_error *err) LME_MUST_CHECK;
bool lme_truth_of(lme_rendering *r, size_t at, const lme_value *v, bool *truth,
                  lme_error *err) LME_MUST_CHECK;

/* Counts every value inside v as a step, before something walks it whole: small templates can make
 * lists that hold one list many times over.
 *   plain  fail when a thing or an undefined value is inside */
bool lme_measure(lme_rendering *r, size_t at, const lme_value *v, bool plain,
                 lme_error *err) LME_MUST_CHECK;

/* Whole numbers (bool, int). */
bool lme_is_integral(const lme_value *v);
int64_t lme_integer_of(const lme_value *v);
bool lme_is_number(const lme_value *v);
double lme_number_of(const lme_value *v);

/* int(number): towards zero; false for NaN, infinities and what 64 bits cannot hold. */
bool lme_truncate(double number, int64_t *value) LME_MUST_CHECK;

#endif

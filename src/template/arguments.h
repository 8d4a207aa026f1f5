/* Arguments of calls: evaluated, then bound to a row's parameters. */
#ifndef LMEVAL_TEMPLATE_ARGUMENTS_H
#define LMEVAL_TEMPLATE_ARGUMENTS_H

#include "things.h"

typedef struct lme_arguments {
    lme_items positional;
    const lme_pair *keywords; /* keys are STRING */
    size_t n_keywords;
} lme_arguments;

/* Binds and calls. use has rendering, row, at and subject filled. */
bool lme_invoke(lme_invocation *use, const lme_arguments *arguments, lme_value *result,
                lme_error *err) LME_MUST_CHECK;

/* An error that begins with the row's name. Returns false. */
bool lme_use_fail(const lme_invocation *use, lme_error *err, const char *format, ...)
    LME_PRINTF(3, 4);

/* Parameter i as what the row needs; `otherwise` when it was left out. */
bool lme_take_text(const lme_invocation *use, size_t i, lme_str otherwise, lme_str *text,
                   lme_error *err) LME_MUST_CHECK; /* a text, nothing else */
bool lme_take_any_text(const lme_invocation *use, size_t i, lme_str otherwise, lme_str *text,
                       lme_error *err) LME_MUST_CHECK; /* str() of any value */
bool lme_take_integer(const lme_invocation *use, size_t i, int64_t otherwise, int64_t *integer,
                      lme_error *err) LME_MUST_CHECK;

/* The same, and none stands for it too. */
bool lme_take_integer_or_none(const lme_invocation *use, size_t i, int64_t otherwise,
                              int64_t *integer, lme_error *err)
    LME_MUST_CHECK; /* null for an optional one counts as left out */
bool lme_take_truth(const lme_invocation *use, size_t i, bool otherwise, bool *truth,
                    lme_error *err) LME_MUST_CHECK;
bool lme_argument_items(const lme_invocation *use, size_t i, lme_items *items,
                        lme_error *err) LME_MUST_CHECK;

/* str() of what stands before the |. */
bool lme_subject_text(const lme_invocation *use, lme_str *text, lme_error *err) LME_MUST_CHECK;
bool lme_subject_items(const lme_invocation *use, lme_items *items, lme_error *err) LME_MUST_CHECK;

#endif

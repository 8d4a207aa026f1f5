/* What `compare` and `ab` do alike with two records. */
#ifndef LMEVAL_CLI_COMPARISON_H
#define LMEVAL_CLI_COMPARISON_H

#include "options.h"

#include <lmeval/compare.h>

/* The words of an option as texts; list->n of them. */
lme_str *lme_option_texts(lme_arena *arena, const lme_option_list *list);

/* Errors: LME_ERR_USAGE with the nearest name. */
bool lme_comparison_format(lme_arena *arena, const char *name, const lme_compare_format **format,
                           lme_error *err) LME_MUST_CHECK;

/* A against A: the base and a run that is the same model by the user's word; all else must be the
 * same measurement.
 *   again  what --aa named; kept by the comparison
 * Errors: LME_ERR_USAGE when it is the base itself, or not comparable. */
bool lme_comparison_noise(lme_arena *arena, const lme_record *base, const lme_record *again,
                          const lme_compare_options *options, const lme_comparison **noise,
                          lme_error *err) LME_MUST_CHECK;

/* To stdout, with colours where a terminal shows them. */
bool lme_comparison_print(lme_arena *arena, const lme_compare_format *format,
                          const lme_compare_view *view, lme_error *err) LME_MUST_CHECK;

/* Lists on stderr what stands in the way, and notes; fails with LME_ERR_USAGE. What --force would
 * override comes before the error itself. */
bool lme_comparison_refuse(lme_arena *arena, const lme_comparison *comparison,
                           lme_error *err) LME_MUST_CHECK;

#endif

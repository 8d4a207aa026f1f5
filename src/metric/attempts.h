/* Several answers to one document, of which k count: `repeats: n` and a pipeline without take_first
 * leave n of them. */
#ifndef LMEVAL_METRIC_ATTEMPTS_H
#define LMEVAL_METRIC_ATTEMPTS_H

#include "matching.h"

typedef struct lme_attempts {
    lme_matching matching;
    int64_t k; /* 0: all */
} lme_attempts;

/* Reads the options into use->state, and puts k into the metric's name: "pass@5" where the row says
 * "pass@k" and the task names none. */
bool lme_attempts_prepare(lme_arena *arena, lme_metric_use *use, const char *file, int64_t k,
                          lme_error *err) LME_MUST_CHECK;

/* The answers that a pipeline left. Errors: LME_ERR_DATA when there are fewer than k. */
bool lme_attempts_get(const lme_metric_use *use, const lme_answer *answer,
                      const lme_value **attempts, size_t *n, lme_error *err) LME_MUST_CHECK;

extern const char *const lme_attempts_keys[]; /* matching's and k */

#endif

/* What a multiple-choice answer is made of, for the metrics that compare choices. */
#ifndef LMEVAL_METRIC_CHOICE_H
#define LMEVAL_METRIC_CHOICE_H

#include <lmeval/metric.h>

/* The loglikelihood pair (nats, greedy) that a pipeline left for one request.
 * Errors: LME_ERR_DATA when a filter made something else of it. */
bool lme_metric_pair(const lme_metric_use *use, const lme_answer *answer, size_t index,
                     double *logprob, bool *greedy, lme_error *err) LME_MUST_CHECK;

/* Loglikelihoods of a document's choices after its context, n_choices of them in nats.
 * Errors: LME_ERR_DATA when there is no choice, and as lme_metric_pair. */
bool lme_metric_loglikelihoods(lme_arena *arena, const lme_metric_use *use,
                               const lme_sample *sample, const lme_answer *answer,
                               double **logprobs, lme_error *err) LME_MUST_CHECK;

/* The same without the context, for metrics that need_unconditional. */
bool lme_metric_unconditional(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                              const lme_answer *answer, double **logprobs,
                              lme_error *err) LME_MUST_CHECK;

/* Softmax of the choices' loglikelihoods: what share of the choices' probability each has. */
bool lme_metric_probabilities(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                              const lme_answer *answer, double **shares,
                              lme_error *err) LME_MUST_CHECK;

/* numpy.argmax of n >= 1 numbers: the first of the largest, and a NaN is larger than all. */
size_t lme_argmax(const double *scores, size_t n);

/* The choice is right: the gold one, or among them. */
bool lme_metric_is_gold(const lme_sample *sample, size_t index);

/* The one right choice; -100 where the target names none.
 * Errors: LME_ERR_DATA when there are several. */
bool lme_metric_gold(const lme_metric_use *use, const lme_sample *sample, int64_t *gold,
                     lme_error *err) LME_MUST_CHECK;

/* The same, an error also where the target names none. */
bool lme_metric_gold_choice(const lme_metric_use *use, const lme_sample *sample, size_t *gold,
                            lme_error *err) LME_MUST_CHECK;

/* Statistic and item are 1 when the choice of the highest score is a right one, else 0. */
void lme_metric_score_best(const lme_sample *sample, const double *scores, lme_measurement *made);

/* Statistic and item are one number. */
void lme_measurement_set(lme_measurement *made, double value);

/* Options of other metrics that tasks in use write at acc and its kin; NULL ends. They have no
 * effect there, in lm_eval either. */
extern const char *const lme_metric_choice_keys[];

#endif

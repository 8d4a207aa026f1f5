/* What a multiple-choice answer is made of, for the metrics that compare choices. */
#ifndef LMEVAL_METRIC_CHOICE_H
#define LMEVAL_METRIC_CHOICE_H

#include <lmeval/metric.h>

/* The loglikelihood pair (nats, greedy) that a pipeline left for one request.
 * Errors: LME_ERR_DATA when a filter made something else of it. */
bool lme_metric_pair(const lme_metric_use *use, const lme_answer *answer, size_t index,
                     double *logprob, bool *greedy, lme_error *err) LME_MUST_CHECK;

/* numpy.argmax, one score after another: the first of the largest, and a NaN is larger than all. */
typedef struct lme_argmax {
    size_t index; /* of the best so far */
    double best;
    size_t n; /* scores seen */
} lme_argmax;

void lme_argmax_add(lme_argmax *argmax, double score);

/* The chosen index is right: equal to the gold one, or among them. */
bool lme_metric_is_gold(const lme_sample *sample, size_t index);

/* Scores a document by the choice of highest loglikelihood per length: statistic and item are 1
 * when it is a right one, else 0. length  of a choice; NULL: 1 */
bool lme_metric_score_choice(const lme_metric_use *use, const lme_sample *sample,
                             const lme_answer *answer, double (*length)(lme_str choice),
                             lme_measurement *made, lme_error *err) LME_MUST_CHECK;

/* Options of text metrics that tasks in use write at acc and its kin; NULL ends. They have no
 * effect there, in lm_eval either. */
extern const char *const lme_metric_choice_keys[];

#endif

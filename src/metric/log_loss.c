/* log_loss: minus the logarithm of the right choices' share of the choices' probability, in nats:
 * tells a sure wrong answer from an unsure one, and small changes of a model before its accuracy
 * does. */
#include "aggregate.h"
#include "choice.h"

#include <math.h>

/* log(sum of exp(logprob)) over the choices, or over the right ones alone; -inf for none. */
static double log_sum(const lme_sample *sample, const double *logprobs, bool right_only)
{
    double highest = -(double)INFINITY, sum = 0.0;
    for (size_t i = 0; i < sample->n_choices; i++) {
        if (!right_only || lme_metric_is_gold(sample, i))
            highest = logprobs[i] > highest ? logprobs[i] : highest;
    }
    if (isinf(highest))
        return highest;
    for (size_t i = 0; i < sample->n_choices; i++) {
        if (!right_only || lme_metric_is_gold(sample, i))
            sum += exp(logprobs[i] - highest);
    }
    return highest + log(sum);
}

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double *logprobs;
    size_t gold;
    if (!sample->multiple_targets && !lme_metric_gold_choice(use, sample, &gold, err))
        return false;
    if (!lme_metric_loglikelihoods(arena, use, sample, answer, &logprobs, err))
        return false;
    lme_measurement_set(made, log_sum(sample, logprobs, false) - log_sum(sample, logprobs, true));
    return true;
}

const lme_metric lme_metric_log_loss = {
    .name = "log_loss",
    .summary = "-log of the right choices' share of the choices' probability, in nats",
    .source = "scikit-learn 1.9 log_loss",
    .output_kinds = 1u << LME_OUTPUT_MULTIPLE_CHOICE,
    .higher_is_better = false,
    .width = 1,
    .keys = lme_metric_choice_keys,
    .aggregation = &lme_aggregation_mean,
    .score = score,
};

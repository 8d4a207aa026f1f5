/* probability_mass: what share of the choices' probability the right ones have (softmax of the
 * loglikelihoods). With a list of right choices it is TruthfulQA's MC2. */
#include "aggregate.h"
#include "choice.h"

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double *shares, mass = 0.0;
    if (!lme_metric_probabilities(arena, use, sample, answer, &shares, err))
        return false;
    for (size_t i = 0; i < sample->n_choices; i++)
        mass += lme_metric_is_gold(sample, i) ? shares[i] : 0.0;
    lme_measurement_set(made, mass);
    return true;
}

const lme_metric lme_metric_probability_mass = {
    .name = "probability_mass",
    .summary = "share of the choices' probability on the right ones (TruthfulQA MC2)",
    .source = "Lin et al. 2022 (arXiv 2109.07958), MC2; lm_eval 0.4.13 tasks/truthfulqa",
    .output_kinds = 1u << LME_OUTPUT_MULTIPLE_CHOICE,
    .higher_is_better = true,
    .width = 1,
    .keys = lme_metric_choice_keys,
    .aggregation = &lme_aggregation_mean,
    .score = score,
};

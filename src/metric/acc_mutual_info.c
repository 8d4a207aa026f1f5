/* acc_mutual_info: as acc, by how much the context raises each choice's loglikelihood, so that an
 * answer that is common anywhere is not at an advantage. Takes twice the requests. */
#include "aggregate.h"
#include "choice.h"

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double *gains, *without;
    if (!lme_metric_loglikelihoods(arena, use, sample, answer, &gains, err) ||
        !lme_metric_unconditional(arena, use, sample, answer, &without, err))
        return false;
    for (size_t i = 0; i < sample->n_choices; i++)
        gains[i] -= without[i];
    lme_metric_score_best(sample, gains, made);
    return true;
}

const lme_metric lme_metric_acc_mutual_info = {
    .name = "acc_mutual_info",
    .summary = "as acc, by loglikelihood(choice | context) - loglikelihood(choice)",
    .source = "lm_eval 0.4.13 api/task.py, process_results",
    .output_kinds = 1u << LME_OUTPUT_MULTIPLE_CHOICE,
    .higher_is_better = true,
    .is_right_or_wrong = true,
    .needs_unconditional = true,
    .width = 1,
    .keys = lme_metric_choice_keys,
    .aggregation = &lme_aggregation_mean,
    .score = score,
};

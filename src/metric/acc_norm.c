/* acc_norm: as acc, with each choice's loglikelihood divided by its length in code points, so that
 * a long answer is not at a loss. The length is the choice's own, without the delimiter. */
#include "aggregate.h"
#include "choice.h"

#include <lmeval/unicode.h>

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double *scores;
    if (!lme_metric_loglikelihoods(arena, use, sample, answer, &scores, err))
        return false;
    for (size_t i = 0; i < sample->n_choices; i++)
        scores[i] /= (double)lme_codepoints(sample->choices[i]);
    lme_metric_score_best(sample, scores, made);
    return true;
}

const lme_metric lme_metric_acc_norm = {
    .name = "acc_norm",
    .summary = "as acc, loglikelihoods divided by the choice's length in code points",
    .source = "lm_eval 0.4.13 api/task.py, process_results",
    .output_kinds = 1u << LME_OUTPUT_MULTIPLE_CHOICE,
    .aggregation = &lme_aggregation_mean,
    .higher_is_better = true,
    .is_right_or_wrong = true,
    .width = 1,
    .keys = lme_metric_choice_keys,
    .score = score,
};

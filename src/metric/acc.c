/* acc: the most likely choice is the right one; for a single continuation: the model would have
 * written it (each token the likeliest). */
#include "aggregate.h"
#include "choice.h"

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double *scores, logprob;
    bool greedy;
    if (sample->output == LME_OUTPUT_LOGLIKELIHOOD) {
        if (!lme_metric_pair(use, answer, 0, &logprob, &greedy, err))
            return false;
        made->stats[0] = greedy ? 1.0 : 0.0;
        made->item = lme_int(greedy ? 1 : 0);
        return true;
    }
    if (!lme_metric_loglikelihoods(arena, use, sample, answer, &scores, err))
        return false;
    lme_metric_score_best(sample, scores, made);
    return true;
}

const lme_metric lme_metric_acc = {
    .name = "acc",
    .summary = "share of documents whose right answer is the most likely one",
    .source = "lm_eval 0.4.13 api/task.py, process_results",
    .output_kinds = (1u << LME_OUTPUT_MULTIPLE_CHOICE) | (1u << LME_OUTPUT_LOGLIKELIHOOD),
    .aggregation = &lme_aggregation_mean,
    .takes_letters = true,
    .higher_is_better = true,
    .is_right_or_wrong = true,
    .width = 1,
    .keys = lme_metric_choice_keys,
    .score = score,
};

/* acc: the most likely choice is the right one; for a single continuation: the model would have
 * written it (each token the likeliest). */
#include "choice.h"

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    (void)arena;
    bool right;
    if (sample->output == LME_OUTPUT_LOGLIKELIHOOD) {
        double logprob;
        if (!lme_metric_pair(use, answer, 0, &logprob, &right, err))
            return false;
        made->item = lme_int(right ? 1 : 0);
    } else {
        if (!lme_metric_score_choice(use, sample, answer, NULL, &right, err))
            return false;
        made->item = lme_float(right ? 1.0 : 0.0);
    }
    made->stats[0] = right ? 1.0 : 0.0;
    return true;
}

/* Options of text metrics that tasks in use write here; they have no effect in lm_eval either. */
static const char *const keys[] = {"ignore_case", "ignore_punctuation", "regexes_to_ignore",
                                   "weight_by_size", NULL};

const lme_metric lme_metric_acc = {
    .name = "acc",
    .summary = "share of documents whose right answer is the most likely one",
    .source = "lm_eval 0.4.13 api/task.py, process_results",
    .output_kinds = (1u << LME_OUTPUT_MULTIPLE_CHOICE) | (1u << LME_OUTPUT_LOGLIKELIHOOD),
    .aggregation = "mean",
    .higher_is_better = true,
    .width = 1,
    .keys = keys,
    .score = score,
};

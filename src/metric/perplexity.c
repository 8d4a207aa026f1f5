/* perplexity: exp of minus the mean loglikelihood of the continuations, one a document. */
#include "aggregate.h"
#include "choice.h"

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    (void)arena;
    (void)sample;
    bool greedy;
    if (!lme_metric_pair(use, answer, 0, &made->stats[0], &greedy, err))
        return false;
    made->item = lme_float(made->stats[0]);
    return true;
}

const lme_metric lme_metric_perplexity = {
    .name = "perplexity",
    .summary = "exp(-mean loglikelihood of the continuation)",
    .source = "lm_eval 0.4.13 api/metrics.py, perplexity; its bootstrap for the error",
    .output_kinds = 1u << LME_OUTPUT_LOGLIKELIHOOD,
    .aggregation = &lme_aggregation_perplexity,
    .higher_is_better = false,
    .width = 1,
    .score = score,
};

/* byte_perplexity: exp of minus the loglikelihood of all texts over the number of their bytes. */
#include "aggregate.h"
#include "rolling.h"

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    lme_str text;
    return lme_rolling_text(arena, use, sample, &text, err) &&
           lme_metric_score_rolling(arena, use, answer, lme_count_bytes(text), made, err);
}

const lme_metric lme_metric_byte_perplexity = {
    .name = "byte_perplexity",
    .summary = "exp(-loglikelihood of all texts / their bytes)",
    .source = "lm_eval 0.4.13 api/metrics.py, weighted_perplexity",
    .output_kinds = 1u << LME_OUTPUT_LOGLIKELIHOOD_ROLLING,
    .aggregation = &lme_aggregation_weighted_perplexity,
    .higher_is_better = false,
    .width = 2,
    .keys = lme_rolling_keys,
    .prepare = lme_rolling_prepare,
    .score = score,
    .restore = lme_metric_restore_rolling,
};

/* bits_per_byte: minus the loglikelihood of all texts in bits, over the number of their bytes. */
#include "aggregate.h"
#include "rolling.h"

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    size_t n = lme_count_bytes(lme_value_str(arena, &sample->target));
    return lme_metric_score_rolling(arena, use, answer, n, made, err);
}

const lme_metric lme_metric_bits_per_byte = {
    .name = "bits_per_byte",
    .summary = "-loglikelihood of all texts in bits / their bytes",
    .source = "lm_eval 0.4.13 api/metrics.py, bits_per_byte",
    .output_kinds = 1u << LME_OUTPUT_LOGLIKELIHOOD_ROLLING,
    .aggregation = &lme_aggregation_bits_per_byte,
    .higher_is_better = false,
    .width = 2,
    .score = score,
};

/* bypass: no score; answers are only written down. The value is lm_eval's mark of it. */
#include "aggregate.h"

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    (void)arena, (void)use, (void)sample, (void)answer, (void)err;
    made->item = lme_null();
    return true;
}

static double mark(const lme_metric_use *use, const double *sums, size_t n)
{
    (void)use, (void)sums, (void)n;
    return 999.0;
}

const lme_aggregation lme_aggregation_bypass = {
    .name = "bypass",
    .width = 1,
    .from_sums = mark,
};

const lme_metric lme_metric_bypass = {
    .name = "bypass",
    .summary = "nothing is scored: answers are only written down",
    .source = "lm_eval 0.4.13 api/metrics.py, bypass",
    .output_kinds = (1u << LME_OUTPUT_MULTIPLE_CHOICE) | (1u << LME_OUTPUT_LOGLIKELIHOOD) |
                    (1u << LME_OUTPUT_GENERATE_UNTIL),
    .takes_letters = true,
    .higher_is_better = true,
    .takes_repeats = true,
    .width = 1,
    .aggregation = &lme_aggregation_bypass,
    .score = score,
};

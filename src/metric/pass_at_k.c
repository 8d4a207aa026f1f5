/* pass@k: the chance that one of k answers is right, told from n >= k of which c are: 1 - C(n - c,
 * k) / C(n, k), which is unbiased where 1 - (1 - c/n)^k is not. Right means accepted as by
 * exact_match. */
#include "aggregate.h"
#include "attempts.h"
#include "choice.h"

static bool prepare(lme_arena *arena, lme_metric_use *use, const char *file, lme_error *err)
{
    return lme_attempts_prepare(arena, use, file, 1, err);
}

/* C(n - c, k) / C(n, k) as a product, which does not overflow. */
static double chance(size_t n, size_t n_right, size_t k)
{
    if (n - n_right < k)
        return 1.0;
    double none = 1.0;
    for (size_t i = n - n_right + 1; i <= n; i++)
        none *= 1.0 - (double)k / (double)i;
    return 1.0 - none;
}

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    const lme_attempts *options = use->state;
    const lme_value *attempts;
    size_t n, n_right = 0;
    if (!lme_attempts_get(use, answer, &attempts, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        bool is_right = false;
        if (!lme_matching_try(arena, &options->matching, sample, &attempts[i], &is_right, err))
            return false;
        n_right += is_right ? 1 : 0;
    }
    lme_measurement_set(made, chance(n, n_right, (size_t)options->k));
    return true;
}

const lme_metric lme_metric_pass_at_k = {
    .name = "pass@k",
    .summary = "chance that one of k answers is right, from all repeats; k: 1",
    .source = "Chen et al. 2021 (arXiv 2107.03374), equation 1",
    .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,
    .higher_is_better = true,
    .is_right_or_wrong = true,
    .takes_repeats = true,
    .width = 1,
    .keys = lme_attempts_keys,
    .aggregation = &lme_aggregation_mean,
    .prepare = prepare,
    .score = score,
};

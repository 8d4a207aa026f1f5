/* maj@k: the most common of the first k answers is right. Answers are alike when they are the same
 * text once cleaned as for exact_match; of equally common ones the first given counts. */
#include "aggregate.h"
#include "attempts.h"
#include "choice.h"

static bool prepare(lme_arena *arena, lme_metric_use *use, const char *file, lme_error *err)
{
    return lme_attempts_prepare(arena, use, file, 0, err);
}

/* Index of the first answer of the most common kind. */
static size_t elected(const lme_str *votes, size_t n)
{
    size_t best = 0, most = 0;
    for (size_t i = 0; i < n; i++) {
        size_t alike = 0;
        for (size_t j = i; j < n; j++)
            alike += lme_str_equal(votes[i], votes[j]) ? 1 : 0;
        if (alike > most) {
            most = alike;
            best = i;
        }
    }
    return best;
}

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    const lme_attempts *options = use->state;
    const lme_value *attempts;
    size_t n;
    if (!lme_attempts_get(use, answer, &attempts, &n, err))
        return false;
    n = options->k > 0 ? (size_t)options->k : n;
    lme_str *votes = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++) {
        votes[i] = lme_value_str(arena, &attempts[i]);
        if (!lme_matching_clean(arena, &options->matching, &votes[i], err))
            return false;
    }
    bool is_right = false;
    if (!lme_matching_try(arena, &options->matching, sample, &attempts[elected(votes, n)],
                          &is_right, err))
        return false;
    lme_measurement_set(made, is_right ? 1.0 : 0.0);
    return true;
}

const lme_metric lme_metric_maj_at_k = {
    .name = "maj@k",
    .summary = "share of documents where the most common of k answers is right; k: all",
    .source = "Wang et al. 2022 (arXiv 2203.11171), self-consistency",
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

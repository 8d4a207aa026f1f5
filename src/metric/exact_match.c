/* exact_match: the answer is an accepted one (matching.h); for a multiple choice, the right choice
 * is what the model would have written. */
#include "aggregate.h"
#include "choice.h"
#include "matching.h"

static bool prepare(lme_arena *arena, lme_metric_use *use, const char *file, lme_error *err)
{
    lme_matching *matching = LME_NEW(arena, lme_matching);
    use->state = matching;
    return lme_matching_read(arena, use, file, matching, err);
}

static bool score_text(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                       const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    bool is_right = false;
    if (!lme_matching_try(arena, use->state, sample, &answer->values[0], &is_right, err))
        return false;
    lme_measurement_set(made, is_right ? 1.0 : 0.0);
    return true;
}

static bool score_choice(const lme_metric_use *use, const lme_sample *sample,
                         const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    size_t n_gold = sample->multiple_targets || sample->n_gold == 0 ? sample->n_gold : 1;
    bool any = false;
    for (size_t i = 0; i < n_gold; i++) {
        int64_t index = sample->gold[i];
        double logprob;
        bool greedy;
        if (index < 0 || index >= (int64_t)(answer->n_values - sample->n_unconditional))
            continue;
        if (!lme_metric_pair(use, answer, (size_t)index, &logprob, &greedy, err))
            return false;
        any = any || greedy;
    }
    made->stats[0] = any ? 1.0 : 0.0;
    made->item = lme_int(any ? 1 : 0);
    return true;
}

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    return sample->output == LME_OUTPUT_MULTIPLE_CHOICE
               ? score_choice(use, sample, answer, made, err)
               : score_text(arena, use, sample, answer, made, err);
}

static const char *const keys[] = {LME_MATCHING_KEYS, NULL};

const lme_metric lme_metric_exact_match = {
    .name = "exact_match",
    .summary = "share of documents whose answer equals the target after the ignore_ options",
    .source = "lm_eval 0.4.13 api/metrics.py, exact_match_hf_evaluate",
    .output_kinds = (1u << LME_OUTPUT_GENERATE_UNTIL) | (1u << LME_OUTPUT_MULTIPLE_CHOICE),
    .takes_letters = true,
    .higher_is_better = true,
    .is_right_or_wrong = true,
    .width = 1,
    .keys = keys,
    .aggregation = &lme_aggregation_mean,
    .prepare = prepare,
    .score = score,
};

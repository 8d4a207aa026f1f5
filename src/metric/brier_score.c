/* brier_score: squared distance between the choices' probabilities (softmax of their
 * loglikelihoods) and the right answer, summed over the choices: 0 is best, 2 is worst. */
#include "aggregate.h"
#include "choice.h"
#include "pairwise.h"
#include "restore.h"

/* The probabilities are overwritten. */
static double squared_distance(double *shares, size_t n, size_t gold)
{
    for (size_t i = 0; i < n; i++) {
        double distance = shares[i] - (i == gold ? 1.0 : 0.0);
        shares[i] = distance * distance;
    }
    return lme_pairwise_sum_of(shares, n);
}

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double *shares;
    size_t gold = 0;
    if (!lme_metric_gold_choice(use, sample, &gold, err) ||
        !lme_metric_probabilities(arena, use, sample, answer, &shares, err))
        return false;
    lme_list_builder probabilities = {.arena = arena}, pair = {.arena = arena};
    for (size_t i = 0; i < sample->n_choices; i++)
        lme_list_add(&probabilities, lme_float(shares[i]));
    lme_list_add(&pair, lme_int((int64_t)gold));
    lme_list_add(&pair, lme_list_finish(&probabilities));
    made->item = lme_list_finish(&pair);
    made->stats[0] = squared_distance(shares, sample->n_choices, gold);
    return true;
}

/* Of the item [right choice, [probability of each choice]]. */
static bool restore(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                    double *stats)
{
    (void)use;
    if (item->kind != LME_LIST || item->list.len != 2)
        return false;
    const lme_value *gold = &item->list.items[0], *shares = &item->list.items[1];
    if (gold->kind != LME_INT || shares->kind != LME_LIST || gold->integer < 0 ||
        (uint64_t)gold->integer >= shares->list.len)
        return false;
    double *numbers = LME_ARRAY(arena, double, shares->list.len);
    if (!lme_restore_numbers(shares, numbers, shares->list.len))
        return false;
    stats[0] = squared_distance(numbers, shares->list.len, (size_t)gold->integer);
    return true;
}

static double mean(const lme_metric_use *use, const double *rows, size_t n)
{
    (void)use;
    return lme_pairwise_sum_of(rows, n) / (double)n;
}

const lme_aggregation lme_aggregation_brier_score = {
    .name = "brier_score",
    .width = 1,
    .from_rows = mean,
    .is_mean = true,
};

const lme_metric lme_metric_brier_score = {
    .name = "brier_score",
    .summary = "squared error of the choices' probabilities, summed over the choices",
    .source = "lm_eval 0.4.13 api/metrics.py, brier_score",
    .output_kinds = 1u << LME_OUTPUT_MULTIPLE_CHOICE,
    .higher_is_better = false,
    .width = 1,
    .keys = lme_metric_choice_keys,
    .aggregation = &lme_aggregation_brier_score,
    .score = score,
    .restore = restore,
};

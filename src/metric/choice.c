#include "choice.h"

#include <math.h>

bool lme_metric_pair(const lme_metric_use *use, const lme_answer *answer, size_t index,
                     double *logprob, bool *greedy, lme_error *err)
{
    const lme_value *value = &answer->values[index];
    if (value->kind == LME_TUPLE && value->list.len == 2 &&
        value->list.items[0].kind == LME_FLOAT && value->list.items[1].kind == LME_BOOL) {
        *logprob = value->list.items[0].number;
        *greedy = value->list.items[1].boolean;
        return true;
    }
    lme_fail(err, LME_ERR_DATA, NULL,
             "metric \"%s\" needs a loglikelihood, filter pipeline \"%.*s\" left %s",
             use->metric->name, LME_STR_ARG(answer->pipeline), lme_kind_name(value->kind));
    return lme_hint(err, "take_first is the only filter that makes sense here");
}

static bool read_pairs(const lme_metric_use *use, const lme_answer *answer, size_t from, size_t n,
                       double *logprobs, lme_error *err)
{
    for (size_t i = 0; i < n; i++) {
        bool greedy = false;
        if (!lme_metric_pair(use, answer, from + i, &logprobs[i], &greedy, err))
            return false;
    }
    return true;
}

bool lme_metric_loglikelihoods(lme_arena *arena, const lme_metric_use *use,
                               const lme_sample *sample, const lme_answer *answer,
                               double **logprobs, lme_error *err)
{
    size_t n = sample->n_choices;
    LME_BUG(answer->n_values != n + sample->n_unconditional, "not one request a choice");
    *logprobs = LME_ARRAY(arena, double, n);
    if (n == 0)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" got no choices, expected at least one", use->metric->name);
    return read_pairs(use, answer, 0, n, *logprobs, err);
}

bool lme_metric_unconditional(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                              const lme_answer *answer, double **logprobs, lme_error *err)
{
    size_t n = sample->n_choices;
    LME_BUG(answer->n_values != n + sample->n_unconditional, "not one request a choice");
    if (sample->n_unconditional != n)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" needs each choice without its context, which was not asked",
                        use->metric->name);
    *logprobs = LME_ARRAY(arena, double, n);
    return read_pairs(use, answer, n, n, *logprobs, err);
}

bool lme_metric_probabilities(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                              const lme_answer *answer, double **shares, lme_error *err)
{
    double *logprobs;
    if (!lme_metric_loglikelihoods(arena, use, sample, answer, &logprobs, err))
        return false;
    size_t n = sample->n_choices;
    double highest = logprobs[lme_argmax(logprobs, n)], sum = 0.0;
    for (size_t i = 0; i < n; i++) {
        logprobs[i] = exp(logprobs[i] - highest);
        sum += logprobs[i];
    }
    for (size_t i = 0; i < n; i++)
        logprobs[i] /= sum;
    *shares = logprobs;
    return true;
}

size_t lme_argmax(const double *scores, size_t n)
{
    size_t best = 0;
    for (size_t i = 1; i < n && !isnan(scores[best]); i++) {
        if (scores[i] > scores[best] || isnan(scores[i]))
            best = i;
    }
    return best;
}

bool lme_metric_is_gold(const lme_sample *sample, size_t index)
{
    size_t n_gold = sample->multiple_targets ? sample->n_gold : 1;
    for (size_t i = 0; i < n_gold && i < sample->n_gold; i++) {
        if (sample->gold[i] == (int64_t)index)
            return true;
    }
    return false;
}

bool lme_metric_gold(const lme_metric_use *use, const lme_sample *sample, int64_t *gold,
                     lme_error *err)
{
    if (sample->n_gold != 1)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" needs one right choice, the target names %zu",
                        use->metric->name, sample->n_gold);
    *gold = sample->gold[0];
    return true;
}

bool lme_metric_gold_choice(const lme_metric_use *use, const lme_sample *sample, size_t *gold,
                            lme_error *err)
{
    int64_t index = 0;
    if (!lme_metric_gold(use, sample, &index, err))
        return false;
    if (index < 0 || (size_t)index >= sample->n_choices)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" needs a right choice, the target is none of the %zu",
                        use->metric->name, sample->n_choices);
    *gold = (size_t)index;
    return true;
}

void lme_metric_score_best(const lme_sample *sample, const double *scores, lme_measurement *made)
{
    size_t best = lme_argmax(scores, sample->n_choices);
    bool chose =
        sample->n_requests == 0 || !lme_str_is(sample->responses[0].finish, LME_SCORED_NOTHING);
    lme_measurement_set(made, chose && lme_metric_is_gold(sample, best) ? 1.0 : 0.0);
}

void lme_measurement_set(lme_measurement *made, double value)
{
    made->stats[0] = value;
    made->item = lme_float(value);
}

const char *const lme_metric_choice_keys[] = {
    "average", "ignore_case", "ignore_punctuation", "regexes_to_ignore", "weight_by_size", NULL};

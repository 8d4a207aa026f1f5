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

void lme_argmax_add(lme_argmax *argmax, double score)
{
    bool is_better = score > argmax->best || isnan(score);
    if (argmax->n == 0 || (is_better && !isnan(argmax->best))) {
        argmax->best = score;
        argmax->index = argmax->n;
    }
    argmax->n++;
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

bool lme_metric_score_choice(const lme_metric_use *use, const lme_sample *sample,
                             const lme_answer *answer, double (*length)(lme_str choice),
                             lme_measurement *made, lme_error *err)
{
    size_t n = sample->n_choices;
    LME_BUG(answer->n_values != n + sample->n_unconditional, "not one request a choice");
    if (n == 0)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" got no choices, expected at least one", use->metric->name);
    lme_argmax argmax = {0};
    for (size_t i = 0; i < n; i++) {
        double logprob = 0.0;
        bool greedy = false;
        if (!lme_metric_pair(use, answer, i, &logprob, &greedy, err))
            return false;
        lme_argmax_add(&argmax, length == NULL ? logprob : logprob / length(sample->choices[i]));
    }
    made->stats[0] = lme_metric_is_gold(sample, argmax.index) ? 1.0 : 0.0;
    made->item = lme_float(made->stats[0]);
    return true;
}

const char *const lme_metric_choice_keys[] = {"ignore_case", "ignore_punctuation",
                                              "regexes_to_ignore", "weight_by_size", NULL};

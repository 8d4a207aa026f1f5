/* drop_f1 and drop_em: an accepted answer is a text or a list of texts, the spans that make it
 * together; the best over the accepted answers, averaged. Answers without text do not count. */
#include "aggregate.h"
#include "reference.h"
#include "text.h"

#include <lmeval/unicode.h>

static lme_spans spans_of(lme_arena *arena, const lme_value *answer)
{
    bool is_list = answer->kind == LME_LIST || answer->kind == LME_TUPLE;
    size_t n = is_list ? answer->list.len : 1;
    lme_str *items = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++)
        items[i] = lme_value_str(arena, is_list ? &answer->list.items[i] : answer);
    return (lme_spans){items, n};
}

typedef struct best {
    double exact, f1;
} best;

static bool compare(lme_arena *arena, lme_str predicted, const lme_value *accepted, best *made,
                    lme_error *err)
{
    lme_spans gold = spans_of(arena, accepted), said = {&predicted, 1};
    double exact, f1;
    if (gold.n == 0 || lme_strip(gold.items[0]).len == 0)
        return true;
    if (!lme_drop_score(arena, said, gold, &exact, &f1, err))
        return false;
    made->exact = exact > made->exact ? exact : made->exact;
    made->f1 = f1 > made->f1 ? f1 : made->f1;
    return true;
}

static bool measure(lme_arena *arena, const lme_sample *sample, const lme_answer *answer,
                    best *made, lme_error *err)
{
    lme_str predicted = lme_value_str(arena, &answer->values[0]);
    lme_value target = lme_metric_reference(sample);
    bool is_list = target.kind == LME_LIST || target.kind == LME_TUPLE;
    if (!sample->multiple_targets || !is_list)
        return compare(arena, predicted, &target, made, err);
    for (size_t i = 0; i < target.list.len; i++) {
        if (!compare(arena, predicted, &target.list.items[i], made, err))
            return false;
    }
    return true;
}

static bool score_f1(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                     const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    (void)use;
    best found = {0};
    if (!measure(arena, sample, answer, &found, err))
        return false;
    made->stats[0] = found.f1;
    made->item = lme_float(found.f1);
    return true;
}

static bool score_em(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                     const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    (void)use;
    best found = {0};
    if (!measure(arena, sample, answer, &found, err))
        return false;
    made->stats[0] = found.exact;
    made->item = lme_float(found.exact);
    return true;
}

const lme_metric lme_metric_drop_f1 = {
    .name = "drop_f1",
    .summary = "F1 of word bags, numbers must agree (DROP)",
    .source = "lm_eval 0.4.13 tasks/drop/utils.py",
    .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,
    .higher_is_better = true,
    .width = 1,
    .aggregation = &lme_aggregation_mean,
    .score = score_f1,
};

const lme_metric lme_metric_drop_em = {
    .name = "drop_em",
    .summary = "the same spans after DROP's normalisation",
    .source = "lm_eval 0.4.13 tasks/drop/utils.py",
    .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,
    .higher_is_better = true,
    .is_right_or_wrong = true,
    .width = 1,
    .aggregation = &lme_aggregation_mean,
    .score = score_em,
};

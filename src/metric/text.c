#include "text.h"

#include "reference.h"

#include <string.h>

bool lme_metric_prepare_text(lme_arena *arena, lme_metric_use *use, const char *file,
                             lme_error *err)
{
    lme_text_use *text = LME_NEW(arena, lme_text_use);
    use->state = text;
    return lme_text_open(arena, lme_str_from(use->metric->name), &use->options, file, text, err);
}

static bool measure(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                    const lme_answer *answer, double *stats, lme_error *err)
{
    const lme_text_use *text = use->state;
    lme_segment segment = {.hypothesis = lme_value_str(arena, &answer->values[0])};
    segment.references = lme_metric_references(arena, sample, &segment.n_references);
    if (segment.n_references == 0)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" needs a reference, the document's target is an empty list",
                        use->metric->name);
    return text->metric->measure(arena, text->options, &segment, stats, err);
}

bool lme_metric_score_corpus(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                             const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    if (!measure(arena, use, sample, answer, made->stats, err))
        return false;
    lme_list_builder item = {.arena = arena};
    lme_list_builder references = {.arena = arena};
    size_t n;
    const lme_str *texts = lme_metric_references(arena, sample, &n);
    for (size_t i = 0; i < n; i++)
        lme_list_add(&references, lme_string(texts[i]));
    bool is_list = sample->multiple_targets;
    lme_list_add(&item, is_list ? lme_list_finish(&references) : lme_string(texts[0]));
    lme_list_add(&item, answer->values[0]);
    made->item = lme_list_finish(&item);
    return true;
}

bool lme_metric_restore_corpus(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                               double *stats)
{
    if (item->kind != LME_LIST || item->list.len != 2)
        return false;
    const lme_text_use *text = use->state;
    const lme_value *given = &item->list.items[0];
    lme_segment segment = {.hypothesis = lme_value_str(arena, &item->list.items[1]),
                           .n_references = given->kind == LME_LIST ? given->list.len : 1};
    lme_str *references = LME_ARRAY(arena, lme_str, segment.n_references);
    for (size_t i = 0; i < segment.n_references; i++)
        references[i] =
            lme_value_str(arena, given->kind == LME_LIST ? &given->list.items[i] : given);
    segment.references = references;
    lme_error err = {0};
    return segment.n_references > 0 &&
           text->metric->measure(arena, text->options, &segment, stats, &err);
}

bool lme_metric_score_text(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                           const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double stats[LME_TEXT_WIDTH_MAX] = {0};
    if (!measure(arena, use, sample, answer, stats, err))
        return false;
    made->stats[0] = stats[0];
    made->item = lme_float(stats[0]);
    return true;
}

double lme_metric_text_from_sums(const lme_metric_use *use, const double *sums, size_t n)
{
    const lme_text_use *text = use->state;
    return text->metric->score(text->options, sums, n);
}

#include "rolling.h"

#include "option.h"
#include "restore.h"

#include <lmeval/unicode.h>

size_t lme_count_words(lme_str text)
{
    size_t n = 1;
    bool in_space = false;
    for (size_t at = 0; at < text.len;) {
        bool is_space = lme_is_space(lme_codepoint_next(text, &at));
        n += is_space && !in_space ? 1 : 0;
        in_space = is_space;
    }
    return n;
}

size_t lme_count_bytes(lme_str text)
{
    return text.len;
}

bool lme_metric_score_rolling(lme_arena *arena, const lme_metric_use *use, const lme_answer *answer,
                              size_t weight, lme_measurement *made, lme_error *err)
{
    const lme_value *value = &answer->values[0];
    if (value->kind != LME_FLOAT)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" needs a loglikelihood, filter pipeline \"%.*s\" left %s",
                        use->metric->name, LME_STR_ARG(answer->pipeline),
                        lme_kind_name(value->kind));
    made->stats[0] = value->number;
    made->stats[1] = (double)weight;
    lme_list_builder pair = {.arena = arena};
    lme_list_add(&pair, *value);
    lme_list_add(&pair, lme_int((int64_t)weight));
    made->item = lme_list_finish(&pair);
    return true;
}

bool lme_metric_restore_rolling(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                                double *stats)
{
    (void)arena;
    (void)use;
    return lme_restore_numbers(item, stats, 2) && stats[1] >= 0.0;
}

const char *const lme_rolling_keys[] = {"count_in", NULL};

bool lme_rolling_prepare(lme_arena *arena, lme_metric_use *use, const char *file, lme_error *err)
{
    const lme_value *column = lme_value_find(&use->options, lme_rolling_keys[0]);
    (void)arena;
    if (column == NULL || column->kind == LME_STRING)
        return true;
    lme_place at = lme_metric_place(file, column);
    return lme_fail(err, LME_ERR_TASK, &at,
                    "count_in of metric \"%s\" is %s, expected a column's name", use->metric->name,
                    lme_kind_name(column->kind));
}

bool lme_rolling_text(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                      lme_str *text, lme_error *err)
{
    const lme_value *column = lme_value_find(&use->options, lme_rolling_keys[0]);
    if (column == NULL) {
        *text = lme_value_str(arena, &sample->target);
        return true;
    }
    const lme_value *counted = lme_value_get(&sample->doc.row, column->string);
    if (counted == NULL || counted->kind != LME_STRING)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "count_in of metric \"%s\" names the column \"%.*s\", %s",
                        use->metric->name, LME_STR_ARG(column->string),
                        counted == NULL ? "which the row has not" : "which is no text");
    *text = counted->string;
    return true;
}

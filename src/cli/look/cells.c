#include "cells.h"

static bool has(const lme_look_column *columns, size_t n, lme_str metric, lme_str pipeline)
{
    for (size_t i = 0; i < n; i++) {
        if (lme_str_equal(columns[i].metric, metric) &&
            lme_str_equal(columns[i].pipeline, pipeline))
            return true;
    }
    return false;
}

const lme_look_column *lme_look_columns(lme_arena *arena, const lme_look *look, size_t *n)
{
    const lme_record_task *const *tasks;
    size_t n_tasks = lme_look_tasks(look, &tasks), most = 0;
    for (size_t i = 0; i < n_tasks; i++) {
        for (size_t p = 0; p < tasks[i]->n_pipelines; p++)
            most += tasks[i]->pipelines[p].n_metrics;
    }
    lme_look_column *columns = LME_ARRAY(arena, lme_look_column, most);
    *n = 0;
    for (size_t i = 0; i < n_tasks; i++) {
        for (size_t p = 0; p < tasks[i]->n_pipelines; p++) {
            const lme_record_pipeline *pipeline = &tasks[i]->pipelines[p];
            for (size_t m = 0; m < pipeline->n_metrics; m++) {
                lme_str metric = pipeline->metrics[m];
                if (has(columns, *n, metric, pipeline->name))
                    continue;
                lme_str name = lme_str_format(arena, "%.*s,%.*s", LME_STR_ARG(metric),
                                              LME_STR_ARG(pipeline->name));
                columns[(*n)++] = (lme_look_column){name, metric, pipeline->name};
            }
        }
    }
    return columns;
}

static const lme_recorded_answer *answer_of(const lme_recorded_sample *sample, lme_str pipeline)
{
    for (size_t i = 0; i < sample->n_answers; i++) {
        if (lme_str_equal(sample->answers[i].pipeline, pipeline))
            return &sample->answers[i];
    }
    return NULL;
}

static lme_look_cells choice_cells(const lme_look_item *item, const lme_recorded_sample *sample)
{
    lme_look_cells cells = {lme_null(), lme_null()};
    lme_str delimiter = lme_record_delimiter(item->task);
    bool by_length = lme_str_is(item->headline->metric, "acc_norm");
    size_t pick = lme_recorded_pick(sample, by_length, delimiter);
    if (pick != SIZE_MAX) {
        cells.pick = lme_int((int64_t)pick);
        cells.answer = lme_string(lme_recorded_choice(sample, pick, delimiter));
    }
    return cells;
}

/* One response, or the list of its repeats. */
static lme_value response_cell(lme_arena *arena, const lme_recorded_request *request)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < request->n_responses; i++)
        lme_list_add(&list, request->responses[i].is_missing
                                ? lme_null()
                                : lme_string(request->responses[i].text));
    if (list.len == 1)
        return list.items[0];
    return list.len == 0 ? lme_null() : lme_list_finish(&list);
}

lme_look_cells lme_look_cells_of(lme_arena *arena, const lme_look_item *item,
                                 const lme_recorded_sample *sample)
{
    if (sample->n_choices > 0)
        return choice_cells(item, sample);
    lme_look_cells cells = {lme_null(), lme_null()};
    if (sample->n_requests == 0 || sample->requests[0].kind != LME_RECORDED_GENERATE)
        return cells;
    cells.answer = response_cell(arena, &sample->requests[0]);
    const lme_recorded_answer *answer =
        item->headline->pipeline != NULL ? answer_of(sample, item->headline->pipeline->name) : NULL;
    if (answer == NULL && sample->n_answers > 0)
        answer = &sample->answers[0];
    if (answer != NULL && answer->n_values > 0)
        cells.pick = answer->values[0];
    return cells;
}

const lme_recorded_score *lme_look_score(const lme_recorded_sample *sample,
                                         const lme_look_column *column)
{
    const lme_recorded_answer *answer = answer_of(sample, column->pipeline);
    for (size_t i = 0; answer != NULL && i < answer->n_scores; i++) {
        if (lme_str_equal(answer->scores[i].metric, column->metric))
            return &answer->scores[i];
    }
    return NULL;
}

const char *lme_flip_name(lme_flip flip)
{
    return flip == LME_FLIP_LOST ? "lost" : flip == LME_FLIP_GAINED ? "gained" : "";
}

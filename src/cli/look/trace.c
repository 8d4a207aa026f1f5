#include "trace.h"

#include <lmeval/json.h>

static bool read_pipeline(lme_arena *arena, const lme_value *entry, lme_pipeline *pipeline,
                          lme_error *err)
{
    const lme_value *name = lme_value_find(entry, "name");
    const lme_value *filters = lme_value_find(entry, "filter");
    *pipeline = (lme_pipeline){.name = LME_STR("none")};
    if (name != NULL && name->kind == LME_STRING)
        pipeline->name = name->string;
    if (filters == NULL || filters->kind != LME_LIST)
        return lme_fail(err, LME_ERR_TASK, NULL,
                        "a pipeline of the configuration has no list \"filter\"");
    lme_filter_use *uses = LME_ARRAY(arena, lme_filter_use, filters->list.len);
    for (size_t i = 0; i < filters->list.len; i++) {
        if (!lme_filter_use_read(arena, &filters->list.items[i], NULL, &uses[i], err))
            return false;
    }
    pipeline->filters = uses;
    pipeline->n_filters = filters->list.len;
    return true;
}

static bool usual(lme_arena *arena, lme_pipeline *pipeline, lme_error *err)
{
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("function"), lme_string(LME_STR("take_first")));
    lme_value entry = lme_map_finish(&map);
    lme_filter_use *use = LME_NEW(arena, lme_filter_use);
    *pipeline = (lme_pipeline){.name = LME_STR("none"), .filters = use, .n_filters = 1};
    return lme_filter_use_read(arena, &entry, NULL, use, err);
}

const lme_traced *lme_trace_pipelines(lme_arena *arena, const lme_record_task *task, size_t *n)
{
    const lme_value *list = lme_value_find(&task->config, "filter_list");
    bool given = list != NULL && list->kind == LME_LIST && list->list.len > 0;
    *n = given ? list->list.len : 1;
    lme_traced *made = LME_ARRAY(arena, lme_traced, *n);
    for (size_t i = 0; i < *n; i++) {
        lme_error err = {0};
        made[i].failure = LME_STR("");
        bool ok = given ? read_pipeline(arena, &list->list.items[i], &made[i].pipeline, &err)
                        : usual(arena, &made[i].pipeline, &err);
        if (!ok)
            made[i].failure = lme_str_copy(arena, lme_str_from(err.message));
    }
    return made;
}

const lme_traced *lme_trace_named(const lme_traced *traced, size_t n, lme_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (lme_str_equal(traced[i].pipeline.name, name))
            return &traced[i];
    }
    return NULL;
}

/* As filter pipelines get it. */
static lme_value response_value(lme_arena *arena, const lme_recorded_request *request,
                                const lme_recorded_response *response)
{
    if (request->kind == LME_RECORDED_GENERATE)
        return lme_string(response->text);
    if (request->kind == LME_RECORDED_ROLLING)
        return lme_float(response->logprob_nats);
    lme_list_builder pair = {.arena = arena};
    lme_list_add(&pair, lme_float(response->logprob_nats));
    lme_list_add(&pair, lme_bool(response->is_greedy));
    lme_value tuple = lme_list_finish(&pair);
    tuple.kind = LME_TUPLE;
    return tuple;
}

/* Samples files hold lists as they are, and of all else the text. */
static bool same_text(lme_arena *arena, const lme_value *made, const lme_value *recorded)
{
    bool is_list = made->kind == LME_LIST || made->kind == LME_TUPLE;
    if (!is_list || recorded->kind != LME_LIST)
        return lme_str_equal(lme_value_str(arena, made), lme_value_str(arena, recorded));
    if (made->list.len != recorded->list.len)
        return false;
    for (size_t i = 0; i < made->list.len; i++) {
        if (!lme_str_equal(lme_value_str(arena, &made->list.items[i]),
                           lme_value_str(arena, &recorded->list.items[i])))
            return false;
    }
    return true;
}

void lme_trace_make(lme_arena *arena, const lme_pipeline *pipeline,
                    const lme_recorded_sample *sample, size_t request, const lme_value *recorded,
                    lme_trace *trace)
{
    const lme_recorded_request *asked = &sample->requests[request];
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < asked->n_responses; i++)
        lme_list_add(&list, response_value(arena, asked, &asked->responses[i]));
    lme_value *values = LME_ARRAY(arena, lme_value, pipeline->n_filters);
    *trace = (lme_trace){.given = lme_list_finish(&list), .values = values};
    lme_filtering filtering = {.doc = &sample->doc, .value = trace->given, .matched = true};
    for (size_t i = 0; i < pipeline->n_filters; i++) {
        const lme_filter_use *use = &pipeline->filters[i];
        lme_error err = {0};
        if (!use->filter->apply(arena, use, &filtering, &err)) {
            trace->failure = lme_str_copy(arena, lme_str_from(err.message));
            break;
        }
        values[trace->n_values++] = filtering.value;
    }
    trace->matched = filtering.matched;
    trace->agrees =
        trace->failure.len == 0 && recorded != NULL && same_text(arena, &filtering.value, recorded);
}

lme_str lme_trace_text(lme_arena *arena, const lme_value *value)
{
    lme_builder out = {.arena = arena};
    lme_json_write(&out, value, &(lme_json_style){0});
    return lme_builder_finish(&out);
}

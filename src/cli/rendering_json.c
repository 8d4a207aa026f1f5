/* The forms that programs read. */
#include "rendering.h"

#include <lmeval/json.h>
#include <lmeval/report.h>

static void add(lme_map_builder *map, const char *key, lme_value value)
{
    lme_map_add(map, lme_str_from(key), value);
}

static lme_value messages_value(lme_arena *arena, const lme_request *request)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < request->n_messages; i++) {
        lme_map_builder message = {.arena = arena};
        add(&message, "role", lme_string(request->messages[i].role));
        add(&message, "content", lme_string(request->messages[i].content));
        lme_list_add(&list, lme_map_finish(&message));
    }
    return lme_list_finish(&list);
}

static void add_context(lme_map_builder *map, const lme_request *request)
{
    if (request->messages == NULL) {
        add(map, "context", lme_string(request->context));
        return;
    }
    const lme_message *last = &request->messages[request->n_messages - 1];
    add(map, "messages", messages_value(map->arena, request));
    add(map, "add_generation_prompt", lme_bool(!lme_str_is(last->role, "assistant")));
}

static lme_value request_value(lme_arena *arena, const lme_request *request)
{
    static const char *const types[LME_REQUEST_KINDS] = {
        [LME_REQUEST_LOGLIKELIHOOD] = "loglikelihood",
        [LME_REQUEST_ROLLING] = "loglikelihood_rolling",
        [LME_REQUEST_GENERATE] = "generate_until",
    };
    lme_map_builder map = {.arena = arena};
    add(&map, "type", lme_string(lme_str_from(types[request->kind])));
    if (request->kind == LME_REQUEST_ROLLING)
        add(&map, "text", lme_string(request->context));
    else
        add_context(&map, request);
    if (request->kind == LME_REQUEST_LOGLIKELIHOOD)
        add(&map, "continuation", lme_string(request->continuation));
    if (request->kind == LME_REQUEST_GENERATE)
        add(&map, "generation_kwargs", request->generation->as_written);
    return lme_map_finish(&map);
}

bool lme_render_jsonl(lme_arena *arena, const lme_rendering *r, lme_builder *out, lme_error *err)
{
    (void)err;
    const lme_sample *sample = r->sample;
    lme_list_builder requests = {.arena = arena};
    for (size_t i = 0; i < sample->n_requests; i++)
        lme_list_add(&requests, request_value(arena, &sample->requests[i]));
    lme_map_builder map = {.arena = arena};
    add(&map, "task", lme_string(sample->task));
    add(&map, "doc_id", lme_int((int64_t)sample->doc.id));
    add(&map, "doc_hash", lme_string(lme_report_sample_hashes(arena, sample).doc));
    add(&map, "target", sample->target);
    add(&map, "requests", lme_list_finish(&requests));
    lme_value line = lme_map_finish(&map);
    lme_json_write(out, &line, &(lme_json_style){0});
    lme_builder_char(out, '\n');
    return true;
}

bool lme_render_requests(lme_arena *arena, const lme_rendering *r, lme_builder *out, lme_error *err)
{
    for (size_t i = 0; i < r->sample->n_requests; i++) {
        lme_str body;
        if (!lme_endpoint_encode(arena, r->endpoint, &r->sample->requests[i], &body, err))
            return lme_while(err, "encoding request %zu of document %zu", i, r->sample->doc.id);
        lme_builder_add(out, body);
        lme_builder_char(out, '\n');
    }
    return true;
}

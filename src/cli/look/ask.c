#include "ask.h"

enum {
    TURN_MS = 1000
};

static const lme_value *at(const lme_value *map, const char *key)
{
    return map == NULL ? NULL : lme_value_find(map, key);
}

static const lme_value *model_args(const lme_record *record)
{
    return at(lme_value_find(&record->tree, "config"), "model_args");
}

static int64_t seed_of(const lme_record *record, int64_t otherwise)
{
    const lme_value *seed = at(model_args(record), "seed");
    return seed != NULL && seed->kind == LME_INT ? seed->integer : otherwise;
}

bool lme_ask_encoder(lme_arena *arena, const lme_record *record, const lme_record_task *task,
                     lme_endpoint **endpoint, lme_str *why, lme_error *err)
{
    bool scores = !lme_str_is(task->output_type, "generate_until");
    *endpoint = NULL;
    *why = LME_STR("");
    if (!record->has_results)
        *why = LME_STR("the results file says how requests were written, and is not there");
    else if (lme_value_find(&record->tree, "lmeval") == NULL)
        *why = LME_STR("this is no run of lmeval: how its requests were written is not known");
    else if (scores && task->scoring_path.len == 0)
        *why = LME_STR("the results file names no scoring path");
    if (why->len > 0)
        return true;
    lme_endpoint_options options = {
        .base_url = LME_STR("http://127.0.0.1"),
        .model = lme_str_copy(arena, record->model),
        .concurrency = 1,
        .connect_ms = 1,
        .timeout_ms = 1,
        .seed = seed_of(record, 1234),
        .scoring = scores ? task->scoring_path : LME_STR("auto"),
    };
    return lme_endpoint_open(&options, endpoint, err);
}

void lme_ask_as_recorded(lme_arena *arena, const lme_record *record, const lme_record_task *task,
                         lme_server_flags *flags)
{
    const lme_server_flags usual = LME_SERVER_DEFAULTS;
    if (record->demo && flags->base_url == NULL)
        flags->demo = true;
    if (flags->model == NULL && record->model.len > 0)
        flags->model = lme_str_cstr(arena, record->model);
    if (lme_str_is(lme_str_from(flags->scoring), usual.scoring) && task->scoring_path.len > 0)
        flags->scoring = lme_str_cstr(arena, task->scoring_path);
    if (flags->request_seed == usual.request_seed)
        flags->request_seed = seed_of(record, usual.request_seed);
}

lme_asked_again *lme_ask_bodies(lme_arena *arena, const lme_endpoint *endpoint, lme_str why,
                                const lme_sample *sample)
{
    lme_asked_again *asked = LME_ARRAY(arena, lme_asked_again, sample->n_requests);
    for (size_t i = 0; i < sample->n_requests; i++) {
        lme_error err = {0};
        asked[i].unknown = why;
        asked[i].unlisted = LME_STR("");
        if (endpoint == NULL ||
            lme_endpoint_encode(arena, endpoint, &sample->requests[i], &asked[i].body, &err))
            continue;
        asked[i].body = LME_STR("");
        asked[i].unknown = lme_str_copy(arena, lme_str_from(err.message));
    }
    return asked;
}

/* One answer on its way. */
typedef struct waiting {
    lme_arena *arena;
    const lme_endpoint *endpoint;
    lme_asked_again *asked;
} waiting;

static void answered(void *context, const lme_response *response)
{
    waiting *w = context;
    lme_error err = {0};
    lme_asked_again *asked = w->asked;
    asked->response = *response;
    asked->response.text = lme_str_copy(w->arena, response->text);
    asked->response.finish = lme_str_copy(w->arena, response->finish);
    asked->response.failure = lme_str_copy(w->arena, response->failure);
    asked->is_asked = true;
    if (response->state == LME_RESPONSE_OK &&
        !lme_endpoint_listed(w->arena, w->endpoint, &asked->listed, &err))
        asked->unlisted = lme_str_copy(w->arena, lme_str_from(err.message));
}

bool lme_ask_all(lme_arena *arena, lme_endpoint *endpoint, const lme_sample *sample,
                 lme_asked_again *asked, lme_error *err)
{
    for (size_t i = 0; i < sample->n_requests; i++) {
        waiting w = {arena, endpoint, &asked[i]};
        if (asked[i].body.len == 0)
            continue;
        if (!lme_endpoint_send(endpoint, &sample->requests[i], asked[i].body, answered, &w, err))
            return false;
        while (!asked[i].is_asked) {
            if (!lme_endpoint_wait(endpoint, TURN_MS, err))
                return false;
        }
    }
    return true;
}

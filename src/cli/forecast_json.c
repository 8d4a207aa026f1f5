#include "forecast.h"

#include <math.h>

#include <lmeval/json.h>

static void add_size(lme_map_builder *map, const char *key, size_t n)
{
    lme_map_add(map, lme_str_from(key), lme_int((int64_t)n));
}

static lme_value finite(double value)
{
    return isinf(value) ? lme_null() : lme_float(value);
}

/* null where nothing supports a number. */
static void add_estimate(lme_map_builder *map, const char *key, double value)
{
    lme_map_add(map, lme_str_from(key), value > 0 ? lme_float(value) : lme_null());
}

static void add_forecast(lme_map_builder *map, const lme_forecasts *f, const lme_forecast *one)
{
    lme_map_builder requests = {.arena = map->arena};
    add_size(map, "questions", one->n_requests);
    add_size(map, "same", lme_forecast_same(one));
    add_size(map, "kept", one->n_kept);
    add_size(map, "rechecked", one->n_rechecked);
    add_size(map, "cannot_be_asked", one->n_unaskable);
    add_size(map, "to_ask", one->n_new);
    add_size(&requests, "least", one->outlay.n_least);
    add_size(&requests, "most", one->outlay.n_most);
    lme_map_add(map, LME_STR("requests"), f->reached ? lme_map_finish(&requests) : lme_null());
    lme_map_add(map, LME_STR("prompt_bytes"), lme_int((int64_t)one->outlay.bytes));
    add_estimate(map, "prompt_tokens_estimate", round(one->outlay.prompt_tokens));
    lme_map_add(map, LME_STR("generated_tokens_most"),
                one->outlay.most_generated < 9e18 ? lme_int((int64_t)one->outlay.most_generated)
                                                  : lme_float(one->outlay.most_generated));
    add_size(map, "too_long_estimate", one->outlay.n_too_long);
    add_estimate(map, "longest_tokens_estimate", ceil(one->outlay.longest));
}

static lme_value task_of(lme_arena *arena, const lme_forecasts *f, lme_str name,
                         const lme_preflight *task)
{
    lme_map_builder map = {.arena = arena};
    lme_list_builder kinds = {.arena = arena};
    for (size_t k = 0; k < LME_REQUEST_KINDS; k++) {
        lme_map_builder kind = {.arena = arena};
        if (task->kinds[k].n_requests == 0)
            continue;
        lme_map_add(&kind, LME_STR("kind"),
                    lme_string(lme_str_from(lme_forecast_kind((lme_request_kind)k))));
        add_forecast(&kind, f, &task->kinds[k]);
        lme_list_add(&kinds, lme_map_finish(&kind));
    }
    if (name.len > 0)
        lme_map_add(&map, LME_STR("task"), lme_string(name));
    add_size(&map, "documents", task->n_docs);
    add_size(&map, "documents_that_cannot_be_asked", task->n_unaskable);
    lme_map_add(&map, LME_STR("why"),
                task->n_unaskable > 0 ? lme_string(task->unaskable) : lme_null());
    lme_map_add(&map, LME_STR("kinds"), lme_list_finish(&kinds));
    return lme_map_finish(&map);
}

static lme_value total_of(lme_arena *arena, const lme_forecasts *f)
{
    lme_map_builder map = {.arena = arena};
    lme_forecast all = lme_forecast_of(&f->all);
    add_size(&map, "documents", f->all.n_docs);
    add_size(&map, "documents_that_cannot_be_asked", f->all.n_unaskable);
    add_forecast(&map, f, &all);
    const lme_cost *e = &f->cost;
    bool generates = f->all.kinds[LME_REQUEST_GENERATE].n_requests > 0;
    lme_map_add(&map, LME_STR("seconds_estimate"), lme_forecasts_span(arena, e->known, e->seconds));
    lme_map_add(&map, LME_STR("seconds_of_prompts_estimate"),
                lme_forecasts_span(arena, e->known, e->prompt_seconds));
    lme_map_add(
        &map, LME_STR("generated_tokens_estimate"),
        lme_forecasts_span(arena, e->known && generates && !f->trial.guesses_texts, e->generated));
    lme_map_add(&map, LME_STR("seconds_most"), e->known ? finite(e->seconds_most) : lme_null());
    return lme_map_finish(&map);
}

lme_value lme_forecasts_span(lme_arena *arena, bool known, lme_span span)
{
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("low"), lme_float(span.low));
    lme_map_add(&map, LME_STR("high"), finite(span.high));
    return known ? lme_map_finish(&map) : lme_null();
}

static lme_value wave_of(lme_arena *arena, const lme_wave *wave)
{
    static const char *const kinds[LME_WAVE_KINDS] = {"scores", "prompts", "texts"};
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("kind"), lme_string(lme_str_from(kinds[wave->kind])));
    add_size(&map, "open", wave->open);
    add_size(&map, "asked", wave->n_asked);
    add_size(&map, "answered", wave->n_answered);
    lme_map_add(&map, LME_STR("seconds"), lme_float(wave->seconds));
    add_estimate(&map, "prompt_tokens", wave->outlay.prompt_tokens);
    add_estimate(&map, "generated_tokens", wave->n_generated);
    return lme_map_finish(&map);
}

static lme_value trial_of(lme_arena *arena, const lme_forecasts *f)
{
    const lme_trial *trial = &f->trial;
    lme_map_builder map = {.arena = arena};
    lme_list_builder waves = {.arena = arena};
    for (size_t i = 0; i < trial->n_waves; i++)
        lme_list_add(&waves, wave_of(arena, &trial->waves[i]));
    add_size(&map, "questions", trial->n_asked);
    add_size(&map, "failed", trial->n_failed);
    lme_map_add(&map, LME_STR("failure"),
                trial->n_failed > 0 ? lme_string(trial->failure) : lme_null());
    lme_map_add(&map, LME_STR("seconds"), lme_float(trial->seconds));
    add_estimate(&map, "generated_tokens_cut_to", (double)trial->longest);
    lme_map_add(&map, LME_STR("waves"), lme_list_finish(&waves));
    return lme_map_finish(&map);
}

/* What the estimates rest on. */
static lme_value basis_of(lme_arena *arena, const lme_forecasts *f)
{
    lme_map_builder map = {.arena = arena};
    add_size(&map, "probe_prompts_counted", f->pace.n_counted);
    add_estimate(&map, "tokens_a_byte", f->pace.tokens_a_byte);
    add_estimate(&map, "tokens_a_prompt", f->pace.tokens_a_prompt);
    add_estimate(&map, "quickest_answer_seconds", f->pace.quickest_s);
    add_estimate(&map, "generated_token_seconds", f->pace.token_s);
    add_estimate(&map, "room_tokens", (double)f->room);
    lme_map_add(&map, LME_STR("tried"), f->trial.n_asked > 0 ? trial_of(arena, f) : lme_null());
    return lme_map_finish(&map);
}

lme_value lme_forecasts_value(lme_arena *arena, const lme_forecasts *f)
{
    lme_map_builder map = {.arena = arena};
    lme_list_builder tasks = {.arena = arena};
    for (size_t i = 0; i < f->n_tasks; i++)
        lme_list_add(&tasks, task_of(arena, f, f->tasks[i].task->name, &f->tasks[i]));
    lme_map_add(&map, LME_STR("server_asked"), lme_bool(f->reached));
    lme_map_add(&map, LME_STR("base_url"), f->reached ? lme_string(f->base_url) : lme_null());
    lme_map_add(&map, LME_STR("model"), f->reached ? lme_string(f->profile->model) : lme_null());
    lme_map_add(&map, LME_STR("scoring_path"),
                f->reached && f->profile->scoring_path.len > 0
                    ? lme_string(f->profile->scoring_path)
                    : lme_null());
    lme_map_add(&map, LME_STR("folder"), f->reached ? lme_string(f->folder) : lme_null());
    add_size(&map, "answers_kept", f->n_resumed);
    lme_map_add(&map, LME_STR("tasks"), lme_list_finish(&tasks));
    lme_map_add(&map, LME_STR("total"), total_of(arena, f));
    lme_map_add(&map, LME_STR("estimates_rest_on"), basis_of(arena, f));
    return lme_map_finish(&map);
}

lme_str lme_forecasts_json(lme_arena *arena, const lme_value *value)
{
    lme_builder out = {.arena = arena};
    lme_json_write(&out, value, &(lme_json_style){.indent = 2});
    lme_builder_char(&out, '\n');
    return lme_builder_finish(&out);
}

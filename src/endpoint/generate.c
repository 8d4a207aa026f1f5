/* Generation with lm_eval's keys: model and prompt (or messages and model), max_tokens,
 * temperature, stop, seed, then whatever else the task says. Stop texts that are sent are the
 * server's work and are not applied again here, as lm_eval does not either; those that are not sent
 * are applied here, where lm_eval forgets them. */
#include "generate.h"

#include "logprobs.h"

#include <math.h>

#include <lmeval/json.h>
#include <lmeval/unicode.h>

/* 0 and 1 without a fraction, as tasks write them. */
static lme_value temperature_value(double temperature)
{
    if (temperature >= 0 && temperature <= 100 && temperature == floor(temperature))
        return lme_int((int64_t)temperature);
    return lme_float(temperature);
}

static size_t n_stops_sent(const lme_dialect *dialect, const lme_generation *generation)
{
    return generation->n_until < dialect->max_stops ? generation->n_until : dialect->max_stops;
}

static lme_value stop_value(lme_arena *arena, const lme_dialect *dialect,
                            const lme_generation *generation)
{
    lme_list_builder stops = {.arena = arena};
    for (size_t i = 0; i < n_stops_sent(dialect, generation); i++)
        lme_list_add(&stops, lme_string(generation->until[i]));
    return lme_list_finish(&stops);
}

static void add_unless_refused(lme_map_builder *map, const lme_dialect *dialect, lme_str key,
                               lme_value value)
{
    if (!lme_dialect_refuses(dialect, key))
        lme_map_add(map, key, value);
}

/* Repeats are drawn anew: with one seed a server that heeds it would give one answer k times. */
static int64_t seed_of(const lme_form *form, const lme_request *request)
{
    return (int64_t)((uint64_t)form->seed + request->repeat);
}

static void add_parameters(lme_map_builder *map, const lme_form *form, const lme_dialect *dialect,
                           const lme_request *request)
{
    const lme_generation *generation = request->generation;
    lme_str bound =
        dialect->completion_tokens ? LME_STR("max_completion_tokens") : LME_STR("max_tokens");
    lme_map_add(map, bound, lme_int(generation->max_tokens));
    add_unless_refused(map, dialect, LME_STR("temperature"),
                       temperature_value(generation->temperature));
    if (n_stops_sent(dialect, generation) > 0)
        lme_map_add(map, LME_STR("stop"), stop_value(map->arena, dialect, generation));
    add_unless_refused(map, dialect, LME_STR("seed"), lme_int(seed_of(form, request)));
    for (size_t i = 0; generation->extra.kind == LME_MAP && i < generation->extra.map.len; i++) {
        const lme_pair *pair = &generation->extra.map.pairs[i];
        if (!lme_dialect_refuses(dialect, pair->key.string))
            lme_map_add_pair(map, pair->key, pair->value);
    }
}

static lme_dialect dialect_for(const lme_form *form, const lme_request *request)
{
    if (form->dialect != NULL)
        return *form->dialect;
    return lme_is_chat(request) ? lme_dialect_of_chats() : lme_dialect_of_completions();
}

static lme_value prompt_value(lme_arena *arena, const lme_form *form, const lme_request *request)
{
    lme_list_builder ids = {.arena = arena};
    if (form->prompt == NULL)
        return lme_string(request->context);
    for (size_t i = 0; i < form->prompt->n; i++)
        lme_list_add(&ids, lme_int(form->prompt->ids[i]));
    return lme_list_finish(&ids);
}

lme_str lme_generate_encode(lme_arena *arena, const lme_form *form, const lme_request *request)
{
    lme_map_builder map = {.arena = arena};
    lme_dialect dialect = dialect_for(form, request);
    if (lme_is_chat(request)) {
        lme_chat_add_messages(&map, form, request);
    } else {
        lme_map_add(&map, LME_STR("model"), lme_string(form->model));
        lme_map_add(&map, LME_STR("prompt"), prompt_value(arena, form, request));
    }
    add_parameters(&map, form, &dialect, request);
    if (form->continues && lme_is_begun(request)) {
        lme_map_add(&map, LME_STR("add_generation_prompt"), lme_bool(false));
        lme_map_add(&map, LME_STR("continue_final_message"), lme_bool(true));
    }
    lme_value body = lme_map_finish(&map);
    lme_json_style style = {.ensure_ascii = true};
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &body, &style);
    return lme_builder_finish(&out);
}

static bool read_completion(const lme_value *choice, lme_str *text, lme_error *err)
{
    const lme_value *v = lme_value_find(choice, "text");
    if (v == NULL || v->kind != LME_STRING)
        return lme_fail(err, LME_ERR_SERVER, NULL, "the answer's choices[0].text is %s%s",
                        v == NULL ? "missing" : lme_kind_name(v->kind),
                        lme_value_find(choice, "message") != NULL
                            ? "; it has the shape of a chat answer"
                            : ", expected text");
    *text = v->string;
    return true;
}

lme_str lme_behind_thoughts(lme_str text, lme_str mark)
{
    size_t from = 0;
    if (mark.len == 0)
        return text;
    for (size_t at = lme_str_find(text, mark, 0); at < text.len;
         at = lme_str_find(text, mark, from))
        from = at + mark.len;
    return lme_lstrip(lme_str_slice(text, from, text.len));
}

/* Cuts at the earliest of the stop texts from the n-th on. */
static void cut_at_stops(const lme_generation *generation, size_t n, lme_response *response)
{
    for (; n < generation->n_until; n++) {
        lme_str stop = generation->until[n];
        size_t at = stop.len > 0 ? lme_str_find(response->text, stop, 0) : SIZE_MAX;
        if (at >= response->text.len)
            continue;
        response->text = lme_str_slice(response->text, 0, at);
        response->finish = LME_STR("stop");
    }
}

bool lme_generate_decode(lme_arena *arena, const lme_form *form, const lme_request *request,
                         const lme_value *answer, lme_response *response, lme_error *err)
{
    const lme_value *choice = lme_first_choice(answer);
    lme_dialect dialect = dialect_for(form, request);
    if (choice == NULL)
        return lme_fail(err, LME_ERR_SERVER, NULL, "the answer has no choices[0]");
    if (!(lme_is_chat(request) ? lme_chat_read_text(arena, choice, &response->text, err)
                               : read_completion(choice, &response->text, err)))
        return false;
    response->finish = lme_value_text(choice, "finish_reason");
    response->n_tokens = (size_t)lme_usage(answer, "completion_tokens");
    response->n_prompt_tokens = (size_t)lme_usage(answer, "prompt_tokens");
    if (lme_is_chat(request))
        response->text = lme_behind_thoughts(response->text, form->think_end);
    cut_at_stops(request->generation, n_stops_sent(&dialect, request->generation), response);
    return true;
}

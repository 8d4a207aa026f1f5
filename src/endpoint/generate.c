/* Generation over /v1/completions with lm_eval's keys: model, prompt, max_tokens, temperature,
 * stop, seed, then whatever else the task says. Stop texts are the server's work and are not
 * applied again here, as lm_eval does not either. */
#include "generate.h"

#include "logprobs.h"

#include <math.h>

#include <lmeval/json.h>

/* 0 and 1 without a fraction, as tasks write them. */
static lme_value temperature_value(double temperature)
{
    if (temperature >= 0 && temperature <= 100 && temperature == floor(temperature))
        return lme_int((int64_t)temperature);
    return lme_float(temperature);
}

static lme_value stop_value(lme_arena *arena, const lme_generation *generation)
{
    lme_list_builder stops = {.arena = arena};
    for (size_t i = 0; i < generation->n_until; i++)
        lme_list_add(&stops, lme_string(generation->until[i]));
    return lme_list_finish(&stops);
}

lme_str lme_generate_encode(lme_arena *arena, const lme_form *form, const lme_request *request)
{
    const lme_generation *generation = request->generation;
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("model"), lme_string(form->model));
    lme_map_add(&map, LME_STR("prompt"), lme_string(request->context));
    lme_map_add(&map, LME_STR("max_tokens"), lme_int(generation->max_tokens));
    lme_map_add(&map, LME_STR("temperature"), temperature_value(generation->temperature));
    if (generation->n_until > 0)
        lme_map_add(&map, LME_STR("stop"), stop_value(arena, generation));
    lme_map_add(&map, LME_STR("seed"), lme_int(form->seed));
    if (generation->extra.kind == LME_MAP) {
        for (size_t i = 0; i < generation->extra.map.len; i++)
            lme_map_add_pair(&map, generation->extra.map.pairs[i].key,
                             generation->extra.map.pairs[i].value);
    }
    lme_value body = lme_map_finish(&map);
    lme_json_style style = {.ensure_ascii = true};
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &body, &style);
    return lme_builder_finish(&out);
}

bool lme_generate_decode(lme_arena *arena, const lme_request *request, const lme_value *answer,
                         lme_response *response, lme_error *err)
{
    (void)arena;
    (void)request;
    const lme_value *choice = lme_first_choice(answer);
    const lme_value *text = lme_value_find(choice, "text");
    const lme_value *finish = lme_value_find(choice, "finish_reason");
    if (choice == NULL)
        return lme_fail(err, LME_ERR_SERVER, NULL, "the answer has no choices[0]");
    if (text == NULL || text->kind != LME_STRING)
        return lme_fail(err, LME_ERR_SERVER, NULL, "the answer's choices[0].text is %s%s",
                        text == NULL ? "missing" : lme_kind_name(text->kind),
                        lme_value_find(choice, "message") != NULL
                            ? "; it has the shape of a chat answer"
                            : ", expected text");
    response->text = text->string;
    response->finish = finish != NULL && finish->kind == LME_STRING ? finish->string : LME_STR("");
    response->n_tokens = (size_t)lme_usage(answer, "completion_tokens");
    response->n_prompt_tokens = (size_t)lme_usage(answer, "prompt_tokens");
    return true;
}

/* Scoring by echo: the server repeats the prompt with a log-probability for each of its tokens
 * (OpenAI's completions API with echo and logprobs; vLLM, SGLang, llama-cpp-python).
 *
 * The prompt is sent as text, context and continuation in one, so the server tokenizes it as it
 * would any text.
 */
#include "../probe.h"
#include "../score.h"

#include <lmeval/json.h>

static void add_prompt(lme_builder *out, const lme_request *request)
{
    lme_json_write_string(out, lme_str_concat(out->arena, request->context, request->continuation),
                          true);
}

static void add_head(lme_builder *out, const lme_form *form)
{
    lme_builder_add(out, LME_STR("{\"model\": "));
    lme_json_write_string(out, form->model, true);
    lme_builder_add(out, LME_STR(", \"prompt\": "));
}

static lme_str finish(lme_builder *out, const lme_form *form)
{
    lme_builder_add(
        out, LME_STR(", \"temperature\": 0, \"max_tokens\": 1, \"logprobs\": 1, \"seed\": "));
    lme_builder_int(out, form->seed);
    lme_builder_add(out, LME_STR(", \"echo\": true}"));
    return lme_builder_finish(out);
}

/* lm_eval's request, key by key in its order. */
lme_str lme_echo_encode(lme_arena *arena, const lme_form *form, const lme_request *request)
{
    lme_builder out = {.arena = arena};
    add_head(&out, form);
    add_prompt(&out, request);
    return finish(&out, form);
}

static lme_str encode_many(lme_arena *arena, const lme_form *form,
                           const lme_request *const *requests, size_t n)
{
    lme_builder out = {.arena = arena};
    add_head(&out, form);
    for (size_t i = 0; i < n; i++) {
        lme_builder_add(&out, i == 0 ? LME_STR("[") : LME_STR(", "));
        add_prompt(&out, requests[i]);
    }
    lme_builder_char(&out, ']');
    return finish(&out, form);
}

lme_str lme_echo_encode_ids(lme_arena *arena, const lme_form *form, const lme_ids *ids)
{
    lme_builder out = {.arena = arena};
    add_head(&out, form);
    lme_ids_write(&out, ids);
    return finish(&out, form);
}

const lme_path lme_path_echo = {
    .name = "echo",
    .meaning = "the server repeats the prompt with its tokens' log-probabilities",
    .asks = "a completion request with echo and logprobs",
    .probe = lme_list_probe,
    .url = lme_url_of_completions,
    .encode = lme_echo_encode,
    .encode_many = encode_many,
    .read = lme_logprobs_read,
    .left = lme_logprobs_left,
    .encode_ids = lme_echo_encode_ids,
};

/* Scoring by echo: the server repeats the prompt with a log-probability for each of its tokens
 * (OpenAI's completions API with echo and logprobs; vLLM, SGLang, llama-cpp-python).
 *
 * The prompt is sent as text, context and continuation in one, so the server tokenizes it as it
 * would any text.
 */
#include "../probe.h"
#include "../score.h"

#include <lmeval/json.h>

/* lm_eval's request, key by key in its order. */
lme_str lme_echo_encode(lme_arena *arena, const lme_form *form, const lme_request *request)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("{\"model\": "));
    lme_json_write_string(&out, form->model, true);
    lme_builder_add(&out, LME_STR(", \"prompt\": "));
    lme_json_write_string(&out, lme_str_concat(arena, request->context, request->continuation),
                          true);
    lme_builder_format(&out,
                       ", \"temperature\": 0, \"max_tokens\": 1, \"logprobs\": 1, \"seed\": %lld, "
                       "\"echo\": true}",
                       (long long)form->seed);
    return lme_builder_finish(&out);
}

const lme_path lme_path_echo = {
    .name = "echo",
    .meaning = "the server repeats the prompt with its tokens' log-probabilities",
    .asks = "a completion request with echo and logprobs",
    .probe = lme_list_probe,
    .url = lme_url_of_completions,
    .encode = lme_echo_encode,
    .read = lme_logprobs_read,
};

/* Scoring by echo: the server repeats the prompt with a log-probability for each of its tokens
 * (OpenAI's completions API with echo and logprobs; vLLM, SGLang, llama-cpp-python).
 *
 * The prompt is sent as text, context and continuation in one, so the server tokenizes it as it
 * would any text. The continuation's tokens are those from the first one on that begins at or
 * behind the end of the context without its trailing white space: lm_eval's boundary, found without
 * a tokenizer (docs/scoring.md).
 */
#include "../echo.h"

#include "../align.h"
#include "../probe.h"

#include <lmeval/json.h>
#include <lmeval/unicode.h>

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

/* Entries [from, to) are scored. */
typedef struct span {
    size_t from, to;
    bool straddles;
} span;

/* The entries of the continuation. A token across the cut counts to the context, as it does in
 * lm_eval's count of the context's own tokens, unless nothing were left then. */
static bool find_span(const lme_alignment *a, size_t cut, span *s, lme_error *err)
{
    s->to = a->end;
    s->from = a->first;
    while (s->from < s->to && a->starts[s->from] < cut)
        s->from++;
    size_t behind = s->from < s->to ? a->starts[s->from] : a->n_codepoints;
    s->straddles = s->from > a->first && behind > cut;
    if (s->from < s->to)
        return true;
    if (!s->straddles)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "no token of the answer lies behind the context: nothing to score");
    size_t start = a->starts[s->to - 1];
    while (s->from > a->first && a->starts[s->from - 1] == start)
        s->from--;
    return true;
}

/* The first token of a text has nothing before it that it could be likely after. */
static bool check_first(const lme_logprobs *l, const span *s, const lme_alignment *a,
                        lme_error *err)
{
    if (s->from > a->first || l->values[s->from].kind != LME_NULL)
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL,
             "the prompt's first token is to be scored, and the server gives no log-probability "
             "for it: the context is empty, or one token with the continuation's beginning");
    return lme_hint(err, "give the task a context: a doc_to_text or a description");
}

static bool add_up(const lme_logprobs *l, const span *s, lme_response *response, lme_error *err)
{
    double sum = 0;
    bool greedy = true;
    for (size_t i = s->from; i < s->to; i++) {
        double value, top;
        if (!lme_logprobs_value(l, i, &value, err) || !lme_logprobs_top(l, i, NULL, &top, err))
            return false;
        sum += value;
        greedy = greedy && value == top;
    }
    response->logprob_nats = sum;
    response->is_greedy = greedy;
    return true;
}

bool lme_echo_read(lme_arena *arena, const lme_request *request, const lme_value *answer,
                   bool drops_last, lme_response *response, lme_error *err)
{
    lme_logprobs logprobs;
    lme_alignment alignment;
    span scored;
    lme_str prompt = lme_str_concat(arena, request->context, request->continuation);
    size_t cut =
        request->kind == LME_REQUEST_ROLLING ? 0 : lme_codepoints(lme_rstrip(request->context));
    if (!lme_logprobs_read(answer, &logprobs, err) ||
        !lme_align(arena, prompt, &logprobs, cut, &alignment, err))
        return false;
    response->n_prompt_tokens = logprobs.n_prompt_tokens > 0 ? (size_t)logprobs.n_prompt_tokens
                                                             : alignment.end - alignment.first;
    if (drops_last && alignment.end == logprobs.n && alignment.end > alignment.first)
        alignment.n_codepoints = alignment.starts[--alignment.end];
    if (!find_span(&alignment, cut, &scored, err) ||
        !check_first(&logprobs, &scored, &alignment, err) ||
        !add_up(&logprobs, &scored, response, err))
        return false;
    response->straddles = scored.straddles;
    response->n_tokens = scored.to - scored.from;
    return true;
}

static bool decode(lme_arena *arena, const lme_request *request, const lme_value *answer,
                   lme_response *response, lme_error *err)
{
    return lme_echo_read(arena, request, answer, false, response, err);
}

const lme_path lme_path_echo = {
    .name = "echo",
    .meaning = "the server repeats the prompt with its tokens' log-probabilities",
    .probe = lme_echo_probe,
    .encode = lme_echo_encode,
    .decode = decode,
};

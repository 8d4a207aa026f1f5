/* lm_eval cuts prompts and lays windows by its own copy of the tokenizer; here the server's does
 * it, by the same arithmetic (models/api_models.py, batch_loglikelihood_requests, generate_until
 * and loglikelihood_rolling of lm_eval 0.4.13). */
#include "length.h"

#include "generate.h"
#include "score.h"
#include "state.h"
#include "window.h"

#include <string.h>

#include <lmeval/unicode.h>

void lme_length_of_server(lme_length *length, int64_t context)
{
    if (context > 0 && (length->context == 0 || (uint64_t)context < length->context))
        length->context = (size_t)context;
}

size_t lme_length_bound(const lme_length *length)
{
    size_t n = length->asked > 0 ? length->asked : length->context;
    return n > 0 ? n - 1 : 0;
}

/* The question's text, without what is to be generated. */
static lme_str text_of(lme_arena *arena, const lme_request *request)
{
    return request->kind == LME_REQUEST_LOGLIKELIHOOD
               ? lme_str_concat(arena, request->context, request->continuation)
               : request->context;
}

static size_t n_generated(const lme_request *request)
{
    return request->kind == LME_REQUEST_GENERATE ? (size_t)request->generation->max_tokens : 0;
}

static bool fits(const lme_length *length, const lme_request *request, size_t n_tokens)
{
    size_t bound = lme_length_bound(length), answer = n_generated(request);
    return bound == 0 || (answer <= bound && n_tokens <= bound - answer &&
                          length->n_special <= bound - answer - n_tokens);
}

/* Its continuation's first token is the text's. */
static bool is_unconditional(const lme_request *request)
{
    return request->kind == LME_REQUEST_LOGLIKELIHOOD && request->context.len == 0;
}

/* The token before it is put there. */
static bool is_prefixed(const lme_length *length, const lme_request *request)
{
    return is_unconditional(request) && length->rolls_by_ids && length->sends_ids &&
           length->prefix >= 0;
}

bool lme_length_concerns(const lme_length *length, const lme_request *request)
{
    bool rolls = request->kind == LME_REQUEST_ROLLING;
    if (length->tokenizer == NULL || lme_is_chat(request))
        return false;
    if (rolls && (!length->sends_ids || length->prefix < 0))
        return false;
    if (is_prefixed(length, request))
        return true;
    if (rolls ? length->rolls_by_ids : length->asked == 0 && !length->truncates)
        return rolls;
    return !fits(length, request, request->context.len + request->continuation.len);
}

/* A text has at most as many tokens as bytes, so at most as many windows as those would fill. */
void lme_length_requests(const lme_length *length, const lme_request *request, size_t *least,
                         size_t *most)
{
    size_t bound = lme_length_bound(length), n = request->context.len;
    bool rolls = request->kind == LME_REQUEST_ROLLING;
    bool scores = request->kind == LME_REQUEST_LOGLIKELIHOOD;
    /* Nothing follows the tokens of a question that is refused then. */
    *least = (rolls && n > 0) || is_prefixed(length, request) ? 2 : 1;
    *most = rolls && bound > 1 && n > 0 ? 1 + lme_windows(n, bound - 1) : 2;
    if (scores && length->truncates && !is_prefixed(length, request))
        *most = 3;
}

static void ask_tokens(lme_endpoint *endpoint, lme_exchange *x, lme_str text)
{
    const lme_server_tokenizer *tokenizer = endpoint->length.tokenizer;
    x->url = tokenizer->url(&endpoint->url);
    x->body = tokenizer->encode(lme_exchange_own(x), &endpoint->form, text, false);
}

static void go_on(lme_endpoint *endpoint, lme_exchange *x)
{
    x->goes_on = true;
    endpoint->n_steps++;
}

void lme_passage_begin(lme_endpoint *endpoint, lme_exchange *x)
{
    lme_arena *arena = lme_exchange_own(x);
    lme_passage *p = LME_NEW(arena, lme_passage);
    *p = (lme_passage){
        .url = x->url,
        .body = x->body,
        .sum = {.state = LME_RESPONSE_OK, .is_greedy = true, .n_windows = 0},
    };
    p->sum.text = p->sum.finish = p->sum.failure = LME_STR("");
    x->ask.passage = p;
    ask_tokens(endpoint, x, text_of(arena, x->ask.request));
}

/* ---- asking ---- */

static void ask_whole(lme_endpoint *endpoint, lme_exchange *x)
{
    lme_passage *p = x->ask.passage;
    p->stage = LME_STAGE_WHOLE;
    x->url = p->url;
    x->body = p->body;
    lme_endpoint_word(endpoint, x);
    go_on(endpoint, x);
}

/* The scoring request for `sent`. */
static void ask_ids(lme_endpoint *endpoint, lme_exchange *x)
{
    const lme_path *path = x->ask.path;
    lme_passage *p = x->ask.passage;
    lme_arena *arena = lme_exchange_own(x);
    p->stage = LME_STAGE_IDS;
    go_on(endpoint, x);
    if (path->begin_ids == NULL) {
        x->url = path->url(&endpoint->url, x->ask.request);
        x->body = path->encode_ids(arena, &endpoint->form, &p->sent);
        return;
    }
    lme_steps steps = {
        .arena = arena,
        .form = &endpoint->form,
        .url = &endpoint->url,
        .request = x->ask.request,
    };
    path->begin_ids(&steps, &p->sent, p->from);
    x->ask.progress = steps.progress;
    x->url = steps.next_url;
    x->body = steps.next_body;
}

static void ask_window(lme_endpoint *endpoint, lme_exchange *x, size_t most)
{
    lme_passage *p = x->ask.passage;
    lme_window w = lme_window_at(p->tokens.n, most, p->window);
    lme_ids sent = {.ids = LME_ARRAY(lme_exchange_own(x), int64_t, w.to - w.from + 1)};
    if (w.prefixed)
        sent.ids[sent.n++] = endpoint->length.prefix;
    memcpy(sent.ids + sent.n, p->tokens.ids + w.from, (w.to - w.from) * sizeof *sent.ids);
    p->from = sent.n + w.scored - w.from;
    sent.n += w.to - w.from;
    p->sent = sent;
    ask_ids(endpoint, x);
}

/* ---- what the count means ---- */

static bool too_long(lme_passage *p, size_t bound, const lme_request *request, lme_error *err)
{
    bool generates = request->kind == LME_REQUEST_GENERATE;
    p->too_long = true;
    if (generates)
        lme_fail(err, LME_ERR_LIMIT, NULL,
                 "too long: the prompt has %zu tokens, the answer may have %zu, and there is room "
                 "for %zu in all",
                 p->tokens.n, n_generated(request), bound);
    else
        lme_fail(err, LME_ERR_LIMIT, NULL,
                 "too long: prompt and continuation have %zu tokens, and there is room for %zu",
                 p->tokens.n, bound);
    return lme_hint(err, "a longer context at the server and a greater --max-length make room; "
                         "--truncate left cuts prompts as lm_eval does");
}

/* Keeps the last n tokens of the question. */
static void cut_to(lme_passage *p, size_t n)
{
    p->n_cut = p->tokens.n > n ? p->tokens.n - n : 0;
    p->sent = (lme_ids){p->tokens.ids + p->n_cut, p->tokens.n - p->n_cut};
}

static bool cut_generation(lme_endpoint *endpoint, lme_exchange *x, size_t bound, lme_error *err)
{
    lme_passage *p = x->ask.passage;
    size_t answer = n_generated(x->ask.request);
    if (answer >= bound) {
        p->too_long = true;
        return lme_fail(err, LME_ERR_LIMIT, NULL,
                        "too long: the answer may have %zu tokens, and there is room for %zu with "
                        "its prompt: nothing would be left of that",
                        answer, bound);
    }
    cut_to(p, bound - answer);
    p->stage = LME_STAGE_IDS;
    x->url = p->url;
    lme_endpoint_word(endpoint, x);
    go_on(endpoint, x);
    return true;
}

/* The context's tokens are counted alone, as lm_eval does: what is behind them in the whole is the
 * continuation's. An empty context is the prefix, unless the continuation begins with it. */
static bool cut_scored(lme_endpoint *endpoint, lme_exchange *x, size_t n_context, lme_error *err)
{
    lme_passage *p = x->ask.passage;
    size_t bound = lme_length_bound(&endpoint->length);
    int64_t prefix = endpoint->length.prefix;
    if (n_context == 0 && prefix >= 0 && p->tokens.n > 0 && p->tokens.ids[0] != prefix) {
        lme_ids with = {LME_ARRAY(lme_exchange_own(x), int64_t, p->tokens.n + 1), p->tokens.n + 1};
        with.ids[0] = prefix;
        memcpy(with.ids + 1, p->tokens.ids, p->tokens.n * sizeof *with.ids);
        p->tokens = with;
    }
    n_context = n_context == 0 && prefix >= 0 ? 1 : n_context;
    cut_to(p, bound > 0 ? bound : p->tokens.n);
    if (n_context <= p->n_cut || n_context >= p->tokens.n) {
        p->too_long = true;
        return lme_fail(err, LME_ERR_LIMIT, NULL,
                        "too long: %zu tokens, %zu of them the context's, and there is room for "
                        "%zu: cut to that, nothing of the context is left, or of what follows it",
                        p->tokens.n, n_context, bound);
    }
    p->from = n_context - p->n_cut;
    ask_ids(endpoint, x);
    return true;
}

static bool begin_rolling(lme_endpoint *endpoint, lme_exchange *x, lme_response *response,
                          lme_error *err)
{
    lme_passage *p = x->ask.passage;
    size_t bound = lme_length_bound(&endpoint->length);
    size_t most = bound > 0 ? bound - 1 : p->tokens.n;
    if (p->tokens.n == 0) {
        *response = p->sum;
        return true;
    }
    if (most == 0)
        return lme_fail(err, LME_ERR_LIMIT, NULL,
                        "windows of %zu token cannot be scored: one stands before each", bound);
    p->n_windows = lme_windows(p->tokens.n, most);
    ask_window(endpoint, x, most);
    return true;
}

static bool decide(lme_endpoint *endpoint, lme_exchange *x, lme_response *response, lme_error *err)
{
    const lme_length *length = &endpoint->length;
    const lme_request *request = x->ask.request;
    lme_passage *p = x->ask.passage;
    bool rolls = request->kind == LME_REQUEST_ROLLING;
    bool by_ids = rolls ? length->rolls_by_ids : is_prefixed(length, request) && p->tokens.n > 0;
    if (fits(length, request, p->tokens.n) && !by_ids) {
        ask_whole(endpoint, x);
        return true;
    }
    if (rolls)
        return begin_rolling(endpoint, x, response, err);
    if (by_ids && (length->truncates || fits(length, request, p->tokens.n + 1)))
        return cut_scored(endpoint, x, 0, err);
    if (!length->truncates)
        return too_long(p, lme_length_bound(length), request, err);
    if (request->kind == LME_REQUEST_GENERATE)
        return cut_generation(endpoint, x, lme_length_bound(length), err);
    p->stage = LME_STAGE_CONTEXT;
    ask_tokens(endpoint, x, lme_rstrip(request->context));
    go_on(endpoint, x);
    return true;
}

/* ---- answers ---- */

/* One window's, added up; lm_eval sums the windows' sums, too. */
static bool take_window(lme_endpoint *endpoint, lme_exchange *x, lme_response *response,
                        lme_error *err)
{
    lme_passage *p = x->ask.passage;
    lme_response one = *response;
    if (x->ask.path->step != NULL) {
        if (!lme_endpoint_take_step(endpoint, x, &one, err))
            return false;
        if (x->goes_on)
            return true;
    } else if (!lme_score_ids(x->arena, x->ask.path, &x->value,
                              (lme_entries){.from = p->from, .to = p->sent.n}, &one, err)) {
        return false;
    }
    p->sum.logprob_nats += one.logprob_nats;
    p->sum.is_greedy = p->sum.is_greedy && one.is_greedy;
    p->sum.n_tokens += one.n_tokens;
    p->sum.n_prompt_tokens += one.n_prompt_tokens;
    if (++p->window < p->n_windows) {
        ask_window(endpoint, x, lme_length_bound(&endpoint->length) - 1);
        return true;
    }
    *response = p->sum;
    response->n_windows = p->n_windows;
    response->n_truncated = p->n_cut;
    return true;
}

static bool take_generation(lme_endpoint *endpoint, lme_exchange *x, lme_response *response,
                            lme_error *err)
{
    lme_form form = lme_endpoint_form(endpoint, x->ask.request);
    if (!lme_generate_decode(x->arena, &form, x->ask.request, &x->value, response, err))
        return false;
    response->n_truncated = x->ask.passage->n_cut;
    return true;
}

bool lme_passage_step(lme_endpoint *endpoint, lme_exchange *x, lme_response *response,
                      lme_error *err)
{
    lme_arena *arena = lme_exchange_own(x);
    const lme_request *request = x->ask.request;
    lme_passage *p = x->ask.passage;
    lme_ids context;
    switch (p->stage) {
    case LME_STAGE_TOKENS:
        return lme_tokens_read(arena, &x->value, text_of(arena, request), &p->tokens, err) &&
               decide(endpoint, x, response, err);
    case LME_STAGE_CONTEXT:
        return lme_tokens_read(arena, &x->value, request->context, &context, err) &&
               cut_scored(endpoint, x, context.n, err);
    case LME_STAGE_IDS:
        return request->kind == LME_REQUEST_GENERATE ? take_generation(endpoint, x, response, err)
                                                     : take_window(endpoint, x, response, err);
    case LME_STAGE_WHOLE:
        break;
    }
    LME_BUG(true, "a passage is over");
    return false;
}

/* The count of tokens may leave one out: servers differ in whether the last one takes room. */
bool lme_length_ended(const lme_length *length, const lme_request *request,
                      const lme_response *response, lme_error *err)
{
    size_t answer = n_generated(request);
    size_t n = response->n_prompt_tokens + response->n_tokens;
    if (length->context == 0 || response->n_tokens >= answer || n + 1 < length->context ||
        !lme_str_is(response->finish, "length"))
        return false;
    lme_fail(err, LME_ERR_LIMIT, NULL,
             "too long: the prompt has %zu tokens, the answer may have %zu, and the server's "
             "context of %zu ended it after %zu",
             response->n_prompt_tokens, answer, length->context, response->n_tokens);
    lme_hint(err, "a longer context at the server makes room; --truncate left cuts prompts as "
                  "lm_eval does");
    return true;
}

/* vLLM, SGLang, llama-server, llama-cpp-python, OpenAI, and then servers that were not measured
 * (TGI and Together, TensorRT-LLM, LM Studio, Anthropic, Gemini, Groq: from their sources and
 * users); each says it in words of its own. */
bool lme_is_overflow(long status, const lme_remark *said)
{
    static const char *const signs[] = {
        "maximum context length",
        "context_length_exceeded",
        "longer than the model's context",
        "exceed_context_size",
        "available context size",
        "exceed context window",
        "max_model_len",
        "maximum model length",
        /* SGLang's for one that is longer than it takes, and shorter than the model (3.32). */
        "exceeds the maximum allowed length",
        /* vLLM's words for a prompt that leaves room for nothing (servers 3.23). */
        "max_tokens must be at least 1, got 0",
        "`max_new_tokens` must be <= ",
        "`inputs` must have less than",
        "should not exceed max_seq_len",
        "greater than the context length",
        "prompt is too long: ",
        "exceeds the maximum number of tokens allowed",
        "reduce the length of the messages",
    };
    bool may_be = status == 400 || status == 413 || status == 422 || status == 500;
    return may_be && lme_remark_has_one(said, signs, sizeof signs / sizeof signs[0]);
}

/* Reading the body of a request: types and bounds as strict as OpenAI's, with its kind of errors.
 */
#include "api.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAX_CHOICES 128 /* n, as OpenAI */
#define MAX_PROMPTS 2048u

bool lme_refuse(lme_refusal *refusal, unsigned status, const char *param, const char *code,
                const char *format, ...)
{
    va_list args;
    refusal->status = status;
    refusal->param = param;
    refusal->code = code;
    va_start(args, format);
    vsnprintf(refusal->message, sizeof refusal->message, format, args);
    va_end(args);
    return false;
}

/* Field of the body; NULL when it is absent or null. */
const lme_value *lme_field(const lme_value *body, const char *name)
{
    const lme_value *value = lme_value_find(body, name);
    return value == NULL || value->kind == LME_NULL ? NULL : value;
}

bool lme_refuse_type(lme_refusal *refusal, const char *name, const char *expected,
                     const lme_value *got)
{
    return lme_refuse(refusal, 400, name, "invalid_type", "'%s' must be %s, not %s", name, expected,
                      lme_kind_name(got->kind));
}

bool lme_field_bool(const lme_value *body, const char *name, bool *value, lme_refusal *refusal)
{
    const lme_value *v = lme_field(body, name);
    if (v == NULL)
        return true;
    if (v->kind != LME_BOOL)
        return lme_refuse_type(refusal, name, "true or false", v);
    *value = v->boolean;
    return true;
}

/* An integer from min to max; `value` stays as it is when the field is absent. */
bool lme_field_integer(const lme_value *body, const char *name, const int64_t bounds[2],
                       int64_t *value, lme_refusal *refusal)
{
    const lme_value *v = lme_field(body, name);
    if (v == NULL)
        return true;
    if (v->kind != LME_INT)
        return lme_refuse_type(refusal, name, "an integer", v);
    if (v->integer < bounds[0] || v->integer > bounds[1])
        return lme_refuse(refusal, 400, name, "invalid_value",
                          "'%s' must be from %lld to %lld, not %lld", name, (long long)bounds[0],
                          (long long)bounds[1], (long long)v->integer);
    *value = v->integer;
    return true;
}

static bool read_number(const lme_value *body, const char *name, const double bounds[2],
                        double *value, lme_refusal *refusal)
{
    const lme_value *v = lme_field(body, name);
    if (v == NULL)
        return true;
    if (v->kind != LME_INT && v->kind != LME_FLOAT)
        return lme_refuse_type(refusal, name, "a number", v);
    double number = v->kind == LME_INT ? (double)v->integer : v->number;
    if (!(number >= bounds[0] && number <= bounds[1]))
        return lme_refuse(refusal, 400, name, "invalid_value", "'%s' must be from %g to %g, not %g",
                          name, bounds[0], bounds[1], number);
    *value = number;
    return true;
}

static bool read_stops(lme_arena *arena, const lme_service *service, const lme_value *body,
                       lme_sampling *sampling, lme_refusal *refusal)
{
    enum {
        STOP_LIMIT = 4
    };
    const lme_value *v = lme_field(body, "stop");
    if (v == NULL)
        return true;
    if (v->kind != LME_STRING && v->kind != LME_LIST)
        return lme_refuse_type(refusal, "stop", "a text or a list of texts", v);
    size_t n = v->kind == LME_LIST ? v->list.len : 1;
    const lme_value *items = v->kind == LME_LIST ? v->list.items : v;
    if (n > STOP_LIMIT && lme_traits_have(service->traits, LME_TRAIT_STOP_LIMIT_4))
        return lme_refuse(refusal, 400, "stop", "array_above_max_length",
                          "Invalid 'stop': array too long. Expected an array with maximum length "
                          "4, but got an array with length %zu instead.",
                          n);
    lme_str *stops = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++) {
        if (items[i].kind != LME_STRING)
            return lme_refuse_type(refusal, "stop", "a list of texts", &items[i]);
        stops[i] = items[i].string;
    }
    sampling->stops = stops;
    sampling->n_stops = n;
    return true;
}

bool lme_token_ids_read(const lme_service *service, const lme_value *list, const char *param,
                        lme_tokens *tokens, lme_refusal *refusal)
{
    if (list->kind != LME_LIST)
        return lme_refuse_type(refusal, param, "a list of token ids", list);
    for (size_t i = 0; i < list->list.len; i++) {
        const lme_value *id = &list->list.items[i];
        if (id->kind != LME_INT)
            return lme_refuse_type(refusal, param, "a list of token ids", id);
        if (id->integer < 0 || (uint64_t)id->integer >= service->model->vocab->n)
            return lme_refuse(refusal, 400, param, "invalid_value",
                              "token id %lld is out of vocabulary: the model has ids 0 to %zu",
                              (long long)id->integer, service->model->vocab->n - 1);
        lme_tokens_add(tokens, (uint16_t)id->integer);
    }
    return true;
}

bool lme_text_prompt(lme_arena *arena, const lme_service *service, lme_str text, lme_prompt *prompt)
{
    *prompt = (lme_prompt){.text = text, .tokens = {.arena = arena}};
    if (lme_traits_have(service->traits, LME_TRAIT_BOS))
        lme_tokens_add(&prompt->tokens, LME_TOKEN_BEGIN);
    lme_vocab_encode(service->model->vocab, text, &prompt->tokens);
    return true;
}

static bool id_prompt(lme_arena *arena, const lme_service *service, const lme_value *ids,
                      lme_prompt *prompt, lme_refusal *refusal)
{
    lme_builder bytes = {.arena = arena}, text = {.arena = arena};
    lme_characters characters = {0};
    *prompt = (lme_prompt){.tokens = {.arena = arena}};
    if (lme_traits_have(service->traits, LME_TRAIT_NO_TOKEN_IDS))
        return lme_refuse(refusal, 500, NULL, NULL, "validation error: 'prompt' must be a text");
    if (!lme_token_ids_read(service, ids, "prompt", &prompt->tokens, refusal))
        return false;
    lme_vocab_decode(service->model->vocab, prompt->tokens.ids, prompt->tokens.len, &bytes);
    lme_characters_add(&characters, lme_builder_finish(&bytes), &text);
    prompt->text = lme_builder_finish(&text);
    return true;
}

bool lme_prompt_value(lme_arena *arena, const lme_service *service, const lme_value *value,
                      lme_prompt *prompt, lme_refusal *refusal)
{
    if (value->kind == LME_STRING)
        return lme_text_prompt(arena, service, value->string, prompt);
    if (value->kind != LME_LIST)
        return lme_refuse_type(refusal, "prompt", "a text, a list of texts, or lists of token ids",
                               value);
    return id_prompt(arena, service, value, prompt, refusal);
}

/* A text, a list of token ids, or a list of these. */
static bool read_prompts(lme_arena *arena, const lme_service *service, const lme_value *body,
                         lme_order *order, lme_refusal *refusal)
{
    const lme_value *v = lme_field(body, "prompt");
    if (v == NULL)
        return lme_refuse(refusal, 400, "prompt", "missing_required_parameter",
                          "you must provide 'prompt'");
    bool is_many = v->kind == LME_LIST && (v->list.len == 0 || v->list.items[0].kind != LME_INT);
    const lme_value *items = is_many ? v->list.items : v;
    order->n_prompts = is_many ? v->list.len : 1;
    if (order->n_prompts == 0 || order->n_prompts > MAX_PROMPTS)
        return lme_refuse(refusal, 400, "prompt", "invalid_value",
                          "'prompt' must be 1 to %u prompts, not %zu", MAX_PROMPTS,
                          order->n_prompts);
    if (order->n_prompts > 1 && lme_traits_have(service->traits, LME_TRAIT_ONE_PROMPT))
        return lme_refuse(refusal, 500, NULL, NULL, "%s", "");
    order->prompts = LME_ARRAY(arena, lme_prompt, order->n_prompts);
    for (size_t i = 0; i < order->n_prompts; i++) {
        if (!lme_prompt_value(arena, service, &items[i], &order->prompts[i], refusal))
            return false;
    }
    return true;
}

bool lme_prompt_read(lme_arena *arena, const lme_service *service, const lme_value *body,
                     lme_prompt *prompt, lme_refusal *refusal)
{
    const lme_value *text = lme_field(body, "prompt");
    lme_str written;
    if (lme_field(body, "messages") != NULL)
        return lme_messages_read(arena, service, body, &written, refusal) &&
               lme_text_prompt(arena, service, written, prompt);
    if (text == NULL)
        return lme_refuse(refusal, 400, "prompt", "missing_required_parameter",
                          "you must provide 'prompt' or 'messages'");
    if (text->kind != LME_STRING)
        return lme_refuse_type(refusal, "prompt", "a text", text);
    return lme_text_prompt(arena, service, text->string, prompt);
}

bool lme_model_check(const lme_service *service, const lme_value *body, lme_refusal *refusal)
{
    const lme_value *model = lme_field(body, "model");
    if (model == NULL || lme_traits_have(service->traits, LME_TRAIT_ANY_MODEL))
        return true;
    if (model->kind != LME_STRING)
        return lme_refuse_type(refusal, "model", "a text", model);
    if (lme_str_equal(model->string, service->name))
        return true;
    return lme_refuse(refusal, 404, "model", "model_not_found",
                      "the model `%.*s` does not exist; this server has `%.*s`",
                      LME_STR_ARG(lme_str_slice(model->string, 0, 200)),
                      LME_STR_ARG(service->name));
}

/* Fields that the server understands or knows to be harmless. */
static bool is_known_field(lme_str name)
{
    static const char *const known[] = {"model",
                                        "prompt",
                                        "messages",
                                        "max_tokens",
                                        "echo",
                                        "logprobs",
                                        "top_logprobs",
                                        "max_completion_tokens",
                                        "temperature",
                                        "top_p",
                                        "seed",
                                        "n",
                                        "stop",
                                        "stream",
                                        "stream_options",
                                        "prompt_logprobs",
                                        "best_of",
                                        "presence_penalty",
                                        "frequency_penalty",
                                        "logit_bias",
                                        "user",
                                        "suffix",
                                        "continue_final_message",
                                        "add_generation_prompt"};
    for (size_t i = 0; i < sizeof known / sizeof *known; i++) {
        if (lme_str_is(name, known[i]))
            return true;
    }
    return false;
}

static bool check_fields(const lme_service *service, const lme_value *body, lme_refusal *refusal)
{
    if (body->kind != LME_MAP)
        return lme_refuse(refusal, 400, NULL, "invalid_type",
                          "the body must be a JSON object, not %s", lme_kind_name(body->kind));
    for (size_t i = 0;
         lme_traits_have(service->traits, LME_TRAIT_STRICT_FIELDS) && i < body->map.len; i++) {
        lme_str name = body->map.pairs[i].key.string;
        if (!is_known_field(name))
            return lme_refuse(refusal, 400, NULL, "unknown_parameter",
                              "extra field `%.*s` is not permitted",
                              LME_STR_ARG(lme_str_slice(name, 0, 200)));
    }
    return true;
}

/* logprobs: a number for completions; true and top_logprobs for chat. */
static bool read_logprobs(const lme_service *service, const lme_value *body, lme_order *order,
                          lme_refusal *refusal)
{
    int64_t limit = lme_traits_have(service->traits, LME_TRAIT_TOP_5_LIMIT) ? 5 : LME_NGRAM_TOP;
    int64_t n_top = order->is_chat ? 0 : -1, n_prompt = -1;
    const int64_t bounds[2] = {0, limit};
    if (order->is_chat) {
        if (!lme_field_bool(body, "logprobs", &order->has_logprobs, refusal) ||
            !lme_field_integer(body, "top_logprobs", bounds, &n_top, refusal))
            return false;
        if (n_top > 0 && !order->has_logprobs)
            return lme_refuse(refusal, 400, "top_logprobs", "invalid_value",
                              "'top_logprobs' needs 'logprobs' to be true");
    } else {
        if (!lme_field_integer(body, "logprobs", bounds, &n_top, refusal))
            return false;
        order->has_logprobs = n_top >= 0;
    }
    if (!lme_field_integer(body, "prompt_logprobs", bounds, &n_prompt, refusal))
        return false;
    order->n_top = n_top > 0 ? (size_t)n_top : 0;
    if (n_prompt < 0 && order->echo && order->has_logprobs &&
        lme_traits_have(service->traits, LME_TRAIT_ECHO_TWICE))
        n_prompt = n_top;
    order->prompt_logprobs = n_prompt >= 0 ? (size_t)n_prompt : SIZE_MAX;
    if (order->echo && order->has_logprobs &&
        lme_traits_have(service->traits, LME_TRAIT_ECHO_REFUSED))
        return lme_refuse(refusal, 400, "echo", "invalid_value",
                          "Setting 'echo' and 'logprobs' at the same time is not supported");
    if (lme_traits_have(service->traits, LME_TRAIT_NO_ECHO))
        order->echo = false;
    if (lme_traits_have(service->traits, LME_TRAIT_NO_PROMPT_LOGPROBS))
        order->prompt_logprobs = SIZE_MAX;
    if (lme_traits_have(service->traits, LME_TRAIT_NO_LOGPROBS)) {
        order->has_logprobs = false;
        order->prompt_logprobs = SIZE_MAX;
    }
    return true;
}

/* vLLM's words for what its context has no room for at all. */
static bool refuse_cut(size_t longest, size_t wanted, lme_refusal *refusal)
{
    if (wanted > LME_MODEL_CONTEXT)
        return lme_refuse(refusal, 400, "max_tokens", NULL,
                          "max_tokens=%zu cannot be greater than max_model_len=%u. Please request "
                          "fewer output tokens. (parameter=max_tokens, value=%zu)",
                          wanted, LME_MODEL_CONTEXT, wanted);
    if (longest > LME_MODEL_CONTEXT)
        return lme_refuse(refusal, 400, "input_tokens", NULL,
                          "This model's maximum context length is %u tokens. However, your prompt "
                          "contains at least %u input tokens, which exceeds this limit even "
                          "without any output tokens. Please reduce the length of the input "
                          "prompt. (parameter=input_tokens, value=%u)",
                          LME_MODEL_CONTEXT, LME_MODEL_CONTEXT + 1, LME_MODEL_CONTEXT + 1);
    return lme_refuse(refusal, 400, "max_tokens", NULL,
                      "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)");
}

static size_t longest_prompt(const lme_order *order)
{
    size_t longest = 0;
    for (size_t i = 0; i < order->n_prompts; i++) {
        size_t len = order->prompts[i].tokens.len;
        longest = len > longest ? len : longest;
    }
    return longest;
}

static bool bound_as_sglang(const lme_service *service, lme_order *order, int64_t max_tokens,
                            size_t *wanted, lme_refusal *refusal)
{
    if (max_tokens == 0)
        return lme_refuse(refusal, 400, "max_tokens", NULL,
                          "Value error, max_tokens must be positive");
    for (size_t i = 0; i < order->n_prompts; i++) {
        if (!lme_native_bound(service, &order->prompts[i], wanted, refusal))
            return false;
    }
    return true;
}

/* The last tokens are left, as many as there is room for. */
static void cut_prompts(lme_order *order, size_t wanted)
{
    size_t room = wanted < LME_MODEL_CONTEXT ? LME_MODEL_CONTEXT - wanted : 1;
    for (size_t i = 0; i < order->n_prompts; i++) {
        lme_tokens *tokens = &order->prompts[i].tokens;
        if (tokens->len <= room)
            continue;
        tokens->ids += tokens->len - room;
        tokens->len = room;
    }
}

/* Room in the context for every prompt, and how much of it may be generated. */
static bool read_max_tokens(const lme_service *service, const lme_value *body, lme_order *order,
                            lme_refusal *refusal)
{
    const int64_t bounds[2] = {0, INT32_MAX};
    int64_t max_tokens = order->is_chat ? -1 : 16;
    size_t longest = longest_prompt(order);
    if (!lme_field_integer(body, "max_tokens", bounds, &max_tokens, refusal) ||
        !lme_field_integer(body, "max_completion_tokens", bounds, &max_tokens, refusal))
        return false;
    if (max_tokens == 0 && lme_traits_have(service->traits, LME_TRAIT_ZERO_UNLIMITED))
        max_tokens = -1;
    size_t wanted = max_tokens < 0 ? 0 : (size_t)max_tokens;
    if (lme_traits_have(service->traits, LME_TRAIT_CUT_MAX_TOKENS)) {
        bool is_none = max_tokens == 0 && !order->echo;
        if (is_none || longest >= LME_MODEL_CONTEXT || wanted > LME_MODEL_CONTEXT)
            return refuse_cut(longest, wanted, refusal);
        if (wanted > LME_MODEL_CONTEXT - longest)
            wanted = LME_MODEL_CONTEXT - longest;
    }
    if (lme_traits_have(service->traits, LME_TRAIT_SGLANG)) {
        if (!bound_as_sglang(service, order, max_tokens, &wanted, refusal))
            return false;
        longest = longest_prompt(order);
    }
    if (lme_traits_have(service->traits, LME_TRAIT_CUT_PROMPTS)) {
        cut_prompts(order, wanted);
        longest = longest_prompt(order);
    }
    if (longest + wanted > LME_MODEL_CONTEXT)
        return lme_refuse(refusal, 400, order->is_chat ? "messages" : "prompt",
                          "context_length_exceeded",
                          "This model's maximum context length is %u tokens, however you requested "
                          "%zu tokens (%zu in your prompt; %zu for the completion). Please reduce "
                          "your prompt; or completion length.",
                          LME_MODEL_CONTEXT, longest + wanted, longest, wanted);
    order->sampling.max_tokens = max_tokens < 0 ? LME_MODEL_CONTEXT - longest : wanted;
    return true;
}

static bool read_sampling(lme_arena *arena, const lme_service *service, const lme_value *body,
                          lme_order *order, lme_refusal *refusal)
{
    const double temperatures[2] = {0.0, 2.0}, shares[2] = {0.0, 1.0};
    const int64_t seeds[2] = {INT64_MIN, INT64_MAX}, counts[2] = {1, MAX_CHOICES};
    int64_t seed = 0, n = 1;
    order->sampling.temperature =
        lme_traits_have(service->traits, LME_TRAIT_OWN_TEMPERATURE) ? 1.5 : 1.0;
    order->sampling.top_p = 1.0;
    if (!read_number(body, "temperature", temperatures, &order->sampling.temperature, refusal) ||
        !read_number(body, "top_p", shares, &order->sampling.top_p, refusal) ||
        !lme_field_integer(body, "seed", seeds, &seed, refusal) ||
        !lme_field_integer(body, "n", counts, &n, refusal) ||
        !read_stops(arena, service, body, &order->sampling, refusal))
        return false;
    order->sampling.seed = (uint64_t)seed;
    order->n = (size_t)n;
    return true;
}

static bool read_stream(const lme_service *service, const lme_value *body, lme_order *order,
                        lme_refusal *refusal)
{
    if (!lme_field_bool(body, "stream", &order->stream, refusal))
        return false;
    const lme_value *options = lme_field(body, "stream_options");
    if (options == NULL)
        return true;
    if (options->kind != LME_MAP)
        return lme_refuse_type(refusal, "stream_options", "an object", options);
    if (lme_traits_have(service->traits, LME_TRAIT_STREAM_OPTIONS_REFUSED))
        return lme_refuse(refusal, 400, "stream_options", "unknown_parameter",
                          "Unknown parameter: 'stream_options'.");
    if (!order->stream)
        return lme_refuse(refusal, 400, "stream_options", "invalid_value",
                          "'stream_options' needs 'stream' to be true");
    return lme_field_bool(options, "include_usage", &order->include_usage, refusal);
}

bool lme_order_read(lme_arena *arena, const lme_service *service, const lme_value *body,
                    bool is_chat, lme_order *order, lme_refusal *refusal)
{
    *order = (lme_order){.is_chat = is_chat, .prompt_logprobs = SIZE_MAX};
    if (!check_fields(service, body, refusal) || !lme_model_check(service, body, refusal) ||
        !read_stream(service, body, order, refusal) ||
        !read_sampling(arena, service, body, order, refusal))
        return false;
    if (lme_traits_have(service->traits, LME_TRAIT_STREAM_UNASKED))
        order->stream = true;
    if (is_chat) {
        lme_str written;
        order->prompts = LME_NEW(arena, lme_prompt);
        order->n_prompts = 1;
        if (!lme_chat_check(service, body, refusal) ||
            !lme_messages_read(arena, service, body, &written, refusal) ||
            !lme_text_prompt(arena, service, written, order->prompts))
            return false;
        lme_chat_begin(arena, service, order->prompts);
    } else if (!lme_field_bool(body, "echo", &order->echo, refusal) ||
               !read_prompts(arena, service, body, order, refusal)) {
        return false;
    }
    if (!read_logprobs(service, body, order, refusal) ||
        !read_max_tokens(service, body, order, refusal))
        return false;
    if (is_chat)
        lme_order_think(arena, service, order);
    return true;
}

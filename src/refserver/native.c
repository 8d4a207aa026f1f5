/* SGLang's own /generate: a text, and the log-probabilities of the prompt's tokens as
 * [value, id, text], from logprob_start_len on. As of 0.5.6 and 0.5.23, measured. */
#include "api.h"

#include <math.h>

#include <lmeval/unicode.h>

/* SGLang keeps some of the context for itself. */
#define MAX_INPUT (LME_MODEL_CONTEXT - 6)

bool lme_native_bound(const lme_service *service, lme_prompt *prompt, size_t *n_answer,
                      lme_refusal *refusal)
{
    size_t n = prompt->tokens.len;
    if (n >= MAX_INPUT && lme_traits_have(service->traits, LME_TRAIT_AUTO_TRUNCATE)) {
        prompt->tokens.len = MAX_INPUT;
        *n_answer = 0;
        return true;
    }
    if (n >= LME_MODEL_CONTEXT)
        return lme_refuse(refusal, 400, NULL, NULL,
                          "The input (%zu tokens) is longer than the model's context length (%u "
                          "tokens).",
                          n, LME_MODEL_CONTEXT);
    if (n + *n_answer > LME_MODEL_CONTEXT)
        return lme_refuse(refusal, 400, NULL, NULL,
                          "Requested token count exceeds the model's maximum context length of %u "
                          "tokens. You requested a total of %zu tokens: %zu tokens from the input "
                          "messages and %zu tokens for the completion. Please reduce the number of "
                          "tokens in the input messages or the completion to fit within the limit.",
                          LME_MODEL_CONTEXT, n + *n_answer, n, *n_answer);
    if (n >= MAX_INPUT)
        return lme_refuse(refusal, 400, NULL, NULL,
                          "Input length (%zu tokens) exceeds the maximum allowed length (%u "
                          "tokens). Use a shorter input or enable --allow-auto-truncate.",
                          n, MAX_INPUT);
    return true;
}

/* No context was given at its start, so questions are bounded alone. */
void lme_server_info_answer(const lme_service *service, const lme_value *body, const lme_call *call,
                            lme_reply *reply)
{
    (void)service;
    (void)body;
    (void)call;
    lme_builder_format(&reply->body, "{\"context_length\":null,\"max_req_input_len\":%u}",
                       MAX_INPUT);
}

typedef struct native {
    lme_order order;
    int64_t start; /* first token that is listed */
    bool has_logprobs, has_text;
} native;

static bool read_sampling(lme_arena *arena, const lme_service *service, const lme_value *body,
                          native *n, lme_refusal *refusal)
{
    const int64_t counts[2] = {0, LME_MODEL_CONTEXT};
    const lme_value none = lme_null();
    const lme_value *sampling = lme_field(body, "sampling_params");
    const lme_value *text = lme_field(body, "text"), *ids = lme_field(body, "input_ids");
    int64_t max_tokens = 16;
    if (ids == NULL && (text == NULL || text->kind != LME_STRING))
        return lme_refuse_type(refusal, "text", "a text", text != NULL ? text : &none);
    if (sampling != NULL &&
        !lme_field_integer(sampling, "max_new_tokens", counts, &max_tokens, refusal))
        return false;
    n->order.sampling = (lme_sampling){.max_tokens = (size_t)max_tokens, .top_p = 1.0};
    return lme_prompt_value(arena, service, ids != NULL ? ids : text, n->order.prompts, refusal);
}

static bool read_native(lme_arena *arena, const lme_service *service, const lme_value *body,
                        native *n, lme_refusal *refusal)
{
    const int64_t tops[2] = {0, LME_NGRAM_TOP}, starts[2] = {-1, LME_MODEL_CONTEXT};
    int64_t n_top = 0;
    *n = (native){.order = {.n_prompts = 1, .n = 1, .prompt_logprobs = SIZE_MAX}, .start = -1};
    n->order.prompts = LME_NEW(arena, lme_prompt);
    if (!lme_field_integer(body, "top_logprobs_num", tops, &n_top, refusal) ||
        !lme_field_integer(body, "logprob_start_len", starts, &n->start, refusal) ||
        !lme_field_bool(body, "return_logprob", &n->has_logprobs, refusal) ||
        !lme_field_bool(body, "return_text_in_logprobs", &n->has_text, refusal) ||
        !read_sampling(arena, service, body, n, refusal))
        return false;
    n->order.has_logprobs = n->has_logprobs;
    n->order.echo = true;
    n->order.n_top = (size_t)n_top;
    if (!lme_native_bound(service, n->order.prompts, &n->order.sampling.max_tokens, refusal))
        return false;
    size_t len = n->order.prompts[0].tokens.len;
    if (n->start < 0 || (size_t)n->start > len)
        n->start = (int64_t)len;
    return true;
}

/* Each part of a character that no whole one can be made of is U+FFFD. */
static void write_text(lme_builder *out, const lme_service *service, uint16_t token)
{
    lme_json_write_string(out, lme_utf8_repair(out->arena, service->model->vocab->bytes[token]),
                          false);
}

/* [value, id, text]; a value above 0 is null. */
static void write_entry(lme_builder *out, const lme_service *service, const native *n,
                        lme_candidate token)
{
    lme_builder_char(out, '[');
    if (token.probability > 0)
        lme_builder_add(out, LME_STR("null"));
    else
        lme_write_logprob(out, token.probability);
    lme_builder_char(out, ',');
    lme_write_number(out, token.token);
    lme_builder_char(out, ',');
    if (n->has_text)
        write_text(out, service, token.token);
    else
        lme_builder_add(out, LME_STR("null"));
    lme_builder_char(out, ']');
}

static void write_own(lme_builder *out, const lme_service *service, const native *n,
                      const lme_sequence *s, size_t from, size_t to)
{
    lme_builder_char(out, '[');
    for (size_t i = from; i < to; i++) {
        if (i > from)
            lme_builder_char(out, ',');
        bool is_told = i >= lme_n_unscored(service, s);
        write_entry(out, service, n, (lme_candidate){s->tokens[i], is_told ? s->logprobs[i] : 1.0});
    }
    lme_builder_char(out, ']');
}

static void write_tops(lme_builder *out, const lme_service *service, const native *n,
                       const lme_sequence *s)
{
    lme_builder_char(out, '[');
    for (size_t i = (size_t)n->start; i < s->n_prompt; i++) {
        const lme_candidate *top = s->top + i * s->n_top;
        if (i > (size_t)n->start)
            lme_builder_char(out, ',');
        if (i < lme_n_unscored(service, s)) {
            lme_builder_add(out, LME_STR("null"));
            continue;
        }
        lme_builder_char(out, '[');
        for (size_t k = 0; k < s->n_top; k++) {
            if (k > 0)
                lme_builder_char(out, ',');
            write_entry(out, service, n, (lme_candidate){top[k].token, log(top[k].probability)});
        }
        lme_builder_char(out, ']');
    }
    lme_builder_char(out, ']');
}

void lme_generate_answer(const lme_service *service, const lme_value *body, const lme_call *call,
                         lme_reply *reply)
{
    native n;
    lme_refusal refusal;
    lme_builder *out = &reply->body;
    (void)call;
    if (!read_native(reply->scratch, service, body, &n, &refusal)) {
        lme_reply_refuse(reply, &refusal);
        return;
    }
    lme_sequence s = lme_order_sequence(reply->scratch, service, &n.order, 0, 0);
    reply->n_prompt = s.n_prompt;
    reply->n_completion = s.n_completion;
    lme_builder_add(out, LME_STR("{\"text\":"));
    lme_json_write_string(out, s.text, false);
    lme_builder_format(out,
                       ",\"meta_info\":{\"finish_reason\":{\"type\":\"%s\"},\"prompt_tokens\":%zu,"
                       "\"completion_tokens\":%zu",
                       s.finish, s.n_prompt, s.n_completion);
    if (n.has_logprobs) {
        lme_builder_add(out, LME_STR(",\"input_token_logprobs\":"));
        write_own(out, service, &n, &s, (size_t)n.start, s.n_prompt);
        lme_builder_add(out, LME_STR(",\"input_top_logprobs\":"));
        write_tops(out, service, &n, &s);
        lme_builder_add(out, LME_STR(",\"output_token_logprobs\":"));
        write_own(out, service, &n, &s, s.n_prompt, s.n);
    }
    lme_builder_add(out, LME_STR("}}"));
}

/* The parts that answers of completions and chat share. Numbers are written by hand: an echoed
 * prompt holds some hundred of them, and printf would be most of the work of a request.
 */
#include "api.h"

/* Of the trait logprob-floor, in nats. */
#define LOGPROB_FLOOR   (-8.0)
#define FLOORED_LOGPROB (-9999.0)

#include <math.h>

#include <lmeval/unicode.h>

static void write_digits(lme_builder *out, uint64_t number, int min_digits)
{
    char digits[24];
    int n = 0;
    do {
        digits[n++] = (char)('0' + number % 10);
        number /= 10;
    } while (number > 0 || n < min_digits);
    char *to = lme_builder_reserve(out, (size_t)n);
    for (int i = 0; i < n; i++)
        to[i] = digits[n - 1 - i];
    out->len += (size_t)n;
}

void lme_write_number(lme_builder *out, size_t number)
{
    write_digits(out, number, 1);
}

void lme_write_logprob(lme_builder *out, double nats)
{
    double size = nats < 0.0 ? -nats : 0.0;
    uint64_t billionths = (uint64_t)(size * 1e9 + 0.5);
    if (billionths > 0)
        lme_builder_char(out, '-');
    write_digits(out, billionths / 1000000000u, 1);
    lme_builder_char(out, '.');
    write_digits(out, billionths % 1000000000u, 9);
}

void lme_write_token(lme_builder *out, const lme_service *service, uint16_t token)
{
    const lme_print *print = &service->model->prints[token];
    if (print->is_whole || !lme_traits_have(service->traits, LME_TRAIT_REPLACEMENT_CHARACTER)) {
        lme_builder_add(out, print->json);
        return;
    }
    lme_builder_add(out, lme_str_slice(print->json, 0, print->json.len - 1));
    lme_builder_add(out, LME_STR("\xEF\xBF\xBD\""));
}

void lme_write_usage(lme_builder *out, const lme_service *service, size_t n_prompt,
                     size_t n_completion)
{
    if (lme_traits_have(service->traits, LME_TRAIT_NO_USAGE))
        return;
    lme_builder_add(out, LME_STR(",\"usage\":{\"prompt_tokens\":"));
    lme_write_number(out, n_prompt);
    lme_builder_add(out, LME_STR(",\"completion_tokens\":"));
    lme_write_number(out, n_completion);
    lme_builder_add(out, LME_STR(",\"total_tokens\":"));
    lme_write_number(out, n_prompt + n_completion);
    lme_builder_char(out, '}');
}

static void write_content_token(lme_builder *out, const lme_model *model, uint16_t token,
                                double nats)
{
    lme_builder_add(out, LME_STR("{\"token\":"));
    lme_builder_add(out, model->prints[token].json);
    lme_builder_add(out, LME_STR(",\"logprob\":"));
    lme_write_logprob(out, nats);
    lme_builder_add(out, LME_STR(",\"bytes\":"));
    lme_builder_add(out, model->prints[token].bytes);
}

void lme_write_content_logprobs(lme_builder *out, const lme_service *service,
                                const lme_sequence *sequence, size_t from, size_t to)
{
    lme_builder_add(out, LME_STR("{\"content\":["));
    for (size_t i = from; i < to; i++) {
        const lme_candidate *top = sequence->top + i * sequence->n_top;
        if (i > from)
            lme_builder_char(out, ',');
        write_content_token(out, service->model, sequence->tokens[i], sequence->logprobs[i]);
        lme_builder_add(out, LME_STR(",\"top_logprobs\":["));
        for (size_t k = 0; k < sequence->n_top; k++) {
            if (k > 0)
                lme_builder_char(out, ',');
            write_content_token(out, service->model, top[k].token, log(top[k].probability));
            lme_builder_char(out, '}');
        }
        lme_builder_add(out, LME_STR("]}"));
    }
    lme_builder_add(out, LME_STR("]}"));
}

void lme_reply_event(lme_reply *reply)
{
    if (reply->n_events == reply->events_capacity) {
        size_t capacity = reply->events_capacity == 0 ? 32 : 2 * reply->events_capacity;
        reply->events = lme_arena_grow(reply->scratch, reply->events,
                                       reply->n_events * sizeof(size_t), capacity * sizeof(size_t));
        reply->events_capacity = capacity;
    }
    reply->events[reply->n_events++] = reply->body.len;
}

static const char *type_of(unsigned status)
{
    if (status >= 500)
        return status == 503 ? "service_unavailable_error" : "internal_server_error";
    if (status == 401)
        return "authentication_error";
    if (status == 404)
        return "not_found_error";
    return status == 429 ? "rate_limit_error" : "invalid_request_error";
}

static void write_text_or_null(lme_builder *out, const char *text)
{
    if (text == NULL)
        lme_builder_add(out, LME_STR("null"));
    else
        lme_json_write_string(out, lme_str_from(text), false);
}

void lme_reply_refuse(lme_reply *reply, const lme_refusal *refusal)
{
    lme_builder *out = &reply->body;
    reply->status = refusal->status;
    reply->content_type = "application/json";
    reply->n_events = 0;
    out->len = 0;
    lme_builder_add(out, LME_STR("{\"error\":{\"message\":"));
    lme_str message = lme_utf8_repair(reply->scratch, lme_str_from(refusal->message));
    lme_json_write_string(out, message, false);
    lme_builder_add(out, LME_STR(",\"type\":"));
    write_text_or_null(out, type_of(refusal->status));
    lme_builder_add(out, LME_STR(",\"param\":"));
    write_text_or_null(out, refusal->param);
    lme_builder_add(out, LME_STR(",\"code\":"));
    write_text_or_null(out, refusal->code);
    lme_builder_add(out, LME_STR("}}"));
}

size_t lme_order_prompt_tokens(const lme_order *order)
{
    size_t n = 0;
    for (size_t i = 0; i < order->n_prompts; i++)
        n += order->prompts[i].tokens.len;
    return n;
}

/* The row of the model's answers after each token, paired with that token: llama-cpp-python's bug
 * for models without a begin token (peer README, "Without BOS the echo logprobs are wrong"). */
static void shift(const lme_model *model, lme_sequence *sequence)
{
    lme_ngram_state state = LME_NGRAM_START;
    for (size_t i = 0; i < sequence->n; i++) {
        lme_ngram_step(model->ngram, &state, sequence->tokens[i]);
        lme_ngram_state after = state;
        if (sequence->n_top > 0)
            lme_ngram_top(model->ngram, state, sequence->n_top,
                          sequence->top + i * sequence->n_top);
        sequence->logprobs[i] = log(lme_ngram_step(model->ngram, &after, sequence->tokens[i]));
    }
    if (sequence->n > 0)
        sequence->n--;
}

static void floor_logprobs(lme_sequence *sequence, size_t from)
{
    for (size_t i = from; i < sequence->n; i++) {
        if (sequence->logprobs[i] < LOGPROB_FLOOR)
            sequence->logprobs[i] = FLOORED_LOGPROB;
    }
}

lme_sequence lme_order_sequence(lme_arena *arena, const lme_service *service,
                                const lme_order *order, size_t prompt, size_t choice)
{
    const lme_tokens *tokens = &order->prompts[prompt].tokens;
    lme_sampling sampling = order->sampling;
    size_t from = SIZE_MAX, n_top = order->n_top;
    if (order->has_logprobs)
        from = order->echo ? 0 : tokens->len;
    if (order->prompt_logprobs != SIZE_MAX) {
        from = 0;
        n_top = order->prompt_logprobs > n_top ? order->prompt_logprobs : n_top;
    }
    /* Another prompt or choice draws other tokens, the same request again the same ones. */
    sampling.seed += 0x9E3779B97F4A7C15u * (1 + prompt * order->n + choice);
    lme_sequence made = lme_sequence_make(arena, service->model, tokens, &sampling, from, n_top);
    if (order->has_logprobs && lme_traits_have(service->traits, LME_TRAIT_SHIFTED_LOGPROBS))
        shift(service->model, &made);
    if (from != SIZE_MAX && lme_traits_have(service->traits, LME_TRAIT_LOGPROB_FLOOR))
        floor_logprobs(&made, from);
    return made;
}

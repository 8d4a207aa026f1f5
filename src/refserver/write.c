/* The parts that answers of completions and chat share. Numbers are written by hand: an echoed
 * prompt holds some hundred of them, and printf would be most of the work of a request.
 */
#include "api.h"

/* Of the traits logprob-floor, lowest-float and sign-lost, in nats. */
#define LOGPROB_FLOOR   (-8.0)
#define FLOORED_LOGPROB (-9999.0)
#define LOWEST_FLOAT    (-3.4028234663852886e+38)

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
    if (nats <= LOWEST_FLOAT) {
        lme_builder_add(out, LME_STR("-3.4028234663852886e+38"));
        return;
    }
    uint64_t billionths = (uint64_t)(fabs(nats) * 1e9 + 0.5);
    if (nats < 0.0 && billionths > 0)
        lme_builder_char(out, '-');
    write_digits(out, billionths / 1000000000u, 1);
    lme_builder_char(out, '.');
    write_digits(out, billionths % 1000000000u, 9);
}

/* A character for each byte. */
static void write_bytes(lme_builder *out, lme_str bytes)
{
    lme_builder text = {.arena = out->arena};
    for (size_t i = 0; i < bytes.len; i++)
        lme_builder_codepoint(&text, (unsigned char)bytes.ptr[i]);
    lme_json_write_string(out, lme_builder_finish(&text), false);
}

void lme_write_token(lme_builder *out, const lme_service *service, uint16_t token)
{
    const lme_print *print = &service->model->prints[token];
    if (!print->is_whole && lme_traits_have(service->traits, LME_TRAIT_BYTE_CHARACTERS)) {
        write_bytes(out, service->model->vocab->bytes[token]);
        return;
    }
    if (!print->is_whole && lme_traits_have(service->traits, LME_TRAIT_WHOLE_CHARACTERS)) {
        lme_builder_add(out, LME_STR("\"\""));
        return;
    }
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
    if (lme_traits_have(service->traits, LME_TRAIT_ZERO_USAGE))
        n_prompt = n_completion = 0;
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

/* What stands for the log-probability of a rare token. */
static double rare(lme_traits traits, double nats)
{
    if (lme_traits_have(traits, LME_TRAIT_LOGPROB_FLOOR))
        return FLOORED_LOGPROB;
    if (lme_traits_have(traits, LME_TRAIT_LOWEST_FLOAT))
        return LOWEST_FLOAT;
    return lme_traits_have(traits, LME_TRAIT_SIGN_LOST) ? -nats : nats;
}

static void floor_logprobs(lme_sequence *sequence, size_t from, lme_traits traits)
{
    for (size_t i = from; i < sequence->n; i++) {
        if (sequence->logprobs[i] < LOGPROB_FLOOR)
            sequence->logprobs[i] = rare(traits, sequence->logprobs[i]);
    }
}

/* Every answer is off by another amount, all of its values alike: which is likeliest stays. */
static void unsettle(const lme_service *service, lme_sequence *sequence, size_t from)
{
    enum {
        STEPS = 7
    };
    unsigned n = service->n_answers != NULL ? atomic_load(service->n_answers) : 0;
    double off = 0.0005 * (n % STEPS);
    for (size_t i = from; i < sequence->n; i++) {
        sequence->logprobs[i] -= off;
        for (size_t k = 0; k < sequence->n_top; k++)
            sequence->top[i * sequence->n_top + k].probability *= exp(-off);
    }
}

void lme_order_meet(const lme_service *service, const lme_moment *moment, lme_order *order)
{
    if (lme_traits_have(service->traits, LME_TRAIT_STREAM_IGNORED))
        order->stream = false;
    if (lme_traits_have(service->traits, LME_TRAIT_SEED_IGNORED))
        order->sampling.seed = 0xD1B54A32D192ED03u * (moment->n_before + 1);
    if (lme_traits_have(service->traits, LME_TRAIT_BUSY_DIGITS) && moment->n_inside > 1)
        order->lowered_nats = 0.001 * (double)(moment->n_inside - 1);
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
    if (from != SIZE_MAX)
        floor_logprobs(&made, from, service->traits);
    if (from != SIZE_MAX && lme_traits_have(service->traits, LME_TRAIT_UNSTEADY))
        unsettle(service, &made, from);
    for (size_t i = from; order->lowered_nats > 0 && i < made.n; i++)
        made.logprobs[i] -= order->lowered_nats;
    return made;
}

size_t lme_n_unscored(const lme_service *service, const lme_sequence *sequence)
{
    enum {
        BLOCK = 16
    };
    if (sequence->n_prompt == 0)
        return 0;
    size_t cached = (sequence->n_prompt - 1) / BLOCK * BLOCK;
    return cached > 0 && lme_traits_have(service->traits, LME_TRAIT_PREFIX_CACHE) ? cached : 1;
}

lme_ending lme_ending_of(const lme_service *service, const lme_reply *reply,
                         const lme_sequence *sequence)
{
    lme_ending ending = {sequence->text, sequence->finish};
    lme_str half = lme_str_slice(sequence->text, 0, sequence->text.len / 2);
    half = lme_utf8_valid(half) ? half : LME_STR("");
    if (lme_traits_have(service->traits, LME_TRAIT_NULL_FINISH))
        ending.finish = NULL;
    if (lme_traits_have(service->traits, LME_TRAIT_CONTENT_FILTER) && sequence->n_completion > 1)
        ending = (lme_ending){half, "content_filter"};
    if (reply->is_aborted)
        ending = (lme_ending){half, "abort"};
    return ending;
}

void lme_write_fingerprint(lme_builder *out, const lme_service *service)
{
    enum {
        CHANGES_AT = 16
    };
    unsigned n = service->n_answers != NULL ? atomic_load(service->n_answers) : 0;
    if (lme_traits_have(service->traits, LME_TRAIT_FINGERPRINT))
        lme_builder_format(out, ",\"system_fingerprint\":\"fp_%c\"", n < CHANGES_AT ? 'a' : 'b');
}

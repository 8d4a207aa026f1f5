/* llama-server's own API, as far as scoring by it goes: /completion generates one token, which a
 * logit_bias can force, and tells its log-probability before the bias; /tokenize gives ids with
 * their pieces. */
#include "api.h"

#include <math.h>

typedef struct one_token {
    lme_prompt prompt;
    int64_t n_probs;
    int64_t forced; /* -1: the likeliest */
} one_token;

/* [[id, bias], ...]: a bias that outweighs every logit forces its token. */
static bool read_bias(const lme_service *service, const lme_value *body, one_token *want,
                      lme_refusal *refusal)
{
    enum {
        FORCES = 100
    };
    const lme_value *bias = lme_field(body, "logit_bias");
    for (size_t i = 0; bias != NULL && bias->kind == LME_LIST && i < bias->list.len; i++) {
        const lme_value *pair = &bias->list.items[i];
        if (pair->kind != LME_LIST || pair->list.len != 2 || pair->list.items[0].kind != LME_INT ||
            pair->list.items[1].kind != LME_INT)
            return lme_refuse_type(refusal, "logit_bias", "a list of [id, bias]", pair);
        int64_t id = pair->list.items[0].integer;
        if (id < 0 || (uint64_t)id >= service->model->vocab->n)
            return lme_refuse(refusal, 400, "logit_bias", "invalid_value", "no token %lld",
                              (long long)id);
        if (pair->list.items[1].integer >= FORCES)
            want->forced = id;
    }
    return true;
}

static bool read_one(lme_arena *arena, const lme_service *service, const lme_value *body,
                     one_token *want, lme_refusal *refusal)
{
    const int64_t ones[2] = {1, 1}, tops[2] = {0, LME_NGRAM_TOP};
    const lme_value none = lme_null();
    const lme_value *prompt = lme_field(body, "prompt");
    int64_t n_predict = 0;
    *want = (one_token){.forced = -1};
    if (!lme_field_integer(body, "n_predict", ones, &n_predict, refusal) ||
        !lme_field_integer(body, "n_probs", tops, &want->n_probs, refusal) ||
        !lme_prompt_value(arena, service, prompt != NULL ? prompt : &none, &want->prompt,
                          refusal) ||
        !read_bias(service, body, want, refusal))
        return false;
    if (n_predict != 1)
        return lme_refuse(refusal, 400, "n_predict", "invalid_value",
                          "this /completion generates one token: 'n_predict' must be 1");
    if (want->prompt.tokens.len >= LME_MODEL_CONTEXT)
        return lme_refuse(refusal, 400, "prompt", "exceed_context_size_error",
                          "the request exceeds the available context size (%u tokens)",
                          LME_MODEL_CONTEXT);
    return true;
}

/* The sequence with the token at its end, scored there. */
static lme_sequence make_one(lme_arena *arena, const lme_service *service, const one_token *want)
{
    const lme_sampling free_choice = {.max_tokens = 1, .top_p = 1.0};
    const lme_sampling nothing = {.max_tokens = 0, .top_p = 1.0};
    lme_tokens tokens = want->prompt.tokens;
    size_t at = tokens.len;
    if (want->forced < 0)
        return lme_sequence_make(arena, service->model, &tokens, &free_choice, at,
                                 (size_t)want->n_probs);
    lme_tokens_add(&tokens, (uint16_t)want->forced);
    return lme_sequence_make(arena, service->model, &tokens, &nothing, at, (size_t)want->n_probs);
}

static void write_entry(lme_builder *out, const lme_service *service, uint16_t token, double nats)
{
    lme_builder_add(out, LME_STR("{\"id\":"));
    lme_write_number(out, token);
    lme_builder_add(out, LME_STR(",\"token\":"));
    lme_builder_add(out, service->model->prints[token].json);
    lme_builder_add(out, LME_STR(",\"bytes\":"));
    lme_builder_add(out, service->model->prints[token].bytes);
    lme_builder_add(out, LME_STR(",\"logprob\":"));
    lme_write_logprob(out, nats);
}

static void write_probabilities(lme_builder *out, const lme_service *service, const lme_sequence *s,
                                size_t at)
{
    const lme_candidate *top = s->top + at * s->n_top;
    lme_builder_add(out, LME_STR(",\"completion_probabilities\":["));
    if (at < s->n) {
        write_entry(out, service, s->tokens[at], s->logprobs[at]);
        lme_builder_add(out, LME_STR(",\"top_logprobs\":["));
        for (size_t k = 0; k < s->n_top; k++) {
            if (k > 0)
                lme_builder_char(out, ',');
            write_entry(out, service, top[k].token, log(top[k].probability));
            lme_builder_char(out, '}');
        }
        lme_builder_add(out, LME_STR("]}"));
    }
    lme_builder_char(out, ']');
}

void lme_completion_native_answer(const lme_service *service, const lme_value *body,
                                  const lme_call *call, lme_reply *reply)
{
    one_token want;
    lme_refusal refusal;
    lme_builder *out = &reply->body;
    (void)call;
    if (!read_one(reply->scratch, service, body, &want, &refusal)) {
        lme_reply_refuse(reply, &refusal);
        return;
    }
    size_t at = want.prompt.tokens.len;
    lme_sequence s = make_one(reply->scratch, service, &want);
    lme_builder_add(out, LME_STR("{\"content\":"));
    lme_builder_add(out, at < s.n ? service->model->prints[s.tokens[at]].json : LME_STR("\"\""));
    lme_builder_format(out, ",\"tokens_evaluated\":%zu,\"tokens_predicted\":%d", at, at < s.n);
    if (want.n_probs > 0)
        write_probabilities(out, service, &s, at);
    lme_builder_char(out, '}');
}

void lme_template_answer(const lme_service *service, const lme_value *body, const lme_call *call,
                         lme_reply *reply)
{
    lme_str text;
    lme_refusal refusal;
    (void)call;
    if (!lme_messages_read(reply->scratch, service, body, &text, &refusal)) {
        lme_reply_refuse(reply, &refusal);
        return;
    }
    if (lme_traits_have(service->traits, LME_TRAIT_DOUBLE_BOS))
        text = lme_str_concat(reply->scratch, LME_STR(LME_BEGIN_TEXT), text);
    lme_builder_add(&reply->body, LME_STR("{\"prompt\":"));
    lme_json_write_string(&reply->body, text, false);
    lme_builder_char(&reply->body, '}');
}

/* Tokens of a text that may begin with the begin token's own name. */
static lme_tokens read_pieces(lme_arena *arena, const lme_service *service, lme_str text,
                              bool parses)
{
    lme_tokens tokens = {.arena = arena};
    lme_prompt prompt;
    lme_str begin = LME_STR(LME_BEGIN_TEXT);
    bool is_begun = parses && lme_str_starts(text, begin);
    (void)lme_text_prompt(arena, service,
                          is_begun ? lme_str_slice(text, begin.len, text.len) : text, &prompt);
    if (!is_begun)
        return prompt.tokens;
    lme_tokens_add(&tokens, LME_TOKEN_BEGIN);
    for (size_t i = 0; i < prompt.tokens.len; i++)
        lme_tokens_add(&tokens, prompt.tokens.ids[i]);
    return tokens;
}

void lme_pieces_answer(const lme_service *service, const lme_value *body, lme_reply *reply)
{
    const lme_value *content = lme_field(body, "content");
    bool has_special = false, has_pieces = false, parses = true;
    lme_refusal refusal;
    lme_builder *out = &reply->body;
    if (!lme_field_bool(body, "add_special", &has_special, &refusal) ||
        !lme_field_bool(body, "parse_special", &parses, &refusal) ||
        !lme_field_bool(body, "with_pieces", &has_pieces, &refusal)) {
        lme_reply_refuse(reply, &refusal);
        return;
    }
    const lme_tokens tokens = read_pieces(
        reply->scratch, service,
        content != NULL && content->kind == LME_STRING ? content->string : LME_STR(""), parses);
    size_t from = lme_traits_have(service->traits, LME_TRAIT_BOS) && !has_special;
    lme_builder_add(out, LME_STR("{\"tokens\":["));
    for (size_t i = from; i < tokens.len; i++) {
        uint16_t token = tokens.ids[i];
        const lme_print *print = &service->model->prints[token];
        if (i > from)
            lme_builder_char(out, ',');
        if (has_pieces)
            lme_builder_add(out, LME_STR("{\"id\":"));
        lme_write_number(out, token);
        if (!has_pieces)
            continue;
        lme_builder_add(out, LME_STR(",\"piece\":"));
        lme_builder_add(out, print->is_whole ? print->json : print->bytes);
        lme_builder_char(out, '}');
    }
    lme_builder_add(out, LME_STR("]}"));
}

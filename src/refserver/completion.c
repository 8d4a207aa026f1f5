/* llama-server's own API, as far as scoring by it goes: /completion generates tokens, whose choice
 * logit_bias and frequency_penalty govern, and tells their log-probabilities before both;
 * /tokenize gives ids with their pieces. Seen on llama.cpp 0.5.0-dev, commit 0c1e570.
 */
#include "api.h"

#include <math.h>
#include <stdlib.h>

#include <lmeval/unicode.h>

typedef struct bias {
    int64_t token;
    double nats;
} bias;

typedef struct native_order {
    lme_prompt prompt;
    int64_t n_predict;
    int64_t n_probs; /* likeliest tokens told beside each; 0: nothing is told */
    bias *biases;    /* n_biases */
    size_t n_biases;
    double frequency_penalty; /* for each of the last repeat_last_n tokens */
    int64_t repeat_last_n;
    const lme_value *fields; /* response_fields; NULL: all */
} native_order;

/* ---- requests ---- */

static double number_of(const lme_value *v, double otherwise)
{
    if (v == NULL || (v->kind != LME_INT && v->kind != LME_FLOAT))
        return otherwise;
    return v->kind == LME_INT ? (double)v->integer : v->number;
}

/* [[id, bias], ...]; what is none of that is passed over, as there. */
static void read_biases(lme_arena *arena, const lme_service *service, const lme_value *body,
                        native_order *order)
{
    const lme_value *list = lme_field(body, "logit_bias");
    size_t n = list != NULL && list->kind == LME_LIST ? list->list.len : 0;
    order->biases = LME_ARRAY(arena, bias, n);
    for (size_t i = 0; i < n; i++) {
        const lme_value *pair = &list->list.items[i];
        if (pair->kind != LME_LIST || pair->list.len != 2 || pair->list.items[0].kind != LME_INT)
            continue;
        int64_t id = pair->list.items[0].integer;
        double nats = number_of(&pair->list.items[1], (double)NAN);
        if (id >= 0 && (uint64_t)id < service->model->vocab->n && !isnan(nats))
            order->biases[order->n_biases++] = (bias){id, nats};
    }
}

/* samplers: the penalties count where they are named, or nothing is. */
static bool penalizes(const lme_value *body)
{
    const lme_value *samplers = lme_field(body, "samplers");
    if (samplers == NULL || samplers->kind != LME_LIST)
        return true;
    for (size_t i = 0; i < samplers->list.len; i++) {
        const lme_value *name = &samplers->list.items[i];
        if (name->kind == LME_STRING && lme_str_is(name->string, "penalties"))
            return true;
    }
    return false;
}

static bool read_order(lme_arena *arena, const lme_service *service, const lme_value *body,
                       native_order *order, lme_refusal *refusal)
{
    const int64_t counts[2] = {-1, INT32_MAX}, lasts[2] = {0, INT32_MAX};
    const lme_value none = lme_null();
    const lme_value *prompt = lme_field(body, "prompt");
    *order = (native_order){
        .n_predict = -1, .repeat_last_n = 64, .fields = lme_field(body, "response_fields")};
    if (!lme_field_integer(body, "n_predict", counts, &order->n_predict, refusal) ||
        !lme_field_integer(body, "n_probs", lasts, &order->n_probs, refusal) ||
        !lme_field_integer(body, "repeat_last_n", lasts, &order->repeat_last_n, refusal) ||
        !lme_prompt_value(arena, service, prompt != NULL ? prompt : &none, &order->prompt, refusal))
        return false;
    read_biases(arena, service, body, order);
    if (penalizes(body) && !lme_traits_have(service->traits, LME_TRAIT_NO_PENALTIES))
        order->frequency_penalty = number_of(lme_field(body, "frequency_penalty"), 0);
    size_t len = order->prompt.tokens.len;
    if (len >= LME_MODEL_CONTEXT)
        return lme_refuse(refusal, 400, "prompt", "exceed_context_size_error",
                          "request (%zu tokens) exceeds the available context size (%u tokens), "
                          "try increasing it",
                          len, LME_MODEL_CONTEXT);
    int64_t room = (int64_t)(LME_MODEL_CONTEXT - len);
    if (order->n_predict < 0 || order->n_predict > room)
        order->n_predict = room;
    return true;
}

/* ---- generating ---- */

typedef struct generated {
    uint16_t token;
    double nats;
    lme_candidate *top; /* n_top */
    size_t n_top;
    lme_str text; /* characters that it completes */
    bool is_told; /* false: it ends within a character */
} generated;

typedef struct run {
    lme_arena *arena;
    const lme_service *service;
    const native_order *order;
    lme_tokens tokens; /* the prompt's and those that were generated */
    lme_ngram_state state;
    double *adjusted; /* n_vocab */
    generated *made;  /* n */
    size_t n;
    lme_builder text;
    bool ended; /* by the end-of-text */
} run;

static uint16_t choose(run *r)
{
    const native_order *order = r->order;
    const lme_ngram *ngram = r->service->model->ngram;
    if (order->n_biases == 0 && order->frequency_penalty <= 0)
        return lme_ngram_best(ngram, r->state).token;
    lme_ngram_distribution(ngram, r->state, r->adjusted);
    for (size_t i = 0; i < ngram->n_vocab; i++)
        r->adjusted[i] = log(r->adjusted[i]);
    for (size_t i = 0; i < order->n_biases; i++)
        r->adjusted[order->biases[i].token] += order->biases[i].nats;
    size_t last = (size_t)order->repeat_last_n;
    for (size_t i = r->tokens.len > last ? r->tokens.len - last : 0; i < r->tokens.len; i++)
        r->adjusted[r->tokens.ids[i]] -= order->frequency_penalty;
    size_t best = 0;
    for (size_t i = 1; i < ngram->n_vocab; i++)
        best = r->adjusted[i] > r->adjusted[best] ? i : best;
    return (uint16_t)best;
}

static int by_probability(const void *left, const void *right)
{
    const lme_candidate *a = left, *b = right;
    if (a->probability > b->probability || a->probability < b->probability)
        return a->probability > b->probability ? -1 : 1;
    return (a->token > b->token) - (a->token < b->token);
}

static void find_top(run *r, generated *g)
{
    const lme_ngram *ngram = r->service->model->ngram;
    size_t n = (size_t)r->order->n_probs;
    g->n_top = n < ngram->n_vocab ? n : ngram->n_vocab;
    if (g->n_top <= LME_NGRAM_TOP) {
        g->top = LME_ARRAY(r->arena, lme_candidate, g->n_top);
        g->n_top = lme_ngram_top(ngram, r->state, g->n_top, g->top);
        return;
    }
    g->top = LME_ARRAY(r->arena, lme_candidate, ngram->n_vocab);
    lme_ngram_distribution(ngram, r->state, r->adjusted);
    for (size_t i = 0; i < ngram->n_vocab; i++)
        g->top[i] = (lme_candidate){(uint16_t)i, r->adjusted[i]};
    qsort(g->top, ngram->n_vocab, sizeof *g->top, by_probability);
}

/* The model knows the begin token as the end of what was before. */
static double step(run *r, uint16_t token)
{
    uint16_t known = token == LME_TOKEN_BEGIN ? LME_TOKEN_END : token;
    return lme_ngram_step(r->service->model->ngram, &r->state, known);
}

static bool ends_within_character(lme_str text)
{
    for (size_t back = 1; back <= 3 && back <= text.len; back++) {
        unsigned char c = (unsigned char)text.ptr[text.len - back];
        if ((c & 0xC0) != 0x80)
            return c >= (back == 1 ? 0xC0 : back == 2 ? 0xE0 : 0xF0);
    }
    return false;
}

/* A token after which the text ends within a character is not told of; the text of the one that
 * completes it is all that was held back. */
static void generate_one(run *r, size_t *n_sent)
{
    generated *g = &r->made[r->n++];
    *g = (generated){.token = choose(r)};
    find_top(r, g);
    g->nats = log(step(r, g->token));
    lme_tokens_add(&r->tokens, g->token);
    r->ended = g->token == LME_TOKEN_END;
    if (!r->ended)
        lme_builder_add(&r->text, r->service->model->vocab->bytes[g->token]);
    lme_str text = {r->text.ptr, r->text.len};
    g->is_told = !ends_within_character(text);
    if (!g->is_told)
        return;
    g->text = lme_str_copy(r->arena, lme_str_slice(text, *n_sent, text.len));
    *n_sent = text.len;
}

static void generate(run *r)
{
    const lme_tokens *prompt = &r->order->prompt.tokens;
    size_t n_sent = 0, room = (size_t)r->order->n_predict;
    r->tokens.arena = r->text.arena = r->arena;
    r->adjusted = LME_ARRAY(r->arena, double, r->service->model->ngram->n_vocab);
    r->made = LME_ARRAY(r->arena, generated, room);
    for (size_t i = 0; i < prompt->len; i++) {
        lme_tokens_add(&r->tokens, prompt->ids[i]);
        if (i + LME_NGRAM_ORDER >= prompt->len)
            (void)step(r, prompt->ids[i]);
    }
    if (prompt->len == 0)
        (void)step(r, LME_TOKEN_END);
    while (r->n < room && !r->ended)
        generate_one(r, &n_sent);
}

/* ---- answers ---- */

static void write_entry(lme_builder *out, const lme_service *service, lme_candidate token,
                        lme_str text)
{
    lme_builder_add(out, LME_STR("{\"id\":"));
    lme_write_number(out, token.token);
    lme_builder_add(out, LME_STR(",\"token\":"));
    lme_json_write_string(out, text, false);
    lme_builder_add(out, LME_STR(",\"bytes\":"));
    lme_builder_add(out, service->model->prints[token.token].bytes);
    lme_builder_add(out, LME_STR(",\"logprob\":"));
    lme_write_logprob(out, token.probability);
}

static void write_probabilities(lme_builder *out, const run *r)
{
    bool is_first = true;
    lme_builder_char(out, '[');
    for (size_t i = 0; i < r->n; i++) {
        const generated *g = &r->made[i];
        if (!g->is_told)
            continue;
        if (!is_first)
            lme_builder_char(out, ',');
        is_first = false;
        write_entry(out, r->service, (lme_candidate){g->token, g->nats},
                    lme_utf8_repair(r->arena, g->text));
        lme_builder_add(out, LME_STR(",\"top_logprobs\":["));
        for (size_t k = 0; k < g->n_top; k++) {
            if (k > 0)
                lme_builder_char(out, ',');
            lme_candidate told = {g->top[k].token, log(g->top[k].probability)};
            write_entry(out, r->service, told, r->service->model->prints[told.token].text);
            lme_builder_char(out, '}');
        }
        lme_builder_add(out, LME_STR("]}"));
    }
    lme_builder_char(out, ']');
}

static bool is_told(const run *r)
{
    for (size_t i = 0; i < r->n; i++) {
        if (r->made[i].is_told)
            return true;
    }
    return false;
}

/* The name of a field that is wanted, with what stands before its value. */
static bool begin_field(lme_builder *out, const native_order *order, const char *name)
{
    const lme_value *fields = order->fields;
    bool all = fields == NULL || fields->kind != LME_LIST || fields->list.len == 0, wanted = all;
    for (size_t i = 0; !all && i < fields->list.len; i++) {
        const lme_value *field = &fields->list.items[i];
        wanted = wanted || (field->kind == LME_STRING && lme_str_is(field->string, name));
    }
    if (wanted)
        lme_builder_format(out, "%s\"%s\":", out->len > 1 ? "," : "", name);
    return wanted;
}

static void write_number(lme_builder *out, const native_order *order, const char *name, size_t n)
{
    if (begin_field(out, order, name))
        lme_write_number(out, n);
}

static void write_text(lme_builder *out, const native_order *order, const char *name, lme_str text)
{
    if (begin_field(out, order, name))
        lme_json_write_string(out, text, false);
}

void lme_completion_native_answer(const lme_service *service, const lme_value *body,
                                  const lme_call *call, lme_reply *reply)
{
    native_order order;
    lme_refusal refusal;
    lme_builder *out = &reply->body;
    (void)call;
    if (!read_order(reply->scratch, service, body, &order, &refusal)) {
        lme_reply_refuse(reply, &refusal);
        return;
    }
    run r = {
        .arena = reply->scratch, .service = service, .order = &order, .state = LME_NGRAM_START};
    generate(&r);
    reply->n_prompt = order.prompt.tokens.len;
    reply->n_completion = r.n;
    lme_str text = lme_utf8_repair(reply->scratch, lme_builder_finish(&r.text));
    lme_builder_char(out, '{');
    write_number(out, &order, "index", 0);
    write_text(out, &order, "content", text);
    write_text(out, &order, "model", service->name);
    write_number(out, &order, "tokens_predicted", r.n);
    write_number(out, &order, "tokens_evaluated", order.prompt.tokens.len);
    write_text(out, &order, "prompt", lme_utf8_repair(reply->scratch, order.prompt.text));
    write_text(out, &order, "stop_type", r.ended ? LME_STR("eos") : LME_STR("limit"));
    write_text(out, &order, "stopping_word", LME_STR(""));
    write_number(out, &order, "tokens_cached", r.tokens.len);
    if (order.n_probs > 0 && is_told(&r) && begin_field(out, &order, "completion_probabilities"))
        write_probabilities(out, &r);
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

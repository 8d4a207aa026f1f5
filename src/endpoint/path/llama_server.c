/* llama.cpp's llama-server, which does not echo: token by token.
 *
 * /tokenize gives the ids of context and continuation in one, with their pieces, and so where the
 * continuation begins. Then each of its tokens is asked for behind all before it: one token is
 * generated, a logit_bias forces which, and its log-probability among the model's own (they are
 * taken before the bias) is the answer. The server keeps the prompt of the request before, so each
 * of these costs one token; but they are as many requests as there are tokens.
 */
#include "../align.h"
#include "../answer.h"
#include "../path_proof.h"
#include "../score.h"

#include <limits.h>
#include <math.h>

#include <lmeval/json.h>
#include <lmeval/unicode.h>

enum {
    MAX_LEADING = 2 /* special tokens in front of a prompt */
};

/* The question on its way: ids of the whole prompt, and the continuation's next one. */
typedef struct progress {
    int64_t *ids;
    lme_str *pieces;
    double *values; /* of the continuation's tokens so far; NAN for the others */
    size_t n, at;
    lme_span span;
    double sum;
    bool greedy;
    lme_builder body; /* of the step under way; every step writes all ids before its token */
} progress;

static const char *url(const lme_server_url *server, const lme_request *request)
{
    (void)request;
    return server->tokenize;
}

static lme_str encode(lme_arena *arena, const lme_form *form, const lme_request *request)
{
    (void)form;
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, LME_STR("{\"content\": "));
    lme_json_write_string(&out, lme_str_concat(arena, request->context, request->continuation),
                          true);
    lme_builder_add(&out, LME_STR(", \"add_special\": true, \"with_pieces\": true}"));
    return lme_builder_finish(&out);
}

/* ---- tokens ---- */

/* A piece is a text, or a list of bytes when it is a part of a character. The copy outlives the
 * answer: it is kept until the last step. */
static bool read_piece(lme_arena *arena, const lme_value *piece, lme_str *text)
{
    lme_builder out = {.arena = arena};
    if (piece == NULL || (piece->kind != LME_STRING && piece->kind != LME_LIST))
        return false;
    if (piece->kind == LME_STRING) {
        *text = lme_str_copy(arena, piece->string);
        return true;
    }
    for (size_t i = 0; i < piece->list.len; i++) {
        const lme_value *byte = &piece->list.items[i];
        if (byte->kind != LME_INT || byte->integer < 0 || byte->integer > UCHAR_MAX)
            return false;
        lme_builder_char(&out, (char)byte->integer);
    }
    *text = lme_builder_finish(&out);
    return true;
}

/* Each token stands for a byte of the prompt at least, but for those in front. */
static bool read_tokens(lme_arena *arena, lme_str prompt, const lme_value *answer, progress *p,
                        lme_error *err)
{
    const lme_value *tokens = lme_value_find(answer, "tokens");
    if (tokens == NULL || tokens->kind != LME_LIST)
        return lme_fail(err, LME_ERR_SERVER, NULL, "the answer of /tokenize has no list of tokens");
    p->n = tokens->list.len;
    if (p->n > prompt.len + MAX_LEADING)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "/tokenize gives %zu tokens for a prompt of %zu bytes", p->n, prompt.len);
    p->ids = LME_ARRAY(arena, int64_t, p->n);
    p->pieces = LME_ARRAY(arena, lme_str, p->n);
    p->values = LME_ARRAY(arena, double, p->n);
    for (size_t i = 0; i < p->n; i++) {
        p->values[i] = (double)NAN;
        const lme_value *id = lme_value_find(&tokens->list.items[i], "id");
        const lme_value *piece = lme_value_find(&tokens->list.items[i], "piece");
        if (id == NULL || id->kind != LME_INT || !read_piece(arena, piece, &p->pieces[i]))
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "token %zu of /tokenize is not {id, piece}: with_pieces is not "
                            "understood",
                            i);
        if (p->pieces[i].len == 0 && i >= MAX_LEADING)
            return lme_fail(err, LME_ERR_SERVER, NULL, "token %zu of /tokenize has an empty piece",
                            i);
        p->ids[i] = id->integer;
    }
    return true;
}

/* Whether the pieces from `first` on are the prompt, byte by byte. A token begins where the
 * characters before it are complete.
 *   dummy  the first of them has a blank in front that is SentencePiece's, not the prompt's */
static bool fits(lme_str prompt, const progress *p, bool dummy, lme_alignment *a, size_t *starts)
{
    size_t byte = 0, complete = 0, codepoint = 0;
    for (size_t i = a->first; i < p->n; i++) {
        lme_str piece = p->pieces[i];
        starts[i] = codepoint;
        if (dummy && i == a->first) {
            if (!lme_str_starts(piece, LME_STR(" ")))
                return false;
            piece = lme_str_slice(piece, 1, SIZE_MAX);
        }
        if (!lme_str_equal(lme_str_slice(prompt, byte, byte + piece.len), piece))
            return false;
        byte += piece.len;
        while (complete < byte) {
            size_t next = complete;
            (void)lme_codepoint_next(prompt, &next);
            if (next > byte)
                break;
            complete = next;
            codepoint++;
        }
    }
    return byte == prompt.len;
}

/* The pieces are the prompt behind at most two special tokens. */
static bool align(lme_arena *arena, lme_str prompt, const progress *p, lme_alignment *a,
                  lme_error *err)
{
    size_t *starts = LME_ARRAY(arena, size_t, p->n);
    *a = (lme_alignment){.end = p->n, .starts = starts, .n_codepoints = lme_codepoints(prompt)};
    for (; a->first <= MAX_LEADING && a->first <= p->n; a->first++) {
        if (fits(prompt, p, false, a, starts) || fits(prompt, p, true, a, starts))
            return true;
    }
    return lme_fail(err, LME_ERR_SERVER, NULL,
                    "the pieces of /tokenize are not the prompt's text: a special token in it, or "
                    "a tokenizer that changes it");
}

static bool place(lme_steps *steps, const lme_value *answer, progress *p, lme_error *err)
{
    const lme_request *request = steps->request;
    lme_alignment a;
    lme_str prompt = lme_str_concat(steps->arena, request->context, request->continuation);
    size_t cut =
        request->kind == LME_REQUEST_ROLLING ? 0 : lme_codepoints(lme_rstrip(request->context));
    if (!read_tokens(steps->arena, prompt, answer, p, err) ||
        !align(steps->arena, prompt, p, &a, err) || !lme_span_find(&a, cut, &p->span, err))
        return false;
    p->at = p->span.from;
    if (p->at > 0)
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL,
             "the prompt's first token is to be scored, and nothing stands before it: the context "
             "is empty, or one token with the continuation's beginning");
    return lme_hint(err, "give the task a context: a doc_to_text or a description");
}

/* ---- log-probabilities ---- */

static void ask_token(lme_steps *steps, progress *p)
{
    lme_builder *out = &p->body;
    out->len = 0;
    lme_builder_add(out, LME_STR("{\"prompt\": ["));
    for (size_t i = 0; i < p->at; i++)
        lme_builder_format(out, i > 0 ? ", %lld" : "%lld", (long long)p->ids[i]);
    lme_builder_format(out,
                       "], \"n_predict\": 1, \"n_probs\": 1, \"temperature\": 0, \"cache_prompt\": "
                       "true, \"seed\": %lld, \"logit_bias\": [[%lld, 100000]]}",
                       (long long)steps->form->seed, (long long)p->ids[p->at]);
    steps->next_url = steps->url->completion;
    steps->next_body = lme_builder_finish(out);
}

static bool number_of(const lme_value *map, const char *key, double *number)
{
    const lme_value *v = lme_value_find(map, key);
    if (v == NULL || (v->kind != LME_FLOAT && v->kind != LME_INT))
        return false;
    *number = v->kind == LME_INT ? (double)v->integer : v->number;
    return true;
}

/* completion_probabilities[0]; NULL when there is none. */
static const lme_value *first_entry(const lme_value *answer)
{
    const lme_value *list = lme_value_find(answer, "completion_probabilities");
    return list != NULL && list->kind == LME_LIST && list->list.len > 0 ? &list->list.items[0]
                                                                        : NULL;
}

/* The i-th likeliest token of an entry; NULL when there are fewer. */
static const lme_value *likeliest(const lme_value *entry, size_t i)
{
    const lme_value *top = lme_value_find(entry, "top_logprobs");
    return top != NULL && top->kind == LME_LIST && i < top->list.len ? &top->list.items[i] : NULL;
}

static bool add_token(progress *p, const lme_value *answer, lme_error *err)
{
    static const double floor_nats = -9998.0, rounding_nats = 1e-6;
    const lme_value *entry = first_entry(answer);
    const lme_value *id = lme_value_find(entry, "id");
    double value, top;
    if (id == NULL || !number_of(entry, "logprob", &value) ||
        !number_of(likeliest(entry, 0), "logprob", &top)) {
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "the answer's completion_probabilities have no id, logprob and top_logprobs");
        return lme_hint(err, "llama-server since December 2024 gives them: take a newer one");
    }
    if (id->kind != LME_INT || id->integer != p->ids[p->at])
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "token %lld was to be generated, and another one was: logit_bias is not "
                        "obeyed",
                        (long long)p->ids[p->at]);
    if (isnan(value) || value > rounding_nats)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "token %zu of %zu has the log-probability %g, expected one <= 0", p->at,
                        p->n, value);
    p->values[p->at] = value <= floor_nats ? (double)-INFINITY : value;
    p->sum += p->values[p->at];
    p->greedy = p->greedy && value >= top;
    return true;
}

static progress *begin(lme_steps *steps)
{
    progress *p = LME_NEW(steps->arena, progress);
    *p = (progress){.greedy = true, .body = {.arena = steps->arena}};
    steps->progress = p;
    return p;
}

static void begin_ids(lme_steps *steps, const lme_ids *ids, size_t from)
{
    progress *p = begin(steps);
    p->ids = ids->ids;
    p->n = ids->n;
    p->values = LME_ARRAY(steps->arena, double, p->n);
    p->at = from;
    p->span = (lme_span){.from = from, .to = ids->n};
    ask_token(steps, p);
}

static bool step(lme_steps *steps, const lme_value *answer, lme_response *response, lme_error *err)
{
    progress *p = steps->progress;
    if (p == NULL) {
        p = begin(steps);
        if (!place(steps, answer, p, err))
            return false;
    } else {
        if (!add_token(p, answer, err))
            return false;
        p->at++;
    }
    if (p->at < p->span.to) {
        ask_token(steps, p);
        return true;
    }
    response->logprob_nats = p->sum;
    response->is_greedy = p->greedy;
    response->straddles = p->span.straddles;
    response->n_tokens = p->span.to - p->span.from;
    response->n_prompt_tokens = p->n;
    return true;
}

static void gathered(lme_arena *arena, const void *done, lme_listed *listed)
{
    const progress *p = done;
    lme_value *tokens = LME_ARRAY(arena, lme_value, p->n);
    lme_value *values = LME_ARRAY(arena, lme_value, p->n);
    for (size_t i = 0; i < p->n; i++) {
        tokens[i] = lme_string(lme_str_copy(arena, p->pieces[i]));
        values[i] = isnan(p->values[i]) ? lme_null() : lme_float(p->values[i]);
    }
    *listed = (lme_listed){tokens, values, p->n, p->span.from, p->span.to};
}

/* ---- the proof ----
 *
 * After a text the server is asked for its two likeliest tokens and their log-probabilities, as a
 * text and with nothing forced. Then both are scored as continuations, by the steps above: the
 * results must be the same, also for the second, which only the bias brings about. */

static bool ask_two(lme_prober *prober, lme_str prefix, lme_probed *probed, lme_error *err)
{
    lme_builder out = {.arena = prober->arena};
    lme_builder_add(&out, LME_STR("{\"prompt\": "));
    lme_json_write_string(&out, prefix, true);
    lme_builder_add(&out, LME_STR(", \"n_predict\": 1, \"n_probs\": 2, \"temperature\": 0}"));
    if (!lme_prober_ask(prober, prober->endpoint->url.completion, lme_builder_finish(&out), probed,
                        err))
        return false;
    if (probed->outcome == LME_OUTCOME_OK && first_entry(&probed->value) != NULL)
        return true;
    lme_prober_find(prober, "llama_server", false, "%.*s",
                    LME_STR_ARG(probed->failure.len > 0 ? probed->failure
                                                        : LME_STR("no completion_probabilities")));
    if (probed->outcome != LME_OUTCOME_OK)
        return lme_prober_refuse(prober, "a request to /completion with n_probs", probed, err);
    return lme_fail(err, LME_ERR_SERVER, NULL,
                    "the answer of /completion has no completion_probabilities");
}

/* Counts of the pairs that could be compared. */
typedef struct counts {
    size_t n_same, n_forced, n_other;
    lme_str failure;
} counts;

static bool compare(lme_prober *prober, lme_str prefix, const lme_value *token, bool is_forced,
                    counts *c, lme_error *err)
{
    const lme_value *text = lme_value_find(token, "token");
    double value;
    lme_prober_score s;
    if (text == NULL || text->kind != LME_STRING || text->string.len == 0 ||
        !number_of(token, "logprob", &value))
        return true;
    lme_request request = {
        .kind = LME_REQUEST_LOGLIKELIHOOD, .context = prefix, .continuation = text->string};
    if (!lme_prober_scores(prober, prober->path, &request, &s, err))
        return false;
    if (s.response.state != LME_RESPONSE_OK)
        c->failure = lme_str_copy(prober->arena, s.response.failure);
    if (s.response.state != LME_RESPONSE_OK || s.response.n_tokens != 1 || s.response.straddles)
        return true;
    bool same = lme_is_close(s.response.logprob_nats, value);
    c->n_same += same;
    c->n_forced += same && is_forced;
    c->n_other += !same;
    return true;
}

static bool probe(lme_prober *prober, unsigned needs, lme_error *err)
{
    static const char *const prefixes[] = {
        "Monday, Tuesday, Wednesday, Thursday, Friday,",
        "The children went to the park. They played with a red",
        "Paris is the capital of France. Rome is the capital of",
        "In the morning she drinks a cup of",
    };
    counts c = {.failure = LME_STR("")};
    (void)needs;
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        lme_probed probed;
        lme_str prefix = lme_str_from(prefixes[i]);
        if (!ask_two(prober, prefix, &probed, err))
            return false;
        const lme_value *entry = first_entry(&probed.value);
        for (size_t k = 0; k < 2 && likeliest(entry, k) != NULL; k++) {
            if (!compare(prober, prefix, likeliest(entry, k), k > 0, &c, err))
                return false;
        }
    }
    bool good = c.n_same >= 2 && c.n_forced >= 1 && c.n_other == 0;
    lme_prober_find(prober, "llama_server", good,
                    "%zu of %zu tokens have the log-probability that the server gives unasked, %zu "
                    "of them forced%s%.*s",
                    c.n_same, c.n_same + c.n_other, c.n_forced, c.failure.len > 0 ? "; " : "",
                    LME_STR_ARG(c.failure));
    if (good)
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL,
             "forced tokens could not be proved to have the log-probabilities that the server "
             "gives unasked: %zu have, %zu have not%s%.*s",
             c.n_same, c.n_other, c.failure.len > 0 ? "; " : "", LME_STR_ARG(c.failure));
    return lme_hint(err, "docs/servers.md says which servers can be scored");
}

/* One for the tokens and one for each that is scored: of at least a byte, or of none where it is a
 * special one in front of a text that is scored whole. */
static void requests(const lme_request *request, size_t *least, size_t *most)
{
    bool rolls = request->kind == LME_REQUEST_ROLLING;
    size_t kept = rolls ? 0 : lme_rstrip(request->context).len;
    *least = 2;
    *most = 1 + request->context.len - kept + request->continuation.len + (rolls ? MAX_LEADING : 0);
}

const lme_path lme_path_llama_server = {
    .name = "llama_server",
    .meaning = "llama.cpp's llama-server, forced token by token",
    .asks = "a request to /tokenize",
    .probe = probe,
    .url = url,
    .encode = encode,
    .step = step,
    .gathered = gathered,
    .begin_ids = begin_ids,
    .requests = requests,
};

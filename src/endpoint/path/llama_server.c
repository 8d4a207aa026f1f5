/* llama.cpp's llama-server, which does not echo: by forced tokens.
 *
 * /tokenize gives the ids of context and continuation in one, with their pieces, and so where the
 * continuation begins. Then its tokens are generated behind all before them, forced by biases: the
 * server tells their log-probabilities among the model's own, taken before any bias. One request
 * forces as many tokens as differ from each other (forced.h); what it does not tell of is asked
 * for alone, and at last looked up among the likeliest tokens. The server keeps the prompt of the
 * request before, so each of these costs its new tokens only.
 */
#include "../align.h"
#include "../answer.h"
#include "../forced.h"
#include "../forced_proof.h"
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
    size_t n_asked;  /* tokens that the request under way forces */
    size_t n_listed; /* likeliest ones that it lists to find the next one among; 0: it forces */
    bool is_alone;   /* a run of several did not come as asked: one by one from there on */
    lme_entries span;
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
        !align(steps->arena, prompt, p, &a, err) || !lme_entries_find(&a, cut, &p->span, err))
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

static void ask(lme_steps *steps, progress *p)
{
    p->body.len = 0;
    if (p->n_listed > 0)
        lme_forced_list(&p->body, steps->form, p->ids, p->at, p->n_listed);
    else
        lme_forced_ask(&p->body, steps->form, p->ids, p->at, p->n_asked);
    steps->next_url = steps->url->completion;
    steps->next_body = lme_builder_finish(&p->body);
}

/* Of a token that ends within a character nothing is told but where it is listed, nor of those that
 * complete it: a run ends before it. Windows of ids have no pieces; there the answer shows it. */
static bool is_part(const progress *p, size_t at)
{
    return p->pieces != NULL && lme_ends_within_character(p->pieces[at]);
}

/* Asks for the next tokens, by the quickest way that is known to work. */
static void ask_next(lme_steps *steps, progress *p)
{
    bool runs = steps->form->forces_runs && !p->is_alone;
    size_t n = runs ? lme_forced_run(p->ids, p->at, p->span.to) : 1, parts = 0;
    while (parts < n && !is_part(p, p->at + parts))
        parts++;
    p->n_asked = parts > 0 ? parts : 1;
    p->n_listed = parts > 0 ? 0 : LME_FORCED_LISTED;
    ask(steps, p);
}

static bool add_token(progress *p, const lme_forced *token, lme_error *err)
{
    static const double floor_nats = -9998.0, rounding_nats = 1e-6;
    if (isnan(token->nats) || token->nats > rounding_nats)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "token %zu of %zu has the log-probability %g, expected one <= 0", p->at,
                        p->n, token->nats);
    p->values[p->at] = token->nats <= floor_nats ? (double)-INFINITY : token->nats;
    p->sum += p->values[p->at];
    p->greedy = p->greedy && token->nats >= token->top_nats;
    p->at++;
    return true;
}

/* The forced tokens, as far as they came. */
static bool take_forced(progress *p, const lme_value *answer, size_t *n_taken, lme_error *err)
{
    lme_forced token;
    for (*n_taken = 0; *n_taken < p->n_asked; ++*n_taken) {
        if (!lme_forced_told(answer, *n_taken, &token) || token.id != p->ids[p->at])
            return true;
        if (!add_token(p, &token, err))
            return false;
    }
    return true;
}

/* The one that was to be listed; not yet, when more can be. */
static bool take_listed(progress *p, const lme_value *answer, size_t *n_taken, lme_error *err)
{
    lme_forced token;
    size_t n_told;
    *n_taken = 1;
    if (lme_forced_find(answer, p->ids[p->at], &token, &n_told))
        return add_token(p, &token, err);
    *n_taken = 0;
    if (n_told >= p->n_listed && p->n_listed < LME_FORCED_ALL)
        return true;
    if (n_told == 0) {
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "the answer's completion_probabilities have no id, logprob and top_logprobs");
        return lme_hint(err, "llama-server since December 2024 gives them: take a newer one");
    }
    return lme_fail(err, LME_ERR_SERVER, NULL,
                    "token %lld cannot be forced, and is not among the %zu that the server lists",
                    (long long)p->ids[p->at], n_told);
}

/* Takes an answer and asks for what is left, or for the same in a surer way. */
static bool take(lme_steps *steps, progress *p, const lme_value *answer, lme_error *err)
{
    size_t n_taken;
    bool ok = p->n_listed > 0 ? take_listed(p, answer, &n_taken, err)
                              : take_forced(p, answer, &n_taken, err);
    if (!ok)
        return false;
    if (n_taken < p->n_asked && p->n_listed == 0 && p->n_asked > 1)
        p->is_alone = true;
    if (n_taken > 0 || (p->n_listed == 0 && p->n_asked > 1)) {
        if (p->at < p->span.to)
            ask_next(steps, p);
        return true;
    }
    size_t more = p->n_listed * 64;
    p->n_listed = p->n_listed == 0        ? LME_FORCED_LISTED
                  : more < LME_FORCED_ALL ? more
                                          : LME_FORCED_ALL;
    ask(steps, p);
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
    p->span = (lme_entries){.from = from, .to = ids->n};
    ask_next(steps, p);
}

static bool step(lme_steps *steps, const lme_value *answer, lme_response *response, lme_error *err)
{
    progress *p = steps->progress;
    if (p == NULL) {
        p = begin(steps);
        if (!place(steps, answer, p, err))
            return false;
        ask_next(steps, p);
    } else if (!take(steps, p, answer, err)) {
        return false;
    }
    if (p->at < p->span.to)
        return true;
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

/* Of the text's bytes those that a part of a character can be made of, which are looked up by three
 * requests at most. */
static size_t n_of_parts(lme_str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += (unsigned char)text.ptr[i] >= 0x80;
    return n;
}

/* One for the tokens and one for all that are scored, or for each: of at least a byte, or of none
 * where it is a special one in front of a text that is scored whole. */
static void requests(const lme_request *request, size_t *least, size_t *most)
{
    bool rolls = request->kind == LME_REQUEST_ROLLING;
    lme_str context = request->context;
    lme_str behind = lme_str_slice(context, rolls ? 0 : lme_rstrip(context).len, context.len);
    *least = 2;
    *most = 1 + behind.len + 2 * n_of_parts(behind) + request->continuation.len +
            2 * n_of_parts(request->continuation) + (rolls ? MAX_LEADING : 0);
}

const lme_path lme_path_llama_server = {
    .name = "llama_server",
    .meaning = "llama.cpp's llama-server, by forced tokens",
    .asks = "a request to /tokenize",
    .probe = lme_forced_probe,
    .url = url,
    .encode = encode,
    .step = step,
    .gathered = gathered,
    .begin_ids = begin_ids,
    .requests = requests,
};

/* From the tokens of an answer to the score of a continuation: where it begins, and the sum.
 *
 * The continuation's tokens are those from the first one on that begins at or behind the end of the
 * context without its trailing white space: lm_eval's boundary, found without a tokenizer
 * (docs/scoring.md).
 */
#include "score.h"

#include "align.h"

#include <lmeval/unicode.h>

/* The entries of the continuation. A token across the cut counts to the context, as it does in
 * lm_eval's count of the context's own tokens, unless nothing were left then. */
bool lme_entries_find(const lme_alignment *a, size_t cut, lme_entries *s, lme_error *err)
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
static bool check_first(const lme_logprobs *l, const lme_entries *s, const lme_alignment *a,
                        lme_error *err)
{
    if (s->from > a->first || l->values[s->from].kind != LME_NULL)
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL,
             "the prompt's first token is to be scored, and the server gives no log-probability "
             "for it: the context is empty, or one token with the continuation's beginning");
    return lme_hint(err, "give the task a context: a doc_to_text or a description; a server with "
                         "/tokenize that takes token ids can be told what stands before the text: "
                         "--prefix-token ID where it does not tell its BOS or end-of-text");
}

static bool add_up(const lme_logprobs *l, const lme_entries *s, lme_response *response,
                   lme_error *err)
{
    double sum = 0;
    bool greedy = true;
    for (size_t i = s->from; i < s->to; i++) {
        double value, top;
        /* Behind one that is not the likeliest there is nothing to ask. */
        if (!lme_logprobs_value(l, i, &value, err) ||
            (greedy && !lme_logprobs_top(l, i, NULL, &top, err)))
            return false;
        sum += value;
        greedy = greedy && value == top;
    }
    response->logprob_nats = sum;
    response->is_greedy = greedy;
    return true;
}

/* Whether the likeliest token of a place may be another one of the same text: pieces of characters
 * all print as "" or U+FFFD, and in a map of texts the last one written stays (servers 3.4). What
 * has more than half of the probability is the likeliest whatever prints like it. */
static bool is_hidden(const lme_logprobs *l, size_t i)
{
    static const double half_nats = -0.693;
    lme_str text = l->tokens[i].string;
    double value;
    lme_error why = {0};
    bool is_readable = text.len > 0 && lme_str_find(text, LME_STR("\xEF\xBF\xBD"), 0) >= text.len;
    return !is_readable && lme_logprobs_n_tops(l, i) == 1 &&
           lme_logprobs_value(l, i, &value, &why) && value < half_nats;
}

/* Only what is no choice among others is asked whether it is greedy. lm_eval's own digits are as it
 * has them. */
static bool check_greedy(const lme_request *request, const lme_logprobs *l, const lme_entries *s,
                         const lme_response *response, lme_error *err)
{
    if (request->kind != LME_REQUEST_LOGLIKELIHOOD || request->n_alternatives > 0 ||
        l->tops_by_id || l->drops_last || !response->is_greedy)
        return true;
    for (size_t i = s->from; i < s->to; i++) {
        if (is_hidden(l, i))
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "token %zu of %zu is a piece of a character, and top_logprobs hold "
                            "nothing else: whether it is the likeliest cannot be told",
                            i, l->n);
    }
    return true;
}

/* What was scored: a text, and behind which of its code points. */
typedef struct scored_text {
    lme_str prompt;
    size_t cut;
} scored_text;

/* Its tokens. */
typedef struct placed {
    lme_alignment alignment;
    size_t n_prompt_tokens;
    lme_entries scored;
} placed;

static bool place(lme_arena *arena, const scored_text *text, const lme_logprobs *logprobs,
                  placed *p, lme_error *err)
{
    lme_alignment *a = &p->alignment;
    if (!lme_align(arena, text->prompt, logprobs, text->cut, a, err))
        return false;
    p->n_prompt_tokens = a->end - a->first;
    if (logprobs->drops_last && a->end == logprobs->n && a->end > a->first)
        a->n_codepoints = a->starts[--a->end];
    return lme_entries_find(a, text->cut, &p->scored, err);
}

lme_str lme_tokens_joined(lme_arena *arena, const lme_logprobs *logprobs)
{
    lme_builder joined = {.arena = arena};
    for (size_t i = 0; i < logprobs->n; i++)
        lme_builder_add(&joined, logprobs->tokens[i].string);
    return lme_builder_finish(&joined);
}

/* What the chat template made of a conversation is known from the answer alone: its tokens, joined.
 * It must end in the continuation, letter by letter. */
static bool find_chat(lme_arena *arena, const lme_request *request, const lme_logprobs *logprobs,
                      scored_text *text, lme_error *err)
{
    lme_str written = lme_tokens_joined(arena, logprobs);
    if (!lme_str_ends(written, request->continuation)) {
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "the conversation as the server writes it does not end in the continuation");
        return lme_hint(err, "its chat template closes or trims the answer, or a character of it "
                             "stands in several tokens (docs/scoring.md)");
    }
    lme_str context = lme_str_slice(written, 0, written.len - request->continuation.len);
    *text = (scored_text){written, lme_codepoints(lme_rstrip(context))};
    return true;
}

static bool find_text(lme_arena *arena, const lme_request *request, const lme_logprobs *logprobs,
                      scored_text *text, lme_error *err)
{
    if (request->n_messages > 0)
        return find_chat(arena, request, logprobs, text, err);
    *text = (scored_text){.prompt = lme_str_concat(arena, request->context, request->continuation)};
    if (request->kind != LME_REQUEST_ROLLING)
        text->cut = lme_codepoints(lme_rstrip(request->context));
    return true;
}

bool lme_score_read(lme_arena *arena, const lme_request *request, const lme_logprobs *logprobs,
                    lme_response *response, lme_error *err)
{
    scored_text text = {0};
    placed p;
    if (!find_text(arena, request, logprobs, &text, err) ||
        !place(arena, &text, logprobs, &p, err) ||
        !check_first(logprobs, &p.scored, &p.alignment, err) ||
        !add_up(logprobs, &p.scored, response, err) ||
        !check_greedy(request, logprobs, &p.scored, response, err))
        return false;
    response->n_prompt_tokens =
        logprobs->n_prompt_tokens > 0 ? (size_t)logprobs->n_prompt_tokens : p.n_prompt_tokens;
    response->straddles = p.scored.straddles;
    response->n_tokens = p.scored.to - p.scored.from;
    return true;
}

bool lme_score_span(lme_arena *arena, const lme_request *request, const lme_logprobs *logprobs,
                    lme_entries *scored, lme_error *err)
{
    scored_text text = {0};
    placed p;
    if (!find_text(arena, request, logprobs, &text, err) || !place(arena, &text, logprobs, &p, err))
        return false;
    *scored = p.scored;
    return true;
}

/* An answer that counts the prompt otherwise has put something before it, or cut it. */
static bool check_count(const lme_logprobs *l, size_t n, lme_error *err)
{
    if (l->n < n)
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the answer lists %zu tokens for a prompt of %zu token ids", l->n, n);
    if (l->n_prompt_tokens <= 0 || (uint64_t)l->n_prompt_tokens == n)
        return true;
    return lme_fail(err, LME_ERR_SERVER, NULL,
                    "the server counts %lld tokens in a prompt of %zu token ids",
                    (long long)l->n_prompt_tokens, n);
}

bool lme_score_ids(lme_arena *arena, const lme_path *path, const lme_value *answer,
                   lme_entries scored, lme_response *response, lme_error *err)
{
    lme_logprobs l;
    size_t n = scored.to;
    if (!path->read(arena, answer, &l, err) || !check_count(&l, n, err))
        return false;
    if (path->drops_last && l.n == n)
        scored.to--;
    if (!add_up(&l, &scored, response, err))
        return false;
    response->n_prompt_tokens = n;
    response->n_tokens = scored.to - scored.from;
    return true;
}

bool lme_path_decode(lme_arena *arena, const lme_question *question, const lme_value *answer,
                     lme_response *response, lme_error *err)
{
    lme_logprobs logprobs;
    if (question->path->decode != NULL)
        return question->path->decode(arena, question->form, question->request, answer, response,
                                      err);
    return question->path->read(arena, answer, &logprobs, err) &&
           lme_score_read(arena, question->request, &logprobs, response, err);
}

/* Choices of one token each, read from one request's likeliest next tokens: as many requests as
 * there are items, not choices.
 *
 * A choice that is a token of the server's is as likely after the context as that token is next:
 * the loglikelihood, by another request. An item of which one choice is not among the likeliest
 * tokens (it is rarer, or it is several tokens) is asked by the ordinary path, all its choices, so
 * that an item's numbers are of one kind. So is everything that is no choice among others.
 */
#include "../candidates.h"
#include "../generate.h"
#include "../path_proof.h"

#include <math.h>

#include <lmeval/unicode.h>

static bool takes(const lme_request *request)
{
    if (request->kind != LME_REQUEST_LOGLIKELIHOOD || request->n_alternatives < 2)
        return false;
    /* Whether a begun answer is gone on with is not proved here, and the first token of a new turn
     * is another one. */
    if (lme_is_chat(request))
        return !lme_is_begun(request);
    /* White space at the context's end belongs to the continuation. */
    return request->context.len > 0 && lme_rstrip(request->context).len == request->context.len;
}

static bool put(lme_arena *arena, const lme_form *form, const lme_request *request,
                lme_request *generation, lme_error *err)
{
    (void)err;
    lme_map_builder extra = {.arena = arena};
    lme_generation *g = LME_NEW(arena, lme_generation);
    if (request->n_messages > 0) {
        lme_map_add(&extra, LME_STR("logprobs"), lme_bool(true));
        lme_map_add(&extra, LME_STR("top_logprobs"), lme_int((int64_t)form->top_limit));
    } else {
        lme_map_add(&extra, LME_STR("logprobs"), lme_int((int64_t)form->top_limit));
    }
    *g = (lme_generation){.max_tokens = 1, .extra = lme_map_finish(&extra)};
    *generation = (lme_request){
        .kind = LME_REQUEST_GENERATE,
        .context = request->context,
        .messages = request->messages,
        .n_messages = request->n_messages,
        .continuation = LME_STR(""),
        .generation = g,
        .repeat = request->repeat,
    };
    return true;
}

/* A text that no part of a character prints as. */
static bool is_whole(lme_str text)
{
    return text.len > 0 && lme_str_find(text, LME_STR("\xEF\xBF\xBD"), 0) >= text.len;
}

static bool decode(lme_arena *arena, const lme_form *form, const lme_request *request,
                   const lme_value *answer, lme_response *response, lme_error *err)
{
    (void)form;
    lme_candidates candidates;
    if (!lme_candidates_read(arena, answer, &candidates, err))
        return false;
    for (size_t i = 0; i < request->n_alternatives; i++) {
        lme_str text = request->alternatives[i];
        const lme_candidate_token *token = lme_candidates_find(&candidates, text);
        if (token == NULL || !is_whole(text)) {
            response->failure = lme_str_format(
                arena, "the choice \"%.*s\" is not one of the %zu likeliest next tokens",
                LME_STR_ARG(text), candidates.n);
            return true;
        }
        if (i == request->alternative)
            response->logprob_nats = token->nats;
    }
    response->is_greedy = response->logprob_nats >= candidates.tokens[0].nats;
    response->n_tokens = 1;
    response->n_prompt_tokens = (size_t)lme_usage(answer, "prompt_tokens");
    return true;
}

/* ---- the proof ----
 *
 * The likeliest token after some texts, and the second and the last of those told, are scored as
 * continuations by the ordinary path: what is one token there must have the same value. Where there
 * is no ordinary path, the likeliest token must be the one that is generated, and the
 * probabilities must be some. */

static const char *const prefixes[] = {
    "Monday, Tuesday, Wednesday, Thursday, Friday,",
    "Paris is the capital of France. Rome is the capital of",
    "The children went to the park. They played with a red",
    "In the morning she drinks a cup of",
};

typedef struct counts {
    size_t n_same, n_other, n_alone; /* values as by the ordinary path, others; without one */
    size_t n_told;                   /* likeliest tokens in one answer */
    double most;
} counts;

static bool ask(lme_prober *prober, const lme_request *request, lme_probed *probed, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    lme_request generation;
    lme_form form = lme_endpoint_form(endpoint, request);
    if (!put(prober->arena, &form, request, &generation, err))
        return false;
    lme_str body = lme_generate_encode(prober->arena, &form, &generation);
    return lme_prober_ask(prober, lme_url_of_openai(&endpoint->url, &generation), body, probed,
                          err);
}

/* Finds how many tokens are told at most: 20, or OpenAI's 5 for completions, or what is told for a
 * single one. */
static bool find_limit(lme_prober *prober, lme_request *request, lme_probed *probed, lme_error *err)
{
    static const size_t limits[] = {LME_TOP_LIMIT, 5, 1};
    for (size_t i = 0; i < sizeof limits / sizeof limits[0]; i++) {
        prober->endpoint->form.top_limit = limits[i];
        if (!ask(prober, request, probed, err))
            return false;
        if (probed->outcome == LME_OUTCOME_OK)
            return true;
        if (probed->status != 400 && probed->status != 422)
            break;
    }
    lme_prober_find(prober, prober->path->name, false, "%.*s", LME_STR_ARG(probed->failure));
    return lme_prober_refuse(prober, "a request for the likeliest next tokens", probed, err);
}

static bool hold(lme_prober *prober, const lme_request *request, const lme_candidate_token *token,
                 counts *c, lme_error *err)
{
    lme_prober_score scored;
    lme_request alone = *request;
    alone.alternatives = NULL;
    alone.n_alternatives = 0;
    alone.continuation = token->text;
    if (!is_whole(token->text) || !lme_utf8_valid(token->text))
        return true;
    if (!lme_prober_scores(prober, prober->endpoint->ordinary, &alone, &scored, err))
        return false;
    const lme_response *r = &scored.response;
    if (r->state != LME_RESPONSE_OK || r->n_tokens != 1 || r->straddles)
        return true;
    bool is_same = lme_is_close(r->logprob_nats, token->nats);
    c->n_same += is_same;
    c->n_other += !is_same;
    double difference = fabs(r->logprob_nats - token->nats);
    if (isfinite(difference) && difference > c->most)
        c->most = difference;
    return true;
}

/* The sum of probabilities is at most 1, and the generated token the likeliest. */
static bool is_sane(lme_arena *arena, const lme_request *request, const lme_value *answer,
                    const lme_candidates *candidates)
{
    double sum = 0;
    lme_str text = LME_STR("");
    lme_error why = {0};
    const lme_value *choice = lme_first_choice(answer);
    const lme_value *v = lme_value_find(choice, "text");
    for (size_t i = 0; i < candidates->n; i++)
        sum += exp(candidates->tokens[i].nats);
    if (v != NULL && v->kind == LME_STRING)
        text = v->string;
    if (request->n_messages > 0 && !lme_chat_read_text(arena, choice, &text, &why))
        return false;
    bool is_likeliest = lme_str_equal(lme_strip(text), lme_strip(candidates->tokens[0].text));
    return is_likeliest && candidates->n > 1 && sum <= 1.01;
}

static bool hold_all(lme_prober *prober, const char *prefix, counts *c, lme_error *err)
{
    lme_probed probed;
    lme_candidates candidates;
    lme_request request = lme_scored_request(prober, prefix, LME_STR(""));
    bool ok = c->n_told == 0 ? find_limit(prober, &request, &probed, err)
                             : ask(prober, &request, &probed, err);
    if (!ok)
        return false;
    if (probed.outcome != LME_OUTCOME_OK)
        return lme_prober_refuse(prober, "a request for the likeliest next tokens", &probed, err);
    if (!lme_candidates_read(prober->arena, &probed.value, &candidates, err)) {
        lme_prober_find(prober, prober->path->name, false, "%s", err->message);
        return lme_hint(err,
                        "the server tells no likeliest tokens; a model that thinks first tells "
                        "those of its thoughts");
    }
    c->n_told = candidates.n > c->n_told ? candidates.n : c->n_told;
    c->n_alone += is_sane(prober->arena, &request, &probed.value, &candidates);
    const size_t ranks[] = {0, 1, candidates.n - 1};
    for (size_t i = 0; i < 3 && prober->endpoint->ordinary != NULL; i++) {
        size_t rank = ranks[i];
        bool is_new = i < 2 || rank > 1;
        if (is_new && rank < candidates.n &&
            !hold(prober, &request, &candidates.tokens[rank], c, err))
            return false;
    }
    return true;
}

static bool judge(lme_prober *prober, const counts *c, lme_error *err)
{
    const lme_path *ordinary = prober->endpoint->ordinary;
    bool good = ordinary != NULL ? c->n_same >= 2 && c->n_other == 0 : c->n_alone >= 2;
    if (ordinary != NULL)
        lme_prober_find(prober, "first_token", good,
                        "%zu of %zu tokens have the value that %s gives (at most %.2g nats apart); "
                        "%zu likeliest tokens are told",
                        c->n_same, c->n_same + c->n_other, ordinary->name, c->most, c->n_told);
    else
        lme_prober_find(prober, "first_token", good,
                        "%zu likeliest tokens are told; a choice that is not among them cannot be "
                        "scored, there is no other path",
                        c->n_told);
    if (good)
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL,
             "the likeliest next tokens could not be proved to have the log-probabilities that the "
             "server gives elsewhere: %zu have, %zu have not",
             c->n_same, c->n_other);
    return lme_hint(err, "--scoring auto does not depend on them");
}

static bool probe(lme_prober *prober, unsigned needs, lme_error *err)
{
    counts c = {0};
    bool rolls = (needs & 1u << LME_REQUEST_ROLLING) != 0;
    bool alone = (needs & LME_NEED_ALONE) != 0;
    lme_error why = {0};
    prober->chats = (needs & LME_NEED_CHAT) != 0;
    const lme_path *self = prober->path;
    prober->endpoint->ordinary =
        prober->ordinary != NULL ? prober->ordinary : lme_prober_ordinary(prober, needs, &why);
    prober->path = self;
    if (prober->endpoint->ordinary == NULL && (rolls || alone || why.code == LME_ERR_NETWORK)) {
        *err = why;
        return false;
    }
    for (size_t i = 0; i < sizeof prefixes / sizeof prefixes[0]; i++) {
        if (!hold_all(prober, prefixes[i], &c, err))
            return false;
    }
    return judge(prober, &c, err);
}

const lme_path lme_path_first_token = {
    .name = "first_token",
    .meaning = "one request an item: its one-token choices among the likeliest",
    .asks = "a request for the likeliest next tokens",
    .by_name_only = true,
    .scores_chats = true,
    .compares = true,
    .takes = takes,
    .put = put,
    .probe = probe,
    .decode = decode,
};

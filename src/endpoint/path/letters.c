/* Chats that tell their likeliest tokens: the choices get letters, and each is worth what the
 * first token of the answer says of its letter.
 *
 * Spellings of one letter ("A", " A", "a") are added up (servers 3.22). A letter that is not among
 * the tokens told has the last one's value as an upper bound, and is marked; where none is, the
 * answer names no choice. What comes of it is no loglikelihood of the choices.
 */
#include "../candidates.h"
#include "../generate.h"
#include "../lettered.h"
#include "../probe.h"

#include <math.h>

#include <lmeval/unicode.h>

static bool put(lme_arena *arena, const lme_form *form, const lme_request *request,
                lme_request *generation, lme_error *err)
{
    lme_map_builder extra = {.arena = arena};
    lme_generation *how = LME_NEW(arena, lme_generation);
    lme_map_add(&extra, LME_STR("logprobs"), lme_bool(true));
    lme_map_add(&extra, LME_STR("top_logprobs"), lme_int((int64_t)form->top_limit));
    *how = (lme_generation){.max_tokens = 1, .extra = lme_map_finish(&extra)};
    return lme_lettered_put(arena, request, how, generation, err);
}

static bool spells(lme_str token, char letter)
{
    token = lme_strip(token);
    return token.len == 1 && (token.ptr[0] == letter || token.ptr[0] == letter + ('a' - 'A'));
}

/* The logarithm of what all spellings have together; -INFINITY when none is told. */
static double value_of(const lme_candidates *c, char letter)
{
    double sum = 0;
    for (size_t i = 0; i < c->n; i++)
        sum += spells(c->tokens[i].text, letter) ? exp(c->tokens[i].nats) : 0;
    return sum > 0 ? fmin(log(sum), 0) : (double)-INFINITY;
}

static bool decode(lme_arena *arena, const lme_form *form, const lme_request *request,
                   const lme_value *answer, lme_response *response, lme_error *err)
{
    (void)form;
    lme_candidates c;
    bool any = false;
    if (!lme_candidates_read(arena, answer, &c, err))
        return false;
    for (size_t i = 0; i < request->n_alternatives; i++)
        any = any || !isinf(value_of(&c, lme_letter(request, i)));
    char letter = lme_letter(request, request->alternative);
    response->logprob_nats = value_of(&c, letter);
    response->is_greedy = spells(c.tokens[0].text, letter);
    response->n_tokens = 1;
    response->n_prompt_tokens = (size_t)lme_usage(answer, "prompt_tokens");
    if (!any) {
        response->finish = LME_STR(LME_SCORED_NOTHING);
    } else if (isinf(response->logprob_nats)) {
        /* Just below, so that a letter that is told wins. */
        response->logprob_nats = nextafter(c.tokens[c.n - 1].nats, (double)-INFINITY);
        response->finish = LME_STR(LME_SCORED_BOUND);
    }
    return true;
}

static bool probe(lme_prober *prober, unsigned needs, lme_error *err)
{
    static const lme_lettered_words words = {
        .good = "likeliest tokens of an answer hold letters",
        .nothing = "none is among the likeliest tokens of an answer",
        .asked = "a chat request with top_logprobs",
        .hint = "--scoring generated_letters needs no log-probabilities",
    };
    static const size_t limits[] = {LME_TOP_LIMIT, 5, 1};
    const size_t n = sizeof limits / sizeof limits[0], n_findings = prober->profile->n_findings;
    /* Where it is refused as such, fewer tokens may be told than were asked for. */
    bool is_refused = true;
    for (size_t i = 0; i < n && is_refused; i++) {
        *err = (lme_error){0};
        prober->profile->n_findings = n_findings; /* of fewer tokens than were refused */
        prober->endpoint->form.top_limit = limits[i];
        if (lme_lettered_probe(prober, needs, &words, &is_refused, err))
            return true;
    }
    return false;
}

const lme_path lme_path_letters = {
    .name = "letters",
    .meaning = "chats: likeliest letter of lettered choices; not loglikelihoods",
    .asks = "a chat request with top_logprobs",
    .by_name_only = true,
    .scores_chats = true,
    .compares = true,
    .caution = LME_LETTERED_CAUTION,
    .put = put,
    .probe = probe,
    .decode = decode,
};

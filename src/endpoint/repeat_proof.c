/* Whether the same question gets the same answer: drawn with the same seed, at temperature 0, and
 * beside other questions, whose batches and kernels change the last digits (servers 3.21). */
#include "path_proof.h"

#include <math.h>

#include <lmeval/unicode.h>

/* ---- drawn ---- */

static bool find_seed(lme_prober *prober, bool chats, lme_error *err)
{
    static const int64_t offsets[] = {0, 0, 1};
    const lme_generation drawn = {.max_tokens = 16, .temperature = 1, .extra = {.kind = LME_NULL}};
    const char *name = "seed";
    lme_str texts[3];
    int64_t seed = prober->endpoint->form.seed;
    for (size_t i = 0; i < 3; i++) {
        lme_str failure;
        prober->endpoint->form.seed = (int64_t)((uint64_t)seed + (uint64_t)offsets[i]);
        bool ok = lme_prober_writes(prober, chats, &drawn, &texts[i], &failure, err);
        prober->endpoint->form.seed = seed;
        if (!ok)
            return false;
        if (failure.len == 0)
            continue;
        lme_prober_find(prober, name, false, "%.*s", LME_STR_ARG(failure));
        return true;
    }
    const lme_dialect *dialect = chats ? &prober->endpoint->chats : &prober->endpoint->completions;
    bool same = lme_str_equal(texts[0], texts[1]), other = !lme_str_equal(texts[0], texts[2]);
    if (lme_dialect_refuses(dialect, LME_STR("seed")))
        lme_prober_find(prober, name, false, "is refused");
    else if (lme_dialect_refuses(dialect, LME_STR("temperature")))
        lme_prober_find(prober, name, same, "temperature is refused; twice the same seed, %s",
                        same ? "the same text" : "another text");
    else if (!same)
        lme_prober_find(prober, name, false, "the same seed gives another text the second time");
    else
        lme_prober_find(prober, name, other,
                        other ? "the same seed gives the same text, another seed another one"
                              : "every seed gives the same text, at temperature 1");
    return true;
}

/* The number of the first character that differs, from 1 on; 0: none does. */
static size_t first_other(lme_str a, lme_str b)
{
    size_t at = 0;
    while (at < a.len && at < b.len && a.ptr[at] == b.ptr[at])
        at++;
    return at == a.len && at == b.len ? 0 : lme_codepoints(lme_str_slice(a, 0, at)) + 1;
}

static bool find_same_answer(lme_prober *prober, bool chats, lme_error *err)
{
    const lme_generation greedy = {.max_tokens = 24, .extra = {.kind = LME_NULL}};
    lme_str texts[2], failure;
    for (size_t i = 0; i < 2; i++) {
        if (!lme_prober_writes(prober, chats, &greedy, &texts[i], &failure, err))
            return false;
        if (failure.len == 0)
            continue;
        lme_prober_find(prober, "same answer", false, "%.*s", LME_STR_ARG(failure));
        return true;
    }
    size_t at = first_other(texts[0], texts[1]);
    if (at == 0)
        lme_prober_find(prober, "same answer", true, "twice the same at temperature 0");
    else
        lme_prober_find(prober, "same answer", false,
                        "differs from character %zu on, at temperature 0", at);
    return true;
}

/* ---- beside others ---- */

enum {
    AT_ONCE = 8,
    TURN_MS = 1000
};

/* Answers to the one question, as they come. */
typedef struct crowd {
    double alone;
    double most; /* nats apart from it */
    size_t n_same_digits, n_came, n_failed;
} crowd;

static void take(void *context, const lme_response *response)
{
    crowd *c = context;
    c->n_came++;
    c->n_failed += response->state != LME_RESPONSE_OK;
    double apart = fabs(response->logprob_nats - c->alone);
    if (response->state == LME_RESPONSE_OK && apart > c->most)
        c->most = apart;
    c->n_same_digits += response->state == LME_RESPONSE_OK && !(apart > 0);
}

/* The others only keep the server busy. */
static void ignore(void *context, const lme_response *response)
{
    (void)response;
    ++*(size_t *)context;
}

static lme_request question_of(const lme_prober *prober, size_t i)
{
    static const char *const others[] = {
        "One", "She looked at the map and said that the way over the hills was", "Two and two make",
        "In the year that followed, the town built a bridge, a school and"};
    lme_str continuation = LME_STR(" a good deal longer, as everybody knew who had walked it.");
    if (i % 2 == 0)
        return lme_scored_request(prober, "The days of the week are Monday, Tuesday,",
                                  LME_STR(" Wednesday, Thursday, Friday"));
    return lme_scored_request(prober, others[i / 2 % 4], continuation);
}

static bool ask_crowd(lme_prober *prober, size_t n, crowd *c, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    lme_request requests[AT_ONCE];
    size_t n_others = 0;
    bool ok = true;
    for (size_t i = 0; ok && i < n; i++) {
        lme_str body;
        bool is_other = i % 2 == 1;
        requests[i] = question_of(prober, i);
        ok = lme_endpoint_encode(prober->arena, endpoint, &requests[i], &body, err) &&
             lme_endpoint_send(endpoint, &requests[i], body, is_other ? ignore : take,
                               is_other ? (void *)&n_others : (void *)c, err);
    }
    while (ok && c->n_came + n_others < n)
        ok = lme_endpoint_wait(endpoint, TURN_MS, err);
    return ok;
}

static bool find_under_load(lme_prober *prober, lme_error *err)
{
    const char *name = "under load";
    size_t room = lme_endpoint_concurrency(prober->endpoint);
    size_t n = room < AT_ONCE ? room : AT_ONCE;
    lme_request request = question_of(prober, 0);
    lme_prober_score alone;
    if (n < 2) {
        lme_prober_find(prober, name, true, "not tried: --concurrency is 1");
        return true;
    }
    if (!lme_prober_scores(prober, prober->endpoint->path, &request, &alone, err))
        return false;
    crowd c = {.alone = alone.response.logprob_nats};
    if (alone.response.state == LME_RESPONSE_OK && !ask_crowd(prober, n, &c, err))
        return false;
    if (alone.response.state != LME_RESPONSE_OK || c.n_failed > 0)
        lme_prober_find(prober, name, false, "%zu of %zu requests at once failed", c.n_failed, n);
    else if (c.n_same_digits == c.n_came)
        lme_prober_find(prober, name, true, "the same digits among %zu requests at once as alone",
                        n);
    else
        lme_prober_find(prober, name, false,
                        "differs by up to %.2g nats of %.4g among %zu requests at once", c.most,
                        fabs(c.alone), n);
    return true;
}

bool lme_find_repeats(lme_prober *prober, lme_error *err)
{
    const lme_profile *profile = prober->profile;
    bool writes = profile->generates || profile->chats, chats = !profile->generates;
    bool scores = profile->scoring_path.len > 0 && prober->endpoint->path->caution == NULL;
    return (!scores || find_under_load(prober, err)) &&
           (!writes || (find_same_answer(prober, chats, err) && find_seed(prober, chats, err)));
}

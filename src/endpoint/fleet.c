/* Several servers behind one run: each is probed as one alone would be, and must then give what the
 * first gives: the same model, by the same path, with the same number for one question.
 *
 * Of servers with one fingerprint (program, model and all that the list of models tells of it) the
 * first is proved for all: the others must answer one question of each kind, a score with the same
 * number by the path that was proved. One that does not is proved like a stranger, so that what is
 * wrong with it is said. */
#include "batch.h"
#include "path_proof.h"
#include "probe.h"

#include <stdio.h>

static const char *const one_model =
    "serve one model in the same way on all of them, or name those that do with --base-url";

/* The answer to one short question, by the path that was proved. */
typedef struct lone_answer {
    bool came;
    lme_response response;
    char failure[256];
} lone_answer;

static void take(void *context, const lme_response *response)
{
    lone_answer *answer = context;
    answer->came = true;
    answer->response = *response;
    snprintf(answer->failure, sizeof answer->failure, "%.*s", LME_STR_ARG(response->failure));
}

/* The log-probability of one continuation. Errors: LME_ERR_SERVER: there is none. */
static bool measure(lme_prober *prober, double *nats, lme_error *err)
{
    enum {
        TURN_MS = 1000
    };
    lone_answer answer = {0};
    lme_endpoint *endpoint = prober->endpoint;
    lme_request request =
        lme_scored_request(prober, "The days of the week are Monday, Tuesday,", LME_STR(" Friday"));
    lme_str body;
    if (!lme_endpoint_encode(prober->arena, endpoint, &request, &body, err) ||
        !lme_endpoint_send(endpoint, &request, body, take, &answer, err))
        return false;
    while (!answer.came) {
        if (!lme_endpoint_wait(endpoint, TURN_MS, err))
            return false;
    }
    *nats = answer.response.logprob_nats;
    return answer.response.state == LME_RESPONSE_OK ||
           lme_fail(err, LME_ERR_SERVER, NULL, "%.*s does not score: %s",
                    LME_STR_ARG(endpoint->url.root), answer.failure);
}

static bool same_profile(const lme_endpoint *endpoint, const lme_profile *first,
                         const lme_profile *other, lme_error *err)
{
    lme_str there = endpoint->url.root, here = endpoint->dispatch.urls[0].root;
    bool same_path = lme_str_equal(first->scoring_path, other->scoring_path);
    if (same_path && lme_str_equal(first->model, other->model))
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL,
             "the servers differ: %.*s has model %.*s%s%.*s, %.*s has model %.*s%s%.*s",
             LME_STR_ARG(here), LME_STR_ARG(first->model), same_path ? "" : " scored by ",
             LME_STR_ARG(same_path ? LME_STR("") : first->scoring_path), LME_STR_ARG(there),
             LME_STR_ARG(other->model), same_path ? "" : " scored by ",
             LME_STR_ARG(same_path ? LME_STR("") : other->scoring_path));
    return lme_hint(err, "%s", one_model);
}

/* The kinds of servers that were proved. */
typedef struct kinds {
    lme_str *fingerprints; /* n */
    size_t n;
} kinds;

static bool is_known(const kinds *known, lme_str fingerprint)
{
    for (size_t i = 0; i < known->n; i++) {
        if (fingerprint.len > 0 && lme_str_equal(known->fingerprints[i], fingerprint))
            return true;
    }
    return false;
}

static bool writes(lme_prober *prober, bool chats)
{
    const lme_generation few = {.max_tokens = 8, .extra = {.kind = LME_NULL}};
    lme_error why = {0};
    lme_str text, failure;
    return lme_prober_writes(prober, chats, &few, &text, &failure, &why) && failure.len == 0;
}

/* Whether a server of a known kind does what the first was proved to do. False also when nobody
 * could be asked: the proof that follows says why. */
static bool does_the_same(lme_prober *prober, double wanted)
{
    const lme_profile *first = prober->profile;
    double nats = wanted;
    lme_error why = {0};
    if (first->scoring_path.len > 0 &&
        (!measure(prober, &nats, &why) || !lme_is_close(nats, wanted)))
        return false;
    return (!first->generates || writes(prober, false)) && (!first->chats || writes(prober, true));
}

/* A server of a kind that is not known yet. */
static bool prove_stranger(lme_prober *prober, lme_prober *stranger, unsigned needs, double wanted,
                           lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    double nats = wanted;
    bool scores = prober->profile->scoring_path.len > 0;
    if (!lme_probe_prove(stranger, needs, err) ||
        !same_profile(endpoint, prober->profile, stranger->profile, err) ||
        (scores && !measure(prober, &nats, err)))
        return false;
    if (scores && !lme_is_close(nats, wanted)) {
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "the servers differ: one question has the log-probability %.4f at %.*s and %.4f "
                 "at %.*s",
                 wanted, LME_STR_ARG(endpoint->dispatch.urls[0].root), nats,
                 LME_STR_ARG(endpoint->url.root));
        return lme_hint(err, "%s", one_model);
    }
    if (scores)
        lme_prober_find(prober, "same model", true, "%.*s: by name, path and number (%.4f)",
                        LME_STR_ARG(endpoint->url.root), nats);
    else
        lme_prober_find(prober, "same model", true, "%.*s: by name",
                        LME_STR_ARG(endpoint->url.root));
    return true;
}

/* One more server, held against the first. */
static bool prove_server(lme_prober *prober, kinds *known, unsigned needs, double wanted,
                         lme_error *err)
{
    lme_profile other = lme_profile_unknown();
    lme_prober stranger = {.arena = prober->arena, .endpoint = prober->endpoint, .profile = &other};
    if (!lme_probe_meet(&stranger, err))
        return false;
    if (is_known(known, other.fingerprint) && does_the_same(prober, wanted)) {
        lme_prober_find(prober, "same model", true, "%.*s: as the first by fingerprint, %s",
                        LME_STR_ARG(prober->endpoint->url.root),
                        prober->profile->scoring_path.len > 0 ? "path and number" : "and answers");
        return true;
    }
    if (!prove_stranger(prober, &stranger, needs, wanted, err))
        return false;
    known->fingerprints[known->n++] = other.fingerprint;
    return true;
}

static bool prove_others(lme_prober *prober, unsigned needs, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    double wanted = 0;
    if (prober->profile->scoring_path.len > 0 && !measure(prober, &wanted, err))
        return false;
    bool ok = true;
    size_t n_servers = endpoint->dispatch.pool.n_servers;
    kinds known = {LME_ARRAY(prober->arena, lme_str, n_servers), 1};
    known.fingerprints[0] = prober->profile->fingerprint;
    for (size_t i = 1; ok && i < n_servers; i++) {
        endpoint->url = endpoint->dispatch.urls[i];
        ok = prove_server(prober, &known, needs, wanted, err);
    }
    endpoint->url = endpoint->dispatch.urls[0];
    return ok;
}

/* Batches are sent when every server was proved to answer them. */
static bool prove_batch(lme_arena *arena, lme_endpoint *endpoint, lme_profile *profile,
                        lme_error *err)
{
    lme_prober prober = lme_prober_of(arena, endpoint, profile);
    bool ok = true, proved = profile->scoring_path.len > 0 && endpoint->path->encode_many != NULL;
    if (profile->scoring_path.len > 0 && !proved)
        lme_prober_find(&prober, "prompt arrays", false, "the path %s asks one question at a time",
                        endpoint->path->name);
    for (size_t i = 0; ok && proved && i < endpoint->dispatch.pool.n_servers; i++) {
        endpoint->url = endpoint->dispatch.urls[i];
        ok = lme_batch_prove(&prober, &proved, err);
    }
    endpoint->url = endpoint->dispatch.urls[0];
    endpoint->batch = proved ? endpoint->options.batch : 1;
    return ok;
}

static bool probe_first(lme_prober *first, unsigned needs, lme_error *err)
{
    *first->profile = lme_profile_unknown();
    return lme_probe_meet(first, err) && lme_probe_prove(first, needs, err);
}

/* One that goes away while it is being proved is waited for once more, and proved anew: it may have
 * come back as another. */
static bool await_first(lme_prober *first, unsigned needs, lme_error *err)
{
    lme_endpoint *endpoint = first->endpoint;
    if (!lme_watch_await(endpoint, err))
        return false;
    if (probe_first(first, needs, err))
        return true;
    if (err->code != LME_ERR_NETWORK || endpoint->options.wait_first_ms == 0)
        return false;
    *err = (lme_error){0};
    return lme_watch_await(endpoint, err) && probe_first(first, needs, err);
}

bool lme_endpoint_probe(lme_arena *arena, lme_endpoint *endpoint, unsigned needs,
                        lme_profile *profile, lme_error *err)
{
    endpoint->dispatch.probing = true;
    endpoint->batch = 1;
    lme_prober first = {.arena = arena, .endpoint = endpoint, .profile = profile};
    bool ok = await_first(&first, needs, err);
    if (ok && endpoint->dispatch.pool.n_servers > 1) {
        lme_prober prober = lme_prober_of(arena, endpoint, profile);
        prober.chats = (needs & LME_NEED_CHAT) != 0;
        ok = prove_others(&prober, needs, err);
    }
    if (ok && endpoint->options.batch > 1)
        ok = prove_batch(arena, endpoint, profile, err);
    endpoint->dispatch.probing = false;
    lme_transport_restart_time(endpoint->transport);
    return ok;
}

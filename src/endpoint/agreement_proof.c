/* Whether the other scoring paths of a server work, and give the number that the proved one gives.
 * Only noted: the run is scored by the proved one. */
#include "path_proof.h"

/* Paths that are taken by name alone have proofs of their own, whose findings stay. */
static bool find_named(lme_prober *prober, const char *name, lme_error *err)
{
    lme_endpoint *endpoint = prober->endpoint;
    const lme_path *ordinary = endpoint->ordinary;
    size_t top_limit = endpoint->form.top_limit;
    lme_error why = {0};
    prober->path = lme_path_find(lme_str_from(name));
    bool ok = prober->path->probe(prober, 0, &why);
    prober->path = endpoint->path;
    endpoint->ordinary = ordinary;
    endpoint->form.top_limit = top_limit;
    if (ok || why.code == LME_ERR_SERVER)
        return true;
    *err = why;
    return false;
}

static bool find_path(lme_prober *prober, const lme_path *path, const lme_request *request,
                      const lme_response *wanted, lme_error *err)
{
    lme_prober_score other;
    if (!lme_prober_scores(prober, path, request, &other, err))
        return false;
    const lme_response *r = &other.response;
    if (r->state != LME_RESPONSE_OK) {
        lme_prober_find(prober, path->name, false, "%.*s", LME_STR_ARG(r->failure));
        return true;
    }
    bool agrees = lme_is_close(r->logprob_nats, wanted->logprob_nats);
    lme_prober_find(prober, path->name, agrees,
                    agrees ? "agrees: one question has %.4f by it, and %.4f by %s"
                           : "disagrees: one question has %.4f by it, and %.4f by %s",
                    r->logprob_nats, wanted->logprob_nats, prober->endpoint->path->name);
    return true;
}

/* Choices read from the likeliest tokens, held against the proved path; and what a server for chats
 * can be asked. */
static bool find_by_name(lme_prober *prober, lme_error *err)
{
    const lme_path *proved = prober->endpoint->path;
    const lme_profile *profile = prober->profile;
    bool scores = proved != NULL && !proved->by_name_only;
    if (scores && profile->generates && lme_profile_finding(profile, "first_token") == NULL) {
        prober->ordinary = proved;
        if (!find_named(prober, "first_token", err))
            return false;
    }
    return !profile->chats || lme_profile_finding(profile, "letters") != NULL ||
           find_named(prober, "letters", err);
}

static bool find_others(lme_prober *prober, lme_error *err)
{
    size_t n;
    const lme_path *const *paths = lme_path_all(&n);
    const lme_path *proved = prober->endpoint->path;
    lme_request request = {
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .context = LME_STR("The days of the week are Monday, Tuesday,"),
        .continuation = LME_STR(" Friday, then Saturday"),
    };
    lme_prober_score score;
    if (proved == NULL || proved->by_name_only)
        return true;
    if (!lme_prober_scores(prober, proved, &request, &score, err))
        return false;
    for (size_t i = 0; i < n && score.response.state == LME_RESPONSE_OK; i++) {
        bool is_other =
            !paths[i]->by_name_only && lme_profile_finding(prober->profile, paths[i]->name) == NULL;
        if (is_other && !find_path(prober, paths[i], &request, &score.response, err))
            return false;
    }
    return true;
}

bool lme_find_agreement(lme_prober *prober, lme_error *err)
{
    return find_others(prober, err) && find_by_name(prober, err);
}

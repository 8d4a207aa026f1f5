/* One question at a time through two endpoints of the same server. */
#include "verify.h"

#include <math.h>

#include <lmeval/run.h>

enum {
    DOCS_A_TASK = 8,
    TURN_MS = 1000
};

typedef struct asked {
    lme_arena *arena;
    lme_response response;
    bool came;
} asked;

static void keep(void *context, const lme_response *response)
{
    asked *a = context;
    a->response = *response;
    a->response.failure = lme_str_copy(a->arena, response->failure);
    a->came = true;
}

static bool ask(lme_arena *arena, lme_endpoint *endpoint, const lme_request *request, asked *a,
                lme_error *err)
{
    lme_str body;
    lme_error why = {0};
    *a = (asked){.arena = arena};
    if (!lme_endpoint_encode(arena, endpoint, request, &body, &why)) {
        a->response.state = LME_RESPONSE_FAILED;
        a->response.failure = lme_str_copy(arena, lme_str_from(why.message));
        return true;
    }
    if (!lme_endpoint_send(endpoint, request, body, keep, a, err))
        return false;
    while (!a->came) {
        if (!lme_endpoint_wait(endpoint, TURN_MS, err))
            return false;
    }
    return true;
}

typedef struct pair {
    lme_endpoint *one, *other;
    const lme_profile *profile; /* of the one */
    lme_verification *result;
} pair;

static bool compare(lme_arena *arena, const pair *p, const lme_sample *sample,
                    const lme_request *request, lme_error *err)
{
    asked one, other;
    lme_verification *result = p->result;
    if (!ask(arena, p->one, request, &one, err) || !ask(arena, p->other, request, &other, err))
        return false;
    if (one.response.state != LME_RESPONSE_OK || other.response.state != LME_RESPONSE_OK) {
        bool is_first = one.response.state != LME_RESPONSE_OK;
        if (result->n_failed++ == 0) {
            result->failed_path = is_first ? result->path : result->other;
            result->failure = is_first ? one.response.failure : other.response.failure;
        }
        return true;
    }
    double a = one.response.logprob_nats, b = other.response.logprob_nats;
    bool same = isinf(a) && isinf(b);
    double difference = same ? 0 : fabs(a - b);
    result->n_compared++;
    result->n_greedy += one.response.is_greedy != other.response.is_greedy;
    if (difference > result->most_nats) {
        result->most_nats = difference;
        result->task = sample->task;
        result->doc_id = sample->doc.id;
    }
    return true;
}

static bool compare_task(lme_arena *arena, const pair *p, const lme_task *task, lme_docs *docs,
                         lme_error *err)
{
    for (size_t i = 0; i < DOCS_A_TASK; i++) {
        lme_doc doc;
        bool end = false;
        lme_sample sample = {.task = task->name, .output = task->output};
        if (!lme_docs_next(arena, docs, &doc, &end, err))
            return false;
        if (end)
            return true;
        sample.doc = doc;
        lme_error why = {0};
        /* One that cannot be asked is the run's to tell of. */
        if (!lme_task_plan(arena, docs, &doc, &sample, &why))
            continue;
        for (size_t k = 0; k < sample.n_requests; k++) {
            if (sample.requests[k].kind != LME_REQUEST_GENERATE &&
                !compare(arena, p, &sample, &sample.requests[k], err))
                return false;
        }
    }
    return true;
}

/* The bits of what is scored among all that the tasks need. */
static unsigned scoring_needs(const lme_opened_tasks *opened)
{
    unsigned needs = 0;
    for (size_t i = 0; i < opened->n; i++)
        needs |= lme_run_needs(opened->tasks[i]);
    return needs & ~(1u << LME_REQUEST_GENERATE);
}

/* Nothing was held against anything: the run's path is as little verified as without the option. */
static bool compared_none(const lme_verification *v, lme_error *err)
{
    if (v->n_failed == 0)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "--verify-path compared nothing: the tasks' first documents ask nothing");
    lme_fail(err, LME_ERR_SERVER, NULL,
             "--verify-path compared nothing: of %zu requests none was scored by both %.*s and "
             "%.*s; the first failed by %.*s: %.*s",
             v->n_failed, LME_STR_ARG(v->path), LME_STR_ARG(v->other), LME_STR_ARG(v->failed_path),
             LME_STR_ARG(v->failure));
    return lme_hint(err, "run without --verify-path, or name another one (lmeval list paths)");
}

/* Letters are no loglikelihoods: a difference to these in nats would mean nothing. */
static bool check_measure(const lme_profile *run, const lme_profile *other, lme_error *err)
{
    const lme_profile *odd = other->scoring_caution.len > 0 ? other : run;
    if (odd->scoring_caution.len == 0)
        return true;
    lme_fail(err, LME_ERR_USAGE, NULL,
             "--verify-path holds loglikelihoods against each other, and %.*s tells %.*s",
             LME_STR_ARG(odd->scoring_path), LME_STR_ARG(odd->scoring_caution));
    return lme_hint(err, "a run by each of them and lmeval show tell where they differ");
}

static bool compare_all(lme_arena *arena, const lme_run_fields *given, const pair *p,
                        lme_error *err)
{
    lme_opened_tasks opened;
    lme_profile profile;
    if (!lme_task_flags_open(arena, &given->task, given->server.demo, &opened, err))
        return false;
    unsigned needs = scoring_needs(&opened);
    if ((needs & (1u << LME_REQUEST_LOGLIKELIHOOD | 1u << LME_REQUEST_ROLLING)) == 0)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--verify-path compares loglikelihoods, and no task asks for any");
    if (!lme_endpoint_probe(arena, p->other, needs, &profile, err))
        return lme_while(err, "verifying the scoring path");
    if (!check_measure(p->profile, &profile, err))
        return false;
    p->result->other = profile.scoring_path;
    for (size_t i = 0; i < opened.n; i++) {
        if (!compare_task(arena, p, opened.tasks[i], opened.docs[i], err))
            return false;
    }
    return p->result->n_compared > 0 || compared_none(p->result, err);
}

bool lme_verify_path(lme_arena *arena, const lme_run_fields *given,
                     const lme_connection *connection, const lme_profile *profile,
                     lme_verification *verification, lme_error *err)
{
    lme_server_flags flags = given->server;
    lme_connection other = {0};
    *verification = (lme_verification){
        .path = profile->scoring_path,
        .failed_path = LME_STR(""),
        .failure = LME_STR(""),
        .task = LME_STR(""),
    };
    flags.model = lme_str_cstr(arena, profile->model);
    flags.scoring = given->verify_path;
    bool ok = lme_connect_beside(arena, &flags, connection->base_url, &other, err);
    if (ok) {
        pair p = {connection->endpoint, other.endpoint, profile, verification};
        ok = compare_all(arena, given, &p, err);
    }
    lme_disconnect(&other);
    return ok;
}

lme_str lme_verification_text(lme_arena *arena, const lme_verification *v)
{
    lme_builder out = {.arena = arena};
    lme_builder_format(&out, "%.*s and %.*s: %zu requests, ", LME_STR_ARG(v->path),
                       LME_STR_ARG(v->other), v->n_compared);
    if (v->task.len == 0)
        lme_builder_add(&out, LME_STR("the same digits"));
    else
        lme_builder_format(&out, "largest difference %.3g nats (%.*s, document %zu)", v->most_nats,
                           LME_STR_ARG(v->task), v->doc_id);
    if (v->n_greedy > 0)
        lme_builder_format(&out, ", %zu greedy by one alone", v->n_greedy);
    if (v->n_failed > 0)
        lme_builder_format(&out, ", %zu not scored by both", v->n_failed);
    return lme_builder_finish(&out);
}

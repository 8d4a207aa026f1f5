#include "recheck.h"

#include "counting.h"

#include <math.h>

#include <lmeval/unicode.h>

enum {
    COMPARED_BYTES = 32,
    TURN_MS = 100
};

/* It lives in the run's arena, as the endpoint may hold it after a stop. */
typedef struct asked {
    lme_arena *arena;
    lme_response response;
    bool came;
} asked;

static void keep(void *context, const lme_response *response)
{
    asked *a = context;
    a->response = *response;
    a->response.text = lme_str_copy(a->arena, response->text);
    a->response.failure = lme_str_copy(a->arena, response->failure);
    a->came = true;
}

static bool wait(lme_run *run, lme_error *err)
{
    const lme_run_options *options = &run->options;
    if (options->should_stop == NULL || !options->should_stop(options->context))
        return lme_endpoint_wait(run->endpoint, TURN_MS, err);
    run->stopped = true;
    return lme_fail(err, LME_ERR_STOPPED, NULL, "stopped by a signal");
}

static bool ask(lme_run *run, const lme_request *request, lme_str body, asked *a, lme_error *err)
{
    while (!lme_endpoint_has_room(run->endpoint)) {
        if (!wait(run, err))
            return false;
    }
    if (!lme_endpoint_send(run->endpoint, request, body, keep, a, err))
        return false;
    while (!a->came) {
        if (!wait(run, err))
            return false;
    }
    return true;
}

static lme_str beginning(lme_str text)
{
    return lme_str_slice(text, 0, COMPARED_BYTES);
}

/* The same, for messages. */
static lme_str quoted(lme_arena *arena, lme_str text)
{
    lme_value value = lme_string(lme_utf8_repair(arena, beginning(text)));
    return lme_value_repr(arena, &value);
}

/* The longer a text, the more rounding adds up. */
static double allowed(double logprob_nats, double tolerance)
{
    return fmax(tolerance, 1e-3 * fabs(logprob_nats));
}

bool lme_recheck_agrees(lme_request_kind kind, const lme_response *kept, const lme_response *now,
                        double tolerance)
{
    double a = kept->logprob_nats, b = now->logprob_nats;
    if (kind == LME_REQUEST_GENERATE)
        return lme_str_equal(beginning(kept->text), beginning(now->text));
    if (isinf(a) || isinf(b))
        return isinf(a) && isinf(b);
    return fabs(a - b) <= allowed(a, tolerance);
}

static bool refuse(lme_arena *arena, const lme_run *run, lme_request_kind kind,
                   const lme_response *kept, const lme_response *now, lme_error *err)
{
    static const char otherwise[] = "the model behind this URL answers otherwise than before";
    if (now->state != LME_RESPONSE_OK)
        lme_fail(err, LME_ERR_SERVER, NULL, "a question that was answered before fails now: %.*s",
                 LME_STR_ARG(now->failure));
    else if (kind == LME_REQUEST_GENERATE)
        lme_fail(err, LME_ERR_SERVER, NULL, "%s: a text began with %.*s, and now with %.*s",
                 otherwise, LME_STR_ARG(quoted(arena, kept->text)),
                 LME_STR_ARG(quoted(arena, now->text)));
    else
        lme_fail(err, LME_ERR_SERVER, NULL,
                 "%s: a log-probability was %.6g nats, and is %.6g now; %.3g is allowed", otherwise,
                 kept->logprob_nats, now->logprob_nats,
                 allowed(kept->logprob_nats, run->options.tolerance_nats));
    return lme_hint(err, "start the model again that gave the kept answers; --fresh asks "
                         "everything anew; --resume-tolerance NATS allows more, for a server whose "
                         "sums vary with its load");
}

static bool is_drawn(const lme_request *request)
{
    return request->kind == LME_REQUEST_GENERATE && request->generation->temperature > 0;
}

static bool ask_again(lme_run *run, const lme_request *request, lme_str body,
                      const lme_response *kept, lme_error *err)
{
    if (run->asking == NULL)
        run->asking = lme_arena_new();
    lme_arena *arena = run->asking;
    lme_arena_reset(arena);
    asked *a = LME_NEW(arena, asked);
    *a = (asked){.arena = arena};
    if (!ask(run, request, body, a, err))
        return false;
    const lme_response *now = &a->response;
    /* A server that takes no temperature draws all its answers. */
    bool tells = request->kind != LME_REQUEST_GENERATE || now->state != LME_RESPONSE_OK ||
                 lme_endpoint_reworded(arena, run->endpoint).len == 0;
    if (tells && (now->state != LME_RESPONSE_OK ||
                  !lme_recheck_agrees(request->kind, kept, now, run->options.tolerance_nats)))
        return refuse(arena, run, request->kind, kept, now, err);
    if (request->kind != LME_REQUEST_GENERATE && !isinf(kept->logprob_nats))
        run->largest_nats = fmax(run->largest_nats, fabs(kept->logprob_nats - now->logprob_nats));
    return true;
}

bool lme_recheck(lme_run *run, const lme_request *request, lme_str body, const lme_response *kept,
                 lme_error *err)
{
    size_t *n = &run->n_rechecked[request->kind];
    if (*n == LME_WITNESSES || is_drawn(request))
        return true;
    ++*n;
    if (run->counting != NULL) {
        lme_counting_recheck(run, request, body);
        return true;
    }
    if (!ask_again(run, request, body, kept, err))
        return false;
    lme_witness_keep(&run->witnesses, request, body, kept);
    return true;
}

bool lme_recheck_return(void *context, lme_error *err)
{
    lme_run *run = context;
    for (size_t kind = 0; kind < LME_REQUEST_KINDS; kind++) {
        for (size_t i = 0; i < run->witnesses.n[kind]; i++) {
            const lme_witness *kept = &run->witnesses.of[kind][i];
            run->n_witnesses_asked++;
            if (!ask_again(run, &kept->request, kept->body, &kept->response, err))
                return false;
        }
    }
    return true;
}

/* Whether a server is there that does not answer questions.
 *
 * When tries have met nobody (patience.h) everything is held and each server is looked at: its list
 * of models, then a question of one token, since some servers list models that they are still
 * loading. Is one there, it was a false alarm and the retry policy goes on. Is none, they are
 * looked at until one is back or the patience ends; what was under way keeps its tries. One that is
 * back must have the same model and software, and whoever runs the questions may ask old ones again
 * (lme_endpoint_on_return), before the others go out.
 *
 * Of several servers one may be away while others answer. Nobody waits for it then, but it gets no
 * question before it was looked at and checked in the same way, and meanwhile no other does.
 */
#ifndef LMEVAL_ENDPOINT_WATCH_H
#define LMEVAL_ENDPOINT_WATCH_H

#include "patience.h"
#include "transport.h"

typedef struct lme_look {
    lme_endpoint *endpoint;
    size_t server;
    bool is_under_way;
    bool listed; /* it has answered the first of the two */
    bool met;
    size_t n_missed; /* tries at the server in a row that met nobody */
    size_t n_broken; /* of these, the last ones whose connection was */
    bool is_faulty;  /* the last try failed, and not by its question */
    /* As the probe found them. */
    lme_str software;
    bool lists_model;
} lme_look;

typedef struct lme_watch {
    lme_patience patience;
    lme_look *looks; /* one a server */
    size_t n_looks, n_under_way;
    size_t n_met;  /* servers, since the watch began */
    bool is_round; /* looks were sent that are not judged yet */
    bool is_first; /* for servers that did not answer yet: there is nothing to compare */
    bool checks;   /* old questions are being asked again, of the server `checked` */
    size_t checked;
    bool others;   /* are there meanwhile, and wait for it: one try a question is enough */
    bool is_other; /* another model is there; `other` says so */
    lme_error other;
    char failure[512]; /* of the last look that met nobody */
    lme_endpoint_return *on_return;
    void *context;
    size_t n_absences;
    uint64_t waited_ms;
} lme_watch;

void lme_watch_open(lme_endpoint *endpoint, const lme_endpoint_options *options);

/* A try has ended.
 *   faulty  it failed by the server's fault */
void lme_watch_tried(lme_endpoint *endpoint, const lme_exchange *x, bool faulty);
/* And the pool has counted its failure: the server may be away. */
void lme_watch_failed(lme_endpoint *endpoint, const lme_exchange *x);
/* The transport's hold_try; the context is the endpoint. */
bool lme_watch_hold(void *context, lme_exchange *x, bool last);

/* Does what is due. Errors: LME_ERR_NETWORK: nobody came back in time; LME_ERR_SERVER: another
 * model did; those of on_return. */
bool lme_watch_turn(lme_endpoint *endpoint, lme_error *err) LME_MUST_CHECK;

/* Waits until all servers are there, as long as wait_first_ms says; 0: not at all.
 * Errors: LME_ERR_NETWORK. */
bool lme_watch_await(lme_endpoint *endpoint, lme_error *err) LME_MUST_CHECK;

/* What the probe has found at the server that the endpoint's url names.
 *   lists_model  it names the model that is asked */
void lme_watch_know(lme_endpoint *endpoint, lme_str software, bool lists_model);

#endif

/* JSON over HTTP on one event loop: many exchanges at once, retries inside.
 *
 *     lme_exchange *x = lme_transport_take(transport);
 *     x->url = url;  x->body = body;  x->done = done;  x->owner = me;
 *     lme_transport_start(transport, x);
 *     while (lme_transport_in_flight(transport) > 0)
 *         lme_transport_wait(transport, 1000, &err);      calls done(x)
 *
 * An exchange and its memory go back to the transport when done returns.
 */
#ifndef LMEVAL_ENDPOINT_TRANSPORT_H
#define LMEVAL_ENDPOINT_TRANSPORT_H

#include "network.h"
#include "retry.h"

#include <lmeval/endpoint.h>

typedef struct lme_transport lme_transport;
typedef struct lme_exchange lme_exchange;
typedef void lme_exchange_done(lme_exchange *exchange);

/* A request that another one's answer serves as well. */
typedef struct lme_asking {
    struct lme_asking *next;
    const lme_request *request;
    lme_endpoint_done *done;
    void *context;
} lme_asking;

struct lme_exchange {
    /* Set by the sender; url and body must stay until done. */
    const char *url;
    lme_str body; /* POSTed as JSON; "": GET */
    lme_exchange_done *done;
    void *owner;
    bool raw; /* the answer need not be JSON: value stays null, an error in it is not seen */
    const char *const *left; /* of the answer's JSON, as lme_json_skim's; NULL: all is read */
    bool once;               /* no retry when nobody listens there */
    bool single;             /* no retry at all */
    bool looks;              /* whether a server is there: sent once, and no traffic */
    bool passes;             /* sent though others are held */
    unsigned timeout_ms;     /* 0: the transport's */
    struct {                 /* of the request that is asked; unused by the transport */
        const lme_request *request;
        lme_endpoint_done *done;
        void *context;
        unsigned n_lessons;            /* of the dialect that it is asked in */
        void *progress;                /* of a path that asks several times */
        struct lme_passage *passage;   /* of a question that may be too long; NULL: it is not */
        size_t server;                 /* which of several; of what passes set by the sender */
        uint64_t prefix;               /* what it shares with others of its item; 0: not wanted */
        size_t n_tokens, n_bytes;      /* of a prompt that is scored: estimated; of its body */
        const struct lme_path *path;   /* of a score */
        const lme_request *generation; /* that it asks for instead (lme_path's put); NULL: none */
        struct lme_batch *batch;       /* of a request with several questions; NULL: with one */
        lme_str question;              /* the body that the sender gave */
        struct lme_asking *joined, *aside;
    } ask;
    bool goes_on; /* set by done: sent once more, with the url and body that done has set */
    /* Of the last try; valid during done, as long as arena. */
    lme_arena *arena;
    lme_outcome outcome;
    long status;       /* 0: none came */
    int code;          /* libcurl's; CURLE_OK: an answer came whole */
    const char *fault; /* libcurl's words; "" when an answer came whole */
    lme_str answer;    /* the body's bytes */
    lme_value value;   /* of a JSON body with outcome OK or ERROR */
    lme_str server;    /* header; "" when not sent */
    lme_str location;  /* header */
    unsigned n_tries;
    unsigned n_failovers; /* tries at other servers that are not counted there */
};

/* The way to a server. */
typedef struct lme_route {
    const char *url;
    const char *unix_socket; /* goes through it, whatever host the URL names; NULL: none */
    bool direct;             /* by no proxy but one that is named */
    bool secure;             /* https: HTTP/2 is worth waiting for */
} lme_route;

typedef struct lme_transport_options {
    size_t concurrency;
    unsigned connect_ms, timeout_ms;
    unsigned max_retries, backoff_ms;
    lme_str api_key; /* "": no Authorization header */
    lme_network network;
    double max_rps;   /* tries a second at most; 0: no bound */
    size_t n_servers; /* that `before_try` chooses from */
    /* Called before every try: may change the route, whose url is the exchange's; NULL: goes
     * there. */
    void (*before_try)(void *context, lme_exchange *exchange, lme_route *route);
    /* Called after it, with its outcome. True: another server can be asked at once.
     *   rest_ms  what the server asked for; 0: nothing */
    bool (*after_try)(void *context, lme_exchange *exchange, uint64_t rest_ms);
    /* Called after a try that failed and goes to no other server; NULL: none is held. True: the
     * exchange waits until lme_transport_release, whether a try is left or not.
     *   last  none is left */
    bool (*hold_try)(void *context, lme_exchange *exchange, bool last);
    void *context;
} lme_transport_options;

/* Errors: LME_ERR_USAGE for a key or header that cannot be sent; LME_ERR_IO for an unreadable
 * certificate, or when libcurl cannot start. */
bool lme_transport_open(const lme_transport_options *options, lme_transport **transport,
                        lme_error *err) LME_MUST_CHECK;
void lme_transport_close(lme_transport *transport);

/* An idle exchange, from the free list when there is one. */
lme_exchange *lme_transport_take(lme_transport *transport);

/* Gives one back that was not sent after all. */
void lme_transport_give_back(lme_transport *transport, lme_exchange *exchange);

/* Memory of the sender's that lives as long as the exchange, over all its tries: for a body. */
lme_arena *lme_exchange_own(lme_exchange *exchange);

/* Sends it. Errors: LME_ERR_IO when libcurl refuses; the exchange is then back. */
bool lme_transport_start(lme_transport *transport, lme_exchange *exchange,
                         lme_error *err) LME_MUST_CHECK;

size_t lme_transport_in_flight(const lme_transport *transport);

/* From now on nothing is sent but what passes: what waits, is started or fails is held. */
void lme_transport_hold(lme_transport *transport);

/* What is held goes on.
 *   spared  their tries do not count so far (for an exchange a few times at most); else those that
 *           had none left have failed */
void lme_transport_release(lme_transport *transport, bool spared);

/* As lme_endpoint_wait. */
bool lme_transport_wait(lme_transport *transport, unsigned timeout_ms,
                        lme_error *err) LME_MUST_CHECK;

const lme_traffic *lme_transport_traffic(const lme_transport *transport);

/* Since it was opened, or since the last restart. */
lme_client_time lme_transport_client_time(const lme_transport *transport);
void lme_transport_restart_time(lme_transport *transport);

/* What went wrong, complete: "HTTP 503 after 4 tries: Loading model". Never holds a secret. */
lme_str lme_exchange_failure(lme_arena *arena, const lme_transport *transport,
                             const lme_exchange *exchange);

/* What to do about it where it is the way to the server that failed; else NULL. */
const char *lme_exchange_advice(const lme_transport *transport, const lme_exchange *exchange);

/* A text that came from the server, without secrets. It lives as long as arena and text. */
lme_str lme_transport_scrub(lme_arena *arena, const lme_transport *transport, lme_str text);

/* A text that a model wrote: as lme_secrets_hide_long. */
lme_str lme_transport_scrub_answer(lme_arena *arena, const lme_transport *transport, lme_str text);

#endif

/* An exchange on its way: what the queue, the transport and the wires know of it. */
#ifndef LMEVAL_ENDPOINT_TRANSFER_H
#define LMEVAL_ENDPOINT_TRANSFER_H

#include "transport.h"

#include <curl/curl.h>

typedef struct lme_transfer {
    lme_exchange exchange;         /* first: an exchange is its transfer */
    struct lme_transfer *next;     /* free, waiting, held, or its try has ended */
    struct lme_transfer *next_all; /* of all that were made */
    lme_arena *own;                /* the sender's; NULL until it is asked for */
    lme_arena *in;                 /* the body's, which every try uses as the last one left it */
    lme_route route;               /* of the last try */
    uint64_t due_ms;
    bool has_turn;     /* waits for its turn, which is due_ms; else after a failure */
    bool is_over;      /* held after its last try */
    unsigned n_spared; /* how often its tries were not counted */
    bool fresh;        /* this try is on a new connection */

    /* Told by the wire about the try, beside what the exchange has. */
    lme_builder body;      /* what came; the exchange's answer is in it */
    lme_str retry_after;   /* header */
    unsigned http_version; /* of the answer: 10, 11, 20; 0: none came */
    bool kept;             /* it went over a connection that was there before */
    bool too_large;        /* it was broken off */
    char fault[CURL_ERROR_SIZE];

    struct lme_curl_try *curl; /* the handle of libcurl's wire; NULL: it had none yet */
} lme_transfer;

/* When a try of it takes too long. */
static inline unsigned lme_transfer_timeout_ms(const lme_transfer *t,
                                               const lme_transport_options *options)
{
    return t->exchange.timeout_ms > 0 ? t->exchange.timeout_ms : options->timeout_ms;
}

#endif

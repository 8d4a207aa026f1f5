/* An exchange on libcurl's easy handle: what the handle is told, and what it hands over. The handle
 * and its memory are used again for other exchanges. */
#ifndef LMEVAL_ENDPOINT_TRANSFER_H
#define LMEVAL_ENDPOINT_TRANSFER_H

#include "transport.h"

#include <curl/curl.h>

typedef struct lme_transfer {
    lme_exchange exchange; /* first: an exchange is its transfer */
    lme_transport *transport;
    lme_traffic *traffic; /* the transport's */
    CURL *easy;
    struct lme_transfer *next;     /* free, or waiting for a retry */
    struct lme_transfer *next_all; /* of all that were made */
    lme_arena *own;                /* the sender's; NULL until it is asked for */
    lme_builder body;
    lme_route route;     /* what the handle was told last */
    lme_str retry_after; /* header */
    uint64_t due_ms;
    bool has_turn;                 /* waits for its turn, which is due_ms; else after a failure */
    bool is_over;                  /* held after its last try */
    bool active;                   /* libcurl has it */
    bool too_large;                /* we broke it off */
    bool fresh;                    /* this try is on a new connection */
    unsigned n_spared;             /* how often its tries were not counted */
    unsigned usual_ms, timeout_ms; /* of exchanges that say nothing else; the handle's now */
    char fault[CURL_ERROR_SIZE];
} lme_transfer;

/* Sets up what stays the same for all exchanges of the handle.
 *   headers  of every request; must stay */
void lme_transfer_set_up(lme_transfer *transfer, const lme_transport_options *options,
                         struct curl_slist *headers);

/* Makes the handle ready for a try that goes by this route. */
void lme_transfer_prepare(lme_transfer *transfer, const lme_route *route);

#endif

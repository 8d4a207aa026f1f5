/* What an endpoint holds between calls. */
#ifndef LMEVAL_ENDPOINT_STATE_H
#define LMEVAL_ENDPOINT_STATE_H

#include "dialect.h"
#include "dispatch.h"
#include "fingerprints.h"
#include "length.h"
#include "pace.h"
#include "path.h"
#include "transport.h"
#include "url.h"
#include "watch.h"

struct lme_endpoint {
    lme_arena *arena;
    lme_endpoint_options
        options; /* texts are copies; api_key and network are the transport's alone */
    bool has_key;
    lme_server_url url; /* the first server's; while one is probed, that one's */
    lme_dispatch dispatch;
    lme_watch watch;
    lme_transport *transport;
    const lme_path *path;     /* the one asked for, or the first; the probe decides */
    const lme_path *ordinary; /* asked what `path` does not take or tell; NULL: there is none */
    lme_exchange *open;       /* the last one whose answer serves more than one; NULL: answered */
    lme_form form;
    lme_length length;
    lme_dialect completions, chats; /* of the server's generations */
    lme_fingerprints fingerprints;
    size_t n_unusable;       /* answers over HTTP that decode refused */
    size_t n_reworded;       /* refusals that were asked otherwise */
    size_t n_steps;          /* answers that only led to another request */
    size_t n_hidden;         /* texts that a secret was taken out of */
    size_t batch;            /* questions a scoring request may hold; 1: proved for none more */
    lme_exchange *gathering; /* a batch that is not sent yet; NULL: none */
    size_t n_shared;         /* questions that were answered beside another one */
    bool is_broken;          /* a request could not start where nobody could be told: `broken` */
    lme_error broken;
    const lme_exchange *delivering;  /* whose `done` is being called; NULL: none */
    lme_timings timings;             /* of the probe's questions */
    struct lme_rehearsal *rehearsal; /* what was rehearsed so far; NULL: nothing */
    double tokens_a_byte;            /* of what is rehearsed; 0: as of the probe's prompts */
};

/* The path that a score is asked by; NULL when none works. */
const lme_path *lme_endpoint_path(const lme_endpoint *endpoint, const lme_request *request);

/* True when the question goes out with others in one request. */
bool lme_endpoint_batches(const lme_endpoint *endpoint, const lme_request *request);

/* True when a question is under way whose answer will serve this one as well: it can be sent
 * whatever the concurrency, and costs no request of its own. */
bool lme_endpoint_joins(const lme_endpoint *endpoint, const lme_request *request, lme_str body);

/* The one that a generation is asked in. */
lme_dialect *lme_endpoint_dialect(lme_endpoint *endpoint, const lme_request *request);
/* The form with it. */
lme_form lme_endpoint_form(lme_endpoint *endpoint, const lme_request *request);

/* One question, and who waits for its answer. */
typedef struct lme_batch_item {
    const lme_request *request;
    lme_str body; /* of the question alone */
    lme_endpoint_done *done;
    void *context;
    bool passes; /* asked of the server that is being checked, though others are held */
} lme_batch_item;

/* Sends it in a request of its own. Errors: as lme_transport_start. */
bool lme_endpoint_send_alone(lme_endpoint *endpoint, const lme_batch_item *question,
                             lme_error *err) LME_MUST_CHECK;

/* The generation that an exchange asks for; NULL: a score is asked for as such. */
const lme_request *lme_endpoint_generation(const lme_exchange *x);

/* The request whose texts its body holds. */
const lme_request *lme_exchange_sent(const lme_exchange *x);

/* The transport's callback: hands the answer to all who wait for it, or asks on. */
void lme_endpoint_answered(lme_exchange *x);

/* Hands over what the exchange's value says to it. */
void lme_endpoint_answer(lme_endpoint *endpoint, lme_exchange *x, const lme_batch_item *question);

/* A generation's body in the words that the server is known to take, its prompt cut where its
 * passage says so. */
void lme_endpoint_word(lme_endpoint *endpoint, lme_exchange *x);

/* One answer to a path that asks several times: what is asked next is put into the exchange. */
bool lme_endpoint_take_step(lme_endpoint *endpoint, lme_exchange *x, lme_response *response,
                            lme_error *err) LME_MUST_CHECK;

#endif

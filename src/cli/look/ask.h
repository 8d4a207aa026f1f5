/* A recorded sample's requests: their bodies, and, where it is wished, their answers anew. */
#ifndef LMEVAL_CLI_LOOK_ASK_H
#define LMEVAL_CLI_LOOK_ASK_H

#include "../server.h"

#include <lmeval/endpoint.h>
#include <lmeval/record.h>

/* What is known of one request beside the samples file. */
typedef struct lme_asked_again {
    lme_str body;    /* "": not known, */
    lme_str unknown; /* and why */
    bool is_asked;   /* response and listed are there */
    lme_response response;
    lme_listed listed; /* n 0: none */
    lme_str unlisted;  /* why not; "" */
} lme_asked_again;

/* Opens an endpoint that writes the bodies that a run of this program sent; nothing can be sent by
 * it. endpoint NULL: they are not known, `why` says it. */
bool lme_ask_encoder(lme_arena *arena, const lme_record *record, const lme_record_task *task,
                     lme_endpoint **endpoint, lme_str *why, lme_error *err) LME_MUST_CHECK;

/* Fills in flags, where they are not given, the run's own model, scoring path and seed. Not its
 * URL: a file that came from elsewhere must not say where the user's key is sent. */
void lme_ask_as_recorded(lme_arena *arena, const lme_record *record, const lme_record_task *task,
                         lme_server_flags *flags);

/* Bodies of all requests of a sample.
 *   endpoint  NULL: none is known */
lme_asked_again *lme_ask_bodies(lme_arena *arena, const lme_endpoint *endpoint, lme_str why,
                                const lme_sample *sample);

/* Sends them, one after the other, and waits. A failed request is a response.
 * Errors: those of lme_endpoint_wait. */
bool lme_ask_all(lme_arena *arena, lme_endpoint *endpoint, const lme_sample *sample,
                 lme_asked_again *asked, lme_error *err) LME_MUST_CHECK;

#endif

/* Several scoring questions in one request (--batch): an array of prompts, and the answers told
 * apart by their index.
 *
 * What is asked, kept and counted is the single question: a batch is only its way to the server. A
 * batch that is not answered whole is asked again one by one, so that one bad question spoils none.
 */
#ifndef LMEVAL_ENDPOINT_BATCH_H
#define LMEVAL_ENDPOINT_BATCH_H

#include "probe.h"

typedef struct lme_batch {
    lme_batch_item *items; /* n of at most `capacity` */
    size_t n, capacity;
} lme_batch;

lme_batch *lme_batch_new(lme_arena *arena, size_t capacity);

/* The answer's choices as answers of their own, part i for question i. False unless it has exactly
 * one for each of the n questions.
 *   parts  n of them */
bool lme_batch_split(lme_arena *arena, const lme_value *answer, size_t n, lme_value *parts);

/* Proves on the server that is being probed that an array of prompts gives what its prompts give
 * alone; records a finding either way. *proved says which.
 * Errors: LME_ERR_NETWORK, LME_ERR_IO; a server that cannot is none. */
bool lme_batch_prove(lme_prober *prober, bool *proved, lme_error *err) LME_MUST_CHECK;

#endif

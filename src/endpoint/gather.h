/* Questions on their way into a batch, and out of its answer (batch.h). */
#ifndef LMEVAL_ENDPOINT_GATHER_H
#define LMEVAL_ENDPOINT_GATHER_H

#include "batch.h"

/* True when the question can share a request with others. */
bool lme_gather_takes(const lme_endpoint *endpoint, const lme_request *request);

/* Adds it to the batch under way, which is sent when it is full. Errors: as lme_transport_start. */
bool lme_gather(lme_endpoint *endpoint, const lme_batch_item *question,
                lme_error *err) LME_MUST_CHECK;

/* Sends what has been gathered, if anything. */
bool lme_gather_flush(lme_endpoint *endpoint, lme_error *err) LME_MUST_CHECK;

#endif

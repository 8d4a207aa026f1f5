/* What the proofs of a scoring path share: a request by that path, its answer read as far as it
 * goes. */
#ifndef LMEVAL_ENDPOINT_PATH_PROOF_H
#define LMEVAL_ENDPOINT_PATH_PROOF_H

#include "align.h"
#include "probe.h"

/* An echoed answer that was read as far as it goes. */
typedef struct lme_echoed {
    lme_request request;
    lme_str prompt; /* of a conversation: what the server made of it */
    lme_probed probed;
    lme_logprobs logprobs;
    lme_alignment alignment;
    lme_response response;
} lme_echoed;

/* The request for a continuation after a text, or after the same text as a user's message where the
 * prober is to prove conversations. Lives in the prober's arena. */
lme_request lme_scored_request(const lme_prober *prober, const char *context, lme_str continuation);

/* Asks by the path under proof. Errors: as lme_prober_ask. */
bool lme_echoed_ask(lme_prober *prober, const lme_request *request, lme_echoed *e,
                    lme_error *err) LME_MUST_CHECK;

/* Takes the tokens out of the answer. Errors: as lme_path's read. */
bool lme_echoed_read(const lme_prober *prober, lme_echoed *e, lme_error *err) LME_MUST_CHECK;

/* The same question asked twice may differ by this much: other kernels for one token and for many,
 * other batches. */
bool lme_is_close(double a, double b);

/* That the numbers stand at the right tokens (meaning_proof.c); records a finding.
 * Errors: as lme_path's probe. */
bool lme_prove_meaning(lme_prober *prober, lme_error *err) LME_MUST_CHECK;

#endif

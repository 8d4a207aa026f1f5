/* Whether the server that a run goes on with is the one that gave the kept answers. Its URL and the
 * model's id are in every key of the journal; that other weights are behind them only the answers
 * tell. So before kept answers count, the first few of them are asked for again. */
#ifndef LMEVAL_RUN_RECHECK_H
#define LMEVAL_RUN_RECHECK_H

#include "work.h"

/* Asks a request again whose answer was kept by an earlier run, unless enough of its kind have been
 * or the answer is drawn. Waits for the answer; others may come meanwhile.
 *   body  as lme_endpoint_encode makes it
 *   kept  the journal's answer
 * Errors: LME_ERR_SERVER when the server answers otherwise now (docs/output.md has the measure) or
 * does not answer; LME_ERR_STOPPED when should_stop said so: the run is then stopped; those of
 * lme_endpoint_send and lme_endpoint_wait. */
bool lme_recheck(lme_run *run, const lme_request *request, lme_str body, const lme_response *kept,
                 lme_error *err) LME_MUST_CHECK;

/* The server was away: asks for the run's first answers again (witness.h); the context is the run.
 * Errors: as above. */
bool lme_recheck_return(void *context, lme_error *err) LME_MUST_CHECK;

/* Whether two answers to one request can be of one model. Loglikelihoods: within the tolerance, or
 * 1e-3 of their size where it is more (servers' sums vary with what else they compute);
 * generations: the same beginning, 32 bytes (the further a text, the more rounding decides).
 *   tolerance  nats */
bool lme_recheck_agrees(lme_request_kind kind, const lme_response *kept, const lme_response *now,
                        double tolerance);

#endif

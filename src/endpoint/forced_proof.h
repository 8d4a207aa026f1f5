/* The proof that tokens which llama-server is forced to generate have the log-probabilities that it
 * gives them unasked. */
#ifndef LMEVAL_ENDPOINT_FORCED_PROOF_H
#define LMEVAL_ENDPOINT_FORCED_PROOF_H

#include "probe.h"

/* As lme_path's probe. Sets what the form says of forcing. */
bool lme_forced_probe(lme_prober *prober, unsigned needs, lme_error *err) LME_MUST_CHECK;

#endif

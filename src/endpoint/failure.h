/* What went wrong with an exchange, in words. */
#ifndef LMEVAL_ENDPOINT_FAILURE_H
#define LMEVAL_ENDPOINT_FAILURE_H

#include "transport.h"

/* Complete: "HTTP 503: Loading model (4 tries)"; "" when nothing did.
 *   secrets  never appear in it */
lme_str lme_failure_text(lme_arena *arena, const lme_exchange *exchange,
                         const lme_secrets *secrets);

#endif

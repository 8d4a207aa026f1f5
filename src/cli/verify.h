/* Two scoring paths asked the same questions: whether a server's numbers depend on the way they are
 * asked for. */
#ifndef LMEVAL_CLI_VERIFY_H
#define LMEVAL_CLI_VERIFY_H

#include "run_options.h"

/* What came of it; all zero when nothing was compared. */
typedef struct lme_verification {
    lme_str path, other; /* names of the run's path and the one it was held against */
    size_t n_compared;   /* requests that both answered */
    size_t n_failed;     /* requests that one of them could not score ... */
    lme_str
        failed_path; /* ... which one, at the first of these, and why; "" when all were scored */
    lme_str failure;
    size_t n_greedy;  /* of those compared: told greedy by one path alone */
    double most_nats; /* largest difference */
    lme_str task;     /* where it is; "" when all are equal */
    size_t doc_id;
} lme_verification;

/* Asks both paths for the loglikelihoods of the first documents of each task, beside the run:
 * nothing of it is journalled.
 *   connection  the run's, probed
 * Errors: LME_ERR_USAGE when no task has loglikelihoods to compare, those of lme_endpoint_probe for
 * the other path, LME_ERR_SERVER when no request was scored by both. */
bool lme_verify_path(lme_arena *arena, const lme_run_fields *given,
                     const lme_connection *connection, const lme_profile *profile,
                     lme_verification *verification, lme_error *err) LME_MUST_CHECK;

/* In one line, for people. */
lme_str lme_verification_text(lme_arena *arena, const lme_verification *verification);

#endif

/* The likeliest next tokens of an answer, in the shape of completions (a map of texts) or of chats
 * (a list of entries). */
#ifndef LMEVAL_ENDPOINT_CANDIDATES_H
#define LMEVAL_ENDPOINT_CANDIDATES_H

#include <lmeval/value.h>

typedef struct lme_candidate_token {
    lme_str text; /* as the server prints it */
    double nats;  /* <= 0; -INFINITY at the server's floor */
} lme_candidate_token;

typedef struct lme_candidates {
    const lme_candidate_token *tokens; /* n, likeliest first */
    size_t n;
} lme_candidates;

/* Those of the first generated token.
 * Errors: LME_ERR_SERVER: what the answer lacks, or a value that is none. */
bool lme_candidates_read(lme_arena *arena, const lme_value *answer, lme_candidates *candidates,
                         lme_error *err) LME_MUST_CHECK;

/* The one with that text; NULL when there is none, or when two tokens have it (servers 3.4): which
 * of them is meant cannot be told. */
const lme_candidate_token *lme_candidates_find(const lme_candidates *candidates, lme_str text);

#endif

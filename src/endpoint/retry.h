/* What became of one try, and whether another follows. */
#ifndef LMEVAL_ENDPOINT_RETRY_H
#define LMEVAL_ENDPOINT_RETRY_H

#include <lmeval/str.h>

typedef enum lme_outcome {
    LME_OUTCOME_OK,         /* status 200, JSON without an error in it */
    LME_OUTCOME_STATUS,     /* any other status */
    LME_OUTCOME_CONNECTION, /* refused, reset, closed without an answer, name not found */
    LME_OUTCOME_TIMEOUT,
    LME_OUTCOME_TRUNCATED, /* the body is shorter than announced */
    LME_OUTCOME_NOT_JSON,  /* status 200 with a body that is not JSON */
    LME_OUTCOME_ERROR,     /* status 200 with an error object: servers 3.11 */
    LME_OUTCOME_TOO_LARGE, /* past LME_LIMIT_RESPONSE, or past LME_LIMIT_DEPTH */
    LME_OUTCOME_TRANSPORT, /* what another try cannot mend: certificates, protocol */
    LME_OUTCOMES
} lme_outcome;

/* The outcome as far as libcurl's code and the status tell; the body can still spoil an OK. */
lme_outcome lme_outcome_of(int curl_code, long status);

typedef struct lme_try {
    lme_outcome outcome;
    long status;             /* 0: none came */
    unsigned n_tries;        /* made so far, >= 1 */
    unsigned max_retries;    /* after the first try */
    unsigned backoff_ms;     /* before the first retry */
    bool has_retry_after;    /* the server said when */
    uint64_t retry_after_ms; /* from lme_retry_after_ms */
    double jitter;           /* drawn from [0, 1) */
} lme_try;

/* True when the request is to be sent again after *wait_ms; false when this outcome is final. */
bool lme_retry(const lme_try *last, uint64_t *wait_ms);

/* Retry-After: seconds, or an HTTP date.
 *   now_s  Unix time
 * Returns false when the text is neither. A date in the past gives 0. */
bool lme_retry_after_ms(lme_str header, int64_t now_s, uint64_t *wait_ms) LME_MUST_CHECK;

#endif

/* How the client spends its time between its first request and its last answer: waiting for the
 * network, or working while servers may wait for it.
 *
 * A pure state machine: the caller tells the time, in nanoseconds of a clock that never goes back.
 */
#ifndef LMEVAL_ENDPOINT_TURNS_H
#define LMEVAL_ENDPOINT_TURNS_H

#include <lmeval/endpoint.h>

enum {
    LME_LAG_STEPS = 4, /* in each doubling: a quantile is at most a quarter too high */
    LME_LAG_BUCKETS = 40 * LME_LAG_STEPS
};

typedef struct lme_turns {
    uint64_t first_ns, last_ns; /* first request sent; last answer taken. 0: none yet */
    uint64_t waited_ns;
    uint64_t woke_ns; /* when the wait before this work ended; 0: there was none */
    bool took_answer; /* since then */
    uint64_t longest_ns;
    size_t lags[LME_LAG_BUCKETS]; /* from the wait's end to a request in an answer's place */
    size_t n_lags;
    uint64_t longest_lag_ns;
} lme_turns; /* zero: nothing happened */

void lme_turns_sent(lme_turns *turns, uint64_t now_ns);
void lme_turns_answered(lme_turns *turns, uint64_t now_ns);

/* A wait for the network, which ended now. */
void lme_turns_waited(lme_turns *turns, uint64_t began_ns, uint64_t now_ns);

lme_client_time lme_turns_sum(const lme_turns *turns);

#endif

/* At most so many requests a second (--max-rps): the token bucket as its arrival times (the generic
 * cell rate algorithm, ITU-T I.371). No clock: whoever asks says what time it is. */
#ifndef LMEVAL_ENDPOINT_RATE_H
#define LMEVAL_ENDPOINT_RATE_H

#include <stdint.h>

typedef struct lme_rate {
    double interval_ms; /* between requests; 0: no bound */
    double burst_ms;    /* that a late caller may catch up with */
    double next_ms;     /* when the next one is due */
} lme_rate;

/*   per_second  > 0; 0: no bound */
lme_rate lme_rate_of(double per_second);

/* Takes the next place: the time at which the request may go, now_ms or later. */
uint64_t lme_rate_reserve(lme_rate *rate, uint64_t now_ms);

#endif

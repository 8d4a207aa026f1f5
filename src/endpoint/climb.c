/* --concurrency auto before a run: its state machine (knee.h) is told of answers that come at the
 * rates that were measured. */
#include "knee.h"

enum {
    /* Requests that are gone through one by one; the way up is over long before. */
    FOLLOWED = 200000
};

/* Between two that were measured: in the middle of what it is at least, on the line between them,
 * and at most, growing with what is open up to the second. */
static double rate_at(const lme_throughput *rates, size_t n, size_t open)
{
    size_t i = 0;
    while (i < n && rates[i].open < open)
        i++;
    if (i == n)
        return rates[n - 1].requests_per_second;
    if (i == 0 || rates[i].open == open)
        return rates[i].requests_per_second;
    const lme_throughput *low = &rates[i - 1], *high = &rates[i];
    double way = (double)(open - low->open) / (double)(high->open - low->open);
    double line =
        low->requests_per_second + way * (high->requests_per_second - low->requests_per_second);
    double grown = low->requests_per_second * (double)open / (double)low->open;
    double most = grown < high->requests_per_second ? grown : high->requests_per_second;
    return most > line ? (line + most) / 2 : line;
}

double lme_endpoint_climb(const lme_throughput *rates, size_t n_rates, double n_requests)
{
    lme_knee knee = lme_knee_begin(LME_KNEE_HIGHEST, 0);
    double seconds = 0, last = 0;
    size_t n = n_requests < FOLLOWED ? (size_t)n_requests : FOLLOWED;
    for (size_t i = 0; i < n; i++) {
        last = 1 / rate_at(rates, n_rates, knee.limit);
        seconds += last;
        lme_knee_answered(&knee, (uint64_t)(seconds * 1000), knee.limit, 1);
    }
    return seconds + (n_requests - (double)n) * last;
}

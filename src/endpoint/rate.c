#include "rate.h"

#include <math.h>

/* The event loop wakes late now and then; without leave to catch up, a rate of 1,000 would never be
 * reached. */
static const double catch_up_ms = 50;

lme_rate lme_rate_of(double per_second)
{
    if (!(per_second > 0))
        return (lme_rate){0};
    return (lme_rate){.interval_ms = 1000 / per_second, .burst_ms = catch_up_ms};
}

uint64_t lme_rate_reserve(lme_rate *rate, uint64_t now_ms)
{
    double now = (double)now_ms;
    if (rate->interval_ms <= 0)
        return now_ms;
    double earliest = now - rate->burst_ms;
    double due = rate->next_ms > earliest ? rate->next_ms : earliest;
    rate->next_ms = due + rate->interval_ms;
    return due > now ? (uint64_t)ceil(due) : now_ms;
}

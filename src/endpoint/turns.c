#include "turns.h"

/* The doubling's number and which quarter of it: 0 holds 0 and 1, and so on without gaps. */
static size_t bucket_of(uint64_t ns)
{
    size_t doubling = 0;
    while (ns >> doubling > 2 * LME_LAG_STEPS - 1)
        doubling++;
    size_t bucket = doubling * LME_LAG_STEPS + (size_t)(ns >> doubling);
    return bucket < LME_LAG_BUCKETS ? bucket : LME_LAG_BUCKETS - 1;
}

/* The smallest number above a bucket's. */
static double end_of(size_t bucket)
{
    if (bucket / 2 < LME_LAG_STEPS)
        return (double)bucket + 1;
    size_t doubling = bucket / LME_LAG_STEPS - 1;
    return (double)((uint64_t)(bucket % LME_LAG_STEPS + LME_LAG_STEPS + 1) << doubling);
}

void lme_turns_sent(lme_turns *turns, uint64_t now_ns)
{
    if (turns->first_ns == 0)
        turns->first_ns = now_ns;
    if (!turns->took_answer)
        return;
    uint64_t lag = now_ns - turns->woke_ns;
    turns->lags[bucket_of(lag)]++;
    turns->n_lags++;
    turns->longest_lag_ns = lag > turns->longest_lag_ns ? lag : turns->longest_lag_ns;
}

void lme_turns_answered(lme_turns *turns, uint64_t now_ns)
{
    turns->took_answer = turns->woke_ns != 0;
    turns->last_ns = now_ns;
}

void lme_turns_waited(lme_turns *turns, uint64_t began_ns, uint64_t now_ns)
{
    uint64_t worked = turns->woke_ns != 0 ? began_ns - turns->woke_ns : 0;
    turns->longest_ns = worked > turns->longest_ns ? worked : turns->longest_ns;
    turns->waited_ns += now_ns - began_ns;
    turns->woke_ns = now_ns;
    turns->took_answer = false;
}

/* In milliseconds: where a bucket ends, but never more than the longest. */
static double quantile(const lme_turns *turns, double part)
{
    double wanted = part * (double)turns->n_lags;
    size_t n = 0, bucket = 0;
    for (; bucket < LME_LAG_BUCKETS; bucket++) {
        n += turns->lags[bucket];
        if ((double)n >= wanted)
            break;
    }
    double end = end_of(bucket), longest = (double)turns->longest_lag_ns;
    return (end < longest ? end : longest) * 1e-6;
}

lme_client_time lme_turns_sum(const lme_turns *turns)
{
    lme_client_time sum = {0};
    if (turns->last_ns <= turns->first_ns || turns->first_ns == 0)
        return sum;
    uint64_t open = turns->last_ns - turns->first_ns;
    uint64_t waited = turns->waited_ns < open ? turns->waited_ns : open;
    sum.seconds = (double)open * 1e-9;
    sum.worked = (double)(open - waited) * 1e-9;
    sum.longest_ms = (double)turns->longest_ns * 1e-6;
    if (turns->n_lags > 0) {
        sum.lag_p50_ms = quantile(turns, 0.5);
        sum.lag_p99_ms = quantile(turns, 0.99);
        sum.lag_max_ms = (double)turns->longest_lag_ns * 1e-6;
    }
    return sum;
}

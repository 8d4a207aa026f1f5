#include "aggregate.h"

#include <math.h>

static const lme_aggregation aggregations[] = {
    {"mean", 1, lme_reduce_mean, LME_STDERR_MEAN},
    {"perplexity", 1, lme_reduce_perplexity, LME_STDERR_BOOTSTRAP},
    {"weighted_perplexity", 2, lme_reduce_weighted_perplexity, LME_STDERR_NONE},
    {"bits_per_byte", 2, lme_reduce_bits_per_byte, LME_STDERR_NONE},
};

const lme_aggregation *lme_aggregation_all(size_t *n)
{
    *n = sizeof aggregations / sizeof aggregations[0];
    return aggregations;
}

const lme_aggregation *lme_aggregation_find(lme_str name)
{
    for (size_t i = 0; i < sizeof aggregations / sizeof aggregations[0]; i++) {
        if (lme_str_is(name, aggregations[i].name))
            return &aggregations[i];
    }
    return NULL;
}

double lme_mean(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

double lme_reduce_mean(const lme_metric_use *use, const double *stats, size_t n)
{
    (void)use;
    return lme_mean(stats, n);
}

/* exp(-mean of the loglikelihoods) */
double lme_reduce_perplexity(const lme_metric_use *use, const double *stats, size_t n)
{
    (void)use;
    return exp(-lme_mean(stats, n));
}

/* Sum of the loglikelihoods over the sum of the weights: words or bytes. */
static double weighted_mean(const double *stats, size_t n)
{
    double logprobs = 0.0, weights = 0.0;
    for (size_t i = 0; i < n; i++) {
        logprobs += stats[2 * i];
        weights += stats[2 * i + 1];
    }
    return logprobs / weights;
}

double lme_reduce_weighted_perplexity(const lme_metric_use *use, const double *stats, size_t n)
{
    (void)use;
    return exp(-weighted_mean(stats, n));
}

double lme_reduce_bits_per_byte(const lme_metric_use *use, const double *stats, size_t n)
{
    (void)use;
    return -weighted_mean(stats, n) / log(2.0);
}

#include "aggregate.h"

#include "distinct.h"
#include "pairwise.h"

#include <math.h>

double lme_mean(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

static double mean(const lme_metric_use *use, const double *sums, size_t n)
{
    (void)use;
    return sums[0] / (double)n;
}

static double mean_stderr(const lme_metric_use *use, const double *rows, size_t n)
{
    (void)use;
    return lme_mean_stderr(rows, n);
}

const lme_aggregation lme_aggregation_mean = {
    .name = "mean",
    .width = 1,
    .from_sums = mean,
    .standard_error = mean_stderr,
};

static double median(const lme_metric_use *use, const double *rows, const uint32_t *counts,
                     size_t n_rows)
{
    (void)use;
    uint64_t n = 0, below = 0;
    for (size_t i = 0; i < n_rows; i++)
        n += counts[i];
    for (size_t i = 0; i < n_rows; i++) {
        below += counts[i];
        if (below > n / 2)
            return rows[i];
    }
    return (double)NAN;
}

const lme_aggregation lme_aggregation_median = {
    .name = "median",
    .width = 1,
    .from_counts = median,
    .bootstrap = true,
    .is_rough = true,
};

static double without_nan(const void *context, size_t i)
{
    const double *values = context;
    return isnan(values[i]) ? 0.0 : values[i];
}

static double nanmean(const lme_metric_use *use, const double *rows, size_t n)
{
    (void)use;
    size_t n_numbers = 0;
    for (size_t i = 0; i < n; i++)
        n_numbers += isnan(rows[i]) ? 0 : 1;
    return n_numbers == 0 ? (double)NAN
                          : lme_pairwise_sum(without_nan, rows, n) / (double)n_numbers;
}

const lme_aggregation lme_aggregation_nanmean = {
    .name = "nanmean",
    .width = 1,
    .from_rows = nanmean,
    .bootstrap = true,
};

/* exp(-mean of the loglikelihoods) */
static double perplexity(const lme_metric_use *use, const double *sums, size_t n)
{
    (void)use;
    return exp(-(sums[0] / (double)n));
}

const lme_aggregation lme_aggregation_perplexity = {
    .name = "perplexity",
    .width = 1,
    .from_sums = perplexity,
    .bootstrap = true,
};

/* Sum of the loglikelihoods over the sum of the weights: words or bytes. */
static double weighted_perplexity(const lme_metric_use *use, const double *sums, size_t n)
{
    (void)use;
    (void)n;
    return exp(-(sums[0] / sums[1]));
}

const lme_aggregation lme_aggregation_weighted_perplexity = {
    .name = "weighted_perplexity",
    .width = 2,
    .from_sums = weighted_perplexity,
};

static double bits_per_byte(const lme_metric_use *use, const double *sums, size_t n)
{
    (void)use;
    (void)n;
    return -(sums[0] / sums[1]) / log(2.0);
}

const lme_aggregation lme_aggregation_bits_per_byte = {
    .name = "bits_per_byte",
    .width = 2,
    .from_sums = bits_per_byte,
};

static const lme_aggregation *const aggregations[] = {
    &lme_aggregation_mean,
    &lme_aggregation_median,
    &lme_aggregation_nanmean,
    &lme_aggregation_perplexity,
    &lme_aggregation_weighted_perplexity,
    &lme_aggregation_bits_per_byte,
    &lme_aggregation_f1,
    &lme_aggregation_macro_f1,
    &lme_aggregation_micro_f1,
    &lme_aggregation_weighted_f1,
    &lme_aggregation_matthews_corrcoef,
    &lme_aggregation_brier_score,
    &lme_aggregation_bypass,
};

const lme_aggregation *const *lme_aggregation_all(size_t *n)
{
    *n = sizeof aggregations / sizeof aggregations[0];
    return aggregations;
}

const lme_aggregation *lme_aggregation_find(lme_str name)
{
    for (size_t i = 0; i < sizeof aggregations / sizeof aggregations[0]; i++) {
        if (lme_str_is(name, aggregations[i]->name))
            return aggregations[i];
    }
    return NULL;
}

static double of_sums(const lme_metric_use *use, const double *rows, size_t n)
{
    const size_t width = use->aggregation->width;
    double sums[LME_METRIC_WIDTH] = {0};
    for (size_t i = 0; i < n; i++) {
        for (size_t w = 0; w < width; w++)
            sums[w] += rows[i * width + w];
    }
    return use->aggregation->from_sums(use, sums, n);
}

static double of_counts(const lme_metric_use *use, const double *rows, size_t n)
{
    lme_arena *arena = lme_arena_new();
    lme_distinct distinct = lme_distinct_rows(arena, rows, use->aggregation->width, n);
    uint32_t *counts = LME_ARRAY(arena, uint32_t, distinct.n_rows);
    for (size_t i = 0; i < n; i++)
        counts[distinct.row_of[i]]++;
    double value = use->aggregation->from_counts(use, distinct.rows, counts, distinct.n_rows);
    lme_arena_free(arena);
    return value;
}

double lme_aggregate(const lme_metric_use *use, const double *rows, size_t n)
{
    if (use->aggregation->from_sums != NULL)
        return of_sums(use, rows, n);
    if (use->aggregation->from_counts != NULL)
        return of_counts(use, rows, n);
    return use->aggregation->from_rows(use, rows, n);
}

/* Means, differences and their standard errors, items alone or in clusters. */
#include "residual.h"

#include <math.h>

#include <lmeval/distribution.h>
#include <lmeval/error.h>

double lme_stats_average(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

double lme_residual_df(size_t n, const lme_clusters *clusters)
{
    size_t independent = clusters->of != NULL ? clusters->n : n;
    return independent > 1 ? (double)(independent - 1) : (double)NAN;
}

static double sum_of_squares(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i] * values[i];
    return sum;
}

static double cluster_squares(const double *residuals, size_t n, const lme_clusters *clusters)
{
    lme_arena *arena = lme_arena_new();
    double *sums = LME_ARRAY(arena, double, clusters->n);
    for (size_t i = 0; i < n; i++) {
        LME_BUG(clusters->of[i] >= clusters->n, "an item in a cluster that is not there");
        sums[clusters->of[i]] += residuals[i];
    }
    double squares = sum_of_squares(sums, clusters->n);
    lme_arena_free(arena);
    return squares;
}

double lme_variance_of_mean(const double *residuals, size_t n, const lme_clusters *clusters,
                            lme_correction correction)
{
    double squares = clusters->of != NULL ? cluster_squares(residuals, n, clusters)
                                          : sum_of_squares(residuals, n);
    double independent = clusters->of != NULL ? (double)clusters->n : (double)n;
    if (correction == LME_CR1)
        squares = independent > 1.0 ? squares * (independent / (independent - 1.0)) : (double)NAN;
    return squares / ((double)n * (double)n);
}

lme_estimate lme_stats_mean(const double *values, size_t n, const lme_clusters *clusters,
                            lme_correction correction)
{
    if (n == 0)
        return (lme_estimate){(double)NAN, (double)NAN, (double)NAN};
    lme_arena *arena = lme_arena_new();
    double *residuals = LME_ARRAY(arena, double, n);
    double mean = lme_stats_average(values, n);
    for (size_t i = 0; i < n; i++)
        residuals[i] = values[i] - mean;
    lme_estimate estimate = {
        .value = mean,
        .stderr_value = sqrt(lme_variance_of_mean(residuals, n, clusters, correction)),
        .df = lme_residual_df(n, clusters),
    };
    lme_arena_free(arena);
    return estimate;
}

lme_estimate lme_stats_contrast(const lme_pairs *pairs, double theta, double kappa)
{
    lme_arena *arena = lme_arena_new();
    double *values = LME_ARRAY(arena, double, pairs->n);
    for (size_t i = 0; i < pairs->n; i++)
        values[i] = pairs->other[i] - theta * pairs->base[i] - kappa;
    lme_estimate estimate = lme_stats_mean(values, pairs->n, &pairs->clusters, LME_CR1);
    lme_arena_free(arena);
    return estimate;
}

lme_estimate lme_stats_difference(const lme_pairs *pairs)
{
    return lme_stats_contrast(pairs, 1.0, 0.0);
}

lme_interval lme_stats_interval(const lme_estimate *estimate, double confidence)
{
    double reach = lme_t_quantile(0.5 + confidence / 2.0, estimate->df) * estimate->stderr_value;
    return (lme_interval){estimate->value - reach, estimate->value + reach};
}

lme_test lme_stats_paired(const lme_pairs *pairs)
{
    lme_estimate d = lme_stats_difference(pairs);
    if (d.value == 0.0 && d.stderr_value == 0.0)
        return (lme_test){0.0, d.df, 1.0};
    double t = d.value / d.stderr_value;
    return (lme_test){t, d.df, 2.0 * lme_t_sf(fabs(t), d.df)};
}

double lme_stats_correlation(const lme_pairs *pairs)
{
    double mean_base = lme_stats_average(pairs->base, pairs->n);
    double mean_other = lme_stats_average(pairs->other, pairs->n);
    double base = 0.0, other = 0.0, product = 0.0;
    for (size_t i = 0; i < pairs->n; i++) {
        double x = pairs->base[i] - mean_base, y = pairs->other[i] - mean_other;
        base += x * x;
        other += y * y;
        product += x * y;
    }
    return base > 0.0 && other > 0.0 ? product / sqrt(base) / sqrt(other) : (double)NAN;
}

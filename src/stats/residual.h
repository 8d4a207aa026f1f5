/* The one computation under every standard error here: the variance of a mean from residuals. */
#ifndef LMEVAL_STATS_RESIDUAL_H
#define LMEVAL_STATS_RESIDUAL_H

#include <lmeval/arena.h>
#include <lmeval/stats.h>

/* Variance of the mean of n residuals, which sum to about zero over all items.
 * Without clusters each item is one. NAN for a single cluster with CR1. */
double lme_variance_of_mean(const double *residuals, size_t n, const lme_clusters *clusters,
                            lme_correction correction);

/* Degrees of freedom: clusters (or items) less one. */
double lme_residual_df(size_t n, const lme_clusters *clusters);

double lme_stats_average(const double *values, size_t n);

/* Mean and error of other - theta * base - kappa. */
lme_estimate lme_stats_contrast(const lme_pairs *pairs, double theta, double kappa);

#endif

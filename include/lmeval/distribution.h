/* Distribution functions and quantiles that tests and intervals need. Both tails are computed
 * directly: 1 - cdf loses every digit of a small p-value.
 *
 *     double p = 2 * lme_normal_sf(fabs(z));
 *     double t = lme_t_quantile(0.975, n - 1);
 *
 * Pure functions, safe from any thread. Relative error below 1e-12 against scipy.special and
 * scipy.stats (tests/golden/scipy). Written here rather than taken from GSL: GSL would add a
 * library that the program needs for nothing else, is GPL, and its binomial tails sum term by term.
 */
#ifndef LMEVAL_DISTRIBUTION_H
#define LMEVAL_DISTRIBUTION_H

#include <stdint.h>

/* P(Z <= x), P(Z > x) of the standard normal distribution. Source: erfc of libm. */
double lme_normal_cdf(double x);
double lme_normal_sf(double x);

/* The x with P(Z <= x) = p; -inf at 0, inf at 1, NAN outside.
 * Source: start from Abramowitz and Stegun 26.2.23, then Halley's steps on erfc. */
double lme_normal_quantile(double p);

/* Student's t with df > 0 degrees of freedom; df infinite is the normal distribution.
 * Source: Abramowitz and Stegun 26.7.1 through the incomplete beta function; the quantile by
 * Newton's steps on the logarithm of the tail. */
double lme_t_cdf(double x, double df);
double lme_t_sf(double x, double df);
double lme_t_quantile(double p, double df);

/* Chi-squared with df > 0 degrees of freedom, x >= 0.
 * Source: incomplete gamma function, series and continued fraction (Abramowitz and Stegun 6.5.29,
 * 6.5.31), the leading factor after Loader (2000). */
double lme_chi2_cdf(double x, double df);
double lme_chi2_sf(double x, double df);

/* Regularized incomplete beta function I_x(a, b): P(B <= x), and P(B > x); a, b > 0, 0 <= x <= 1.
 * Source: A. Didonato, A. Morris, "Algorithm 708", ACM TOMS 18 (1992), equation 9. */
double lme_beta_cdf(double x, double a, double b);
double lme_beta_sf(double x, double a, double b);

/* P(X = k), P(X <= k), P(X > k) of k successes in n trials; k may be -1.
 * Source: C. Loader, "Fast and Accurate Computation of Binomial Probabilities" (2000); tails by
 * Abramowitz and Stegun 26.5.24. */
double lme_binomial_pmf(int64_t k, int64_t n, double p);
double lme_binomial_cdf(int64_t k, int64_t n, double p);
double lme_binomial_sf(int64_t k, int64_t n, double p);

#endif

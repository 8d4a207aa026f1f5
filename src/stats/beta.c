/* Incomplete beta function and what follows from it: binomial tails, Student's t (student.c).
 * The tail on the near side of the mean comes from the continued fraction, the other is its
 * complement: so the smaller one always has all its digits. */
#include "beta.h"

#include "saddle.h"

#include <math.h>

#include <lmeval/distribution.h>

/* The continued fraction whose terms keep their digits for x near 1: Didonato and Morris (1992),
 * equation 9, by Lentz's method. Takes about sqrt(max(a, b)) turns. */
static double fraction(double a, double b, double x, double y)
{
    const double tiny = 1e-300;
    double lambda = a * y - b * x;
    double value = a * (lambda + 1.0) / (a + 1.0);
    value = fabs(value) < tiny ? tiny : value;
    double c = value, d = 0.0;
    for (int m = 1; m <= 200000; m++) {
        double odd = a + 2.0 * m - 1.0;
        double above = (a + m - 1.0) / odd * ((a + b + m - 1.0) / odd) * m * (b - m) * x * x;
        double below =
            m + m * (b - m) * x / odd + (a + m) * (lambda + 1.0 + m * (1.0 + y)) / (odd + 2.0);
        d = below + above * d;
        c = below + above / c;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = fabs(c) < tiny ? tiny : c;
        value *= d * c;
        if (fabs(d * c - 1.0) < 2e-16)
            break;
    }
    return value;
}

/* x^a y^b / B(a, b) by the fraction. */
static double lower_tail(double a, double b, double x, double y)
{
    return lme_binomial_term(a, b, x, y) * a * (b / (a + b)) / fraction(a, b, x, y);
}

lme_tails lme_beta_tails(double a, double b, double x, double y)
{
    if (x <= 0.0)
        return (lme_tails){0.0, 1.0};
    if (y <= 0.0)
        return (lme_tails){1.0, 0.0};
    if (a * y > b * x) {
        double lower = lower_tail(a, b, x, y);
        return (lme_tails){lower, 1.0 - lower};
    }
    double upper = lower_tail(b, a, y, x);
    return (lme_tails){1.0 - upper, upper};
}

double lme_beta_cdf(double x, double a, double b)
{
    return lme_beta_tails(a, b, x, 1.0 - x).lower;
}

double lme_beta_sf(double x, double a, double b)
{
    return lme_beta_tails(a, b, x, 1.0 - x).upper;
}

double lme_binomial_pmf(int64_t k, int64_t n, double p)
{
    if (k < 0 || k > n)
        return 0.0;
    return lme_binomial_term((double)k, (double)(n - k), p, 1.0 - p);
}

static lme_tails binomial_tails(int64_t k, int64_t n, double p)
{
    if (k < 0)
        return (lme_tails){0.0, 1.0};
    if (k >= n)
        return (lme_tails){1.0, 0.0};
    return lme_beta_tails((double)(n - k), (double)k + 1.0, 1.0 - p, p);
}

double lme_binomial_cdf(int64_t k, int64_t n, double p)
{
    return binomial_tails(k, n, p).lower;
}

double lme_binomial_sf(int64_t k, int64_t n, double p)
{
    return binomial_tails(k, n, p).upper;
}

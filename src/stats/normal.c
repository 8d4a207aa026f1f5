#include <math.h>

#include <lmeval/distribution.h>

static const double root_half = 0.70710678118654752440;
static const double root_two_pi = 2.5066282746310005024;

double lme_normal_cdf(double x)
{
    return 0.5 * erfc(-x * root_half);
}

double lme_normal_sf(double x)
{
    return 0.5 * erfc(x * root_half);
}

/* One step of Halley's method for tail(x) = p, x > 0: the third power of the error remains. Near
 * the centre the difference is taken from 1/2, where both are exact. */
static double improved(double x, double p)
{
    double miss = p > 0.25 ? (0.5 - p) - 0.5 * erf(x * root_half) : lme_normal_sf(x) - p;
    double step = miss * root_two_pi * exp(0.5 * x * x);
    return x + step / (1.0 - 0.5 * x * step);
}

/* The x >= 0 with tail p <= 1/2. */
static double upper_quantile(double p)
{
    double t = sqrt(-2.0 * log(p));
    double x = t - (2.515517 + t * (0.802853 + t * 0.010328)) /
                       (1.0 + t * (1.432788 + t * (0.189269 + t * 0.001308)));
    for (int i = 0; i < 3; i++)
        x = improved(x, p);
    return x;
}

double lme_normal_quantile(double p)
{
    if (!(p >= 0.0 && p <= 1.0))
        return (double)NAN;
    if (p == 0.0 || p == 1.0)
        return p == 0.0 ? -(double)INFINITY : (double)INFINITY;
    if (p == 0.5)
        return 0.0;
    return p < 0.5 ? -upper_quantile(p) : upper_quantile(1.0 - p);
}

#include "beta.h"

#include <math.h>

#include <lmeval/distribution.h>

/* From here on t and normal differ by less than a double shows. */
static const double df_normal = 1e13;

/* P(|T| > x) and P(|T| <= x), x >= 0. */
static lme_tails two_sided(double x, double df)
{
    double square = x * x;
    if (isinf(square))
        return (lme_tails){0.0, 1.0};
    return lme_beta_tails(df / 2.0, 0.5, df / (df + square), square / (df + square));
}

double lme_t_sf(double x, double df)
{
    if (df > df_normal)
        return lme_normal_sf(x);
    lme_tails tails = two_sided(fabs(x), df);
    return x >= 0.0 ? 0.5 * tails.lower : 0.5 + 0.5 * tails.upper;
}

double lme_t_cdf(double x, double df)
{
    return lme_t_sf(-x, df);
}

static double density(double x, double df)
{
    double scale = lgamma((df + 1.0) / 2.0) - lgamma(df / 2.0) - 0.5 * log(df * acos(-1.0));
    return exp(scale - (df + 1.0) / 2.0 * log1p(x * x / df));
}

/* One Newton step for P(T > x) = p; on both logarithms in the tail, where that is nearly a line. */
static double improved(double x, double p, double df)
{
    lme_tails tails = two_sided(x, df);
    if (p > 0.25)
        return x + ((0.5 - p) - 0.5 * tails.upper) / density(x, df);
    double tail = 0.5 * tails.lower;
    return x * exp(log(tail / p) * tail / (x * density(x, df)));
}

/* The x >= 0 with tail p < 1/2. */
static double upper_quantile(double p, double df)
{
    /* Cornish and Fisher's first term; for few degrees of freedom the Cauchy-like tail. */
    double z = -lme_normal_quantile(p);
    double x = df > 3.0 ? z + (z * z * z + z) / (4.0 * df) : 1.0 / tan(acos(-1.0) * p);
    if (!(x > 0.0))
        x = z;
    for (int i = 0; i < 60; i++) {
        double next = improved(x, p, df);
        if (!(next > 0.0) || isinf(next))
            next = x / 2.0;
        double moved = fabs(next - x);
        x = next;
        if (moved <= 4e-16 * x)
            break;
    }
    return x;
}

double lme_t_quantile(double p, double df)
{
    if (df > df_normal || !(p > 0.0 && p < 1.0))
        return lme_normal_quantile(p);
    if (p == 0.5)
        return 0.0;
    return p < 0.5 ? -upper_quantile(p, df) : upper_quantile(1.0 - p, df);
}

/* How small a difference a number of items shows, and how many items a difference needs. */
#include <math.h>

#include <lmeval/distribution.h>
#include <lmeval/stats.h>

/* Sum of the two normal quantiles: 2.802 for 5 % on two sides and a power of 80 %. */
static double reach(const lme_power *power)
{
    double alpha = power->one_sided ? power->alpha : power->alpha / 2.0;
    return lme_normal_quantile(1.0 - alpha) + lme_normal_quantile(power->power);
}

double lme_stats_detectable(double variance, double n, const lme_power *power)
{
    return reach(power) * sqrt(variance / n);
}

double lme_stats_detectable_flips(double flip_rate, double n, const lme_power *power)
{
    double square = reach(power) * reach(power);
    double delta = sqrt(square * flip_rate / (n + square));
    return delta < flip_rate ? delta : square / (n + square);
}

double lme_stats_required(double variance, double delta, const lme_power *power)
{
    double ratio = reach(power) / delta;
    return ratio * ratio * variance;
}

double lme_stats_difference_variance(double variance_base, double variance_other,
                                     double correlation)
{
    return variance_base + variance_other -
           2.0 * correlation * sqrt(variance_base * variance_other);
}

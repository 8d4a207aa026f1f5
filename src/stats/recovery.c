/* Recovery: what is left of the base's score above chance. */
#include "residual.h"

#include <math.h>

#include <lmeval/distribution.h>

lme_estimate lme_stats_recovery(const lme_pairs *pairs, double chance)
{
    double base = lme_stats_average(pairs->base, pairs->n) - chance;
    double other = lme_stats_average(pairs->other, pairs->n) - chance;
    if (pairs->n == 0 || !(base > 0.0))
        return (lme_estimate){(double)NAN, (double)NAN, (double)NAN};
    double ratio = other / base;
    lme_estimate contrast = lme_stats_contrast(pairs, ratio, chance * (1.0 - ratio));
    return (lme_estimate){ratio, contrast.stderr_value / base, contrast.df};
}

lme_interval lme_stats_recovery_delta(const lme_estimate *recovery, double confidence)
{
    double ratio = recovery->value;
    if (!(ratio > 0.0)) /* no logarithm: the plain interval */
        return lme_stats_interval(recovery, confidence);
    double reach = lme_t_quantile(0.5 + confidence / 2.0, recovery->df) * recovery->stderr_value;
    double factor = exp(reach / ratio);
    return (lme_interval){ratio / factor, ratio * factor};
}

/* Variances of the two means and their covariance, clustered: from those of a, b and b - a. */
lme_interval lme_stats_recovery_fieller(const lme_pairs *pairs, double chance, double confidence)
{
    const lme_interval none = {(double)NAN, (double)NAN};
    if (pairs->n == 0)
        return none;
    lme_estimate a = lme_stats_mean(pairs->base, pairs->n, &pairs->clusters, LME_CR1);
    lme_estimate b = lme_stats_mean(pairs->other, pairs->n, &pairs->clusters, LME_CR1);
    lme_estimate d = lme_stats_difference(pairs);
    double vaa = a.stderr_value * a.stderr_value, vbb = b.stderr_value * b.stderr_value;
    double vab = (vaa + vbb - d.stderr_value * d.stderr_value) / 2.0;
    double t = lme_t_quantile(0.5 + confidence / 2.0, a.df), tt = t * t;
    double base = a.value - chance, other = b.value - chance;
    /* (other - theta base)^2 <= t^2 (vbb - 2 theta vab + theta^2 vaa) */
    double square = base * base - tt * vaa;
    double linear = base * other - tt * vab;
    double constant = other * other - tt * vbb;
    double root = linear * linear - square * constant;
    if (!(square > 0.0) || !(base > 0.0))
        return none;
    root = root > 0.0 ? sqrt(root) : 0.0;
    return (lme_interval){(linear - root) / square, (linear + root) / square};
}

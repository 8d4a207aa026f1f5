/* Which method for which scores: the choice that the coverage tables of docs/statistics.md rest on.
 *
 * 0/1 scores: the score method, widened by the design effect when there are clusters. Other scores:
 * the paired t and Fieller; but while few items differ, their variance is mostly unseen, so these
 * are joined with what holds if every difference were a whole one.
 */
#include "residual.h"
#include "score.h"

#include <math.h>

#include <lmeval/distribution.h>

enum {
    FEW_DIFFER = 30 /* of 200: with 20 the paired t erred in 8 to 9 % instead of 5, with 30 in 4 */
};

/* How many times larger clusters make the variance; at least 1. */
static double design_effect(const lme_pairs *pairs, double theta, double kappa)
{
    if (pairs->clusters.of == NULL)
        return 1.0;
    lme_pairs alone = *pairs;
    alone.clusters = (lme_clusters){0};
    double clustered = lme_stats_contrast(pairs, theta, kappa).stderr_value;
    double plain = lme_stats_contrast(&alone, theta, kappa).stderr_value;
    double effect = clustered * clustered / (plain * plain);
    return effect > 1.0 ? effect : 1.0;
}

static bool is_in_unit_range(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!(values[i] >= 0.0 && values[i] <= 1.0))
            return false;
    }
    return true;
}

/* Graded scores as a table in which each difference is a whole point.
 * Returns false when that is not needed (enough items differ) or has no meaning (other ranges). */
static bool as_table(const lme_pairs *pairs, lme_flips *flips)
{
    if (flips->lost + flips->gained >= FEW_DIFFER || !is_in_unit_range(pairs->base, pairs->n) ||
        !is_in_unit_range(pairs->other, pairs->n))
        return false;
    double right = floor(lme_stats_average(pairs->base, pairs->n) * (double)pairs->n + 1e-9);
    double both = right - (double)flips->lost;
    flips->both = both > 0.0 ? (size_t)both : 0;
    if (flips->both + flips->lost + flips->gained > flips->n)
        flips->both = flips->n - flips->lost - flips->gained;
    return true;
}

static lme_interval joined(lme_interval a, lme_interval b)
{
    return (lme_interval){fmin(a.low, b.low), fmax(a.high, b.high)};
}

/* Normal for items, t for clusters, and as much wider as these make it. */
static double critical(const lme_pairs *pairs, double theta, double kappa, double confidence)
{
    double p = 0.5 + confidence / 2.0;
    if (pairs->clusters.of == NULL)
        return lme_normal_quantile(p);
    return lme_t_quantile(p, lme_residual_df(pairs->n, &pairs->clusters)) *
           sqrt(design_effect(pairs, theta, kappa));
}

lme_interval lme_stats_difference_interval(const lme_pairs *pairs, double confidence)
{
    lme_flips flips = lme_stats_flips(pairs);
    double wide = critical(pairs, 1.0, 0.0, confidence);
    if (flips.is_binary)
        return lme_score_difference(&flips, wide);
    lme_estimate d = lme_stats_difference(pairs);
    lme_interval interval = lme_stats_interval(&d, confidence);
    return as_table(pairs, &flips) ? joined(interval, lme_score_difference(&flips, wide))
                                   : interval;
}

lme_interval lme_stats_recovery_interval(const lme_pairs *pairs, double chance, double confidence)
{
    lme_flips flips = lme_stats_flips(pairs);
    double ratio = lme_stats_recovery(pairs, chance).value;
    if (isnan(ratio))
        return (lme_interval){(double)NAN, (double)NAN};
    double wide = critical(pairs, ratio, chance * (1.0 - ratio), confidence);
    if (flips.is_binary)
        return lme_score_recovery(&flips, chance, wide);
    lme_interval interval = lme_stats_recovery_fieller(pairs, chance, confidence);
    if (isnan(interval.low) || !as_table(pairs, &flips))
        return interval;
    lme_interval whole = lme_score_recovery(&flips, chance, wide);
    return isnan(whole.low) ? whole : joined(interval, whole);
}

/* As t, but no surer than if each item below had lost all and none had gained. */
static double graded_statistic(const lme_pairs *pairs, double theta, double chance,
                               const lme_estimate *contrast)
{
    double t = contrast->value == 0.0 ? 0.0 : contrast->value / contrast->stderr_value;
    lme_flips flips = lme_stats_flips(pairs);
    if (t <= 0.0 || !as_table(pairs, &flips))
        return t;
    flips.both += flips.gained;
    flips.gained = 0;
    double z = lme_stats_score_z(&flips, theta, chance * (1.0 - theta));
    return fmin(t, fmax(z, 0.0));
}

lme_test lme_stats_noninferiority(const lme_pairs *pairs, double theta, double chance)
{
    double kappa = chance * (1.0 - theta);
    lme_flips flips = lme_stats_flips(pairs);
    lme_estimate contrast = lme_stats_contrast(pairs, theta, kappa);
    double statistic, df = contrast.df;
    if (flips.is_binary) {
        statistic =
            lme_stats_score_z(&flips, theta, kappa) / sqrt(design_effect(pairs, theta, kappa));
        df = pairs->clusters.of != NULL ? contrast.df : (double)INFINITY;
    } else {
        statistic = graded_statistic(pairs, theta, chance, &contrast);
    }
    return (lme_test){statistic, df, lme_t_sf(statistic, df)};
}

double lme_stats_noninferiority_required(const lme_pairs *pairs, double theta, double chance,
                                         const lme_power *power)
{
    double n = (double)pairs->n;
    lme_estimate contrast = lme_stats_contrast(pairs, theta, chance * (1.0 - theta));
    double statistic = lme_stats_noninferiority(pairs, theta, chance).statistic;
    if (statistic == 0.0 || isnan(statistic))
        return (double)INFINITY;
    /* deviation of an item as the hypothesis has it, and as seen */
    double expected = fabs(contrast.value * sqrt(n) / statistic);
    double seen = contrast.stderr_value * sqrt(n);
    double root = (lme_normal_quantile(1.0 - power->alpha) * expected +
                   lme_normal_quantile(power->power) * seen) /
                  contrast.value;
    return root * root;
}

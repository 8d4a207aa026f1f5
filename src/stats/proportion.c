/* Proportions and flips: Wilson, McNemar, the floor of noise. */
#include <math.h>

#include <lmeval/distribution.h>
#include <lmeval/stats.h>

lme_interval lme_stats_wilson(double successes, double n, double confidence)
{
    if (!(n > 0.0))
        return (lme_interval){(double)NAN, (double)NAN};
    double z = lme_normal_quantile(0.5 + confidence / 2.0);
    double share = successes / n, zz = z * z;
    double centre = (share + zz / (2.0 * n)) / (1.0 + zz / n);
    double reach = z / (1.0 + zz / n) * sqrt(share * (1.0 - share) / n + zz / (4.0 * n * n));
    return (lme_interval){
        .low = successes <= 0.0 ? 0.0 : centre - reach,
        .high = successes >= n ? 1.0 : centre + reach,
    };
}

lme_flips lme_stats_flips(const lme_pairs *pairs)
{
    lme_flips flips = {.n = pairs->n, .is_binary = true};
    for (size_t i = 0; i < pairs->n; i++) {
        double a = pairs->base[i], b = pairs->other[i];
        flips.lost += b < a;
        flips.gained += b > a;
        flips.both += a == b && a > 0.0;
        flips.is_binary = flips.is_binary && (a == 0.0 || a == 1.0) && (b == 0.0 || b == 1.0);
    }
    return flips;
}

lme_mcnemar lme_stats_mcnemar(size_t lost, size_t gained)
{
    int64_t n = (int64_t)(lost + gained);
    int64_t fewer = (int64_t)(lost < gained ? lost : gained);
    if (n == 0)
        return (lme_mcnemar){1.0, 1.0, (double)NAN, 1.0};
    double exact = 2.0 * lme_binomial_cdf(fewer, n, 0.5);
    double mid_p = 2.0 * lme_binomial_cdf(fewer - 1, n, 0.5) + lme_binomial_pmf(fewer, n, 0.5);
    double apart = fabs((double)lost - (double)gained) - 1.0;
    double chi2 = apart > 0.0 ? apart * apart / (double)n : 0.0;
    return (lme_mcnemar){
        .exact = exact < 1.0 ? exact : 1.0,
        .mid_p = mid_p < 1.0 ? mid_p : 1.0,
        .chi2 = chi2,
        .chi2_p = lme_chi2_sf(chi2, 1.0),
    };
}

lme_noise_floor lme_stats_noise_floor(const lme_flips *same, const lme_flips *other,
                                      double confidence)
{
    double n_same = (double)same->n, n_other = (double)other->n;
    double k_same = (double)(same->lost + same->gained);
    double k_other = (double)(other->lost + other->gained);
    double rate = k_same / n_same, flips = k_other / n_other;
    lme_interval w = lme_stats_wilson(k_same, n_same, confidence);
    lme_interval v = lme_stats_wilson(k_other, n_other, confidence);
    double pooled = (k_same + k_other) / (n_same + n_other);
    double error = sqrt(pooled * (1.0 - pooled) * (1.0 / n_same + 1.0 / n_other));
    double excess = flips - rate;
    return (lme_noise_floor){
        .rate = rate,
        .rate_interval = w,
        .excess = excess,
        .excess_interval = {excess - hypot(flips - v.low, w.high - rate),
                            excess + hypot(v.high - flips, rate - w.low)},
        .p = error > 0.0 ? lme_normal_sf(excess / error) : 0.5,
    };
}

/* How sure a number is, and whether a second model kept it: pure functions over arrays.
 *
 *     lme_pairs pairs = {.base = a, .other = b, .n = n};
 *     lme_estimate d = lme_stats_difference(&pairs);
 *     lme_interval i = lme_stats_interval(&d, 0.95);
 *     lme_test kept = lme_stats_noninferiority(&pairs, 0.99, 0.0);    kept.p < 0.05: recovered
 *
 * Scores are "higher is better"; for a metric where lower is better hand over base as `other` and
 * the other way round. Two models answer the same items, so everything here is paired: the item at
 * place i of one array is that at place i of the other. No I/O, no state; what needs memory takes
 * an arena or uses one that ends with the call. docs/statistics.md says what each number means,
 * when to use it, and how often its interval was measured to cover.
 */
#ifndef LMEVAL_STATS_H
#define LMEVAL_STATS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Items that do not stand alone: questions on one passage, paraphrases of one question. */
typedef struct lme_clusters {
    const uint32_t *of; /* which cluster each item is in, numbered from 0; NULL: each its own */
    size_t n;           /* clusters; 0 when `of` is NULL */
} lme_clusters;

/* Scores of two models on the same items. */
typedef struct lme_pairs {
    const double *base;
    const double *other;
    size_t n;
    lme_clusters clusters;
} lme_pairs;

/* A number with its standard error. */
typedef struct lme_estimate {
    double value;
    double stderr_value; /* NAN when one item or cluster says nothing about it */
    double df;           /* degrees of freedom of the error; INFINITY: use the normal */
} lme_estimate;

typedef struct lme_interval {
    double low, high;
} lme_interval;

typedef struct lme_test {
    double statistic; /* z or t */
    double df;        /* INFINITY: the statistic is normal */
    double p;         /* one or two sides: the function says which */
} lme_test;

/* Correction for few clusters. */
typedef enum lme_correction {
    LME_CR0, /* none: Miller's formula */
    LME_CR1, /* times C / (C - 1) */
} lme_correction;

/* ---- one model ------------------------------------------------------------------------------ */

/* Mean and its standard error; without clusters CR1 is the usual sqrt(variance / n).
 * Source: E. Miller, "Adding Error Bars to Evals", arXiv 2411.00640, equations 1 and 4; CR1:
 * Cameron and Miller (2015), "A Practitioner's Guide to Cluster-Robust Inference", equation 11. */
lme_estimate lme_stats_mean(const double *values, size_t n, const lme_clusters *clusters,
                            lme_correction correction);

/* value +- t quantile * stderr. NAN ends when the error is NAN. */
lme_interval lme_stats_interval(const lme_estimate *estimate, double confidence);

/* Interval of a proportion; holds its level near 0 and 1, where value +- 2 stderr does not.
 * Source: E. Wilson (1927), JASA 22, 209-212. */
lme_interval lme_stats_wilson(double successes, double n, double confidence);

/* ---- two models, one difference -------------------------------------------------------------- */

/* How items moved. For scores that are not 0 or 1, lost and gained count lower and higher. */
typedef struct lme_flips {
    size_t n;
    size_t lost;    /* other below base; 0/1: base right, other wrong */
    size_t gained;  /* other above base */
    size_t both;    /* equal and above 0; 0/1: both right */
    bool is_binary; /* all scores are 0 or 1 */
} lme_flips;

lme_flips lme_stats_flips(const lme_pairs *pairs);

/* Mean of d_i = other - base, its error that of a mean of d_i, CR1. Source: Miller, section on
 * paired differences. */
lme_estimate lme_stats_difference(const lme_pairs *pairs);

/* Correlation of the two models' item scores; NAN when one of them never varies. */
double lme_stats_correlation(const lme_pairs *pairs);

/* Two-sided p that the difference is 0, from the paired t; 1 when nothing differs. */
lme_test lme_stats_paired(const lme_pairs *pairs);

typedef struct lme_mcnemar {
    double exact; /* p of the binomial test on the flips, two sides */
    double mid_p; /* the same with half of the observed outcome: less conservative, still safe */
    double chi2;  /* with continuity correction; NAN without flips */
    double chi2_p;
} lme_mcnemar;

/* Do lost and gained differ by more than chance? For 0/1 scores without clusters.
 * Source: McNemar (1947); mid-p: Fagerland, Lydersen, Laake (2013), BMC Med Res Methodol 13:91,
 * section "McNemar mid-p test"; chi2: Edwards (1948). */
lme_mcnemar lme_stats_mcnemar(size_t lost, size_t gained);

/* The score statistic of H0: E[other] = theta * E[base] + kappa for 0/1 scores: the flips' variance
 * is that of the likeliest table under H0, so it is right even without a single flip, where every
 * formula on the observed variance says "certain".
 *   theta  1 with kappa = delta: a difference of delta; theta with kappa 0: a recovery of theta;
 *          theta with kappa = chance * (1 - theta): a chance-corrected recovery of theta
 * Returns z, positive when other lies above H0.
 * Source: theta 1: Tango (1998), Stat Med 17, 891-908; kappa 0: Nam and Blackwelder (2002), Stat
 * Med 21, 689-699; both are z = sum(other - theta base - kappa) / sqrt(n V), V the restricted
 * variance, solved here for any theta and kappa by the multiplier of Lagrange. */
double lme_stats_score_z(const lme_flips *flips, double theta, double kappa);

/* Interval of other - base for 0/1 scores, by inverting the score test. Source: Tango (1998). */
lme_interval lme_stats_difference_score(const lme_flips *flips, double confidence);

/* ---- recovery: (other - chance) / (base - chance) -------------------------------------------- */

/* By the delta method; stderr from the residuals e = (other - c) - R (base - c). value is NAN when
 * base's mean is not above chance.
 *   chance  score of a guesser, 0 for plain recovery
 * Source: Casella and Berger, "Statistical Inference", 2nd edition, section 5.5.4 (ratio
 * estimator). */
lme_estimate lme_stats_recovery(const lme_pairs *pairs, double chance);

/* exp(log R +- t stderr / R): a ratio's error is more even on the log scale. */
lme_interval lme_stats_recovery_delta(const lme_estimate *recovery, double confidence);

/* Fieller: all theta that the paired t on other - theta base would not refuse. When base itself is
 * not clearly above chance the set has no end: NAN for both.
 * Source: Fieller (1954), JRSS B 16, 175-185. */
lme_interval lme_stats_recovery_fieller(const lme_pairs *pairs, double chance, double confidence);

/* By inverting the score test; 0/1 scores without clusters. Source: Nam and Blackwelder (2002). */
lme_interval lme_stats_recovery_score(const lme_flips *flips, double chance, double confidence);

/* ---- the methods to use ------------------------------------------------------------------------
 * * Chosen by what the coverage tables show. 0/1 scores: the score method; with clusters its
 * critical value is a t quantile times the square root of the design effect (at least 1), after Rao
 * and Scott (1992), Biometrics 48, 577-585. Other scores: paired t and Fieller; where they lie in
 * [0, 1] and fewer than 30 items differ, widened to what holds if each difference were a whole
 * point. */

lme_interval lme_stats_difference_interval(const lme_pairs *pairs, double confidence);
lme_interval lme_stats_recovery_interval(const lme_pairs *pairs, double chance, double confidence);

/* Is recovery above theta? One-sided p for H0: recovery <= theta, tested on other - theta * base,
 * so no ratio is needed. "Not significant" is not "recovered": this is the test to ask. p of the
 * other direction is 1 - p. */
lme_test lme_stats_noninferiority(const lme_pairs *pairs, double theta, double chance);

/* ---- several tasks or subject groups ----------------------------------------------------------
 */

/* Weighted mean of independent strata and its error; df by Satterthwaite (1946).
 *   weights  n numbers >= 0; NULL: equal
 * Source: sum w m / sum w and sqrt(sum w^2 se^2) / sum w: Cochran, "Sampling Techniques", 3rd
 * edition, section 5.4. */
lme_estimate lme_stats_strata(const lme_estimate *strata, const double *weights, size_t n);

/* Recovery of the weighted average over strata (ratio of averages, not average of ratios).
 *   chance  n numbers, one a stratum; NULL: 0
 * Source: Cochran, section 6.11 (the combined ratio estimate). */
lme_estimate lme_stats_strata_recovery(const lme_pairs *strata, const double *weights,
                                       const double *chance, size_t n);

/* p-values adjusted for having looked n times; `adjusted` may be `p`.
 * Source: Holm (1979), Scand J Statist 6, 65-70; Benjamini and Hochberg (1995), JRSS B 57, 289. */
void lme_stats_holm(const double *p, size_t n, double *adjusted);
void lme_stats_benjamini_hochberg(const double *p, size_t n, double *adjusted);

/* ---- planning ----------------------------------------------------------------------------------
 */

typedef struct lme_power {
    double alpha; /* error of the first kind, 0.05 */
    double power; /* chance to see what is there, 0.8 */
    bool one_sided;
} lme_power;

/* Smallest mean difference that n items show with that power.
 *   variance  of the item differences
 * (z_alpha + z_power) sqrt(variance / n). Source: Miller, section on power analysis. */
double lme_stats_detectable(double variance, double n, const lme_power *power);

/* The same for 0/1 scores from the flip rate f, whose variance is f - delta^2; when fewer flips
 * than delta would be needed, all flips go one way (f = delta). */
double lme_stats_detectable_flips(double flip_rate, double n, const lme_power *power);

/* Items needed to see a mean difference of delta: (z_alpha + z_power)^2 variance / delta^2, not
 * rounded; INFINITY for a delta of 0. Source: Miller, section on power analysis. */
double lme_stats_required(double variance, double delta, const lme_power *power);

/* Variance of item differences from the models' own and their correlation. */
double lme_stats_difference_variance(double variance_base, double variance_other,
                                     double correlation);

/* Items at which the non-inferiority test would say "recovered" (or "degraded", where recovery lies
 * below theta) with that power, were everything else as it is. One-sided; INFINITY when recovery is
 * theta. Source: ((z_alpha sd0 + z_power sd1) / mean(other - theta base))^2, sd0 under H0, sd1 as
 * seen: Nam and Blackwelder (2002). */
double lme_stats_noninferiority_required(const lme_pairs *pairs, double theta, double chance,
                                         const lme_power *power);

/* ---- the server's own noise --------------------------------------------------------------------
 */

typedef struct lme_noise_floor {
    double rate; /* flips of a model against itself */
    lme_interval rate_interval;
    double excess; /* flips against the other model beyond that */
    lme_interval excess_interval;
    double p; /* one-sided: that there is no excess */
} lme_noise_floor;

/* Flips of an A/A comparison set against those of an A/B comparison.
 * Source: Newcombe (1998), Stat Med 17, 873-890, method 10 (two Wilson intervals); p: pooled z. */
lme_noise_floor lme_stats_noise_floor(const lme_flips *same, const lme_flips *other,
                                      double confidence);

/* ---- resampling --------------------------------------------------------------------------------
 */

/* Rows of additive statistics, one an item (or a cluster: the sum of its items' rows); a statistic
 * of a resample is a function of the sums of its rows. Mean, ratio, BLEU, perplexity are of that
 * kind, and both models' columns stand in the same row, so that pairs stay together. */
typedef struct lme_resampling {
    const double *rows; /* n x width */
    size_t n, width;
    const size_t *stratum_len; /* n_strata lengths, rows in that order, resampled each by itself;
                                  NULL: one stratum */
    size_t n_strata;
    /* sums: n_strata x width. May return NAN (a resample without a right answer). */
    double (*statistic)(const void *context, const double *sums);
    const void *context;
    size_t n_replicates; /* 10,000 say; at most 1,000,000 */
    int64_t seed;
} lme_resampling;

typedef struct lme_resampled {
    double value;        /* of the rows as they are */
    double stderr_value; /* standard deviation of the replicates */
    lme_interval percentile;
    lme_interval bca;
    size_t n_undefined; /* replicates that were NAN, left out */
} lme_resampled;

/* Same seed, same digits. Draws are those of Python's random.Random(seed): int(random() * n).
 * Source: Efron (1987), JASA 82, 171-185, equation 2.3 and section 6 (acceleration by the
 * jackknife); quantiles as numpy's default (Hyndman and Fan, type 7). */
lme_resampled lme_stats_bootstrap(const lme_resampling *resampling, double confidence);

/* Paired bootstrap of the recovery; whole clusters are drawn when there are some. */
lme_resampled lme_stats_recovery_bootstrap(const lme_pairs *pairs, double chance,
                                           size_t n_replicates, int64_t seed, double confidence);

/* ---- looking early ------------------------------------------------------------------------------
 */

/* Error that may be spent until the share t of all items (0 < t <= 1) is in; alpha at 1.
 * Source: Lan and DeMets (1983), Biometrika 70, 659-663: 2 (1 - Phi(z_{alpha/2} / sqrt t)). */
double lme_stats_spending(double t, double alpha);

/* Bounds c for |z| at each look, such that a z without drift ever leaves them with probability
 * alpha, half of it on each side: O'Brien-Fleming-like, by numerical integration.
 *   share   n_looks rising shares of all items, the last at most 1; bounds: n_looks to fill
 * Source: Armitage, McPherson, Rowe (1969), JRSS A 132, 235-244; Jennison and Turnbull (2000),
 * "Group Sequential Methods", chapter 19. */
void lme_stats_group_sequential(const double *share, size_t n_looks, double alpha, double *bounds);

/* Half-width of an interval for a mean that holds at every n at once, so one may look after each
 * item and stop when one likes.
 *   deviation  sample standard deviation; best_n: where it is to be narrowest
 * Source: Waudby-Smith, Arbour, Sinha, Kennedy, Ramdas, arXiv 2103.06476, theorem 2.2, with rho
 * from its appendix; the bound is Robbins' (1970) normal mixture. */
double lme_stats_confidence_sequence(double deviation, double n, double best_n, double alpha);

#endif

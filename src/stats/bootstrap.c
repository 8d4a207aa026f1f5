/* Bootstrap over rows of additive statistics: a replicate costs one pass of additions, whatever the
 * statistic, because only sums are kept. 10,000 replicates of the recovery over 10,000 items took
 * 0.8 s of one core. */
#include "residual.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/distribution.h>
#include <lmeval/random.h>

typedef struct work {
    const lme_resampling *of;
    const size_t *lens; /* n_strata */
    size_t n_strata;
    double *sums; /* n_strata x width */
} work;

static void sum_rows(const work *w, double *sums)
{
    size_t width = w->of->width;
    const double *row = w->of->rows;
    memset(sums, 0, w->n_strata * width * sizeof(double));
    for (size_t s = 0; s < w->n_strata; s++) {
        for (size_t i = 0; i < w->lens[s]; i++, row += width) {
            for (size_t c = 0; c < width; c++)
                sums[s * width + c] += row[c];
        }
    }
}

static double statistic(const work *w, const double *sums)
{
    return w->of->statistic(w->of->context, sums);
}

static double replicate(const work *w, lme_random *random)
{
    size_t width = w->of->width;
    const double *rows = w->of->rows;
    memset(w->sums, 0, w->n_strata * width * sizeof(double));
    for (size_t s = 0; s < w->n_strata; s++) {
        double *sums = w->sums + s * width;
        for (size_t i = 0; i < w->lens[s]; i++) {
            const double *row =
                rows + (size_t)(lme_random_unit(random) * (double)w->lens[s]) * width;
            for (size_t c = 0; c < width; c++)
                sums[c] += row[c];
        }
        rows += w->lens[s] * width;
    }
    return statistic(w, w->sums);
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* numpy.quantile's default. */
static double quantile(const double *sorted, size_t n, double q)
{
    if (!(q >= 0.0 && q <= 1.0))
        return (double)NAN;
    double at = q * (double)(n - 1);
    size_t below = (size_t)at;
    if (below + 1 >= n)
        return sorted[n - 1];
    double part = at - (double)below;
    return sorted[below] + (sorted[below + 1] - sorted[below]) * part;
}

/* Skewness of the statistic's values with one row left out each. Strata keep
 * their own mean, as their rows are never exchanged. */
static double acceleration(lme_arena *arena, const work *w, const double *whole)
{
    size_t width = w->of->width;
    const double *row = w->of->rows;
    double squares = 0.0, cubes = 0.0;
    for (size_t s = 0; s < w->n_strata; s++) {
        size_t len = w->lens[s];
        double *left = LME_ARRAY(arena, double, len);
        for (size_t i = 0; i < len; i++, row += width) {
            memcpy(w->sums, whole, w->n_strata * width * sizeof(double));
            for (size_t c = 0; c < width; c++)
                w->sums[s * width + c] -= row[c];
            left[i] = statistic(w, w->sums);
        }
        double mean = lme_stats_average(left, len);
        for (size_t i = 0; i < len; i++) {
            double away = (mean - left[i]) * (double)(len > 1 ? len - 1 : 1) / (double)len;
            squares += away * away;
            cubes += away * away * away;
        }
    }
    return squares > 0.0 ? cubes / (6.0 * squares * sqrt(squares)) : 0.0;
}

/* Efron's equation 2.3: which quantile of the replicates is the one at `p`. */
static double corrected(double p, double bias, double accelerated)
{
    double z = bias + lme_normal_quantile(p);
    return lme_normal_cdf(bias + z / (1.0 - accelerated * z));
}

/* Share of replicates below the value, ties by half, as a normal quantile. */
static double bias_of(const double *sorted, size_t n, double value)
{
    double below = 0.0;
    for (size_t i = 0; i < n; i++)
        below += sorted[i] < value ? 1.0 : sorted[i] == value ? 0.5 : 0.0;
    return lme_normal_quantile(below / (double)n);
}

static double deviation(const double *values, size_t n)
{
    double mean = lme_stats_average(values, n), sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += (values[i] - mean) * (values[i] - mean);
    return n > 1 ? sqrt(sum / (double)(n - 1)) : (double)NAN;
}

static void intervals(lme_resampled *made, const double *sorted, size_t n, double accelerated,
                      double confidence)
{
    double p = (1.0 - confidence) / 2.0;
    double bias = bias_of(sorted, n, made->value);
    made->percentile = (lme_interval){quantile(sorted, n, p), quantile(sorted, n, 1.0 - p)};
    if (isinf(bias)) { /* every replicate on one side: nothing to correct by */
        made->bca = made->percentile;
        return;
    }
    made->bca = (lme_interval){quantile(sorted, n, corrected(p, bias, accelerated)),
                               quantile(sorted, n, corrected(1.0 - p, bias, accelerated))};
}

lme_resampled lme_stats_bootstrap(const lme_resampling *resampling, double confidence)
{
    lme_arena *arena = lme_arena_new();
    size_t n_strata = resampling->stratum_len != NULL ? resampling->n_strata : 1;
    size_t n_sums = n_strata * resampling->width;
    work w = {
        .of = resampling,
        .lens = resampling->stratum_len != NULL ? resampling->stratum_len : &resampling->n,
        .n_strata = n_strata,
        .sums = LME_ARRAY(arena, double, n_sums),
    };
    double *whole = LME_ARRAY(arena, double, n_sums);
    double *replicates = LME_ARRAY(arena, double, resampling->n_replicates);
    lme_random *random = LME_NEW(arena, lme_random);
    lme_random_seed(random, resampling->seed);
    sum_rows(&w, whole);
    lme_resampled made = {.value = statistic(&w, whole)};
    size_t n = 0;
    for (size_t i = 0; i < resampling->n_replicates; i++) {
        replicates[n] = replicate(&w, random);
        n += isnan(replicates[n]) ? 0 : 1;
    }
    made.n_undefined = resampling->n_replicates - n;
    const lme_interval none = {(double)NAN, (double)NAN};
    made.stderr_value = deviation(replicates, n);
    made.percentile = made.bca = none;
    if (n > 0 && !isnan(made.value)) {
        qsort(replicates, n, sizeof replicates[0], by_size);
        intervals(&made, replicates, n, acceleration(arena, &w, whole), confidence);
    }
    lme_arena_free(arena);
    return made;
}

/* sums: base, other, items. */
static double recovery_of(const void *context, const double *sums)
{
    double chance = *(const double *)context;
    double base = sums[0] - chance * sums[2];
    return base > 0.0 ? (sums[1] - chance * sums[2]) / base : (double)NAN;
}

lme_resampled lme_stats_recovery_bootstrap(const lme_pairs *pairs, double chance,
                                           size_t n_replicates, int64_t seed, double confidence)
{
    lme_arena *arena = lme_arena_new();
    size_t n_rows = pairs->clusters.of != NULL ? pairs->clusters.n : pairs->n;
    double *rows = LME_ARRAY(arena, double, n_rows * 3);
    for (size_t i = 0; i < pairs->n; i++) {
        double *row = rows + 3 * (pairs->clusters.of != NULL ? pairs->clusters.of[i] : i);
        row[0] += pairs->base[i];
        row[1] += pairs->other[i];
        row[2] += 1.0;
    }
    lme_resampling resampling = {
        .rows = rows,
        .n = n_rows,
        .width = 3,
        .statistic = recovery_of,
        .context = &chance,
        .n_replicates = n_replicates,
        .seed = seed,
    };
    lme_resampled made = lme_stats_bootstrap(&resampling, confidence);
    lme_arena_free(arena);
    return made;
}

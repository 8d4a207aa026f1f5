/* Several tasks or groups of one test: averages over strata, and p-values seen together. */
#include "residual.h"

#include <math.h>
#include <stdlib.h>

static double weight_of(const double *weights, size_t i)
{
    return weights != NULL ? weights[i] : 1.0;
}

lme_estimate lme_stats_strata(const lme_estimate *strata, const double *weights, size_t n)
{
    double total = 0.0, sum = 0.0, variance = 0.0, per_df = 0.0;
    for (size_t i = 0; i < n; i++) {
        double w = weight_of(weights, i);
        double part = w * strata[i].stderr_value;
        if (w == 0.0)
            continue;
        total += w;
        sum += w * strata[i].value;
        variance += part * part;
        if (part != 0.0) /* a stratum without error has no say in the degrees of freedom */
            per_df += part * part * part * part / strata[i].df;
    }
    return (lme_estimate){
        .value = sum / total,
        .stderr_value = sqrt(variance) / total,
        .df = per_df > 0.0    ? variance * variance / per_df
              : isnan(per_df) ? (double)NAN
                              : (double)INFINITY,
    };
}

lme_estimate lme_stats_strata_recovery(const lme_pairs *strata, const double *weights,
                                       const double *chance, size_t n)
{
    double base = 0.0, other = 0.0, total = 0.0;
    for (size_t i = 0; i < n; i++) {
        double w = weight_of(weights, i), c = chance != NULL ? chance[i] : 0.0;
        base += w * (lme_stats_average(strata[i].base, strata[i].n) - c);
        other += w * (lme_stats_average(strata[i].other, strata[i].n) - c);
        total += w;
    }
    if (!(base > 0.0))
        return (lme_estimate){(double)NAN, (double)NAN, (double)NAN};
    double ratio = other / base;
    lme_arena *arena = lme_arena_new();
    lme_estimate *residuals = LME_ARRAY(arena, lme_estimate, n);
    for (size_t i = 0; i < n; i++) {
        double c = chance != NULL ? chance[i] : 0.0;
        residuals[i] = lme_stats_contrast(&strata[i], ratio, c * (1.0 - ratio));
    }
    lme_estimate rest = lme_stats_strata(residuals, weights, n);
    lme_arena_free(arena);
    return (lme_estimate){ratio, rest.stderr_value * total / base, rest.df};
}

typedef struct ranked {
    double p;
    size_t at;
} ranked;

static int by_p(const void *a, const void *b)
{
    const ranked *x = a, *y = b;
    if (x->p != y->p)
        return x->p > y->p ? 1 : -1;
    return x->at > y->at ? 1 : -1;
}

static ranked *sorted(lme_arena *arena, const double *p, size_t n)
{
    ranked *all = LME_ARRAY(arena, ranked, n);
    for (size_t i = 0; i < n; i++)
        all[i] = (ranked){p[i], i};
    qsort(all, n, sizeof all[0], by_p);
    return all;
}

void lme_stats_holm(const double *p, size_t n, double *adjusted)
{
    lme_arena *arena = lme_arena_new();
    ranked *all = sorted(arena, p, n);
    double most = 0.0;
    for (size_t i = 0; i < n; i++) {
        most = fmax(most, fmin(1.0, all[i].p * (double)(n - i)));
        adjusted[all[i].at] = most;
    }
    lme_arena_free(arena);
}

void lme_stats_benjamini_hochberg(const double *p, size_t n, double *adjusted)
{
    lme_arena *arena = lme_arena_new();
    ranked *all = sorted(arena, p, n);
    double least = 1.0;
    for (size_t i = n; i > 0; i--) {
        least = fmin(least, all[i - 1].p * (double)n / (double)i);
        adjusted[all[i - 1].at] = least;
    }
    lme_arena_free(arena);
}

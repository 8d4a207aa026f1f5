/* Looking at results before all of them are in, with the error rate kept. */
#include "root.h"

#include <math.h>

#include <lmeval/arena.h>
#include <lmeval/distribution.h>
#include <lmeval/stats.h>

double lme_stats_spending(double t, double alpha)
{
    return 2.0 * lme_normal_sf(lme_normal_quantile(1.0 - alpha / 2.0) / sqrt(t));
}

enum {
    POINTS = 801 /* of Simpson's rule over what goes on; bounds then hold nine digits */
};

/* Density of the statistic z at a look, for those that have not stopped before. */
typedef struct going_on {
    double z[POINTS];
    double mass[POINTS]; /* density times Simpson's weight */
    double share;
    size_t n; /* 0 before the first look */
} going_on;

typedef struct next_look {
    const going_on *before;
    double share;
    double spent; /* probability to stop at this look */
} next_look;

/* Probability that |z| is above c at the next look, less what is to be spent. Falls with c. */
static double stops_above(const void *context, double c)
{
    const next_look *look = context;
    const going_on *before = look->before;
    if (before->n == 0)
        return 2.0 * lme_normal_sf(c) - look->spent;
    double step = sqrt(look->share - before->share);
    double at = c * sqrt(look->share), scale = sqrt(before->share), sum = 0.0;
    for (size_t i = 0; i < before->n; i++) {
        double from = before->z[i] * scale;
        sum += before->mass[i] *
               (lme_normal_sf((at - from) / step) + lme_normal_sf((at + from) / step));
    }
    return sum - look->spent;
}

static double density(double x)
{
    return exp(-0.5 * x * x) / sqrt(2.0 * acos(-1.0));
}

static double density_at(const next_look *look, double z)
{
    const going_on *before = look->before;
    if (before->n == 0)
        return density(z);
    double step = sqrt(look->share - before->share);
    double at = z * sqrt(look->share), scale = sqrt(before->share), sum = 0.0;
    for (size_t i = 0; i < before->n; i++)
        sum += before->mass[i] * density((at - before->z[i] * scale) / step);
    return sum * sqrt(look->share) / step;
}

static void go_on(const next_look *look, double bound, going_on *after)
{
    double width = 2.0 * bound / (POINTS - 1);
    for (int i = 0; i < POINTS; i++) {
        double weight = i == 0 || i == POINTS - 1 ? 1.0 : i % 2 == 1 ? 4.0 : 2.0;
        after->z[i] = -bound + width * i;
        after->mass[i] = density_at(look, after->z[i]) * weight * width / 3.0;
    }
    after->share = look->share;
    after->n = POINTS;
}

void lme_stats_group_sequential(const double *share, size_t n_looks, double alpha, double *bounds)
{
    lme_arena *arena = lme_arena_new();
    going_on *before = LME_NEW(arena, going_on), *after = LME_NEW(arena, going_on);
    const double widest = 8.0; /* what lies beyond is less than 1e-15 */
    double spent = 0.0;
    for (size_t k = 0; k < n_looks; k++) {
        double until_now = 2.0 * lme_stats_spending(share[k], alpha / 2.0);
        next_look look = {before, share[k], until_now - spent};
        bounds[k] = lme_falling_root(stops_above, &look, 0.0, widest);
        go_on(&look, bounds[k], after);
        going_on *swapped = before;
        before = after;
        after = swapped;
        spent = until_now;
    }
    lme_arena_free(arena);
}

double lme_stats_confidence_sequence(double deviation, double n, double best_n, double alpha)
{
    double l = -2.0 * log(alpha);
    double rho2 = (l + log(l + 1.0)) / best_n;
    double m = n * rho2 + 1.0;
    return deviation * sqrt(2.0 * m / (n * n * rho2) * log(sqrt(m) / alpha));
}

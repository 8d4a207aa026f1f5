/* Score test and intervals for 0/1 scores of two models on the same items.
 *
 * The four outcomes of an item give other - theta * base four values c: both right 1 - theta,
 * gained 1, lost -theta, neither 0. The likeliest table under H0: E[c] = kappa has cells p = count
 * / (n (1 + lambda (c - kappa))), and lambda is the root of a falling function. An empty cell takes
 * what the others leave when H0 cannot be met without it (lambda at its bound): that is the case of
 * no flips at all, where the observed variance is 0 and this one is not.
 */
#include "score.h"

#include "root.h"

#include <math.h>

#include <lmeval/distribution.h>
#include <lmeval/stats.h>

enum {
    BOTH,
    GAINED,
    LOST,
    NEITHER,
    CELLS
};

typedef struct table {
    double count[CELLS];
    double c[CELLS]; /* value of other - theta * base - kappa */
    double n;
} table;

static table table_of(const lme_flips *flips, double theta, double kappa)
{
    size_t neither = flips->n - flips->both - flips->gained - flips->lost;
    return (table){
        .count = {(double)flips->both, (double)flips->gained, (double)flips->lost, (double)neither},
        .c = {1.0 - theta - kappa, 1.0 - kappa, -theta - kappa, -kappa},
        .n = (double)flips->n,
    };
}

/* Sum of p c - E[c] under lambda; falls with it. */
static double tilt(const void *context, double lambda)
{
    const table *t = context;
    double sum = 0.0;
    for (int i = 0; i < CELLS; i++) {
        if (t->count[i] > 0.0)
            sum += t->count[i] * t->c[i] / (1.0 + lambda * t->c[i]);
    }
    return sum;
}

/* Variance of c in the likeliest table with E[c] = 0. */
static double restricted_variance(const table *t)
{
    double least = 0.0, most = 0.0;
    int at_least = NEITHER, at_most = NEITHER;
    for (int i = 0; i < CELLS; i++) {
        if (t->c[i] < least) {
            least = t->c[i];
            at_least = i;
        }
        if (t->c[i] > most) {
            most = t->c[i];
            at_most = i;
        }
    }
    if (least == 0.0 || most == 0.0) /* H0 leaves cells with c = 0 alone */
        return 0.0;
    double low = -1.0 / most, high = -1.0 / least;
    double lambda = lme_falling_root(tilt, t, low, high);
    double mass = 0.0, variance = 0.0;
    for (int i = 0; i < CELLS; i++) {
        double p = t->count[i] > 0.0 ? t->count[i] / (t->n * (1.0 + lambda * t->c[i])) : 0.0;
        mass += p;
        variance += p * t->c[i] * t->c[i];
    }
    /* What is missing stands in the empty cell at whose bound lambda lies. */
    int empty = lambda < 0.0 ? at_most : at_least;
    if (t->count[empty] <= 0.0 && mass < 1.0)
        variance += (1.0 - mass) * t->c[empty] * t->c[empty];
    return variance;
}

double lme_stats_score_z(const lme_flips *flips, double theta, double kappa)
{
    table t = table_of(flips, theta, kappa);
    double above = 0.0;
    for (int i = 0; i < CELLS; i++)
        above += t.count[i] * t.c[i];
    if (above == 0.0)
        return 0.0;
    double variance = restricted_variance(&t);
    if (variance <= 0.0)
        return above > 0.0 ? (double)INFINITY : -(double)INFINITY;
    return above / sqrt(t.n * variance);
}

typedef struct inversion {
    const lme_flips *flips;
    double chance;
    double z; /* of the end that is sought */
} inversion;

static double difference_above(const void *context, double delta)
{
    const inversion *sought = context;
    return lme_stats_score_z(sought->flips, 1.0, delta) - sought->z;
}

lme_interval lme_score_difference(const lme_flips *flips, double z)
{
    if (flips->n == 0)
        return (lme_interval){(double)NAN, (double)NAN};
    inversion low = {flips, 0.0, z}, high = {flips, 0.0, -z};
    return (lme_interval){lme_falling_root(difference_above, &low, -1.0, 1.0),
                          lme_falling_root(difference_above, &high, -1.0, 1.0)};
}

lme_interval lme_stats_difference_score(const lme_flips *flips, double confidence)
{
    return lme_score_difference(flips, lme_normal_quantile(0.5 + confidence / 2.0));
}

/* u in [0, 1) stands for theta in [low, infinity). */
static double recovery_above(const void *context, double u)
{
    const inversion *sought = context;
    double c = sought->chance;
    double theta = u / (1.0 - u) - c / (1.0 - c);
    return lme_stats_score_z(sought->flips, theta, c * (1.0 - theta)) - sought->z;
}

static double recovery_at(double u, double chance)
{
    /* Bisection to the last bit ends at the neighbour of 1 when there is no end. */
    return u >= 1.0 - 1e-12 ? (double)INFINITY : u / (1.0 - u) - chance / (1.0 - chance);
}

lme_interval lme_score_recovery(const lme_flips *flips, double chance, double z)
{
    double base = (double)(flips->both + flips->lost) / (double)flips->n;
    if (flips->n == 0 || !(base > chance))
        return (lme_interval){(double)NAN, (double)NAN};
    inversion low = {flips, chance, z}, high = {flips, chance, -z};
    double u_low = lme_falling_root(recovery_above, &low, 0.0, 1.0);
    double u_high = lme_falling_root(recovery_above, &high, 0.0, 1.0);
    return (lme_interval){recovery_at(u_low, chance), recovery_at(u_high, chance)};
}

lme_interval lme_stats_recovery_score(const lme_flips *flips, double chance, double confidence)
{
    return lme_score_recovery(flips, chance, lme_normal_quantile(0.5 + confidence / 2.0));
}

/* Where formulas end: one item, no flips, nothing right, a base at chance; and numbers known from
 * tables. */
#include "support.h"

#include <math.h>

#include <lmeval/distribution.h>
#include <lmeval/stats.h>

static void quantiles_end_where_they_must(void **state)
{
    (void)state;
    assert_true(isinf(lme_normal_quantile(0.0)) && lme_normal_quantile(0.0) < 0.0);
    assert_true(isinf(lme_normal_quantile(1.0)) && lme_normal_quantile(1.0) > 0.0);
    assert_true(isnan(lme_normal_quantile(-0.1)));
    assert_true(isnan(lme_normal_quantile((double)NAN)));
    assert_true(isnan(lme_t_quantile(1.1, 3.0)));
    assert_close(lme_t_quantile(0.975, (double)INFINITY), 1.959963984540054, 1e-15);
    assert_close(lme_t_sf((double)INFINITY, 3.0), 0.0, 0.0);
    assert_close(lme_t_sf(0.0, 3.0), 0.5, 1e-15);
    assert_close(lme_binomial_cdf(-1, 5, 0.5), 0.0, 0.0);
    assert_close(lme_binomial_cdf(5, 5, 0.5), 1.0, 0.0);
    assert_close(lme_binomial_pmf(0, 5, 0.0), 1.0, 0.0);
    assert_close(lme_binomial_pmf(5, 5, 1.0), 1.0, 0.0);
    assert_close(lme_binomial_pmf(0, 1000, 1e-8), 0.99999000004994983, 1e-12);
    assert_close(lme_beta_cdf(0.0, 2.0, 3.0), 0.0, 0.0);
    assert_close(lme_beta_sf(1.0, 2.0, 3.0), 0.0, 0.0);
    assert_close(lme_chi2_sf(0.0, 1.0), 1.0, 0.0);
}

/* The quantile of the distribution function gives back where it was asked. */
static void quantiles_invert(void **state)
{
    (void)state;
    for (int i = 1; i < 200; i++) {
        double p = i / 200.0;
        assert_close(lme_normal_cdf(lme_normal_quantile(p)), p, 1e-14);
        for (int j = 0; j < 8; j++) {
            double df = 0.5 * pow(3.0, j);
            assert_close(lme_t_cdf(lme_t_quantile(p, df), df), p, 1e-12);
        }
    }
}

static void one_item_has_a_value_and_no_error(void **state)
{
    (void)state;
    const double base[] = {1.0}, other[] = {0.0};
    lme_pairs pairs = {.base = base, .other = other, .n = 1};
    lme_estimate d = lme_stats_difference(&pairs);
    assert_close(d.value, -1.0, 0.0);
    assert_true(isnan(d.stderr_value));
    assert_true(isnan(lme_stats_interval(&d, 0.95).low));
    const uint32_t of[] = {0, 0};
    const double two[] = {1.0, 0.0};
    lme_clusters one = {of, 1};
    assert_true(isnan(lme_stats_mean(two, 2, &one, LME_CR1).stderr_value));
    assert_true(isnan(lme_stats_mean(two, 0, &(lme_clusters){0}, LME_CR1).value));
}

/* Twenty equal answers do not show that 99 % is kept: 260 or so would. */
static void no_flips_are_no_proof_by_themselves(void **state)
{
    (void)state;
    double scores[400];
    for (size_t i = 0; i < 400; i++)
        scores[i] = i % 4 == 0 ? 0.0 : 1.0;
    lme_pairs pairs = {.base = scores, .other = scores, .n = 20};
    lme_estimate naive = lme_stats_recovery(&pairs, 0.0);
    assert_close(naive.value, 1.0, 0.0);
    assert_close(naive.stderr_value, 0.0, 0.0);
    assert_true(lme_stats_noninferiority(&pairs, 0.99, 0.0).p > 0.3);
    lme_interval i = lme_stats_recovery_interval(&pairs, 0.0, 0.95);
    assert_true(i.low < 0.81 && i.low > 0.79);
    assert_true(i.high > 1.23 && i.high < 1.27);
    assert_close(lme_stats_paired(&pairs).p, 1.0, 0.0);
    pairs.n = 400;
    assert_true(lme_stats_noninferiority(&pairs, 0.99, 0.0).p < 0.05);
    lme_mcnemar none = lme_stats_mcnemar(0, 0);
    assert_close(none.exact, 1.0, 0.0);
    assert_close(none.mid_p, 1.0, 0.0);
    assert_true(isnan(none.chi2));
}

static void recovery_of_nothing_is_undefined(void **state)
{
    (void)state;
    const double base[] = {0.0, 0.0, 0.0, 0.0}, other[] = {0.0, 1.0, 0.0, 1.0};
    lme_pairs pairs = {.base = base, .other = other, .n = 4};
    assert_true(isnan(lme_stats_recovery(&pairs, 0.0).value));
    assert_true(isnan(lme_stats_recovery_interval(&pairs, 0.0, 0.95).low));
    assert_true(isnan(lme_stats_recovery_fieller(&pairs, 0.0, 0.95).low));
    assert_true(isnan(lme_stats_recovery_bootstrap(&pairs, 0.0, 50, 1, 0.95).value));
    /* a base that is not surely above chance: Fieller's set has no end */
    const double weak[] = {1.0, 0.0, 0.0, 1.0};
    pairs.base = weak;
    assert_true(isnan(lme_stats_recovery_fieller(&pairs, 0.25, 0.95).high));
    assert_close(lme_stats_recovery(&pairs, 0.25).value, 1.0, 1e-15);
}

static void everything_lost_recovers_nothing(void **state)
{
    (void)state;
    lme_flips flips = {.n = 50, .lost = 40, .is_binary = true};
    lme_interval i = lme_stats_recovery_score(&flips, 0.0, 0.95);
    assert_close(i.low, 0.0, 1e-9);
    assert_true(i.high > 0.05 && i.high < 0.15);
    lme_interval d = lme_stats_difference_score(&flips, 0.95);
    assert_true(d.low > -0.9 && d.low < -0.85 && d.high > -0.7 && d.high < -0.65);
    /* below chance: recovery is negative */
    assert_true(lme_stats_recovery_score(&flips, 0.25, 0.95).high < 0.0);
}

static void score_statistic_falls_with_theta_and_delta(void **state)
{
    (void)state;
    const lme_flips tables[] = {
        {.n = 20, .both = 12, .lost = 1, .gained = 1},
        {.n = 200, .both = 150},
        {.n = 50, .both = 0, .lost = 3, .gained = 9},
        {.n = 30, .both = 30},
    };
    for (size_t t = 0; t < sizeof tables / sizeof tables[0]; t++) {
        double before = (double)INFINITY;
        for (int i = 1; i < 300; i++) {
            double z = lme_stats_score_z(&tables[t], i / 100.0, 0.0);
            assert_true(z <= before + 1e-9);
            before = z;
        }
        before = (double)INFINITY;
        for (int i = -99; i < 100; i++) {
            double z = lme_stats_score_z(&tables[t], 1.0, i / 100.0);
            assert_true(z <= before + 1e-9);
            before = z;
        }
    }
}

/* reference figures: 2.802^2 f / n, less what a real difference takes from the variance */
static void planning_knows_the_usual_tables(void **state)
{
    (void)state;
    lme_power usual = {.alpha = 0.05, .power = 0.8};
    assert_close(ceil(lme_stats_required(0.10 - 0.03 * 0.03, 0.03, &usual)), 864.0, 0.002);
    assert_close(ceil(lme_stats_required(0.05 - 0.01 * 0.01, 0.01, &usual)), 3917.0, 0.001);
    assert_close(lme_stats_detectable(0.10, 250.0, &usual), 0.056, 0.01);
    double delta = lme_stats_detectable_flips(0.10, 1319.0, &usual);
    assert_close(lme_stats_required(0.10 - delta * delta, delta, &usual), 1319.0, 1e-9);
    /* 20 items cannot show less than 28 points, whatever the flip rate says */
    delta = lme_stats_detectable_flips(0.05, 20.0, &usual);
    assert_close(lme_stats_required(delta - delta * delta, delta, &usual), 20.0, 1e-9);
    assert_close(lme_stats_detectable_flips(0.0, 20.0, &usual), delta, 1e-12);
    assert_true(isinf(lme_stats_required(0.1, 0.0, &usual)));
    assert_close(lme_stats_difference_variance(0.2, 0.2, 1.0), 0.0, 1e-15);
}

/* Jennison and Turnbull (2000): O'Brien-Fleming-like spending, five equal looks, 5 % on two sides.
 */
static void early_looks_have_the_published_bounds(void **state)
{
    (void)state;
    const double share[] = {0.2, 0.4, 0.6, 0.8, 1.0};
    const double published[] = {4.877, 3.357, 2.680, 2.290, 2.031};
    double bounds[5];
    lme_stats_group_sequential(share, 5, 0.05, bounds);
    for (size_t i = 0; i < 5; i++)
        assert_true(fabs(bounds[i] - published[i]) < 0.0006);
    double once;
    const double all = 1.0;
    lme_stats_group_sequential(&all, 1, 0.05, &once);
    assert_close(once, 1.959963984540054, 1e-9);
    assert_close(lme_stats_spending(1.0, 0.05), 0.05, 1e-12);
    /* an interval for all times is wider than one for one time, by less than double where it is
     * meant to be narrow */
    double always = lme_stats_confidence_sequence(0.3, 500.0, 500.0, 0.05);
    assert_true(always > 1.96 * 0.3 / sqrt(500.0) && always < 2.0 * 1.96 * 0.3 / sqrt(500.0));
}

static double mean_over_strata(const void *context, const double *sums)
{
    (void)context;
    return (sums[0] / 3.0 + sums[1] / 4.0) / 2.0;
}

/* Strata are resampled each by itself: one without variance adds none. */
static void strata_are_drawn_apart(void **state)
{
    (void)state;
    const double rows[] = {1.0, 1.0, 1.0, 0.0, 1.0, 0.0, 1.0};
    const size_t lens[] = {3, 4};
    lme_resampling r = {
        .rows = rows,
        .n = 7,
        .width = 1,
        .stratum_len = lens,
        .n_strata = 2,
        .statistic = mean_over_strata,
        .n_replicates = 20000,
        .seed = 3,
    };
    lme_resampled made = lme_stats_bootstrap(&r, 0.95);
    assert_close(made.value, 0.75, 1e-15);
    assert_true(fabs(made.stderr_value - 0.125) < 0.003);
    assert_close(made.percentile.low, 0.5, 1e-15);
    assert_close(made.percentile.high, 1.0, 1e-15);
    assert_int_equal(made.n_undefined, 0);
    lme_resampled again = lme_stats_bootstrap(&r, 0.95);
    assert_close(again.stderr_value, made.stderr_value, 0.0);
}

static void clusters_make_proof_weaker(void **state)
{
    (void)state;
    double base[300], other[300];
    uint32_t of[300];
    for (size_t i = 0; i < 300; i++) {
        of[i] = (uint32_t)(i / 10);
        base[i] = 1.0;
        other[i] = of[i] % 6 == 0 ? 0.0 : 1.0; /* whole clusters are lost */
    }
    lme_pairs pairs = {.base = base, .other = other, .n = 300};
    double alone = lme_stats_noninferiority(&pairs, 0.75, 0.0).p;
    pairs.clusters = (lme_clusters){of, 30};
    lme_test clustered = lme_stats_noninferiority(&pairs, 0.75, 0.0);
    assert_true(alone < 0.001);
    assert_true(clustered.p > 0.1);
    assert_close(clustered.df, 29.0, 0.0);
}

/* The number of items asked for is one at which the test has its power: checked by repeating the
 * same table, whose statistic grows by the root. */
static void items_that_would_tell_do_tell(void **state)
{
    (void)state;
    double base[4000], other[4000];
    for (size_t i = 0; i < 4000; i++) {
        base[i] = i % 4 == 0 ? 0.0 : 1.0;
        other[i] = i % 40 == 1 ? 0.0 : i % 40 == 4 || i % 80 == 8 ? 1.0 : base[i];
    }
    lme_pairs pairs = {.base = base, .other = other, .n = 400};
    lme_power power = {.alpha = 0.05, .power = 0.5, .one_sided = true};
    double n = lme_stats_noninferiority_required(&pairs, 0.99, 0.0, &power);
    assert_true(n > 100.0 && n < 4000.0);
    /* a power of one half is where the statistic itself reaches its bound */
    pairs.n = (size_t)(n * 1.1);
    assert_true(lme_stats_noninferiority(&pairs, 0.99, 0.0).p < 0.06);
    pairs.n = (size_t)(n * 0.7);
    assert_true(lme_stats_noninferiority(&pairs, 0.99, 0.0).p > 0.05);
    pairs.other = base;
    pairs.n = 100;
    n = lme_stats_noninferiority_required(&pairs, 1.0, 0.0, &power);
    assert_true(isinf(n));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(quantiles_end_where_they_must),
        cmocka_unit_test(quantiles_invert),
        cmocka_unit_test(one_item_has_a_value_and_no_error),
        cmocka_unit_test(no_flips_are_no_proof_by_themselves),
        cmocka_unit_test(recovery_of_nothing_is_undefined),
        cmocka_unit_test(everything_lost_recovers_nothing),
        cmocka_unit_test(score_statistic_falls_with_theta_and_delta),
        cmocka_unit_test(planning_knows_the_usual_tables),
        cmocka_unit_test(early_looks_have_the_published_bounds),
        cmocka_unit_test(strata_are_drawn_apart),
        cmocka_unit_test(clusters_make_proof_weaker),
        cmocka_unit_test(items_that_would_tell_do_tell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

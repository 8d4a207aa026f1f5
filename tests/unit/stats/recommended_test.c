/* Which method is used for which scores. */
#include "support.h"

#include <math.h>

#include <lmeval/stats.h>

enum {
    N = 200
};

typedef struct scores {
    double base[N], other[N];
    uint32_t of[N];
    lme_pairs pairs;
} scores;

/* 0.75 right, every tenth item lost, every twentieth gained. */
static void fill(scores *s, double worth)
{
    for (size_t i = 0; i < N; i++) {
        s->base[i] = i % 4 == 0 ? 0.0 : worth;
        s->other[i] = i % 10 == 1 ? 0.0 : i % 20 == 0 ? worth : s->base[i];
        s->of[i] = (uint32_t)(i / 10);
    }
    s->pairs = (lme_pairs){.base = s->base, .other = s->other, .n = N};
}

static void right_and_wrong_get_the_score_method(void **state)
{
    (void)state;
    scores s;
    fill(&s, 1.0);
    lme_flips flips = lme_stats_flips(&s.pairs);
    assert_true(flips.is_binary);
    assert_int_equal(flips.lost, 20);
    assert_int_equal(flips.gained, 10);
    assert_int_equal(flips.both, 130);
    lme_interval d = lme_stats_difference_interval(&s.pairs, 0.9);
    lme_interval tango = lme_stats_difference_score(&flips, 0.9);
    assert_close(d.low, tango.low, 0.0);
    assert_close(d.high, tango.high, 0.0);
    lme_interval r = lme_stats_recovery_interval(&s.pairs, 0.25, 0.9);
    lme_interval nam = lme_stats_recovery_score(&flips, 0.25, 0.9);
    assert_close(r.low, nam.low, 0.0);
    assert_close(r.high, nam.high, 0.0);
    assert_close(lme_stats_noninferiority(&s.pairs, 0.9, 0.0).statistic,
                 lme_stats_score_z(&flips, 0.9, 0.0), 0.0);
    /* the interval's end is where the test of that theta says 5 % */
    assert_close(lme_stats_noninferiority(&s.pairs, r.low, 0.25).p, 0.05, 1e-9);
    assert_close(lme_stats_noninferiority(&s.pairs, r.high, 0.25).p, 0.95, 1e-9);
}

static void graded_scores_get_the_paired_t(void **state)
{
    (void)state;
    scores s;
    fill(&s, 0.8);
    lme_interval d = lme_stats_difference_interval(&s.pairs, 0.95);
    lme_estimate e = lme_stats_difference(&s.pairs);
    lme_interval t = lme_stats_interval(&e, 0.95);
    assert_close(d.low, t.low, 0.0);
    assert_close(d.high, t.high, 0.0);
    lme_interval r = lme_stats_recovery_interval(&s.pairs, 0.0, 0.95);
    lme_interval f = lme_stats_recovery_fieller(&s.pairs, 0.0, 0.95);
    assert_close(r.low, f.low, 0.0);
    assert_close(r.high, f.high, 0.0);
    assert_close(lme_stats_noninferiority(&s.pairs, f.low, 0.0).p, 0.025, 1e-9);
}

/* Equal graded answers: as little proof as equal right and wrong ones. */
static void few_graded_differences_are_not_trusted(void **state)
{
    (void)state;
    scores s;
    fill(&s, 0.8);
    s.pairs.other = s.base;
    s.pairs.n = 40;
    lme_interval d = lme_stats_difference_interval(&s.pairs, 0.95);
    assert_true(d.low < -0.05 && d.high > 0.05);
    lme_interval r = lme_stats_recovery_interval(&s.pairs, 0.0, 0.95);
    assert_true(r.low < 0.9 && r.high > 1.1);
    assert_true(lme_stats_noninferiority(&s.pairs, 0.99, 0.0).p > 0.2);
    /* word counts and the like have no whole point to lose: plain paired t */
    fill(&s, 7.0);
    s.other[1] = 6.0;
    s.pairs.n = 40;
    lme_estimate e = lme_stats_difference(&s.pairs);
    assert_close(lme_stats_difference_interval(&s.pairs, 0.95).low,
                 lme_stats_interval(&e, 0.95).low, 0.0);
}

static void clusters_widen_the_score_method(void **state)
{
    (void)state;
    scores s;
    fill(&s, 1.0);
    for (size_t i = 0; i < N; i++) /* losses come by whole passages */
        s.other[i] = s.of[i] % 7 == 3 ? 0.0 : s.base[i];
    lme_interval alone = lme_stats_recovery_interval(&s.pairs, 0.0, 0.95);
    lme_interval d_alone = lme_stats_difference_interval(&s.pairs, 0.95);
    s.pairs.clusters = (lme_clusters){s.of, N / 10};
    lme_interval clustered = lme_stats_recovery_interval(&s.pairs, 0.0, 0.95);
    lme_interval d = lme_stats_difference_interval(&s.pairs, 0.95);
    assert_true(clustered.low < alone.low && clustered.high > alone.high);
    assert_true(d.low < d_alone.low && d.high > d_alone.high);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(right_and_wrong_get_the_score_method),
        cmocka_unit_test(graded_scores_get_the_paired_t),
        cmocka_unit_test(few_graded_differences_are_not_trusted),
        cmocka_unit_test(clusters_widen_the_score_method),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

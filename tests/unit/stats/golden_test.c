/* The room against scipy and statsmodels: tests/golden/scipy/stats.jsonl, written by
 * tests/parity/stats_cases.py. A row names a function here, its inputs, and the numbers wanted. */
#include "support.h"

#include <math.h>
#include <string.h>

#include <lmeval/distribution.h>
#include <lmeval/json.h>
#include <lmeval/share.h>
#include <lmeval/stats.h>

/* One row: where inputs are read from and results go. */
typedef struct row {
    lme_arena *arena;
    const lme_value *map;
    double got[32];
    size_t n;
} row;

static double number(const lme_value *v)
{
    if (v->kind == LME_STRING)
        return lme_str_equal(v->string, LME_STR("nan"))   ? (double)NAN
               : lme_str_equal(v->string, LME_STR("inf")) ? (double)INFINITY
                                                          : -(double)INFINITY;
    return v->kind == LME_INT ? (double)v->integer : v->number;
}

static const lme_value *input(const row *r, const char *key)
{
    const lme_value *v = lme_value_find(r->map, key);
    assert_non_null(v);
    return v;
}

static double scalar(const row *r, const char *key)
{
    return number(input(r, key));
}

static double *list(lme_arena *arena, const lme_value *v, size_t *n)
{
    double *made = LME_ARRAY(arena, double, v->list.len);
    for (size_t i = 0; i < v->list.len; i++)
        made[i] = number(&v->list.items[i]);
    *n = v->list.len;
    return made;
}

static double *numbers(row *r, const char *key, size_t *n)
{
    return list(r->arena, input(r, key), n);
}

static void give(row *r, double value)
{
    r->got[r->n++] = value;
}

static void give_interval(row *r, lme_interval i)
{
    give(r, i.low);
    give(r, i.high);
}

static lme_clusters clusters_of(lme_arena *arena, const lme_value *map)
{
    const lme_value *v = lme_value_find(map, "cluster");
    if (v == NULL)
        return (lme_clusters){0};
    uint32_t *of = LME_ARRAY(arena, uint32_t, v->list.len), most = 0;
    for (size_t i = 0; i < v->list.len; i++) {
        of[i] = (uint32_t)v->list.items[i].integer;
        most = of[i] > most ? of[i] : most;
    }
    return (lme_clusters){of, most + 1};
}

static lme_pairs pairs_in(lme_arena *arena, const lme_value *map)
{
    lme_pairs pairs = {.clusters = clusters_of(arena, map)};
    pairs.base = list(arena, lme_value_find(map, "base"), &pairs.n);
    pairs.other = list(arena, lme_value_find(map, "other"), &pairs.n);
    return pairs;
}

static lme_flips table_in(row *r)
{
    size_t n;
    double *t = numbers(r, "table", &n);
    return (lme_flips){.n = (size_t)t[0],
                       .both = (size_t)t[1],
                       .lost = (size_t)t[2],
                       .gained = (size_t)t[3],
                       .is_binary = true};
}

#define DISTRIBUTION_1(name)                                                                       \
    static void do_##name(row *r)                                                                  \
    {                                                                                              \
        size_t n;                                                                                  \
        give(r, lme_##name(numbers(r, "x", &n)[0]));                                               \
    }
#define DISTRIBUTION_2(name)                                                                       \
    static void do_##name(row *r)                                                                  \
    {                                                                                              \
        size_t n;                                                                                  \
        const double *x = numbers(r, "x", &n);                                                     \
        give(r, lme_##name(x[0], x[1]));                                                           \
    }
#define DISTRIBUTION_3(name, type)                                                                 \
    static void do_##name(row *r)                                                                  \
    {                                                                                              \
        size_t n;                                                                                  \
        const double *x = numbers(r, "x", &n);                                                     \
        give(r, lme_##name((type)x[0], (type)x[1], x[2]));                                         \
    }

DISTRIBUTION_1(normal_cdf)
DISTRIBUTION_1(normal_sf)
DISTRIBUTION_1(normal_quantile)
DISTRIBUTION_2(t_cdf)
DISTRIBUTION_2(t_sf)
DISTRIBUTION_2(t_quantile)
DISTRIBUTION_2(chi2_cdf)
DISTRIBUTION_2(chi2_sf)
DISTRIBUTION_3(beta_cdf, double)
DISTRIBUTION_3(beta_sf, double)
DISTRIBUTION_3(binomial_pmf, int64_t)
DISTRIBUTION_3(binomial_cdf, int64_t)
DISTRIBUTION_3(binomial_sf, int64_t)

static void do_mean(row *r)
{
    size_t n;
    double *values = numbers(r, "values", &n);
    lme_clusters clusters = clusters_of(r->arena, r->map);
    lme_correction correction = input(r, "cr1")->boolean ? LME_CR1 : LME_CR0;
    lme_estimate e = lme_stats_mean(values, n, &clusters, correction);
    give(r, e.value);
    give(r, e.stderr_value);
}

static void do_difference(row *r)
{
    lme_pairs pairs = pairs_in(r->arena, r->map);
    lme_estimate e = lme_stats_difference(&pairs);
    give(r, e.value);
    give(r, e.stderr_value);
    give_interval(r, lme_stats_interval(&e, 0.95));
}

static void do_correlation(row *r)
{
    lme_pairs pairs = pairs_in(r->arena, r->map);
    give(r, lme_stats_correlation(&pairs));
}

static void do_paired(row *r)
{
    lme_pairs pairs = pairs_in(r->arena, r->map);
    lme_test test = lme_stats_paired(&pairs);
    give(r, test.statistic);
    give(r, test.p);
}

static void do_recovery(row *r)
{
    lme_pairs pairs = pairs_in(r->arena, r->map);
    lme_estimate e = lme_stats_recovery(&pairs, scalar(r, "chance"));
    give(r, e.value);
    give(r, e.stderr_value);
    give_interval(r, lme_stats_recovery_delta(&e, 0.95));
}

static void do_fieller(row *r)
{
    lme_pairs pairs = pairs_in(r->arena, r->map);
    give_interval(r, lme_stats_recovery_fieller(&pairs, scalar(r, "chance"), 0.95));
}

static lme_resampled resampled(row *r)
{
    lme_pairs pairs = pairs_in(r->arena, r->map);
    return lme_stats_recovery_bootstrap(&pairs, scalar(r, "chance"),
                                        (size_t)scalar(r, "replicates"), (int64_t)scalar(r, "seed"),
                                        0.95);
}

static void do_bootstrap(row *r)
{
    lme_resampled made = resampled(r);
    give(r, made.value);
    give(r, made.stderr_value);
    give_interval(r, made.percentile);
    give_interval(r, made.bca);
}

static void do_bootstrap_near(row *r)
{
    lme_resampled made = resampled(r);
    give_interval(r, made.bca);
    give(r, made.stderr_value);
}

static void do_noninferiority(row *r)
{
    lme_pairs pairs = pairs_in(r->arena, r->map);
    lme_test test = lme_stats_noninferiority(&pairs, scalar(r, "theta"), scalar(r, "chance"));
    give(r, test.statistic);
    give(r, test.p);
}

static void do_score_z(row *r)
{
    lme_flips flips = table_in(r);
    give(r, lme_stats_score_z(&flips, scalar(r, "theta"), scalar(r, "kappa")));
}

static void do_difference_score(row *r)
{
    lme_flips flips = table_in(r);
    give_interval(r, lme_stats_difference_score(&flips, 0.95));
}

static void do_recovery_score(row *r)
{
    lme_flips flips = table_in(r);
    give_interval(r, lme_stats_recovery_score(&flips, scalar(r, "chance"), 0.95));
}

static void do_mcnemar(row *r)
{
    size_t n;
    const double *x = numbers(r, "x", &n);
    lme_mcnemar m = lme_stats_mcnemar((size_t)x[0], (size_t)x[1]);
    give(r, m.exact);
    give(r, m.mid_p);
    give(r, m.chi2);
    give(r, m.chi2_p);
}

static void do_wilson(row *r)
{
    size_t n;
    const double *x = numbers(r, "x", &n);
    give_interval(r, lme_stats_wilson(x[0], x[1], x[2]));
}

static void do_noise_floor(row *r)
{
    size_t n;
    const double *x = numbers(r, "x", &n);
    lme_flips same = {.lost = (size_t)x[0], .n = (size_t)x[1]};
    lme_flips other = {.gained = (size_t)x[2], .n = (size_t)x[3]};
    lme_noise_floor floor = lme_stats_noise_floor(&same, &other, 0.95);
    give(r, floor.rate);
    give(r, floor.excess);
    give_interval(r, floor.excess_interval);
    give(r, floor.p);
}

static void do_holm(row *r)
{
    const double *p = numbers(r, "p", &r->n);
    lme_stats_holm(p, r->n, r->got);
}

static void do_benjamini_hochberg(row *r)
{
    const double *p = numbers(r, "p", &r->n);
    lme_stats_benjamini_hochberg(p, r->n, r->got);
}

static void do_strata(row *r)
{
    size_t n;
    double *weights = numbers(r, "weights", &n), *values = numbers(r, "values", &n);
    double *errors = numbers(r, "errors", &n), *df = numbers(r, "df", &n);
    lme_estimate *strata = LME_ARRAY(r->arena, lme_estimate, n);
    for (size_t i = 0; i < n; i++)
        strata[i] = (lme_estimate){values[i], errors[i], df[i]};
    lme_estimate e = lme_stats_strata(strata, weights, n);
    give(r, e.value);
    give(r, e.stderr_value);
    give(r, e.df);
}

static void do_strata_recovery(row *r)
{
    size_t n;
    double *weights = numbers(r, "weights", &n), *chance = numbers(r, "chance", &n);
    lme_pairs *parts = LME_ARRAY(r->arena, lme_pairs, n);
    for (size_t i = 0; i < n; i++)
        parts[i] = pairs_in(r->arena, &input(r, "parts")->list.items[i]);
    lme_estimate e = lme_stats_strata_recovery(parts, weights, chance, n);
    give(r, e.value);
    give(r, e.stderr_value);
}

static lme_power power_in(const row *r, const double *x)
{
    return (lme_power){x[2], x[3], input(r, "one_sided")->boolean};
}

static void do_detectable(row *r)
{
    size_t n;
    const double *x = numbers(r, "x", &n);
    lme_power power = power_in(r, x);
    give(r, lme_stats_detectable(x[0], x[1], &power));
}

static void do_required(row *r)
{
    size_t n;
    const double *x = numbers(r, "x", &n);
    lme_power power = power_in(r, x);
    give(r, lme_stats_required(x[0], x[1], &power));
}

static void do_group_sequential(row *r)
{
    size_t n;
    double *shares = numbers(r, "shares", &n);
    lme_stats_group_sequential(shares, n, scalar(r, "alpha"), r->got);
    r->n = n;
}

static void do_confidence_sequence(row *r)
{
    size_t n;
    const double *x = numbers(r, "x", &n);
    give(r, lme_stats_confidence_sequence(x[0], x[1], x[2], x[3]));
}

#define ROW(name)                                                                                  \
    {                                                                                              \
#name, do_##name                                                                           \
    }
static const struct {
    const char *name;
    void (*run)(row *r);
} functions[] = {
    ROW(normal_cdf),
    ROW(normal_sf),
    ROW(normal_quantile),
    ROW(t_cdf),
    ROW(t_sf),
    ROW(t_quantile),
    ROW(chi2_cdf),
    ROW(chi2_sf),
    ROW(beta_cdf),
    ROW(beta_sf),
    ROW(binomial_pmf),
    ROW(binomial_cdf),
    ROW(binomial_sf),
    ROW(mean),
    ROW(difference),
    ROW(correlation),
    ROW(paired),
    ROW(recovery),
    ROW(fieller),
    ROW(bootstrap),
    ROW(bootstrap_near),
    ROW(noninferiority),
    ROW(score_z),
    ROW(difference_score),
    ROW(recovery_score),
    ROW(mcnemar),
    ROW(wilson),
    ROW(noise_floor),
    ROW(holm),
    ROW(benjamini_hochberg),
    ROW(strata),
    ROW(strata_recovery),
    ROW(detectable),
    ROW(required),
    ROW(group_sequential),
    ROW(confidence_sequence),
};

enum {
    N_FUNCTIONS = sizeof functions / sizeof functions[0]
};

/* Counts what is off; the tolerance is relative, as the issue is digits. */
static size_t compare(const row *r, const char *name, size_t line)
{
    const lme_value *want = input(r, "want");
    double tolerance = scalar(r, "tolerance");
    assert_int_equal(want->list.len, r->n);
    size_t off = 0;
    for (size_t i = 0; i < r->n; i++) {
        double w = number(&want->list.items[i]), got = r->got[i];
        bool same = isnan(w)   ? isnan(got)
                    : isinf(w) ? isinf(got) && signbit(w) == signbit(got)
                               : fabs(got - w) <= tolerance * fabs(w) + 1e-300;
        if (!same) {
            print_error("stats.jsonl:%zu: %s [%zu]: %.17g is not %.17g (%.1e off)\n", line, name, i,
                        got, w, fabs(got - w) / fabs(w));
            off++;
        }
    }
    return off;
}

static size_t check_line(lme_str text, size_t line, bool *seen)
{
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_value map;
    assert_ok(lme_json_read(arena, NULL, text, NULL, &map, &err), &err);
    row r = {.arena = arena, .map = &map};
    const char *name = lme_str_cstr(arena, input(&r, "f")->string);
    size_t at = 0;
    while (at < N_FUNCTIONS && strcmp(functions[at].name, name) != 0)
        at++;
    if (at == N_FUNCTIONS) {
        fail_msg("line %zu asks for %s, which no function here is", line, name);
        return 1;
    }
    functions[at].run(&r);
    seen[at] = true;
    size_t off = compare(&r, name, line);
    lme_arena_free(arena);
    return off;
}

static void equals_scipy_and_statsmodels(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str text;
    const char *path = test_source(arena, "tests/golden/scipy/stats.jsonl");
    assert_ok(lme_file_read(arena, path, 4 << 20, &text, &err), &err);
    bool seen[N_FUNCTIONS] = {false};
    size_t off = 0, line = 0;
    for (size_t from = 0; from < text.len;) {
        size_t to = lme_str_find(text, LME_STR("\n"), from);
        line++;
        if (line > 1)
            off += check_line(lme_str_slice(text, from, to), line, seen);
        from = to + 1;
    }
    assert_true(line > 500);
    for (size_t i = 0; i < N_FUNCTIONS; i++)
        assert_true(seen[i]);
    assert_int_equal(off, 0);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equals_scipy_and_statsmodels),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

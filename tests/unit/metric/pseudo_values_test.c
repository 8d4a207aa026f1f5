/* Pseudo-values: their mean is the score, their error that of the bootstrap; statistics come back
 * from the items of a samples file. */
#include "support.h"

#include <math.h>
#include <string.h>

#include <lmeval/metric.h>
#include <lmeval/random.h>

enum {
    N = 300,
    REPLICATES = 4000,
    WIDEST = LME_METRIC_WIDTH
};

typedef struct kind {
    const char *metric, *aggregation;
    lme_output_kind output;
} kind;

static const kind kinds[] = {
    {"perplexity", "perplexity", LME_OUTPUT_LOGLIKELIHOOD},
    {"byte_perplexity", "weighted_perplexity", LME_OUTPUT_LOGLIKELIHOOD_ROLLING},
    {"bits_per_byte", "bits_per_byte", LME_OUTPUT_LOGLIKELIHOOD_ROLLING},
    {"f1", "macro_f1", LME_OUTPUT_MULTIPLE_CHOICE},
    {"mcc", "matthews_corrcoef", LME_OUTPUT_MULTIPLE_CHOICE},
    {"bleu", "bleu", LME_OUTPUT_GENERATE_UNTIL},
    {"chrf", "chrf", LME_OUTPUT_GENERATE_UNTIL},
    {"ter", "ter", LME_OUTPUT_GENERATE_UNTIL},
};

static lme_metric_use use_of(lme_arena *arena, const kind *k)
{
    lme_error err = {0};
    lme_metric_use use;
    lme_map_builder entry = {.arena = arena};
    lme_map_add(&entry, LME_STR("metric"), lme_string(lme_str_from(k->metric)));
    lme_map_add(&entry, LME_STR("aggregation"), lme_string(lme_str_from(k->aggregation)));
    lme_value map = lme_map_finish(&entry);
    assert_ok(lme_metric_use_read(arena, &map, k->output, "", &use, &err), &err);
    return use;
}

static size_t below(lme_random *random, size_t n)
{
    return (size_t)(lme_random_unit(random) * (double)n);
}

static lme_value two(lme_arena *arena, lme_value a, lme_value b)
{
    lme_list_builder pair = {.arena = arena};
    lme_list_add(&pair, a);
    lme_list_add(&pair, b);
    return lme_list_finish(&pair);
}

static lme_value words(lme_arena *arena, lme_random *random, size_t n)
{
    static const char *const all[] = {"a", "red", "boat", "left", "the", "quiet", "harbour", "now"};
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&text, "%s%s", i > 0 ? " " : "", all[below(random, 8)]);
    return lme_string(lme_builder_finish(&text));
}

/* What a samples file would hold of a document. */
static lme_value item_of(lme_arena *arena, const kind *k, lme_random *random)
{
    switch (k->output) {
    case LME_OUTPUT_LOGLIKELIHOOD:
        return lme_float(-1.0 - 3.0 * lme_random_unit(random));
    case LME_OUTPUT_LOGLIKELIHOOD_ROLLING: {
        size_t weight = 20 + below(random, 200);
        double each = -1.0 - lme_random_unit(random);
        return two(arena, lme_float(each * (double)weight), lme_int((int64_t)weight));
    }
    case LME_OUTPUT_MULTIPLE_CHOICE: {
        int64_t right = (int64_t)below(random, 4);
        bool hit = lme_random_unit(random) < 0.6;
        return two(arena, lme_int(right), lme_int(hit ? right : (int64_t)below(random, 4)));
    }
    case LME_OUTPUT_GENERATE_UNTIL:
    case LME_OUTPUT_KINDS:
    default: {
        lme_value reference = words(arena, random, 8 + below(random, 8));
        lme_value more = words(arena, random, 4);
        lme_str answer = lme_str_concat(arena, lme_str_slice(reference.string, 0, 30), more.string);
        return two(arena, reference, lme_string(answer));
    }
    }
}

static lme_scores restored(lme_arena *arena, const lme_metric_use *use, const kind *k, int64_t seed)
{
    size_t width = use->metric->width;
    double *stats = LME_ARRAY(arena, double, (size_t)N *WIDEST);
    lme_random random;
    lme_random_seed(&random, seed);
    for (size_t i = 0; i < N; i++) {
        lme_value item = item_of(arena, k, &random);
        assert_true(lme_metric_restore(arena, use, &item, stats + i * width));
    }
    return (lme_scores){.stats = stats, .n_docs = N};
}

static double deviation(const double *values, size_t n)
{
    double sum = 0.0, squares = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    for (size_t i = 0; i < n; i++)
        squares += (values[i] - sum / (double)n) * (values[i] - sum / (double)n);
    return sqrt(squares / ((double)n - 1.0));
}

static double mean_of(const double *values, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    return sum / (double)n;
}

static void mean_and_error(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_metric_use use = use_of(arena, &kinds[i]);
        lme_scores scores = restored(arena, &use, &kinds[i], 11);
        double *values = LME_ARRAY(arena, double, N);
        double *replicates = LME_ARRAY(arena, double, REPLICATES);
        assert_true(lme_metric_pseudo_values(&use, &scores, values));
        double score = lme_metric_value(&use, &scores);
        assert_close(mean_of(values, N), score, 1e-9 * fmax(1.0, fabs(score)));
        lme_metric_bootstrap(&use, &scores, replicates, REPLICATES);
        double jackknife = deviation(values, N) / sqrt(N);
        double bootstrap = deviation(replicates, REPLICATES);
        /* 4,000 replicates tell their own deviation to 1.1 %; the methods differ by 1/n or so */
        assert_true(fabs(jackknife / bootstrap - 1.0) < 0.06);
        lme_arena_free(arena);
    }
}

/* The same of the difference of two systems on one set of documents: pairs stay pairs. */
static void difference_and_effects(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_metric_use use = use_of(arena, &kinds[i]);
        lme_scores base = restored(arena, &use, &kinds[i], 21);
        lme_scores strange = restored(arena, &use, &kinds[i], 22);
        size_t width = use.metric->width;
        double *stats = LME_ARRAY(arena, double, (size_t)N *WIDEST);
        memcpy(stats, base.stats, N * width * sizeof(double));
        for (size_t d = 0; d < N; d += 5) /* every fifth document is answered otherwise */
            memcpy(stats + d * width, strange.stats + d * width, width * sizeof(double));
        lme_scores other = {.stats = stats, .n_docs = N};
        double *a = LME_ARRAY(arena, double, N), *b = LME_ARRAY(arena, double, N);
        double *from = LME_ARRAY(arena, double, REPLICATES),
               *to = LME_ARRAY(arena, double, REPLICATES);
        assert_true(lme_metric_pseudo_values(&use, &base, a));
        assert_true(lme_metric_pseudo_values(&use, &other, b));
        lme_metric_bootstrap(&use, &base, from, REPLICATES);
        lme_metric_bootstrap(&use, &other, to, REPLICATES);
        for (size_t d = 0; d < N; d++)
            b[d] -= a[d];
        for (size_t r = 0; r < REPLICATES; r++)
            to[r] -= from[r];
        assert_true(fabs(deviation(b, N) / sqrt(N) / deviation(to, REPLICATES) - 1.0) < 0.1);

        double *effects = LME_ARRAY(arena, double, N), sum = 0.0;
        lme_metric_effects(&use, &base, &other, effects);
        for (size_t d = 0; d < N; d++) {
            sum += effects[d];
            if (d % 5 != 0)
                assert_true(!(effects[d] < 0.0) && !(effects[d] > 0.0));
        }
        double moved = lme_metric_value(&use, &other) - lme_metric_value(&use, &base);
        assert_true(fabs(sum - moved) < 0.35 * fabs(moved) + 1e-3 * fabs(a[0])); /* nearly linear */
        lme_arena_free(arena);
    }
}

static void refused(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const kind median = {"perplexity", "median", LME_OUTPUT_LOGLIKELIHOOD};
    lme_metric_use use = use_of(arena, &median);
    double values[N];
    lme_scores scores = restored(arena, &use, &median, 1);
    assert_false(lme_metric_pseudo_values(&use, &scores, values));
    use = use_of(arena, &kinds[0]);
    scores = restored(arena, &use, &kinds[0], 1);
    scores.n_docs = 2;
    assert_false(lme_metric_pseudo_values(&use, &scores, values));
    double broken[3] = {-1.0, (double)NAN, -2.0};
    assert_false(
        lme_metric_pseudo_values(&use, &(lme_scores){.stats = broken, .n_docs = 3}, values));
    lme_arena_free(arena);
}

/* Files can hold anything where an item should be. */
static void no_item(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    double stats[WIDEST];
    lme_value wrong[] = {
        lme_null(),
        lme_string(LME_STR("x")),
        two(arena, lme_string(LME_STR("x")), lme_null()),
        two(arena, lme_float(1e300), lme_int(-1)),
        two(arena, lme_float(0.5), lme_int(1000000000)),
        two(arena, lme_float((double)INFINITY), lme_int(3)),
    };
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++) {
        for (size_t k = 1; k < 5; k++) {
            lme_metric_use use = use_of(arena, &kinds[k]);
            assert_false(lme_metric_restore(arena, &use, &wrong[i], stats) &&
                         kinds[k].output == LME_OUTPUT_MULTIPLE_CHOICE);
        }
    }
    lme_metric_use bleu = use_of(arena, &kinds[5]);
    lme_list_builder none = {.arena = arena};
    lme_value item = two(arena, lme_list_finish(&none), lme_string(LME_STR("x")));
    assert_false(lme_metric_restore(arena, &bleu, &item, stats));
    /* two answers to one document: a list of items, averaged */
    lme_metric_use rolling = use_of(arena, &kinds[1]);
    item = two(arena, two(arena, lme_float(-4.0), lme_int(2)),
               two(arena, lme_float(-8.0), lme_int(4)));
    assert_true(lme_metric_restore(arena, &rolling, &item, stats));
    assert_close(stats[0], -6.0, 0.0);
    assert_close(stats[1], 3.0, 0.0);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_and_error),
        cmocka_unit_test(difference_and_effects),
        cmocka_unit_test(refused),
        cmocka_unit_test(no_item),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

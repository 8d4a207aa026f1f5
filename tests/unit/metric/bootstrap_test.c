/* The bootstrap in blocks, lanes and threads, against documents drawn one by one. */
#include "support.h"

#include <lmeval/metric.h>
#include <lmeval/random.h>

enum {
    MOST_DOCS = 700
};

/* The documents of each replicate, drawn as the definition says. */
static void naive(const lme_metric_use *use, const lme_scores *scores, double *replicates, size_t n)
{
    static double drawn[2 * MOST_DOCS];
    const size_t width = use->metric->width;
    lme_random random;
    for (size_t i = 0; i < n; i++) {
        if (i % 1000 == 0)
            lme_random_seed(&random, (int64_t)(i / 1000));
        for (size_t d = 0; d < scores->n_docs; d++) {
            size_t at = (size_t)(lme_random_unit(&random) * (double)scores->n_docs);
            for (size_t w = 0; w < width; w++)
                drawn[d * width + w] = scores->stats[at * width + w];
        }
        replicates[i] =
            lme_metric_value(use, &(lme_scores){.stats = drawn, .n_docs = scores->n_docs});
    }
}

static lme_metric_use use_of(lme_arena *arena, const char *metric, const char *aggregation,
                             lme_output_kind output)
{
    lme_error err = {0};
    lme_metric_use use;
    lme_map_builder entry = {.arena = arena};
    lme_map_add(&entry, LME_STR("metric"), lme_string(lme_str_from(metric)));
    lme_map_add(&entry, LME_STR("aggregation"), lme_string(lme_str_from(aggregation)));
    lme_value map = lme_map_finish(&entry);
    assert_ok(lme_metric_use_read(arena, &map, output, "", &use, &err), &err);
    return use;
}

static const struct {
    const char *metric, *aggregation;
    lme_output_kind output;
} kinds[] = {
    {"perplexity", "perplexity", LME_OUTPUT_LOGLIKELIHOOD},
    {"perplexity", "median", LME_OUTPUT_LOGLIKELIHOOD},
    {"perplexity", "nanmean", LME_OUTPUT_LOGLIKELIHOOD},
    {"byte_perplexity", "weighted_perplexity", LME_OUTPUT_LOGLIKELIHOOD_ROLLING},
    {"mcc", "matthews_corrcoef", LME_OUTPUT_MULTIPLE_CHOICE},
};

static void check(size_t kind, size_t n_docs, size_t n_replicates)
{
    lme_arena *arena = lme_arena_new();
    lme_random random;
    lme_random_seed(&random, (int64_t)(n_docs * 100 + kind));
    lme_metric_use use =
        use_of(arena, kinds[kind].metric, kinds[kind].aggregation, kinds[kind].output);
    double *stats = lme_arena_array(arena, n_docs, use.metric->width * sizeof(double));
    for (size_t i = 0; i < n_docs * use.metric->width; i++)
        stats[i] = kind == 4 ? (double)lme_random_below(&random, 3) : -lme_random_unit(&random);
    lme_scores scores = {.stats = stats, .n_docs = n_docs};
    double *got = LME_ARRAY(arena, double, n_replicates);
    double *wanted = LME_ARRAY(arena, double, n_replicates);
    lme_metric_bootstrap(&use, &scores, got, n_replicates);
    naive(&use, &scores, wanted, n_replicates);
    for (size_t i = 0; i < n_replicates; i++)
        assert_close(got[i], wanted[i], 0.0);
    lme_arena_free(arena);
}

static void replicates_are_those_of_single_draws(void **state)
{
    (void)state;
    for (size_t kind = 0; kind < sizeof kinds / sizeof kinds[0]; kind++) {
        check(kind, 1, 10);
        check(kind, 2, 1000);
        check(kind, 40, 4001);
        check(kind, 311, 300);
        check(kind, 312, 7);
        check(kind, 313, 1200);
        check(kind, MOST_DOCS, 100);
    }
}

/* Enough draws for threads. */
static void threads_do_not_change_them(void **state)
{
    (void)state;
    check(0, MOST_DOCS, 30000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(replicates_are_those_of_single_draws),
        cmocka_unit_test(threads_do_not_change_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

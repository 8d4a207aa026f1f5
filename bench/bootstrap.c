/* How long lm_eval's bootstrap of 100,000 replicates takes here: prints a line for each aggregation
 * and number of documents, with wall and processor time.
 * usage: bench_bootstrap [REPLICATES] */
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <lmeval/metric.h>
#include <lmeval/random.h>

static double seconds(clockid_t clock)
{
    struct timespec t;
    clock_gettime(clock, &t);
    return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

/* Documents of two classes, or of loglikelihoods. */
static double *documents(lme_arena *arena, size_t n, size_t width)
{
    lme_random random;
    lme_random_seed(&random, 1);
    double *stats = lme_arena_array(arena, n, width * sizeof(double));
    for (size_t i = 0; i < n * width; i++) {
        double unit = lme_random_unit(&random);
        stats[i] = width == 1 ? -9.0 * unit : (double)(unit < 0.5);
    }
    return stats;
}

static void measure(const char *metric, const char *aggregation, size_t n, size_t n_replicates)
{
    lme_arena *arena = lme_arena_new();
    lme_map_builder entry = {.arena = arena};
    lme_map_add(&entry, LME_STR("metric"), lme_string(lme_str_from(metric)));
    lme_map_add(&entry, LME_STR("aggregation"), lme_string(lme_str_from(aggregation)));
    lme_value map = lme_map_finish(&entry);
    lme_output_kind output =
        metric[0] == 'p' ? LME_OUTPUT_LOGLIKELIHOOD : LME_OUTPUT_MULTIPLE_CHOICE;
    lme_metric_use use;
    lme_error err;
    if (!lme_metric_use_read(arena, &map, output, "", &use, &err))
        exit(1);
    lme_scores scores = {.stats = documents(arena, n, use.metric->width), .n_docs = n};
    lme_summary summary;
    double wall = seconds(CLOCK_MONOTONIC), cpu = seconds(CLOCK_PROCESS_CPUTIME_ID);
    if (!lme_metric_summarize(&use, LME_STR("none"), &scores, n_replicates, &summary, &err))
        exit(1);
    wall = seconds(CLOCK_MONOTONIC) - wall;
    cpu = seconds(CLOCK_PROCESS_CPUTIME_ID) - cpu;
    printf("%-18s %6zu %8zu %8.3f %8.3f %6.2f  %.17g\n", aggregation, n, n_replicates, wall, cpu,
           1e9 * cpu / ((double)n * (double)n_replicates), summary.stderr_value);
    lme_arena_free(arena);
}

int main(int argc, char **argv)
{
    size_t n_replicates = argc > 1 ? strtoul(argv[1], NULL, 10) : LME_BOOTSTRAP_ITERS;
    printf("%-18s %6s %8s %8s %8s %6s  %s\n", "aggregation", "docs", "draws of", "wall s", "cpu s",
           "ns", "stderr");
    for (size_t n = 100; n <= 10000; n *= 10) {
        measure("perplexity", "perplexity", n, n_replicates);
        measure("perplexity", "median", n, n_replicates);
        measure("perplexity", "nanmean", n, n_replicates);
        measure("f1", "f1", n, n_replicates);
        measure("mcc", "matthews_corrcoef", n, n_replicates);
    }
    return 0;
}

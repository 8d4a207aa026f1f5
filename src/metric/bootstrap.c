/* Standard error of a score that is no mean, by resampling the documents. */
#include "aggregate.h"

#include <lmeval/random.h>

/* random.choices(documents, k=n), as a statistics matrix. */
static void draw(lme_random *random, const double *stats, size_t n, size_t width, double *drawn)
{
    for (size_t i = 0; i < n; i++) {
        size_t at = (size_t)(lme_random_unit(random) * (double)n);
        for (size_t w = 0; w < width; w++)
            drawn[i * width + w] = stats[at * width + w];
    }
}

double lme_bootstrap_stderr(const lme_metric_use *use, const lme_aggregation *aggregation,
                            const double *stats, size_t n)
{
    size_t width = aggregation->width;
    lme_arena *arena = lme_arena_new();
    double *drawn = lme_arena_array(arena, n, width * sizeof(double));
    double *replicates = LME_ARRAY(arena, double, LME_BOOTSTRAP_ITERATIONS);
    lme_random *random = LME_NEW(arena, lme_random);
    for (size_t i = 0; i < LME_BOOTSTRAP_ITERATIONS; i++) {
        if (i % LME_BOOTSTRAP_CHUNK == 0)
            lme_random_seed(random, (int64_t)(i / LME_BOOTSTRAP_CHUNK));
        draw(random, stats, n, width, drawn);
        replicates[i] = aggregation->reduce(use, drawn, n);
    }
    double deviation = lme_sample_stddev(replicates, LME_BOOTSTRAP_ITERATIONS);
    lme_arena_free(arena);
    return deviation;
}

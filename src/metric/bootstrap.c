/* Replicates of a score by resampling the documents, for standard errors of what is no mean. */
#include "aggregate.h"
#include "distinct.h"

#include <string.h>

#include <lmeval/random.h>

enum {
    CHUNK = 1000 /* replicates of one seeding */
};

/* What one replicate is made in. */
typedef struct resampling {
    const lme_metric_use *use;
    const double *stats;
    size_t n;
    lme_distinct distinct; /* with from_counts */
    uint32_t *counts;
    double *drawn; /* with from_rows */
} resampling;

/* random.choices(documents, k=n), one document at a time. */
static size_t draw(lme_random *random, size_t n)
{
    return (size_t)(lme_random_unit(random) * (double)n);
}

static double of_sums(const resampling *r, lme_random *random)
{
    const size_t width = r->use->aggregation->width;
    double sums[LME_METRIC_WIDTH] = {0};
    for (size_t i = 0; i < r->n; i++) {
        const double *row = r->stats + draw(random, r->n) * width;
        for (size_t w = 0; w < width; w++)
            sums[w] += row[w];
    }
    return r->use->aggregation->from_sums(r->use, sums, r->n);
}

static double of_counts(const resampling *r, lme_random *random)
{
    const lme_distinct *distinct = &r->distinct;
    memset(r->counts, 0, distinct->n_rows * sizeof *r->counts);
    for (size_t i = 0; i < r->n; i++)
        r->counts[distinct->row_of[draw(random, r->n)]]++;
    return r->use->aggregation->from_counts(r->use, distinct->rows, r->counts, distinct->n_rows);
}

static double of_rows(const resampling *r, lme_random *random)
{
    const size_t width = r->use->aggregation->width;
    for (size_t i = 0; i < r->n; i++)
        memcpy(r->drawn + i * width, r->stats + draw(random, r->n) * width, width * sizeof(double));
    return r->use->aggregation->from_rows(r->use, r->drawn, r->n);
}

void lme_metric_bootstrap(const lme_metric_use *use, const lme_scores *scores, double *replicates,
                          size_t n_replicates)
{
    const lme_aggregation *aggregation = use->aggregation;
    lme_arena *arena = lme_arena_new();
    resampling r = {.use = use, .stats = scores->stats, .n = scores->n_docs};
    double (*replicate)(const resampling *r, lme_random *random) = of_sums;
    if (aggregation->from_counts != NULL) {
        r.distinct = lme_distinct_rows(arena, r.stats, aggregation->width, r.n);
        r.counts = LME_ARRAY(arena, uint32_t, r.distinct.n_rows);
        replicate = of_counts;
    } else if (aggregation->from_rows != NULL) {
        r.drawn = lme_arena_array(arena, r.n, aggregation->width * sizeof(double));
        replicate = of_rows;
    }
    lme_random *random = LME_NEW(arena, lme_random);
    for (size_t i = 0; i < n_replicates; i++) {
        if (i % CHUNK == 0)
            lme_random_seed(random, (int64_t)(i / CHUNK));
        replicates[i] = replicate(&r, random);
    }
    lme_arena_free(arena);
}

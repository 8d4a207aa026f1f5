/* Replicates of a score by resampling the documents, for standard errors of what is no mean.
 *
 * 100,000 replicates of 1,000 documents are 10^8 draws, so the work is per draw: indices come in
 * blocks that stay in the first cache, and what is done with them is an addition (from_sums), a
 * count (from_counts) or a copy (from_rows), never a look at a document. Each 1,000 replicates have
 * a generator of their own; four of them go side by side, because an addition waits for the one
 * before it, and threads share the rest. The order of every sum is that of one document after
 * another, so the result does not depend on any of this. */
#include "aggregate.h"
#include "distinct.h"

#include <pthread.h>
#include <string.h>
#include <unistd.h>

#include <lmeval/random.h>

enum {
    CHUNK = 1000, /* replicates of one seeding */
    LANES = 4,    /* chunks side by side */
    BLOCK = 312,  /* indices drawn at a time: those of one state of the generator */
    MOST_THREADS = 16,
    FEW_DRAWS = 20000000 /* less than a tenth of a second: no threads */
};

/* What is the same for all replicates. */
typedef struct resampling {
    const lme_metric_use *use;
    const double *stats;
    size_t n, width;
    lme_distinct distinct; /* with from_counts */
    double *replicates;
    size_t n_replicates, n_threads;
} resampling;

/* One chunk at work. */
typedef struct lane {
    lme_random random;
    uint32_t drawn[BLOCK];
    double sums[LME_METRIC_WIDTH]; /* with from_sums */
    uint32_t *counts;              /* with from_counts: n_rows */
    double *rows;                  /* with from_rows: n x width */
} lane;

static void begin(const resampling *r, lane *l)
{
    memset(l->sums, 0, r->width * sizeof l->sums[0]);
    if (l->counts != NULL)
        memset(l->counts, 0, r->distinct.n_rows * sizeof *l->counts);
}

/* One column in all lanes: four sums that do not wait for each other. */
static void add_numbers(const double *numbers, lane lanes[LANES], size_t k)
{
    double a = lanes[0].sums[0], b = lanes[1].sums[0], c = lanes[2].sums[0], d = lanes[3].sums[0];
    for (size_t i = 0; i < k; i++) {
        a += numbers[lanes[0].drawn[i]];
        b += numbers[lanes[1].drawn[i]];
        c += numbers[lanes[2].drawn[i]];
        d += numbers[lanes[3].drawn[i]];
    }
    lanes[0].sums[0] = a, lanes[1].sums[0] = b, lanes[2].sums[0] = c, lanes[3].sums[0] = d;
}

static void count_rows(const uint32_t *row_of, lane lanes[LANES], size_t k)
{
    for (size_t i = 0; i < k; i++) {
        lanes[0].counts[row_of[lanes[0].drawn[i]]]++;
        lanes[1].counts[row_of[lanes[1].drawn[i]]]++;
        lanes[2].counts[row_of[lanes[2].drawn[i]]]++;
        lanes[3].counts[row_of[lanes[3].drawn[i]]]++;
    }
}

static void add_rows(const resampling *r, lane *l, size_t k)
{
    for (size_t i = 0; i < k; i++) {
        const double *row = r->stats + l->drawn[i] * r->width;
        for (size_t w = 0; w < r->width; w++)
            l->sums[w] += row[w];
    }
}

static void copy_rows(const resampling *r, lane *l, size_t at, size_t k)
{
    for (size_t i = 0; i < k; i++)
        memcpy(l->rows + (at + i) * r->width, r->stats + l->drawn[i] * r->width,
               r->width * sizeof(double));
}

/* Documents at, at + 1, ... at + k - 1 of a replicate in each lane. */
static void take(const resampling *r, lane lanes[LANES], size_t n_lanes, size_t at, size_t k)
{
    for (size_t l = 0; l < n_lanes; l++)
        lme_random_choices(&lanes[l].random, r->n, lanes[l].drawn, k);
    if (lanes[0].counts != NULL) {
        count_rows(r->distinct.row_of, lanes, k);
    } else if (lanes[0].rows == NULL && r->width == 1) {
        add_numbers(r->stats, lanes, k);
    } else {
        for (size_t l = 0; l < n_lanes; l++) {
            if (lanes[l].rows != NULL)
                copy_rows(r, &lanes[l], at, k);
            else
                add_rows(r, &lanes[l], k);
        }
    }
}

static double value_of(const resampling *r, const lane *l)
{
    const lme_aggregation *aggregation = r->use->aggregation;
    if (aggregation->from_counts != NULL)
        return aggregation->from_counts(r->use, r->distinct.rows, l->counts, r->distinct.n_rows);
    if (aggregation->from_rows != NULL)
        return aggregation->from_rows(r->use, l->rows, r->n);
    return aggregation->from_sums(r->use, l->sums, r->n);
}

/* Replicates of the chunks from `first` on, as many as there are lanes and chunks left. */
static void run_lanes(const resampling *r, lane lanes[LANES], size_t first)
{
    const size_t n_chunks = (r->n_replicates + CHUNK - 1) / CHUNK;
    const size_t n_lanes = n_chunks - first < LANES ? n_chunks - first : LANES;
    for (size_t l = 0; l < n_lanes; l++)
        lme_random_seed(&lanes[l].random, (int64_t)(first + l));
    for (size_t i = 0; i < CHUNK && first * CHUNK + i < r->n_replicates; i++) {
        for (size_t l = 0; l < LANES; l++)
            begin(r, &lanes[l]);
        for (size_t at = 0; at < r->n; at += BLOCK)
            take(r, lanes, n_lanes, at, r->n - at < BLOCK ? r->n - at : BLOCK);
        for (size_t l = 0; l < n_lanes; l++) {
            size_t replicate = (first + l) * CHUNK + i;
            if (replicate < r->n_replicates)
                r->replicates[replicate] = value_of(r, &lanes[l]);
        }
    }
}

static lane *new_lanes(lme_arena *arena, const resampling *r)
{
    lane *lanes = LME_ARRAY(arena, lane, LANES);
    for (size_t l = 0; l < LANES; l++) {
        if (r->use->aggregation->from_counts != NULL)
            lanes[l].counts = LME_ARRAY(arena, uint32_t, r->distinct.n_rows);
        if (r->use->aggregation->from_rows != NULL)
            lanes[l].rows = lme_arena_array(arena, r->n, r->width * sizeof(double));
    }
    return lanes;
}

typedef struct share {
    const resampling *r;
    size_t thread;
} share;

/* Every n_threads-th group of lanes. */
static void *run_share(void *argument)
{
    const share *s = argument;
    lme_arena *arena = lme_arena_new();
    lane *lanes = new_lanes(arena, s->r);
    for (size_t first = s->thread * LANES; first * CHUNK < s->r->n_replicates;
         first += s->r->n_threads * LANES)
        run_lanes(s->r, lanes, first);
    lme_arena_free(arena);
    return NULL;
}

static size_t threads_for(size_t n, size_t n_replicates)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    const size_t group = (size_t)LANES * CHUNK;
    size_t n_groups = (n_replicates + group - 1) / group;
    size_t most = n_groups < MOST_THREADS ? n_groups : MOST_THREADS;
    if (processors < 2 || n * n_replicates < FEW_DRAWS)
        return 1;
    return (size_t)processors < most ? (size_t)processors : most;
}

void lme_metric_bootstrap(const lme_metric_use *use, const lme_scores *scores, double *replicates,
                          size_t n_replicates)
{
    lme_arena *arena = lme_arena_new();
    resampling r = {
        .use = use,
        .stats = scores->stats,
        .n = scores->n_docs,
        .width = use->aggregation->width,
        .n_replicates = n_replicates,
        .n_threads = threads_for(scores->n_docs, n_replicates),
    };
    r.replicates = replicates;
    if (use->aggregation->from_counts != NULL)
        r.distinct = lme_distinct_rows(arena, r.stats, r.width, r.n);
    share shares[MOST_THREADS] = {{.r = &r}};
    pthread_t threads[MOST_THREADS];
    size_t n_started = 1;
    for (size_t t = 1; t < r.n_threads; t++)
        shares[t] = (share){.r = &r, .thread = t};
    while (n_started < r.n_threads &&
           pthread_create(&threads[n_started], NULL, run_share, &shares[n_started]) == 0)
        n_started++;
    run_share(&shares[0]);
    for (size_t t = n_started; t < r.n_threads; t++)
        run_share(&shares[t]); /* no thread to be had for it */
    for (size_t t = 1; t < n_started; t++)
        (void)pthread_join(threads[t], NULL);
    lme_arena_free(arena);
}

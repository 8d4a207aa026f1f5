/* What one document does to a score that is no mean: the score is told again without it, or with
 * another answer in its place. From sums that is one subtraction; from counts it is told once a
 * different row, of which classes have few. */
#include "distinct.h"

#include <math.h>

#include <lmeval/arena.h>
#include <lmeval/metric.h>

enum {
    MOST_DISTINCT = 2048 /* rows that a score from counts is told again for: 4 million steps */
};

/* The score as a function of which rows there are. */
typedef struct whole {
    const lme_metric_use *use;
    size_t n, width;
    double sums[LME_METRIC_WIDTH]; /* with from_sums */
    const double *rows;            /* with from_counts: n_rows of them */
    size_t n_rows;
    uint32_t *counts;
} whole;

static void add_row(whole *w, const double *row, double sign)
{
    for (size_t i = 0; i < w->width; i++)
        w->sums[i] += sign * row[i];
}

static void sum_up(whole *w, const double *stats)
{
    for (size_t i = 0; i < w->width; i++)
        w->sums[i] = 0.0;
    for (size_t i = 0; i < w->n; i++)
        add_row(w, stats + i * w->width, 1.0);
}

static double score_of_sums(const whole *w, size_t n)
{
    return w->use->aggregation->from_sums(w->use, w->sums, n);
}

/* Sums are restored from a copy, not by adding again: nothing is left of the rounding. */
static double without_row(const whole *w, const double *row)
{
    whole less = *w;
    add_row(&less, row, -1.0);
    return score_of_sums(&less, w->n - 1);
}

static double score_of_counts(const whole *w)
{
    return w->use->aggregation->from_counts(w->use, w->rows, w->counts, w->n_rows);
}

static void count_up(whole *w, lme_arena *arena, const lme_distinct *distinct)
{
    w->rows = distinct->rows;
    w->n_rows = distinct->n_rows;
    w->counts = LME_ARRAY(arena, uint32_t, distinct->n_rows);
    for (size_t i = 0; i < w->n; i++)
        w->counts[distinct->row_of[i]]++;
}

static double leave_out_sums(whole *w, const double *stats, double *left_out)
{
    sum_up(w, stats);
    for (size_t i = 0; i < w->n; i++)
        left_out[i] = without_row(w, stats + i * w->width);
    return score_of_sums(w, w->n);
}

static bool leave_out_counts(whole *w, lme_arena *arena, const double *stats, double *left_out,
                             double *value)
{
    lme_distinct distinct = lme_distinct_rows(arena, stats, w->width, w->n);
    if (distinct.n_rows > MOST_DISTINCT)
        return false;
    count_up(w, arena, &distinct);
    double *of_row = LME_ARRAY(arena, double, distinct.n_rows);
    for (size_t r = 0; r < distinct.n_rows; r++) {
        w->counts[r]--;
        of_row[r] = score_of_counts(w);
        w->counts[r]++;
    }
    for (size_t i = 0; i < w->n; i++)
        left_out[i] = of_row[distinct.row_of[i]];
    *value = score_of_counts(w);
    return true;
}

static bool all_finite(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isfinite(values[i]))
            return false;
    }
    return true;
}

/* In place: from scores without a document to pseudo-values. */
static bool turn(double *values, size_t n, double value)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += values[i];
    double mean = sum / (double)n;
    for (size_t i = 0; i < n; i++)
        values[i] = value + ((double)n - 1.0) * (mean - values[i]);
    return isfinite(value) && all_finite(values, n);
}

bool lme_metric_pseudo_values(const lme_metric_use *use, const lme_scores *scores, double *values)
{
    const lme_aggregation *aggregation = use->aggregation;
    size_t n = scores->n_docs;
    if (n < 3 || aggregation->is_rough || aggregation->width > LME_METRIC_WIDTH)
        return false;
    lme_arena *arena = lme_arena_new();
    whole w = {.use = use, .n = n, .width = aggregation->width};
    double value = 0.0;
    bool told = aggregation->from_sums != NULL || aggregation->from_counts != NULL;
    if (aggregation->is_mean) {
        for (size_t i = 0; i < n; i++)
            values[i] = scores->stats[i];
    }
    if (aggregation->from_sums != NULL)
        value = leave_out_sums(&w, scores->stats, values);
    else if (aggregation->from_counts != NULL)
        told = leave_out_counts(&w, arena, scores->stats, values, &value);
    lme_arena_free(arena);
    return aggregation->is_mean ? all_finite(values, n) : told && turn(values, n, value);
}

static bool same_rows(const double *a, const double *b, size_t width)
{
    for (size_t i = 0; i < width; i++) {
        if (a[i] < b[i] || a[i] > b[i])
            return false;
    }
    return true;
}

static void effects_of_sums(whole *w, const double *base, const double *other, double *effects)
{
    sum_up(w, base);
    double value = score_of_sums(w, w->n);
    for (size_t i = 0; i < w->n; i++) {
        const double *from = base + i * w->width, *to = other + i * w->width;
        whole changed = *w;
        for (size_t k = 0; k < w->width; k++)
            changed.sums[k] += to[k] - from[k];
        effects[i] = same_rows(from, to, w->width) ? 0.0 : score_of_sums(&changed, w->n) - value;
    }
}

/* The rows of both are numbered together: the other's answer may be one that the base never gave.
 */
static void effects_of_counts(whole *w, lme_arena *arena, const double *base, const double *other,
                              double *effects)
{
    size_t n = w->n, len = n * w->width;
    double *both = lme_arena_array(arena, 2 * n, w->width * sizeof(double));
    for (size_t i = 0; i < len; i++) {
        both[i] = base[i];
        both[len + i] = other[i];
    }
    lme_distinct distinct = lme_distinct_rows(arena, both, w->width, 2 * n);
    count_up(w, arena, &distinct);
    double value = score_of_counts(w);
    for (size_t i = 0; i < n; i++) {
        uint32_t from = distinct.row_of[i], to = distinct.row_of[n + i];
        w->counts[from]--;
        w->counts[to]++;
        effects[i] = from == to ? 0.0 : score_of_counts(w) - value;
        w->counts[to]--;
        w->counts[from]++;
    }
}

void lme_metric_effects(const lme_metric_use *use, const lme_scores *base, const lme_scores *other,
                        double *effects)
{
    LME_BUG(base->n_docs != other->n_docs, "other documents than the base's");
    lme_arena *arena = lme_arena_new();
    whole w = {.use = use, .n = base->n_docs, .width = use->aggregation->width};
    if (use->aggregation->is_mean) {
        for (size_t i = 0; i < w.n; i++)
            effects[i] = (other->stats[i] - base->stats[i]) / (double)w.n;
    } else if (use->aggregation->from_sums != NULL) {
        effects_of_sums(&w, base->stats, other->stats, effects);
    } else {
        effects_of_counts(&w, arena, base->stats, other->stats, effects);
    }
    lme_arena_free(arena);
}

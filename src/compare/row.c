/* From paired items to the numbers of a row. */
#include "row.h"

#include <math.h>
#include <stddef.h>

#include <lmeval/distribution.h>

enum {
    FEW_DIFFER = 30 /* as in the stats room, whose coverage tables say why */
};

static bool read_scores(const lme_row_input *input, double *base, double *other)
{
    const lme_pairing *pairing = input->pairing;
    for (size_t i = 0; i < pairing->n; i++) {
        base[i] = pairing->base[i]->scores[input->base.column];
        other[i] = pairing->other[i]->scores[input->other.column];
        if (isnan(base[i]) || isnan(other[i]))
            return false;
    }
    return true;
}

static bool all_in_unit_range(const double *values, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!(values[i] >= 0.0 && values[i] <= 1.0))
            return false;
    }
    return true;
}

/* What guessing scores: one in as many as there are choices, item by item. */
static double chance_of(const lme_record_task *task, const lme_pairing *pairing, lme_str metric)
{
    static const char *const guessable[] = {"acc", "acc_norm", "acc_bytes"};
    bool is_guessable = false;
    for (size_t i = 0; i < sizeof guessable / sizeof guessable[0]; i++)
        is_guessable = is_guessable || lme_str_equal(metric, lme_str_from(guessable[i]));
    if (!is_guessable || !lme_str_equal(task->output_type, LME_STR("multiple_choice")))
        return (double)NAN;
    /* acc_mutual_info asks every choice once more, without the question */
    bool doubled = false;
    for (size_t i = 0; i < task->n_scores; i++)
        doubled = doubled || lme_str_equal(task->scores[i].metric, LME_STR("acc_mutual_info"));
    double sum = 0.0;
    for (size_t i = 0; i < pairing->n; i++) {
        size_t n = pairing->base[i]->n_requests / (doubled ? 2 : 1);
        if (n < 2)
            return (double)NAN;
        sum += 1.0 / (double)n;
    }
    return sum / (double)pairing->n;
}

/* Who has less than a share of the base has less than the base: no surer than that can it be. The
 * score test alone is, while few items flip (three lost and none gained: 0.04, mid-p 0.06). */
static bool is_degraded(const lme_comparison_row *row, double alpha)
{
    return 1.0 - row->kept.p < alpha && row->p / 2.0 < alpha;
}

static void judge(lme_comparison_row *row, const lme_compare_options *options)
{
    double alpha = 1.0 - options->confidence;
    row->verdict = isnan(row->kept.p)        ? LME_VERDICT_NONE
                   : row->kept.p < alpha     ? LME_VERDICT_RECOVERED
                   : is_degraded(row, alpha) ? LME_VERDICT_DEGRADED
                                             : LME_VERDICT_UNCLEAR;
    if (row->verdict == LME_VERDICT_NONE)
        row->unsupported = "the base scores 0: there is nothing to recover";
}

/* Other - base in the metric's own direction from pairs in which higher is better. */
static void turn_difference(lme_comparison_row *row)
{
    lme_interval i = row->difference_interval;
    row->difference.value = -row->difference.value;
    row->difference_interval = (lme_interval){-i.high, -i.low};
}

/* Few documents differ, and so most of what can differ is unseen: it is no surer, and no interval
 * narrower, than if each of these had lost, or gained, all. Of single scores in [0, 1] the stats
 * room knows that by itself. */
static bool is_little(const lme_comparison_row *row)
{
    return row->is_corpus && row->flips.lost + row->flips.gained < FEW_DIFFER;
}

static lme_interval joined(lme_interval a, lme_interval b)
{
    bool has_end = !isnan(b.low) && !isnan(a.low);
    return has_end ? (lme_interval){fmin(a.low, b.low), fmax(a.high, b.high)} : a;
}

/* What was gained may as well have been kept already. */
static lme_flips worst_of(const lme_flips *flips)
{
    lme_flips worst = *flips;
    worst.both += worst.gained;
    worst.gained = 0;
    return worst;
}

lme_interval lme_row_gain(const lme_comparison_row *row, double confidence)
{
    if (row->is_average)
        return lme_stats_interval(&row->difference, confidence);
    lme_interval gain = lme_stats_difference_interval(row->pairs, confidence);
    if (!is_little(row))
        return gain;
    lme_flips worst = worst_of(&row->flips);
    lme_interval whole = joined(lme_stats_difference_score(&row->flips, confidence),
                                lme_stats_difference_score(&worst, confidence));
    double scale = fabs(row->base.value);
    return joined(gain, (lme_interval){whole.low * scale, whole.high * scale});
}

static lme_interval recovery_interval(const lme_comparison_row *row, double confidence)
{
    lme_interval kept = lme_stats_recovery_interval(row->pairs, 0.0, confidence);
    if (!is_little(row))
        return kept;
    lme_flips worst = worst_of(&row->flips);
    return joined(kept, joined(lme_stats_recovery_score(&row->flips, 0.0, confidence),
                               lme_stats_recovery_score(&worst, 0.0, confidence)));
}

static lme_test average_kept(const lme_comparison_row *row, double theta)
{
    const lme_estimate *r = &row->recovery;
    double z = r->value > theta || r->value < theta ? (r->value - theta) / r->stderr_value : 0.0;
    return (lme_test){z, r->df, lme_t_sf(z, r->df)};
}

lme_test lme_row_kept(const lme_comparison_row *row, double theta)
{
    if (row->is_average)
        return average_kept(row, theta);
    lme_test kept = lme_stats_noninferiority(row->pairs, theta, 0.0);
    if (!is_little(row))
        return kept;
    lme_flips worst = worst_of(&row->flips);
    double z = fmax(lme_stats_score_z(&worst, theta, 0.0), 0.0);
    return kept.statistic > z ? (lme_test){z, (double)INFINITY, lme_normal_sf(z)} : kept;
}

/* A row of pairs: of items, or of pseudo-values of a corpus (NULL: items). */
static void fill_difference(lme_comparison_row *row, const lme_pairs *pairs,
                            const lme_corpus *corpus, const lme_compare_options *options)
{
    row->difference = lme_stats_difference(pairs);
    row->flips = corpus != NULL ? corpus->flips : lme_stats_flips(pairs);
    row->difference_interval = lme_row_gain(row, options->confidence);
    row->flip_rate = lme_stats_wilson((double)(row->flips.lost + row->flips.gained),
                                      (double)pairs->n, options->confidence);
    bool table = row->flips.is_binary && pairs->clusters.of == NULL;
    row->p = table ? lme_stats_mcnemar(row->flips.lost, row->flips.gained).mid_p
                   : lme_stats_paired(pairs).p;
    double n = (double)pairs->n;
    lme_power power = {.alpha = 0.05, .power = 0.8};
    double variance = row->difference.stderr_value * row->difference.stderr_value * n;
    double by_flips =
        lme_stats_detectable_flips((double)(row->flips.lost + row->flips.gained) / n, n, &power);
    row->detectable = table ? by_flips : lme_stats_detectable(variance, n, &power);
    if (row->is_share && row->flips.lost + row->flips.gained == 0)
        row->detectable = by_flips; /* no variance seen is not no variance */
}

/* Items that would show it, were the two equal: as many flips as seen, one way as often as the
 * other; at least as many as the hypothesis itself wants lost. */
static double needed_if_equal(const lme_comparison_row *row, const lme_pairs *pairs, double theta,
                              const lme_power *power)
{
    double n = (double)pairs->n;
    double allowed = (1.0 - theta) * fmin(row->base.value, row->other.value);
    double seen = row->difference.stderr_value * row->difference.stderr_value * n;
    return lme_stats_required(fmax(seen, row->is_share ? allowed : 0.0), allowed, power);
}

/* Items among which enough will differ, if it goes on like this. */
static double until_seen(const lme_comparison_row *row)
{
    double differ = (double)(row->flips.lost + row->flips.gained);
    if (!is_little(row))
        return 0.0;
    return differ > 0.0 ? (double)row->n * FEW_DIFFER / differ : (double)INFINITY;
}

/* Items that would tell, were everything else as it is. */
static double needed(const lme_comparison_row *row, const lme_pairs *pairs, double theta,
                     const lme_power *power)
{
    double plain =
        fmax(lme_stats_noninferiority_required(pairs, theta, 0.0, power), until_seen(row));
    double z = row->kept.statistic; /* grows with the root of the items */
    if (!is_little(row) || !(z > 0.0))
        return plain;
    double wanted = lme_normal_quantile(1.0 - power->alpha) + lme_normal_quantile(power->power);
    return fmin(plain, (double)row->n * (wanted / z) * (wanted / z));
}

static void fill_recovery(lme_comparison_row *row, const lme_pairs *pairs,
                          const lme_compare_options *options)
{
    row->recovery = lme_stats_recovery(pairs, 0.0);
    row->recovery_interval = recovery_interval(row, options->confidence);
    row->recovery_above_chance = (lme_estimate){(double)NAN, (double)NAN, (double)NAN};
    row->recovery_above_chance_interval = (lme_interval){(double)NAN, (double)NAN};
    if (!isnan(row->chance)) {
        row->recovery_above_chance = lme_stats_recovery(pairs, row->chance);
        row->recovery_above_chance_interval =
            lme_stats_recovery_interval(pairs, row->chance, options->confidence);
    }
    row->kept = lme_row_kept(row, options->theta);
    if (isnan(row->recovery.value))
        row->kept.p = (double)NAN;
    judge(row, options);
    lme_power power = {.alpha = 1.0 - options->confidence, .power = 0.8, .one_sided = true};
    if (row->verdict == LME_VERDICT_UNCLEAR) {
        row->n_needed = needed(row, pairs, options->theta, &power);
        row->n_if_equal =
            fmax(needed_if_equal(row, pairs, options->theta, &power), until_seen(row));
    }
}

/* Only the values of the results files. */
static void leave(const lme_row_input *input, const char *why, lme_comparison_row *row)
{
    row->unsupported = why;
    row->verdict = LME_VERDICT_NONE;
    row->base =
        (lme_estimate){input->base.score->value, input->base.score->stderr_value, (double)INFINITY};
    row->other = (lme_estimate){input->other.score->value, input->other.score->stderr_value,
                                (double)INFINITY};
    row->is_share = all_in_unit_range(&row->base.value, 1) &&
                    all_in_unit_range(&row->other.value, 1) && row->higher_is_better;
}

typedef struct filling {
    const lme_pairing *pairing;
    const double *base, *other; /* a number an item */
    const lme_corpus *corpus;   /* NULL: the numbers are the items' scores */
} filling;

static void fill_pairs(lme_arena *arena, const lme_compare_options *options, const filling *f,
                       lme_comparison_row *row)
{
    size_t n = f->pairing->n;
    lme_pairs *pairs = LME_NEW(arena, lme_pairs);
    *pairs = (lme_pairs){
        .base = row->higher_is_better ? f->base : f->other,
        .other = row->higher_is_better ? f->other : f->base,
        .n = n,
        .clusters = lme_pair_clusters(arena, f->pairing),
    };
    row->pairs = pairs;
    row->is_corpus = f->corpus != NULL;
    row->base = lme_stats_mean(f->base, n, &pairs->clusters, LME_CR1);
    row->other = lme_stats_mean(f->other, n, &pairs->clusters, LME_CR1);
    fill_difference(row, pairs, f->corpus, options);
    fill_recovery(row, pairs, options);
    if (!row->higher_is_better)
        turn_difference(row);
}

void lme_row_fill(lme_arena *arena, const lme_compare_options *options, const lme_row_input *input,
                  lme_comparison_row *row)
{
    const lme_pairing *pairing = input->pairing;
    double *base = LME_ARRAY(arena, double, pairing->n);
    double *other = LME_ARRAY(arena, double, pairing->n);
    row->n = pairing->n;
    if (pairing->n == 0) {
        leave(input, "no item is in both runs", row);
        return;
    }
    if (input->is_mean && read_scores(input, base, other)) {
        row->is_share = all_in_unit_range(base, pairing->n) && all_in_unit_range(other, pairing->n);
        row->chance = chance_of(input->base.task, pairing, row->metric);
        fill_pairs(arena, options, &(filling){pairing, base, other, NULL}, row);
        return;
    }
    lme_corpus corpus;
    const char *why = lme_corpus_restore(arena, &input->base, &input->other, pairing, &corpus);
    if (why != NULL) {
        leave(input, why, row);
        return;
    }
    row->is_share = corpus.is_share;
    fill_pairs(arena, options, &(filling){pairing, corpus.base, corpus.other, &corpus}, row);
}

static lme_estimate average_of(lme_arena *arena, const lme_row_set *set, size_t offset)
{
    lme_estimate *strata = LME_ARRAY(arena, lme_estimate, set->n);
    for (size_t i = 0; i < set->n; i++) {
        const void *field = (const char *)set->rows[i] + offset;
        strata[i] = *(const lme_estimate *)field;
    }
    return lme_stats_strata(strata, set->weights, set->n);
}

/* The error of a row's difference as its interval has it: not 0 when no item differs. */
static double error_of_interval(const lme_comparison_row *row)
{
    lme_interval i = row->difference_interval;
    return (i.high - i.low) / 2.0 / lme_normal_quantile(0.5 + row->confidence / 2.0);
}

/* The same estimate, where nothing was seen to vary with the error of the row's interval. */
static lme_estimate floored(lme_estimate e, const lme_comparison_row *row)
{
    if (!(e.stderr_value > 0.0))
        e.stderr_value = error_of_interval(row);
    return e;
}

/* Mean of other - ratio * base, and its error. */
static lme_estimate residual_of(lme_arena *arena, const lme_pairs *pairs, double ratio)
{
    double *base = LME_ARRAY(arena, double, pairs->n);
    for (size_t i = 0; i < pairs->n; i++)
        base[i] = ratio * pairs->base[i];
    lme_pairs scaled = *pairs;
    scaled.base = base;
    return lme_stats_difference(&scaled);
}

/* Difference and recovery. Returns false when a task has no error to give. */
static bool fill_average(lme_arena *arena, const lme_compare_options *options,
                         const lme_row_set *set, lme_comparison_row *average)
{
    const lme_comparison_row *const *rows = set->rows;
    size_t n = set->n;
    lme_pairs *parts = LME_ARRAY(arena, lme_pairs, n);
    lme_estimate *differences = LME_ARRAY(arena, lme_estimate, n);
    lme_estimate *residuals = LME_ARRAY(arena, lme_estimate, n);
    for (size_t i = 0; i < n; i++)
        parts[i] = *rows[i]->pairs;
    average->recovery = lme_stats_strata_recovery(parts, set->weights, NULL, n);
    bool has_error = true;
    for (size_t i = 0; i < n; i++) {
        differences[i] = floored(rows[i]->difference, rows[i]);
        residuals[i] = floored(residual_of(arena, &parts[i], average->recovery.value), rows[i]);
        has_error = has_error && differences[i].stderr_value > 0.0 &&
                    (isnan(average->recovery.value) || residuals[i].stderr_value > 0.0);
    }
    average->difference = lme_stats_strata(differences, set->weights, n);
    average->difference_interval = lme_stats_interval(&average->difference, options->confidence);
    lme_estimate rest = lme_stats_strata(residuals, set->weights, n);
    if (!isnan(average->recovery.value)) {
        average->recovery.stderr_value = rest.stderr_value / average->base.value;
        average->recovery.df = rest.df;
    }
    average->recovery_interval = lme_stats_recovery_delta(&average->recovery, options->confidence);
    return has_error;
}

static void judge_average(const lme_compare_options *options, bool has_error,
                          lme_comparison_row *average)
{
    const lme_estimate *d = &average->difference;
    average->p = d->value == 0.0 ? 1.0 : 2.0 * lme_t_sf(fabs(d->value / d->stderr_value), d->df);
    lme_power power = {.alpha = 0.05, .power = 0.8};
    average->detectable = lme_stats_detectable(d->stderr_value * d->stderr_value, 1.0, &power);
    average->kept = average_kept(average, options->theta);
    if (!has_error)
        average->kept.p = (double)NAN;
    judge(average, options);
    if (!has_error)
        average->unsupported = "in one of the tasks no item differs: no error can be told";
}

void lme_row_average(lme_arena *arena, const lme_compare_options *options, const lme_row_set *set,
                     lme_comparison_row *average)
{
    const lme_comparison_row *const *rows = set->rows;
    size_t n = set->n;
    const double unknown = (double)NAN;
    *average = (lme_comparison_row){
        .task = set->name,
        .is_average = true,
        .metric = rows[0]->metric,
        .pipeline = rows[0]->pipeline,
        .higher_is_better = rows[0]->higher_is_better,
        .is_share = true,
        .n = n,
        .chance = unknown,
        .recovery_above_chance = {unknown, unknown, unknown},
        .recovery_above_chance_interval = {unknown, unknown},
        .p_adjusted = unknown,
        .n_needed = unknown,
        .n_if_equal = unknown,
    };
    for (size_t i = 0; i < n; i++) {
        average->is_share = average->is_share && rows[i]->is_share;
        average->is_early = average->is_early || rows[i]->is_early;
        average->confidence = fmax(average->confidence, rows[i]->confidence);
        average->flips.n += rows[i]->flips.n;
        average->flips.lost += rows[i]->flips.lost;
        average->flips.gained += rows[i]->flips.gained;
    }
    lme_compare_options at_level = *options; /* as sure as the surest of its tasks */
    at_level.confidence = fmax(options->confidence, average->confidence);
    average->confidence = at_level.confidence;
    average->flip_rate = lme_stats_wilson((double)(average->flips.lost + average->flips.gained),
                                          (double)average->flips.n, at_level.confidence);
    average->base = average_of(arena, set, offsetof(lme_comparison_row, base));
    average->other = average_of(arena, set, offsetof(lme_comparison_row, other));
    bool has_error = fill_average(arena, &at_level, set, average);
    judge_average(&at_level, has_error, average);
    if (average->is_early)
        average->p = (double)NAN;
}

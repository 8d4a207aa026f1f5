/* What chance would do to a score: resampling of segments by column sums. */
#include <math.h>
#include <stdlib.h>

#include <lmeval/numpy_random.h>
#include <lmeval/text.h>

static int compare(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Score of one replicate: the given segments, drawn with replacement. */
static double replicate(const lme_text_use *use, const double *stats, const uint32_t *drawn,
                        size_t n)
{
    double sums[LME_TEXT_WIDTH_MAX] = {0};
    for (size_t i = 0; i < n; i++) {
        const double *row = stats + drawn[i] * use->width;
        for (size_t w = 0; w < use->width; w++)
            sums[w] += row[w];
    }
    return use->metric->score(use->options, sums, n);
}

static void draw(lme_numpy_random *random, uint32_t *drawn, size_t n)
{
    for (size_t i = 0; i < n; i++)
        drawn[i] = lme_numpy_below(random, (uint32_t)n);
}

void lme_text_interval(const lme_text_use *use, const double *stats, size_t n, size_t n_samples,
                       uint64_t seed, lme_text_spread *interval)
{
    lme_arena *arena = lme_arena_new();
    double *scores = LME_ARRAY(arena, double, n_samples);
    uint32_t *drawn = LME_ARRAY(arena, uint32_t, n);
    lme_numpy_random random;
    lme_numpy_random_seed(&random, seed);
    double sum = 0.0;
    for (size_t i = 0; i < n_samples; i++) {
        draw(&random, drawn, n);
        scores[i] = replicate(use, stats, drawn, n);
        sum += scores[i];
    }
    qsort(scores, n_samples, sizeof *scores, compare);
    size_t cut = n_samples / 40;
    interval->low = scores[cut];
    interval->high = scores[n_samples - cut - 1];
    interval->half_width = 0.5 * (interval->high - interval->low);
    interval->mean = sum / (double)n_samples;
    lme_arena_free(arena);
}

static double score_of(const lme_text_use *use, const double *stats, size_t n)
{
    double sums[LME_TEXT_WIDTH_MAX] = {0};
    for (size_t i = 0; i < n; i++) {
        for (size_t w = 0; w < use->width; w++)
            sums[w] += stats[i * use->width + w];
    }
    return use->metric->score(use->options, sums, n);
}

/* Share of the trials whose statistic is above the difference that was seen; one trial is added, so
 * that it is never 0. */
static double p_value(const double *statistics, size_t n, double difference)
{
    size_t n_above = 0;
    for (size_t i = 0; i < n; i++)
        n_above += statistics[i] > difference ? 1 : 0;
    return (double)(n_above + 1) / (double)(n + 1);
}

double lme_text_paired_bootstrap(const lme_text_use *use, const lme_paired *paired)
{
    lme_arena *arena = lme_arena_new();
    size_t n = paired->n, n_samples = paired->n_samples;
    double *differences = LME_ARRAY(arena, double, n_samples);
    uint32_t *drawn = LME_ARRAY(arena, uint32_t, n);
    lme_numpy_random random;
    lme_numpy_random_seed(&random, paired->seed);
    double sum = 0.0;
    for (size_t i = 0; i < n_samples; i++) {
        draw(&random, drawn, n);
        differences[i] = fabs(replicate(use, paired->system, drawn, n) -
                              replicate(use, paired->baseline, drawn, n));
        sum += differences[i];
    }
    for (size_t i = 0; i < n_samples; i++)
        differences[i] -= sum / (double)n_samples;
    double difference = fabs(score_of(use, paired->baseline, n) - score_of(use, paired->system, n));
    double p = p_value(differences, n_samples, difference);
    lme_arena_free(arena);
    return p;
}

/* Difference of the two when each segment changes sides by a coin. */
static double shuffled_difference(const lme_text_use *use, const lme_paired *paired,
                                  lme_numpy_random *random)
{
    double a[LME_TEXT_WIDTH_MAX] = {0}, b[LME_TEXT_WIDTH_MAX] = {0};
    for (size_t i = 0; i < paired->n; i++) {
        bool stays = lme_numpy_coin(random);
        const double *baseline = paired->baseline + i * use->width;
        const double *system = paired->system + i * use->width;
        for (size_t w = 0; w < use->width; w++) {
            a[w] += stays ? baseline[w] : system[w];
            b[w] += stays ? system[w] : baseline[w];
        }
    }
    return fabs(use->metric->score(use->options, a, paired->n) -
                use->metric->score(use->options, b, paired->n));
}

double lme_text_paired_randomization(const lme_text_use *use, const lme_paired *paired)
{
    lme_arena *arena = lme_arena_new();
    double *differences = LME_ARRAY(arena, double, paired->n_samples);
    lme_numpy_random random;
    lme_numpy_random_seed(&random, paired->seed);
    for (size_t i = 0; i < paired->n_samples; i++)
        differences[i] = shuffled_difference(use, paired, &random);
    double difference =
        fabs(score_of(use, paired->baseline, paired->n) - score_of(use, paired->system, paired->n));
    double p = p_value(differences, paired->n_samples, difference);
    lme_arena_free(arena);
    return p;
}

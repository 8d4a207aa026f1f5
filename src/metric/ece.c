/* ece: expected calibration error. Documents are put in bins of equal width by the probability of
 * the chosen answer (softmax of the choices' loglikelihoods); the mean distance between a bin's
 * mean probability and its share of right answers, weighted by its documents. */
#include "aggregate.h"
#include "choice.h"
#include "option.h"

#include <math.h>

enum {
    DEFAULT_BINS = 10,
    MOST_BINS = 1000
};

typedef struct binning {
    int64_t n;
} binning;

static bool prepare(lme_arena *arena, lme_metric_use *use, const char *file, lme_error *err)
{
    binning *bins = LME_NEW(arena, binning);
    bins->n = DEFAULT_BINS;
    use->state = bins;
    return lme_metric_option_int(use, "bins", file, (lme_int_range){1, MOST_BINS}, &bins->n, err);
}

/* Statistics: (probability of the chosen answer, 1 when it is right). */
static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    double *shares;
    if (!lme_metric_probabilities(arena, use, sample, answer, &shares, err))
        return false;
    size_t chosen = lme_argmax(shares, sample->n_choices);
    made->stats[0] = shares[chosen];
    made->stats[1] = lme_metric_is_gold(sample, chosen) ? 1.0 : 0.0;
    lme_list_builder pair = {.arena = arena};
    lme_list_add(&pair, lme_float(made->stats[0]));
    lme_list_add(&pair, lme_float(made->stats[1]));
    made->item = lme_list_finish(&pair);
    return true;
}

/* A bin holds its upper end: (0.1, 0.2]. */
static double bin_of(double probability, double n_bins)
{
    return fmax(ceil(probability * n_bins), 1.0);
}

/* The rows come in ascending probability, so a bin's are one after another. */
static double error(const lme_metric_use *use, const double *rows, const uint32_t *counts,
                    size_t n_rows)
{
    const binning *bins = use->state;
    double n_bins = (double)bins->n, n = 0.0, sum = 0.0, surplus = 0.0, bin = 0.0;
    for (size_t i = 0; i < n_rows; i++) {
        double here = bin_of(rows[2 * i], n_bins);
        if (here > bin) {
            sum += fabs(surplus);
            surplus = 0.0;
            bin = here;
        }
        surplus += counts[i] * (rows[2 * i] - rows[2 * i + 1]);
        n += counts[i];
    }
    return (sum + fabs(surplus)) / n;
}

static const lme_aggregation calibration_error = {
    .name = "ece",
    .width = 2,
    .from_counts = error,
    .bootstrap = true,
    .is_rough = true, /* absolute values of what is near 0 */
};

static const char *const keys[] = {"bins", NULL};

const lme_metric lme_metric_ece = {
    .name = "ece",
    .summary = "expected calibration error of the chosen answer's probability; bins: 10",
    .source = "Guo et al. 2017 (arXiv 1706.04599), equation 3",
    .output_kinds = 1u << LME_OUTPUT_MULTIPLE_CHOICE,
    .higher_is_better = false,
    .width = 2,
    .keys = keys,
    .aggregation = &calibration_error,
    .prepare = prepare,
    .score = score,
};

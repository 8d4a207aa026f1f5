/* Comparing a text with its references: BLEU, chrF, TER, ROUGE, token F1 and their kin, as pure
 * functions. A metric is a row of src/text/list.h; it turns a segment (one hypothesis, its
 * references) into `width` doubles, and the sums of such rows into the score of a corpus, so that
 * resampling a corpus never looks at its texts again.
 *
 *     lme_text_use bleu;
 *     if (!lme_text_open(arena, LME_STR("bleu"), &options, NULL, &bleu, err)) ...
 *     if (!bleu.metric->measure(scratch, bleu.options, &segment, stats, err)) ...
 *     score = bleu.metric->score(bleu.options, sums, n_segments);
 *
 * Functions keep no state: several threads may use one lme_text_use, each with its own arena.
 */
#ifndef LMEVAL_TEXT_H
#define LMEVAL_TEXT_H

#include <lmeval/value.h>

/* One hypothesis and what it is compared with. Valid UTF-8. */
typedef struct lme_segment {
    lme_str hypothesis;
    const lme_str *references; /* n_references >= 1 */
    size_t n_references;
} lme_segment;

typedef enum lme_text_option_kind {
    LME_TEXT_BOOL,
    LME_TEXT_INT,    /* int64_t */
    LME_TEXT_NUMBER, /* double */
    LME_TEXT_CHOICE, /* size_t: index into choices */
} lme_text_option_kind;

/* An option of a metric: where it goes in the metric's options, what it may be. */
typedef struct lme_text_option {
    const char *key; /* NULL ends the rows */
    lme_text_option_kind kind;
    size_t offset;
    double initial, min, max;   /* min and max of numbers, inclusive */
    const char *const *choices; /* NULL-terminated */
    const char *help;
} lme_text_option;

/* Doubles a segment that any metric may take. */
#define LME_TEXT_WIDTH_MAX 36

typedef struct lme_text_metric {
    const char *name;
    const char *summary; /* one line */
    const char *peer;    /* whose numbers it equals: "sacrebleu 2.6.0" */
    bool higher_is_better;
    bool is_percent;                /* 0 to 100 instead of 0 to 1 */
    bool is_mean;                   /* score: sums[0] / n */
    const lme_text_option *options; /* NULL: none */
    size_t options_size;
    /* What single option rows cannot tell; NULL: nothing. The place is the options' map. */
    bool (*check)(const void *options, lme_error *err);
    size_t (*width)(const void *options); /* NULL: 1 */
    /* Fills `width` doubles. scratch is the caller's to reset afterwards.
     * Errors: LME_ERR_LIMIT when the texts are too long for the algorithm. */
    bool (*measure)(lme_arena *scratch, const void *options, const lme_segment *segment,
                    double *stats, lme_error *err);
    /* Score of n >= 1 segments from the sums of their columns. */
    double (*score)(const void *options, const double *sums, size_t n);
    /* The name that the peer prints: "chrF2++"; NULL: name. */
    void (*title)(lme_builder *out, const void *options);
    /* What the number depends on, as the peer's signature has it: "case:mixed|eff:no". */
    void (*signature)(lme_builder *out, const void *options);
    /* What stands behind the score: precisions, lengths; NULL: nothing. */
    void (*details)(lme_builder *out, const void *options, const double *sums, size_t n);
} lme_text_metric;

/* A metric with its options read. */
typedef struct lme_text_use {
    const lme_text_metric *metric;
    const void *options;
    size_t width; /* at most LME_TEXT_WIDTH_MAX */
} lme_text_use;

const lme_text_metric *const *lme_text_all(size_t *n);
const lme_text_metric *lme_text_find(lme_str name); /* NULL: none */

/* Reads a metric's options.
 *   options  map of option keys; NULL: all as they are at first. Keys that are no option of the
 *            metric are an error
 *   file     where the map was written, for errors; may be NULL
 * Errors: LME_ERR_TASK at the option's place, with what it may be. */
bool lme_text_open(lme_arena *arena, lme_str name, const lme_value *options, const char *file,
                   lme_text_use *use, lme_error *err) LME_MUST_CHECK;

/* DROP's exact match and F1 of a prediction against one accepted answer; both are sets of spans.
 * Errors: LME_ERR_LIMIT for more spans than the alignment takes.
 * Source: lm_eval 0.4.13 tasks/drop/utils.py, get_metrics. */
typedef struct lme_spans {
    const lme_str *items;
    size_t n;
} lme_spans;
bool lme_drop_score(lme_arena *scratch, lme_spans predicted, lme_spans gold, double *exact,
                    double *f1, lme_error *err) LME_MUST_CHECK;

/* Resampling, with numpy's generator and sacrebleu's order of draws, so that its intervals and
 * p-values come out again. stats is n x width, row by row. */

/* Mean and half width of the 95 % interval over n_samples bootstrap replicates.
 * Source: sacrebleu 2.6.0 significance.py, _bootstrap_resample and estimate_ci. */
typedef struct lme_text_spread {
    double mean, half_width;
    double low, high; /* the 2.5 and 97.5 percentiles that half_width comes from */
} lme_text_spread;
void lme_text_interval(const lme_text_use *use, const double *stats, size_t n, size_t n_samples,
                       uint64_t seed, lme_text_spread *interval);

/* A system against the baseline over the same segments: p-value of the difference in score.
 * Source: sacrebleu 2.6.0 significance.py, _paired_bs_test and _paired_ar_test. */
typedef struct lme_paired {
    const double *baseline, *system; /* n x width */
    size_t n;
    size_t n_samples;
    uint64_t seed;
} lme_paired;
double lme_text_paired_bootstrap(const lme_text_use *use, const lme_paired *paired);
double lme_text_paired_randomization(const lme_text_use *use, const lme_paired *paired);

#endif

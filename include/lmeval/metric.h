/* From answers to numbers. A metric writes its sufficient statistics for a document (width
 * doubles); reduce() turns a documents x width matrix into the score; the standard error comes with
 * the row, so no number can be printed without one. A metric is a row of src/metric/list.h.
 * Semantics: lm_eval 0.4.13 api/metrics.py, api/task.py (process_results).
 */
#ifndef LMEVAL_METRIC_H
#define LMEVAL_METRIC_H

#include <lmeval/sample.h>

typedef struct lme_metric lme_metric;

/* One use of a metric in a task: the row, its options read once. */
typedef struct lme_metric_use {
    const lme_metric *metric;
    lme_str aggregation; /* "mean", ...; the row's own when the task names none */
    bool higher_is_better;
    lme_value options; /* map of the other keys as written: ignore_case ... */
    void *state;       /* what the row's prepare() made of them */
} lme_metric_use;

/* What a metric makes of one document. */
typedef struct lme_measurement {
    double *stats;  /* width doubles to fill */
    lme_value item; /* what the samples file shows for it (usually a float) */
} lme_measurement;

struct lme_metric {
    const char *name;
    const char *summary;     /* one line for `lmeval list metrics` */
    const char *source;      /* formula or peer file */
    unsigned output_kinds;   /* bit (1u << lme_output_kind) for each that it can score */
    const char *aggregation; /* default aggregation */
    bool higher_is_better;
    size_t width;            /* doubles a document */
    const char *const *keys; /* option names, NULL-terminated; NULL: none */
    /* As in lme_filter; NULL: nothing to do. */
    bool (*prepare)(lme_arena *arena, lme_metric_use *use, const char *file, lme_error *err);
    /* One document. Errors: LME_ERR_DATA when the answer is of no use to this metric. */
    bool (*score)(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err);
    /* The score of n documents: stats is n x width, row by row.
     * NULL: the mean of the first column. */
    double (*reduce)(const lme_metric_use *use, const double *stats, size_t n);
};

const lme_metric *lme_metric_find(lme_str name);
const lme_metric *const *lme_metric_all(size_t *n);

/* Reads one entry of metric_list (a map with `metric` and options).
 *   output  the task's output type: a metric that cannot score it is an error
 * Errors: LME_ERR_TASK with the nearest known name. */
bool lme_metric_use_read(lme_arena *arena, const lme_value *entry, lme_output_kind output,
                         const char *file, lme_metric_use *use, lme_error *err) LME_MUST_CHECK;

/* The metrics that lm_eval gives a task that names none (multiple_choice: acc, acc_norm ...). */
size_t lme_metric_defaults(lme_output_kind output, const char *names[4]);

/* Scores one document: fills score->stats and item in the arena. */
bool lme_metric_score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                      const lme_answer *answer, lme_score *score, lme_error *err) LME_MUST_CHECK;

/* The statistics of all scored documents of one (pipeline, metric), in document order. */
typedef struct lme_scores {
    const double *stats; /* n_docs x width */
    size_t n_docs;
} lme_scores;

/* The value alone, for progress while a run goes: what is reported comes from summarize. */
double lme_metric_value(const lme_metric_use *use, const lme_scores *scores);

/* Value and standard error. mean: sample standard deviation / sqrt(n), NAN for n = 1. perplexity:
 * lm_eval's bootstrap of 100,000 replicates, about a second for 1,000 documents.
 * Errors: LME_ERR_DATA when there is no document. */
bool lme_metric_summarize(const lme_metric_use *use, lme_str pipeline, const lme_scores *scores,
                          lme_summary *summary, lme_error *err) LME_MUST_CHECK;

#endif

/* From answers to numbers. A metric (a row of src/metric/list.h) writes its sufficient statistics
 * for a document, `width` doubles; its aggregation makes the score of all documents' statistics,
 * and says how its standard error is got, so that no number is printed without one. Semantics:
 * lm_eval 0.4.13 api/metrics.py, api/task.py (process_results).
 */
#ifndef LMEVAL_METRIC_H
#define LMEVAL_METRIC_H

#include <lmeval/sample.h>

typedef struct lme_metric lme_metric;
typedef struct lme_aggregation lme_aggregation;

/* One use of a metric in a task: the row, its options read once. */
typedef struct lme_metric_use {
    const lme_metric *metric;
    lme_str name; /* in results and tables: the row's, or the one that the task gives it */
    const lme_aggregation *aggregation; /* the row's own when the task names none */
    bool higher_is_better;
    bool is_left_out; /* it cannot score the task's output type: nothing else is read */
    lme_str cluster;  /* column: documents with equal values in it depend on each other; "": none */
    lme_place cluster_at; /* where it is named */
    lme_value options;    /* map of the other keys as written: ignore_case ... */
    void *state;          /* what the row's prepare() made of them */
} lme_metric_use;

/* What a metric makes of one document. */
typedef struct lme_measurement {
    double *stats;  /* width doubles to fill; zero at first */
    lme_value item; /* what the samples file shows for it (usually a float) */
} lme_measurement;

struct lme_metric {
    const char *name;
    const char *summary;   /* one line for `lmeval list metrics` */
    const char *source;    /* formula or peer file */
    unsigned output_kinds; /* bit (1u << lme_output_kind) for each that it can score */
    bool higher_is_better;
    bool is_right_or_wrong; /* a document gives 1 or 0: the mean is a share, with Wilson's interval
                             */
    bool takes_repeats; /* score() gets the list of a document's answers (pass@k); otherwise it gets
                           one, and where a pipeline leaves several their statistics are averaged */
    bool takes_letters; /* it asks only which choice was chosen: lettered answers can be scored */
    bool needs_unconditional;           /* each choice is also asked for without its context */
    size_t width;                       /* doubles a document, at most LME_METRIC_WIDTH */
    const char *const *keys;            /* option names, NULL-terminated; NULL: none */
    const lme_aggregation *aggregation; /* the default; of the same width */
    /* Checks and compiles use->options into use->state; may set use->aggregation, which is NULL
     * when the task names none. NULL: nothing to do.
     * Errors: LME_ERR_TASK at the option's place. */
    bool (*prepare)(lme_arena *arena, lme_metric_use *use, const char *file, lme_error *err);
    /* One document. Errors: LME_ERR_DATA when the answer is of no use to this metric. */
    bool (*score)(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err);
    /* The statistics once more, from the item that a samples file holds for one answer. Returns
     * false when it is no such item. NULL: the item is the one statistic, or does not tell them. */
    bool (*restore)(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                    double *stats);
};

#define LME_METRIC_WIDTH 64

/* How documents become a number. Exactly one of the three from_ functions is given, the cheapest
 * that can tell the score: the bootstrap calls it 100,000 times. */
struct lme_aggregation {
    const char *name;
    size_t width; /* doubles a document, the metric's */
    /* Of the columns' sums over n documents: means, corpus BLEU, TER ... */
    double (*from_sums)(const lme_metric_use *use, const double *sums, size_t n);
    /* Of the different rows, in ascending order, and how often each occurs (some of them 0 times):
     * F1, MCC, the median ... */
    double (*from_counts)(const lme_metric_use *use, const double *rows, const uint32_t *counts,
                          size_t n_rows);
    /* Of the n rows themselves, where even their order shows in the last digit. */
    double (*from_rows)(const lme_metric_use *use, const double *rows, size_t n);
    /* Its own formula (a mean's); n >= 2. NULL: see `bootstrap`. */
    double (*standard_error)(const lme_metric_use *use, const double *rows, size_t n);
    bool bootstrap;        /* the standard error is the bootstrap's; neither: there is none */
    size_t max_replicates; /* of the bootstrap; 0: as many as asked for */
    bool is_mean;  /* of from_rows: the mean of the one statistic, whatever its sum's order */
    bool is_rough; /* no smooth function of the documents (a median): what one document
                      does to it says nothing about its error */
    const char *when_nan; /* what a NAN value means, and what to do; NULL: nothing to say */
};

const lme_metric *lme_metric_find(lme_str name);
const lme_metric *const *lme_metric_all(size_t *n);

/* Reads one entry of metric_list (a map with `metric` and options).
 *   output  the task's output type. A metric that cannot score it is an error for generate_until,
 *           where lm_eval's run ends, and left out for the others, as there
 * Errors: LME_ERR_TASK with the nearest known name. */
bool lme_metric_use_read(lme_arena *arena, const lme_value *entry, lme_output_kind output,
                         const char *file, lme_metric_use *use, lme_error *err) LME_MUST_CHECK;

/* The output type of that name ("multiple_choice" ...). False when there is none. */
bool lme_output_kind_find(lme_str name, lme_output_kind *output) LME_MUST_CHECK;

/* The metrics that lm_eval gives a task that names none (multiple_choice: acc, acc_norm ...). */
size_t lme_metric_defaults(lme_output_kind output, const char *names[4]);

/* Scores one document: fills score->stats and item in the arena. */
bool lme_metric_score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                      const lme_answer *answer, lme_score *score, lme_error *err) LME_MUST_CHECK;

/* The statistics of all scored documents of one (pipeline, metric), in document order. */
typedef struct lme_scores {
    const double *stats; /* n_docs x width */
    size_t n_docs;
    const uint32_t *cluster_of; /* n_docs numbers below n_clusters; NULL: documents stand alone */
    size_t n_clusters;
} lme_scores;

/* The value alone, for progress while a run goes: what is reported comes from summarize. */
double lme_metric_value(const lme_metric_use *use, const lme_scores *scores);

/* lm_eval's bootstrap: replicate i is the value of n_docs documents drawn with replacement, in the
 * order and by the generator of Python's random.choices, seeded anew with 0, 1, 2, ... every 1,000.
 * Two systems scored on the same documents get the same draws: their replicates are pairs.
 *   replicates  n_replicates values to fill; as in lm_eval a multiple of 1,000, or below it
 */
void lme_metric_bootstrap(const lme_metric_use *use, const lme_scores *scores, double *replicates,
                          size_t n_replicates);

/* The statistics of a document that was scored before, from its item in a samples file, ours or
 * lm_eval's; of several answers (a list of items) their averages, as lme_metric_score has them.
 *   stats  width doubles to fill
 * Returns false when the item does not tell them. */
bool lme_metric_restore(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                        double *stats) LME_MUST_CHECK;

/* What each document has to do with a score that is no mean (corpus BLEU, a perplexity, F1): n
 * numbers whose mean is the score and whose standard error, as that of a mean, is the score's. So
 * whatever can be told of means (paired, clustered, over tasks) can be told of it: v_i = value +
 * (n - 1) (mean of all value_(-j) - value_(-i)), value_(-i) being the score without document i.
 *   values  n_docs numbers to fill
 * Returns false for fewer than 3 documents, for a score of which this is not true or too much work
 * (a median, a calibration error, rows in their order, more than 2,048 different ones), and when
 * one of the numbers is none. Source: Tukey (1958), pseudo-values of the jackknife, moved so that
 * their mean is the score; Efron and Tibshirani, "An Introduction to the Bootstrap" (1993),
 * equation 11.5 and 11.13. */
bool lme_metric_pseudo_values(const lme_metric_use *use, const lme_scores *scores,
                              double *values) LME_MUST_CHECK;

/* What it would do to the base's score if one document were answered as the other has answered it:
 * exactly 0 where both have the same statistics. For those that have pseudo-values.
 *   other    statistics of the same documents in the same order
 *   effects  n_docs differences of scores to fill */
void lme_metric_effects(const lme_metric_use *use, const lme_scores *base, const lme_scores *other,
                        double *effects);

/* lm_eval's number of replicates. */
#define LME_BOOTSTRAP_ITERS 100000

/* Value, standard error, 95 % interval. The interval of a share is Wilson's, of another mean by
 * Student's t, of what is bootstrapped by the normal; a mean with clusters has its standard error
 * by these beside lm_eval's, and the interval is of that (stats.h). bootstrap_iters  replicates
 * where a bootstrap is needed; as in lm_eval 0 means that there are no standard errors at all, not
 * even a mean's NAN stands for lm_eval's "N/A": one document, no formula. Errors: LME_ERR_DATA when
 * there is no document. */
bool lme_metric_summarize(const lme_metric_use *use, lme_str pipeline, const lme_scores *scores,
                          size_t bootstrap_iters, lme_summary *summary,
                          lme_error *err) LME_MUST_CHECK;

/* One entry of a group's aggregate_metric_list: how the tasks' numbers become the group's. */
typedef struct lme_group_metric {
    lme_str metric;
    const lme_str *pipelines; /* n_pipelines names; NULL: every one that a task has it in, sorted */
    size_t n_pipelines;
    bool weight_by_size; /* each task counts by its documents; false: all the same */
} lme_group_metric;

/* A group's numbers over its tasks. */
typedef struct lme_group_result {
    lme_str name;
    lme_str alias;
    lme_str version;        /* metadata.version as text; "N/A" */
    const lme_str *members; /* n_members names of tasks and groups, in the group's order */
    size_t n_members;
    bool has_aggregates;          /* false: the group only holds its members together */
    size_t sample_len;            /* documents of all its tasks */
    const lme_summary *summaries; /* n_docs: documents of the tasks that have the metric */
    size_t n_summaries;
} lme_group_result;

/* A task's documents, as groups weigh it: the most that any of its metrics was scored on. */
size_t lme_result_sample_len(const lme_result *task);

/* Fills sample_len and summaries of a group from its tasks.
 *   leaves  n_leaves tasks, those of subgroups included; one that two subgroups share stands twice
 *           and counts twice, as in lm_eval; NULL for a task that has not been run
 * Weighted: sum(n_i m_i) / sum n_i, standard error sqrt(sum((n_i - 1) s_i^2 n_i) / (N - k) / N).
 * Not weighted: the mean, sqrt(sum s_i^2) / k. NAN when a task's standard error is.
 * Source: lm_eval 0.4.13 api/group.py (aggregate), api/metrics.py (pooled_sample_stderr). */
void lme_group_summarize(lme_arena *arena, const lme_group_metric *metrics, size_t n_metrics,
                         const lme_result *const *leaves, size_t n_leaves, lme_group_result *group);

#endif

/* Did the other model keep what the base has? Two records, item by item.
 *
 *     lme_comparison c;
 *     lme_compare_runs(arena, &base, &other, &options, &c);
 *     if (c.n_obstacles > 0) ...                              not comparable: says why
 *     lme_str text = lme_compare_format_find(LME_STR("table"))->write(arena, &view);
 *
 * Formulas: stats.h; what they mean: docs/compare.md, docs/statistics.md.
 */
#ifndef LMEVAL_COMPARE_H
#define LMEVAL_COMPARE_H

#include <lmeval/record.h>
#include <lmeval/stats.h>

/* A task whose runs were looked at before all documents were in. */
typedef struct lme_compare_early {
    lme_str task;
    double confidence; /* in place of the asked one, for who looks so often: of the last look */
    size_t n_looks, n_planned_looks;
    size_t n_docs, n_planned_docs;
} lme_compare_early;

typedef struct lme_compare_options {
    double theta;         /* recovery that is asked for, 0.99 */
    double confidence;    /* of intervals (both sides) and of verdicts (one side), 0.95 */
    const lme_str *tasks; /* n_tasks names; none: all that both have */
    size_t n_tasks;
    const lme_str *metrics; /* n_metrics names; none: all */
    size_t n_metrics;
    const lme_compare_early *early; /* n_early tasks; none: nobody looked */
    size_t n_early;
} lme_compare_options;

typedef enum lme_verdict {
    LME_VERDICT_RECOVERED, /* surely at least theta */
    LME_VERDICT_DEGRADED,  /* surely below theta */
    LME_VERDICT_UNCLEAR,   /* these items cannot tell */
    LME_VERDICT_NONE,      /* nothing to judge by: `unsupported` says why */
    LME_VERDICTS
} lme_verdict;

/* One metric of one task, or of the average over tasks. Directions: difference is other - base as
 * they stand; lost, gained and recovery are in the metric's own sense of better. */
typedef struct lme_comparison_row {
    lme_str task;    /* "average" in the last rows */
    bool is_average; /* over tasks, not of one */
    lme_str metric, pipeline;
    bool higher_is_better;
    bool is_share;     /* all scores in [0, 1]: shown in percent */
    bool is_early;     /* the documents were looked at before all were in: no p then */
    double confidence; /* of its intervals and verdict: the asked one, or more when is_early */
    bool is_corpus;    /* a score of all documents together: BLEU, a perplexity, F1 */
    size_t n;          /* items that pair; tasks in an average */
    lme_estimate base, other; /* over the items that pair */
    lme_estimate difference;
    lme_interval difference_interval;
    lme_estimate recovery;
    lme_interval recovery_interval;
    double chance; /* mean score of a guesser; NAN: unknown */
    lme_estimate recovery_above_chance;
    lme_interval recovery_above_chance_interval;
    lme_flips flips;
    lme_interval flip_rate;
    double p;          /* that the two are equal: mid-p McNemar or paired t */
    double p_adjusted; /* Holm over all rows of this comparison but averages */
    double detectable; /* smallest difference seen with 80 % power */
    lme_test kept;     /* non-inferiority at theta */
    lme_verdict verdict;
    double n_needed;         /* items that would tell if all else stays as it is; UNCLEAR only */
    double n_if_equal;       /* items that would show it, were the two equal; UNCLEAR only */
    const char *unsupported; /* NULL: all of the above is there; else only base and other are */
    const lme_pairs *pairs;  /* higher is better; of a corpus the pseudo-values of the jackknife
                                (metric.h); NULL for averages and unsupported rows */
} lme_comparison_row;

typedef struct lme_comparison {
    const lme_record *base, *other;
    lme_compare_options options;
    const lme_str *obstacles; /* n_obstacles reasons why the runs are not comparable */
    size_t n_obstacles;
    const lme_str *notes; /* n_notes: what a reader must know besides */
    size_t n_notes;
    const lme_comparison_row *rows; /* n_rows; averages last */
    size_t n_rows;
    /* n_missing rows of the base that the other run has nothing for; `unsupported` says what is not
     * there, and only `base` is filled */
    const lme_comparison_row *missing;
    size_t n_missing;
    size_t n_tested; /* rows that p is adjusted over */
    bool forced;     /* there were obstacles, and the user said to go on */
} lme_comparison;

/* Is there what the user asks for by name? Tasks, metrics, and a cluster column with something in
 * each document of the tasks asked for.
 * Errors: LME_ERR_USAGE with the nearest name; LME_ERR_DATA with file:line for a document that has
 * nothing in the column. */
bool lme_compare_asked(lme_arena *arena, const lme_record *base, const lme_compare_options *options,
                       lme_error *err) LME_MUST_CHECK;

/* Compares. That there is nothing in common is an obstacle, not an error. */
void lme_compare_runs(lme_arena *arena, const lme_record *base, const lme_record *other,
                      const lme_compare_options *options, lme_comparison *comparison);

const char *lme_verdict_name(lme_verdict verdict); /* "recovered", "degraded", "cannot tell", "" */

/* The verdict as a sentence. */
lme_str lme_verdict_sentence(lme_arena *arena, const lme_comparison_row *row,
                             const lme_compare_options *options);

/* The same row in a comparison of the base with itself; NULL: there is none. */
const lme_comparison_row *lme_noise_row(const lme_comparison *noise, const lme_comparison_row *row);

/* How much of the flips is the server's own: "3.1 % flipped; the base against itself flips 0.8 %
 * ...".
 * "" when noise is NULL or has no such row. */
lme_str lme_noise_sentence(lme_arena *arena, const lme_comparison_row *row,
                           const lme_comparison *noise, double confidence);

/* ---- thresholds ---------------------------------------------------------------------------------
 */

/* What a build is refused for; NAN: not asked. */
typedef struct lme_gates {
    double min_recovery; /* share, 0.99 */
    double max_drop;     /* as shown: points where scores are shares, else the metric's own unit */
    double max_flips;    /* share of items */
    double confidence;   /* of the proof */
    bool point;          /* the number itself must hold, instead of its bound */
} lme_gates;

/* Thresholds of one task; of all that have none of their own when the name is "". */
typedef struct lme_gate_rule {
    lme_str task;
    lme_gates gates;
    lme_place at; /* of the task's name; no file: the command line's rule */
} lme_gate_rule;

/* Reads thresholds a task from YAML: min_recovery, max_drop, max_flips (percent and points, as on
 * the command line), confidence, point for all tasks, and `tasks: {NAME: {...}}` for single ones.
 *   defaults  what the file does not say
 * Errors: LME_ERR_TASK with file:line:column for an unknown key or a value that is no such number.
 * The ranges are the command line's: confidence from 0.5 to 0.9999, min_recovery from 1 to 200. */
bool lme_gates_read(lme_arena *arena, const char *path, const lme_gates *defaults,
                    const lme_gate_rule **rules, size_t *n_rules, lme_error *err) LME_MUST_CHECK;

/* One threshold at one row. */
typedef struct lme_gate_result {
    const lme_comparison_row *row;
    const char *gate; /* "min-recovery", "max-drop", "max-flips" */
    bool met;
    lme_str text; /* one line: what was asked and found */
} lme_gate_result;

/* Is each task's rule about something? A mistyped name would be a threshold that nothing is held
 * to. A task of the base that the options leave out is fine. Errors: LME_ERR_TASK at the rule for a
 * task that the base has not run. */
bool lme_gates_match(lme_arena *arena, const lme_gate_rule *rules, size_t n_rules,
                     const lme_comparison *comparison, lme_error *err) LME_MUST_CHECK;

/* Checks all rows but averages. A row that cannot be judged meets none, nor does one that the other
 * run does not have: what was not measured is not kept. */
const lme_gate_result *lme_gates_check(lme_arena *arena, const lme_gate_rule *rules, size_t n_rules,
                                       const lme_comparison *comparison, size_t *n_results);

/* What a build's log says: a sentence for each that is not met, broken at 80 columns.
 *   n_failed  how many these are */
lme_str lme_gates_failures(lme_arena *arena, const lme_gate_result *results, size_t n,
                           size_t *n_failed);

/* Results as a JUnit XML file, which build servers show: one suite a comparison, one case a result.
 */
typedef struct lme_gate_suite {
    const lme_comparison *comparison;
    const lme_gate_result *results;
    size_t n;
} lme_gate_suite;

lme_str lme_gates_junit(lme_arena *arena, const lme_gate_suite *suites, size_t n);

/* ---- formats
 * ------------------------------------------------------------------------------------- */

/* All that is printed at once: the base against each other run. */
typedef struct lme_compare_view {
    const lme_comparison *comparisons; /* n of them, the same base */
    size_t n;
    const lme_comparison *noise; /* the base against the base once more; NULL: not measured */
    bool utf8;
} lme_compare_view;

/* A row of src/compare/format/list.h. */
typedef struct lme_compare_format {
    const char *name;
    const char *summary;
    lme_str (*write)(lme_arena *arena, const lme_compare_view *view);
    bool for_terminals; /* a verdict ends its line, and may be coloured */
} lme_compare_format;

const lme_compare_format *const *lme_compare_format_all(size_t *n);
const lme_compare_format *lme_compare_format_find(lme_str name); /* NULL: none */

#endif

/* The numbers of one row. */
#ifndef LMEVAL_COMPARE_ROW_H
#define LMEVAL_COMPARE_ROW_H

#include "corpus.h"

#include <lmeval/compare.h>

typedef struct lme_row_input {
    const lme_pairing *pairing;
    lme_corpus_side base, other;
    bool is_mean; /* the results file's values are the means of the items */
} lme_row_input;

/* Fills a row whose task, metric, pipeline and direction are set, or says in it why it cannot. */
void lme_row_fill(lme_arena *arena, const lme_compare_options *options, const lme_row_input *input,
                  lme_comparison_row *row);

/* Of a judged row that is no average: other - base where more is better, base - other where less
 * is, with its interval; the test that at least theta is kept. */
lme_interval lme_row_gain(const lme_comparison_row *row, double confidence);
lme_test lme_row_kept(const lme_comparison_row *row, double theta);

/* Averages over rows of one metric and pipeline in several tasks. A task in which no item differs
 * has the error of its own interval, for no variance seen is not no variance; where that has none
 * either (scores of no range, all equal) the average is not judged. */
typedef struct lme_row_set {
    lme_str name;                          /* of a group of tasks; "average" */
    const lme_comparison_row *const *rows; /* n, judged */
    const double *weights;                 /* n; NULL: equal */
    size_t n;
} lme_row_set;

void lme_row_average(lme_arena *arena, const lme_compare_options *options, const lme_row_set *set,
                     lme_comparison_row *average);

#endif

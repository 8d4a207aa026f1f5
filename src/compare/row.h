/* The numbers of one row. */
#ifndef LMEVAL_COMPARE_ROW_H
#define LMEVAL_COMPARE_ROW_H

#include "pair.h"

#include <lmeval/compare.h>

typedef struct lme_row_input {
    const lme_pairing *pairing;
    const lme_record_task *task; /* of the base */
    const lme_record_score *base, *other;
    size_t column_base, column_other; /* of the metric in the lines; SIZE_MAX: not there */
    bool is_mean;                     /* the results file's values are the means of the items */
} lme_row_input;

/* Fills a row whose task, metric, pipeline and direction are set, or says in it why it cannot. */
void lme_row_fill(lme_arena *arena, const lme_compare_options *options, const lme_row_input *input,
                  lme_comparison_row *row);

/* Averages over rows of one metric and pipeline in several tasks. A task in which no item differs
 * has the error of its own interval, for no variance seen is not no variance; where that has none
 * either (scores of no range, all equal) the average is not judged. */
void lme_row_average(lme_arena *arena, const lme_compare_options *options,
                     const lme_comparison_row *const *rows, size_t n, lme_comparison_row *average);

#endif

/* Rows of a split behind process_docs, one at a time. */
#ifndef LMEVAL_TASK_ROWS_H
#define LMEVAL_TASK_ROWS_H

#include "step/step.h"

#include <lmeval/dataset.h>

typedef struct lme_rows {
    lme_dataset *dataset;
    lme_steps steps;
    lme_arena *scratch; /* what a row and its steps need; emptied before the next row */
    lme_value made;     /* the rows made of the last one read, in scratch */
    size_t at;          /* which of them comes next */
    size_t n_read;      /* rows of the dataset */
} lme_rows;

/* The scratch arena and the dataset are freed with `arena`. */
bool lme_rows_open(lme_arena *arena, const lme_source *source, const lme_steps *steps,
                   lme_rows *rows, lme_error *err) LME_MUST_CHECK;

/* Next row, copied into `arena`. Errors name the row of the file. */
bool lme_rows_next(lme_arena *arena, lme_rows *rows, lme_value *row, bool *end,
                   lme_error *err) LME_MUST_CHECK;

/* Passes one row by. */
bool lme_rows_skip(lme_rows *rows, bool *end, lme_error *err) LME_MUST_CHECK;

/* All rows from here to the end: how many. */
bool lme_rows_count(lme_rows *rows, size_t *n, lme_error *err) LME_MUST_CHECK;

#endif

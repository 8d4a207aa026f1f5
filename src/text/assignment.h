/* The assignment problem. */
#ifndef LMEVAL_TEXT_ASSIGNMENT_H
#define LMEVAL_TEXT_ASSIGNMENT_H

#include <lmeval/arena.h>

/* Pairs rows with columns, each at most once and as many as there can be, so that the sum of their
 * scores is largest.
 *   scores   n_rows x n_columns, finite
 *   partner  n_rows values to fill: the row's column, SIZE_MAX for a row without one
 * Time n_rows^2 n_columns (of the longer side the second). */
void lme_best_assignment(lme_arena *scratch, const double *scores, size_t n_rows, size_t n_columns,
                         size_t *partner);

#endif

/* Documents by what they say: the different rows of a statistics matrix, and which of them each
 * document has. What depends on counts alone is then told from a few numbers. */
#ifndef LMEVAL_METRIC_DISTINCT_H
#define LMEVAL_METRIC_DISTINCT_H

#include <stdint.h>

#include <lmeval/arena.h>

typedef struct lme_distinct {
    const double *rows; /* n_rows x width, ascending; NaN is above all numbers and equal to NaN */
    size_t n_rows, width;
    const uint32_t *row_of; /* n documents: index of each one's row */
} lme_distinct;

lme_distinct lme_distinct_rows(lme_arena *arena, const double *rows, size_t width, size_t n);

#endif

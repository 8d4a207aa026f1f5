#include "distinct.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <lmeval/error.h>

typedef struct keyed_row {
    const double *row;
    size_t width, index;
} keyed_row;

static int compare_numbers(double a, double b)
{
    if (isnan(a) || isnan(b))
        return (isnan(a) ? 1 : 0) - (isnan(b) ? 1 : 0);
    return (a > b) - (a < b);
}

static int compare_rows(const void *a, const void *b)
{
    const keyed_row *left = a, *right = b;
    for (size_t w = 0; w < left->width; w++) {
        int order = compare_numbers(left->row[w], right->row[w]);
        if (order != 0)
            return order;
    }
    return 0;
}

lme_distinct lme_distinct_rows(lme_arena *arena, const double *rows, size_t width, size_t n)
{
    LME_BUG(n > UINT32_MAX, "more documents than counts can tell");
    keyed_row *sorted = LME_ARRAY(arena, keyed_row, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = (keyed_row){.row = rows + i * width, .width = width, .index = i};
    qsort(sorted, n, sizeof *sorted, compare_rows);
    double *kept = lme_arena_array(arena, n, width * sizeof(double));
    uint32_t *row_of = LME_ARRAY(arena, uint32_t, n);
    size_t n_rows = 0;
    for (size_t i = 0; i < n; i++) {
        if (i == 0 || compare_rows(&sorted[i - 1], &sorted[i]) != 0)
            memcpy(kept + n_rows++ * width, sorted[i].row, width * sizeof(double));
        row_of[sorted[i].index] = (uint32_t)(n_rows - 1);
    }
    return (lme_distinct){.rows = kept, .n_rows = n_rows, .width = width, .row_of = row_of};
}

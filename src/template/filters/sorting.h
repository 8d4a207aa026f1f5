/* Stable sorting by keys that were computed before; shared by sort, dictsort and groupby. */
#ifndef LMEVAL_TEMPLATE_FILTERS_SORTING_H
#define LMEVAL_TEMPLATE_FILTERS_SORTING_H

#include "arguments.h"

typedef struct lme_sorted {
    lme_value key, item;
} lme_sorted;

/* Fails when two keys have no order. */
bool lme_sort(const lme_invocation *use, lme_sorted *entries, size_t n, bool reverse,
              lme_error *err) LME_MUST_CHECK;

#endif

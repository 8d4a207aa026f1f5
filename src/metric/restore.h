/* Statistics from what a samples file shows of a document. */
#ifndef LMEVAL_METRIC_RESTORE_H
#define LMEVAL_METRIC_RESTORE_H

#include <lmeval/metric.h>

/* A list of n finite numbers. Returns false when the item is something else. */
bool lme_restore_numbers(const lme_value *item, double *stats, size_t n);

#endif

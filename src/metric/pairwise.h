/* numpy.sum: up to 128 numbers are added in eight parallel sums, longer arrays are split in halves;
 * another last digit than from left to right. Source: numpy 2.4 loops_utils.h.src, pairwise_sum. */
#ifndef LMEVAL_METRIC_PAIRWISE_H
#define LMEVAL_METRIC_PAIRWISE_H

#include <stddef.h>

/* Sum of number(context, i) for i from 0 below n. */
double lme_pairwise_sum(double (*number)(const void *context, size_t i), const void *context,
                        size_t n);

/* Of an array. */
double lme_pairwise_sum_of(const double *values, size_t n);

#endif

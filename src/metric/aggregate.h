/* The aggregations that a task can name for any metric whose statistics fit, and what they are made
 * of. An aggregation that is of one metric alone (corpus BLEU) stands in that metric's file. */
#ifndef LMEVAL_METRIC_AGGREGATE_H
#define LMEVAL_METRIC_AGGREGATE_H

#include <lmeval/metric.h>

extern const lme_aggregation lme_aggregation_mean;
extern const lme_aggregation lme_aggregation_median; /* sorted(values)[n / 2] */
extern const lme_aggregation lme_aggregation_nanmean;
extern const lme_aggregation lme_aggregation_perplexity;
extern const lme_aggregation lme_aggregation_weighted_perplexity;
extern const lme_aggregation lme_aggregation_bits_per_byte;
extern const lme_aggregation lme_aggregation_f1; /* f1.c, of class 1 */
extern const lme_aggregation lme_aggregation_macro_f1;
extern const lme_aggregation lme_aggregation_micro_f1;
extern const lme_aggregation lme_aggregation_weighted_f1;
extern const lme_aggregation lme_aggregation_matthews_corrcoef; /* mcc.c */
extern const lme_aggregation lme_aggregation_brier_score;
extern const lme_aggregation lme_aggregation_bypass;

/* NULL when there is none of that name. */
const lme_aggregation *lme_aggregation_find(lme_str name);
const lme_aggregation *const *lme_aggregation_all(size_t *n);

/* The score of n >= 1 rows. */
double lme_aggregate(const lme_metric_use *use, const double *rows, size_t n);

/* Sums run left to right in plain doubles, as in Python 3.11: from 3.12 on its sum() compensates,
 * and the last digits differ. */
double lme_mean(const double *values, size_t n);
double lme_sample_stddev(const double *values, size_t n); /* n >= 2; divides by n - 1 */
double lme_mean_stderr(const double *values, size_t n);   /* n >= 2 */

#endif

/* How the documents' statistics become one number, and what its standard error is. */
#ifndef LMEVAL_METRIC_AGGREGATE_H
#define LMEVAL_METRIC_AGGREGATE_H

#include <lmeval/metric.h>

typedef enum lme_stderr_kind {
    LME_STDERR_NONE, /* lm_eval has no formula: "N/A" */
    LME_STDERR_MEAN, /* of a mean */
    LME_STDERR_BOOTSTRAP,
} lme_stderr_kind;

typedef struct lme_aggregation {
    const char *name;
    size_t width; /* doubles a document that reduce reads */
    double (*reduce)(const lme_metric_use *use, const double *stats, size_t n);
    lme_stderr_kind stderr_kind;
} lme_aggregation;

/* NULL when there is none of that name. */
const lme_aggregation *lme_aggregation_find(lme_str name);
const lme_aggregation *lme_aggregation_all(size_t *n);

double lme_reduce_mean(const lme_metric_use *use, const double *stats, size_t n);
double lme_reduce_perplexity(const lme_metric_use *use, const double *stats, size_t n);
double lme_reduce_weighted_perplexity(const lme_metric_use *use, const double *stats, size_t n);
double lme_reduce_bits_per_byte(const lme_metric_use *use, const double *stats, size_t n);

/* Sums run left to right in plain doubles, as in Python 3.11: from 3.12 on its sum() compensates,
 * and the last digits differ. */
double lme_mean(const double *values, size_t n);
double lme_sample_stddev(const double *values, size_t n); /* n >= 2; divides by n - 1 */
double lme_mean_stderr(const double *values, size_t n);   /* NAN for n = 1 */

/* lm_eval's bootstrap: LME_BOOTSTRAP_ITERATIONS replicates of n documents drawn with replacement,
 * the generator seeded anew with 0, 1, 2, ... every LME_BOOTSTRAP_CHUNK. Takes about 8 ns a
 * document and replicate: most of a second for 1,000 documents. */
#define LME_BOOTSTRAP_ITERATIONS 100000
#define LME_BOOTSTRAP_CHUNK      1000
double lme_bootstrap_stderr(const lme_metric_use *use, const lme_aggregation *aggregation,
                            const double *stats, size_t n);

#endif

/* mcc: correlation of right and chosen classes, for any number of them (R_K; Matthews' for two). */
#include "aggregate.h"
#include "choice.h"
#include "classes.h"

#include <math.h>

/* All of these are whole numbers and exact; the quotient alone is rounded. 0 where it is undefined:
 * all documents of one class, or one class always chosen. */
static double correlation(const lme_metric_use *use, const double *rows, const uint32_t *n_of_rows,
                          size_t n_rows)
{
    (void)use;
    lme_class_counts counts;
    lme_class_counts_make(&counts, rows, n_of_rows, n_rows);
    double both = 0.0, products = 0.0, right = 0.0, chosen = 0.0, n = counts.n_docs;
    for (size_t i = 0; i < counts.len; i++) {
        const lme_class_count *c = &counts.items[i];
        both += c->both;
        products += c->right * c->chosen;
        right += c->right * c->right;
        chosen += c->chosen * c->chosen;
    }
    lme_class_counts_free(&counts);
    double spread = (n * n - chosen) * (n * n - right);
    return spread > 0.0 ? (both * n - products) / sqrt(spread) : 0.0;
}

const lme_aggregation lme_aggregation_matthews_corrcoef = {
    .name = "matthews_corrcoef",
    .width = 2,
    .from_counts = correlation,
    .bootstrap = true,
};

const lme_metric lme_metric_mcc = {
    .name = "mcc",
    .summary = "Matthews' correlation of the right and the chosen answers",
    .source = "scikit-learn 1.9 matthews_corrcoef; lm_eval 0.4.13 api/metrics.py",
    .output_kinds = 1u << LME_OUTPUT_MULTIPLE_CHOICE,
    .higher_is_better = true,
    .width = 2,
    .keys = lme_metric_choice_keys,
    .aggregation = &lme_aggregation_matthews_corrcoef,
    .score = lme_metric_score_class,
    .restore = lme_metric_restore_class,
};

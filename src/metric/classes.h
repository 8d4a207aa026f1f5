/* Scores of a classifier: a document's statistics are its right class and the chosen one, by the
 * numbers of the choices; -100 is lm_eval's number for a target that is none of them. */
#ifndef LMEVAL_METRIC_CLASSES_H
#define LMEVAL_METRIC_CLASSES_H

#include <lmeval/metric.h>

/* Statistics and item: (right class, class of the highest loglikelihood).
 * Errors: LME_ERR_DATA when several choices are right. */
bool lme_metric_score_class(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                            const lme_answer *answer, lme_measurement *made, lme_error *err);

/* Both statistics from the item. */
bool lme_metric_restore_class(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                              double *stats);

/* How often a class is right, chosen, and both. */
typedef struct lme_class_count {
    double right, chosen, both;
} lme_class_count;

typedef struct lme_class_counts {
    lme_class_count *items; /* by class + 100, unused ones 0 */
    size_t len;
    size_t n_classes; /* that occur, right or chosen */
    double n_docs;
    lme_class_count few[256];
    lme_arena *many; /* holds the items where `few` are too few */
} lme_class_counts;

/* Counts rows of (right, chosen); free the counts after. */
void lme_class_counts_make(lme_class_counts *counts, const double *rows, const uint32_t *n_of_rows,
                           size_t n_rows);
void lme_class_counts_free(lme_class_counts *counts);

/* The class's counts; NULL when there is none of that number. */
const lme_class_count *lme_class_counts_of(const lme_class_counts *counts, int64_t number);

#endif

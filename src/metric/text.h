/* What the metrics of generated texts share: each is a row of the text room, fed with an answer and
 * its references. */
#ifndef LMEVAL_METRIC_TEXT_H
#define LMEVAL_METRIC_TEXT_H

#include <lmeval/metric.h>
#include <lmeval/text.h>

/* Opens the text metric of the same name with the task's options: use->state is an lme_text_use. */
bool lme_metric_prepare_text(lme_arena *arena, lme_metric_use *use, const char *file,
                             lme_error *err) LME_MUST_CHECK;

/* Fills all statistics; the item is lm_eval's [reference, answer]. */
bool lme_metric_score_corpus(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                             const lme_answer *answer, lme_measurement *made,
                             lme_error *err) LME_MUST_CHECK;

/* All statistics from that item. */
bool lme_metric_restore_corpus(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                               double *stats);

/* Fills one statistic, the document's own score, which is the item too. */
bool lme_metric_score_text(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                           const lme_answer *answer, lme_measurement *made,
                           lme_error *err) LME_MUST_CHECK;

/* Score of a corpus from the sums of its documents' statistics. */
double lme_metric_text_from_sums(const lme_metric_use *use, const double *sums, size_t n);

/* lm_eval bootstraps these with so many replicates at most, because it scores all texts anew. */
#define LME_METRIC_CORPUS_REPLICATES 100

#endif

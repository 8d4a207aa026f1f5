/* What the metrics of whole texts share: (loglikelihood, weight) of a document, and the option
 * count_in: the column whose words or bytes are counted instead of the target's, for tasks that
 * score a text other than the one they have (wikitext puts its tokens together again). */
#ifndef LMEVAL_METRIC_ROLLING_H
#define LMEVAL_METRIC_ROLLING_H

#include <lmeval/metric.h>

/* Fills both statistics and the item [loglikelihood, weight].
 *   weight  of the document's text: its words or bytes */
bool lme_metric_score_rolling(lme_arena *arena, const lme_metric_use *use, const lme_answer *answer,
                              size_t weight, lme_measurement *made, lme_error *err) LME_MUST_CHECK;

/* Both statistics from the item. */
bool lme_metric_restore_rolling(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                                double *stats);

extern const char *const lme_rolling_keys[];
bool lme_rolling_prepare(lme_arena *arena, lme_metric_use *use, const char *file,
                         lme_error *err) LME_MUST_CHECK;

/* The text that is counted. Errors: LME_ERR_DATA when the row lacks the column. */
bool lme_rolling_text(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                      lme_str *text, lme_error *err) LME_MUST_CHECK;

size_t lme_count_words(lme_str text); /* len(re.split(r"\s+", text)) */
size_t lme_count_bytes(lme_str text);

#endif

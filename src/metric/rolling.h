/* What the metrics of whole texts share: (loglikelihood, weight) of a document. */
#ifndef LMEVAL_METRIC_ROLLING_H
#define LMEVAL_METRIC_ROLLING_H

#include <lmeval/metric.h>

/* Fills both statistics and the item [loglikelihood, weight].
 *   weight  of the document's text: its words or bytes */
bool lme_metric_score_rolling(lme_arena *arena, const lme_metric_use *use, const lme_answer *answer,
                              size_t weight, lme_measurement *made, lme_error *err) LME_MUST_CHECK;

size_t lme_count_words(lme_str text); /* len(re.split(r"\s+", text)) */
size_t lme_count_bytes(lme_str text);

#endif

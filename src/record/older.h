/* Samples files of lm_eval up to 0.4.5, whose lines name neither their filter nor their metrics. */
#ifndef LMEVAL_RECORD_OLDER_H
#define LMEVAL_RECORD_OLDER_H

#include <lmeval/record.h>

/* The filter of the lines in the file's n-th pass over the documents: one filter after the other,
 * in the configuration's order. */
lme_str lme_older_filter(const lme_record_task *task, size_t pass);

/* The keys of a line that are none of lm_eval's own: its metrics, as a list of texts. */
lme_value lme_older_metrics(lme_arena *arena, const lme_value *line);

#endif

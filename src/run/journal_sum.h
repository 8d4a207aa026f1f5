/* A checksum of an answer and the question it belongs to: SQLite finds damaged pages, but not a
 * number on a sound one that is no longer what was written. */
#ifndef LMEVAL_RUN_JOURNAL_SUM_H
#define LMEVAL_RUN_JOURNAL_SUM_H

#include <lmeval/sample.h>

/* Over the key and what a journal keeps of the response. */
int64_t lme_journal_sum(lme_str key, const lme_response *response);

#endif

/* Every answer on disk before it counts: an SQLite file in WAL mode, one row an answer. */
#ifndef LMEVAL_RUN_JOURNAL_H
#define LMEVAL_RUN_JOURNAL_H

#include <lmeval/sample.h>

typedef struct lme_journal lme_journal;

/*   path   "" for a temporary one
 *   fresh  empty it first; one that was marked as finished is emptied in any case */
bool lme_journal_open(lme_str path, bool fresh, lme_journal **journal,
                      lme_error *err) LME_MUST_CHECK;
void lme_journal_close(lme_journal *journal); /* NULL is a no-op; what is not committed is lost */

size_t lme_journal_len(const lme_journal *journal); /* answers when it was opened */

/* The answer kept under key; texts are copied to the arena. found false: none. */
bool lme_journal_get(lme_arena *arena, lme_journal *journal, lme_str key, bool *found,
                     lme_response *response, lme_error *err) LME_MUST_CHECK;

/* Keeps an answer; it is safe after the next commit. */
bool lme_journal_put(lme_journal *journal, lme_str key, const lme_response *response,
                     lme_error *err) LME_MUST_CHECK;
bool lme_journal_commit(lme_journal *journal, lme_error *err) LME_MUST_CHECK;

/* Marks it as belonging to a finished run. */
bool lme_journal_finish(lme_journal *journal, lme_error *err) LME_MUST_CHECK;

#endif

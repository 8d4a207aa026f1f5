/* Every answer on disk before it counts: an SQLite file in WAL mode, one row an answer, and what
 * the run asked under which conditions. A cache is the same file without conditions, which several
 * runs may write to at once.
 */
#ifndef LMEVAL_RUN_JOURNAL_H
#define LMEVAL_RUN_JOURNAL_H

#include <lmeval/run.h>
#include <lmeval/sample.h>

typedef struct lme_journal lme_journal;

typedef enum lme_journal_kind {
    LME_JOURNAL_OF_RUN,   /* one writer, refused to others */
    LME_JOURNAL_OF_CACHE, /* shared */
} lme_journal_kind;

/*   path   "" for a temporary one
 *   fresh  empty it first
 * Errors: LME_ERR_IO: unreadable, in use, not ours, another format, damaged. */
bool lme_journal_open(lme_str path, lme_journal_kind kind, bool fresh, lme_journal **journal,
                      lme_error *err) LME_MUST_CHECK;

/* Opens one to look at: no byte of it changes, nothing is put into it, and where there is none yet
 * it is an empty one. Errors: as above. */
bool lme_journal_look(lme_str path, lme_journal_kind kind, lme_journal **journal,
                      lme_error *err) LME_MUST_CHECK;
void lme_journal_close(lme_journal *journal); /* NULL is a no-op; what is not committed is lost */

size_t lme_journal_len(const lme_journal *journal);       /* answers when it was opened */
bool lme_journal_is_finished(const lme_journal *journal); /* when it was opened */

/* The answer kept under key; texts are copied to the arena. found false: none. */
bool lme_journal_get(lme_arena *arena, lme_journal *journal, lme_str key, bool *found,
                     lme_response *response, lme_error *err) LME_MUST_CHECK;

/* Keeps an answer; it is safe after the next commit. */
bool lme_journal_put(lme_journal *journal, lme_str key, const lme_response *response,
                     lme_error *err) LME_MUST_CHECK;
size_t lme_journal_unsaved(const lme_journal *journal); /* answers put since the last commit */
bool lme_journal_commit(lme_journal *journal, lme_error *err) LME_MUST_CHECK;

/* Marks it as belonging to a finished run. */
bool lme_journal_finish(lme_journal *journal, lme_error *err) LME_MUST_CHECK;

/* Writes the conditions into a journal that has none; else compares (conditions.c).
 * Errors: LME_ERR_USAGE: what differs, then and now. */
bool lme_journal_agree(lme_journal *journal, const lme_condition *conditions, size_t n,
                       lme_error *err) LME_MUST_CHECK;

/* The value of a condition; found false: the journal has none of that name. */
bool lme_journal_condition(lme_arena *arena, lme_journal *journal, lme_str name, bool *found,
                           lme_str *value, lme_error *err) LME_MUST_CHECK;

#endif

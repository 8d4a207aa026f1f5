/* The rows of a journal by the hash of their keys, in memory: 16 bytes a slot, at most two in three
 * of them used. The journal's table itself is in the order of time, which makes writing cheap.
 */
#ifndef LMEVAL_RUN_JOURNAL_INDEX_H
#define LMEVAL_RUN_JOURNAL_INDEX_H

#include <lmeval/arena.h>
#include <lmeval/str.h>

typedef struct lme_journal_entry {
    uint64_t hash;
    int64_t row; /* >= 1; 0: free */
} lme_journal_entry;

typedef struct lme_journal_index {
    lme_arena *arena;
    lme_journal_entry *entries; /* capacity, a power of two */
    size_t capacity, n;
} lme_journal_index; /* zero: empty */

void lme_journal_index_free(lme_journal_index *index);

/*   row  >= 1 */
void lme_journal_index_add(lme_journal_index *index, lme_str key, int64_t row);

/* Rows whose key has this one's hash: the caller looks whether it is theirs. */
typedef struct lme_journal_hits {
    uint64_t hash;
    size_t at;
} lme_journal_hits;

lme_journal_hits lme_journal_index_find(const lme_journal_index *index, lme_str key);

/* The next of them; false: no more. */
bool lme_journal_index_next(const lme_journal_index *index, lme_journal_hits *hits, int64_t *row);

#endif

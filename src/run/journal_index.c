#include "journal_index.h"

#include <lmeval/hash.h>

enum {
    SMALLEST = 1024
};

/* Into the first free slot; there is one. */
static void place(lme_journal_index *index, lme_journal_entry entry)
{
    size_t at = (size_t)entry.hash & (index->capacity - 1);
    while (index->entries[at].row != 0)
        at = (at + 1) & (index->capacity - 1);
    index->entries[at] = entry;
}

static void grow(lme_journal_index *index)
{
    lme_journal_index old = *index;
    index->capacity = old.capacity > 0 ? old.capacity * 2 : SMALLEST;
    index->arena = lme_arena_new();
    index->entries = LME_ARRAY(index->arena, lme_journal_entry, index->capacity);
    for (size_t i = 0; i < old.capacity; i++) {
        if (old.entries[i].row != 0)
            place(index, old.entries[i]);
    }
    lme_arena_free(old.arena);
}

void lme_journal_index_free(lme_journal_index *index)
{
    lme_arena_free(index->arena);
    *index = (lme_journal_index){0};
}

void lme_journal_index_add(lme_journal_index *index, lme_str key, int64_t row)
{
    if (index->n >= index->capacity / 3 * 2)
        grow(index);
    place(index, (lme_journal_entry){.hash = lme_fnv_add(LME_FNV_START, key), .row = row});
    index->n++;
}

lme_journal_hits lme_journal_index_find(const lme_journal_index *index, lme_str key)
{
    uint64_t hash = lme_fnv_add(LME_FNV_START, key);
    return (lme_journal_hits){.hash = hash,
                              .at = index->capacity > 0 ? (size_t)hash & (index->capacity - 1) : 0};
}

bool lme_journal_index_next(const lme_journal_index *index, lme_journal_hits *hits, int64_t *row)
{
    if (index->capacity == 0)
        return false;
    while (index->entries[hits->at].row != 0) {
        const lme_journal_entry *entry = &index->entries[hits->at];
        hits->at = (hits->at + 1) & (index->capacity - 1);
        *row = entry->row;
        if (entry->hash == hits->hash)
            return true;
    }
    return false;
}

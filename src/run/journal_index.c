#include "journal_index.h"

#include <string.h>

enum {
    SMALLEST = 1024
};

/* Keys are SHA-256 in hex: 16 characters of one are as good as all, once what digits have in common
 * is mixed away. */
static uint64_t hash_of(lme_str key)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    uint64_t words[2] = {0};
    memcpy(words, key.ptr, key.len < sizeof words ? key.len : sizeof words);
    uint64_t hash = (words[0] * odd ^ words[1]) * odd;
    return hash ^ hash >> 32;
}

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
    place(index, (lme_journal_entry){.hash = hash_of(key), .row = row});
    index->n++;
}

lme_journal_hits lme_journal_index_find(const lme_journal_index *index, lme_str key)
{
    uint64_t hash = hash_of(key);
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

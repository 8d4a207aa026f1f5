/* SHA-256 (nettle) for names that must hold across machines, a short hash, and a table from texts
 * to numbers. */
#ifndef LMEVAL_HASH_H
#define LMEVAL_HASH_H

#include <lmeval/str.h>

/* SHA-256 in lower-case hex, 64 characters. */
lme_str lme_sha256_hex(lme_arena *arena, lme_str s);

/* The same over several texts one after another. */
typedef struct lme_sha256 lme_sha256;
lme_sha256 *lme_sha256_new(lme_arena *arena);
void lme_sha256_add(lme_sha256 *hash, lme_str s);
lme_str lme_sha256_finish(lme_arena *arena, lme_sha256 *hash);

/* FNV-1a, 64 bits, over several texts one after another, from LME_FNV_START on: the same
 * everywhere, and no defence against who chooses the texts. */
#define LME_FNV_START 0xcbf29ce484222325u
uint64_t lme_fnv_add(uint64_t hash, lme_str s);

/* text -> size_t. Keys are borrowed: they must live as long as the table. */
typedef struct lme_table lme_table;
lme_table *lme_table_new(lme_arena *arena);
bool lme_table_get(const lme_table *table, lme_str key, size_t *value);
void lme_table_set(lme_table *table, lme_str key, size_t value);
size_t lme_table_len(const lme_table *table);

#endif

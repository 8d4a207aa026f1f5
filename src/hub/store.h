/* A split in the cache: rows as zstd frames in one file, a manifest beside it, a lock while it is
 * being filled. Rows count once the manifest names them; what a killed program left behind it is
 * cut off. */
#ifndef LMEVAL_HUB_STORE_H
#define LMEVAL_HUB_STORE_H

#include <lmeval/hub.h>

/* What the manifest says. */
typedef struct lme_manifest {
    uint64_t n_rows, n_total; /* equal when the split is whole; n_total 0: not known */
    uint64_t size_bytes;      /* of the file */
    lme_str revision;
    lme_str sha256;
    lme_str source; /* "rows" or "parquet" */
} lme_manifest;

typedef struct lme_store {
    lme_arena *arena;
    const lme_hub_split *split;
    lme_str folder;
    lme_str whole, partial, manifest_path; /* files */
    int lock;
    lme_manifest manifest;
    bool is_whole;
} lme_store;

/* Whether a manifest is there: opening would make the folder. */
bool lme_store_exists(lme_arena *arena, lme_str cache, const lme_hub_split *split);

/* Only the paths of a store; it is not opened. False for names that lead elsewhere. */
bool lme_store_paths(lme_arena *arena, lme_str cache, const lme_hub_split *split, lme_store *store);

/* Opens the split's place and waits for its lock; reads the manifest.
 * Errors: LME_ERR_DATA for a name that leads out of the cache; LME_ERR_IO. */
bool lme_store_open(lme_arena *arena, lme_str cache, const lme_hub_split *split, lme_store *store,
                    lme_error *err) LME_MUST_CHECK;
void lme_store_close(lme_store *store);

/* Forgets the rows that are here. */
bool lme_store_restart(lme_store *store, lme_error *err) LME_MUST_CHECK;

/* Removes downloads that were broken off.
 *   keep  a part of the names of those that are gone on from; "": none */
bool lme_store_sweep(const lme_store *store, lme_str keep, lme_error *err) LME_MUST_CHECK;

/* Appends JSON lines as one frame; they count after lme_store_commit. */
bool lme_store_append(lme_store *store, lme_str lines, size_t n_rows,
                      lme_error *err) LME_MUST_CHECK;

/* Writes the manifest; a split that is complete gets its final name.
 *   is_last  the file's SHA-256 is taken, too */
bool lme_store_commit(lme_store *store, bool is_last, lme_error *err) LME_MUST_CHECK;

/* The file as it is now. */
lme_hub_rows lme_store_rows(const lme_store *store);

/* Reads a manifest. Errors: LME_ERR_DATA when it is broken. */
bool lme_manifest_read(lme_arena *arena, lme_str path, lme_hub_split *split, lme_manifest *manifest,
                       lme_error *err) LME_MUST_CHECK;

/* SHA-256 of a file, and its lines when it is .jsonl.zst.
 *   n_lines  NULL: not wanted, which spares the unpacking
 * Errors: LME_ERR_IO, LME_ERR_DATA. */
bool lme_file_digest(lme_arena *arena, const char *path, lme_str *sha256, uint64_t *n_lines,
                     lme_error *err) LME_MUST_CHECK;

#endif

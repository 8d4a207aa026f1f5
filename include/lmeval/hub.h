/* Data sets from the Hugging Face hub, into a cache that the mirror layout describes.
 *
 *     lme_hub hub = {.rows_url = ..., .cache = lme_hub_cache(arena)};
 *     lme_hub_fetch(arena, &hub, &(lme_hub_split){id, config, "validation"}, 20, &rows, err)
 *
 * A few rows come from the hub's rows API, in pages of 100 and only as many as are wanted; a whole
 * split comes from its Parquet files. Rows are kept as zstd JSON lines beside a manifest (revision,
 * number of rows, SHA-256). A fetch that was broken off goes on where it stopped, and two programs
 * may fill one cache: each split has a lock.
 *
 * Protocol: the dataset viewer's API (/splits, /rows, /parquet),
 * huggingface.co/docs/dataset-viewer.
 */
#ifndef LMEVAL_HUB_H
#define LMEVAL_HUB_H

#include <lmeval/value.h>

typedef struct lme_hub_progress {
    lme_str dataset, config, split;
    uint64_t done, total; /* rows, or bytes of Parquet; total 0: not known yet */
    bool is_bytes;
} lme_hub_progress;

/* Where and how to fetch; borrowed by whoever holds it. */
typedef struct lme_hub {
    lme_str rows_url; /* of the rows API, without a final slash */
    lme_str token;    /* for gated sets; "": none. Never printed or stored */
    lme_str cache;    /* folder */
    bool is_offline;  /* only what the cache has */
    unsigned max_retries;
    unsigned backoff_ms; /* before the first retry; doubles */
    void (*on_progress)(void *context, const lme_hub_progress *progress); /* may be NULL */
    void *context;
} lme_hub;

#define LME_HUB_ROWS_URL "https://datasets-server.huggingface.co"

typedef struct lme_hub_split {
    lme_str dataset; /* hub id: Rowan/hellaswag */
    lme_str config;  /* "": the default one, or the only one */
    lme_str split;
} lme_hub_split;

typedef struct lme_hub_rows {
    lme_str file;     /* .jsonl.zst in the cache */
    size_t n_rows;    /* in the file */
    size_t n_total;   /* in the split; n_rows when all are here */
    lme_str sha256;   /* of the file */
    lme_str revision; /* of the data set; "" when the hub named none */
} lme_hub_rows;

/* $XDG_CACHE_HOME/lmeval, else ~/.cache/lmeval; "" when there is no home. */
lme_str lme_hub_cache(lme_arena *arena);

/* Whether the cache has the first `wanted` rows (0: all), fetched before; asks nobody. */
bool lme_hub_has(lme_arena *arena, const lme_hub *hub, const lme_hub_split *split, size_t wanted,
                 lme_hub_rows *rows) LME_MUST_CHECK;

/* Makes at least the first `wanted` rows of a split be in the cache (0: all of them).
 * Errors: LME_ERR_NETWORK: no answer, or a busy hub; LME_ERR_DATA: no such data set, config or
 * split (with those there are), gated without a token, images; LME_ERR_IO. */
bool lme_hub_fetch(lme_arena *arena, const lme_hub *hub, const lme_hub_split *split, size_t wanted,
                   lme_hub_rows *rows, lme_error *err) LME_MUST_CHECK;

/* Every split in the cache, sorted by path. */
typedef struct lme_hub_entry {
    lme_hub_split split;
    lme_hub_rows rows;
    uint64_t size_bytes;
} lme_hub_entry;

bool lme_hub_list(lme_arena *arena, lme_str cache, lme_hub_entry **entries, size_t *n,
                  lme_error *err) LME_MUST_CHECK;

/* A whole file in the cache against the SHA-256 of its manifest, before it is read; one without a
 * manifest (put there by hand) is fine. Takes about 1 ms a megabyte.
 * Errors: LME_ERR_DATA that says how to get it anew. */
bool lme_hub_check(lme_arena *arena, lme_str cache, const lme_hub_split *split,
                   lme_error *err) LME_MUST_CHECK;

/* Reads the file again and compares its SHA-256 and rows with the manifest.
 * Errors: LME_ERR_DATA that says what differs. */
bool lme_hub_verify(const lme_hub_entry *entry, lme_error *err) LME_MUST_CHECK;

/* Removes a split's file and manifest. */
bool lme_hub_remove(lme_arena *arena, lme_str cache, const lme_hub_split *split,
                    lme_error *err) LME_MUST_CHECK;

#endif

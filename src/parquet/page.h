/* One page: its header, and its body unpacked. */
#ifndef LMEVAL_PARQUET_PAGE_H
#define LMEVAL_PARQUET_PAGE_H

#include "bits.h"
#include "schema.h"

/* The open file that pages are read from. */
typedef struct lme_paged_file {
    int descriptor;
    const char *path;
    uint64_t size;
} lme_paged_file;

/* n bytes at an offset inside the file. Errors: LME_ERR_IO; LME_ERR_DATA when the file has become
 * shorter. */
bool lme_paged_file_read(const lme_paged_file *file, uint64_t offset, void *bytes, size_t n,
                         lme_error *err) LME_MUST_CHECK;

/* parquet.thrift's PageType. */
typedef enum lme_page_kind {
    LME_PAGE_DATA,
    LME_PAGE_INDEX,
    LME_PAGE_DICTIONARY,
    LME_PAGE_DATA_V2,
    LME_PAGE_OTHER,
} lme_page_kind;

typedef struct lme_page {
    lme_page_kind kind;
    uint64_t n_values; /* nulls included */
    int64_t encoding;
    lme_bytes repetition; /* levels, as the hybrid; empty where the column has none */
    lme_bytes definition;
    lme_bytes values;
} lme_page;

/* The pages of a chunk, one after another. */
typedef struct lme_pages {
    const lme_paged_file *file;
    const lme_parquet_node *leaf;
    int64_t compression; /* lme_compression, unchecked */
    uint64_t offset;     /* of the next page */
} lme_pages;

/* Reads the next page. One that is neither data nor a dictionary has no body.
 *   arena  holds the body until the next page
 * Errors: LME_ERR_IO; LME_ERR_DATA; LME_ERR_LIMIT. */
bool lme_page_read(lme_arena *arena, lme_pages *pages, lme_page *page,
                   lme_error *err) LME_MUST_CHECK;

/* Unpacks exactly `size` bytes (codec.c).
 * Returns NULL, or why not. */
const char *lme_unpack_page(int64_t compression, lme_str packed, char *bytes, size_t size);

/* "the Parquet file is broken: column c: WHAT". Returns false. */
bool lme_column_broken(const lme_paged_file *file, const lme_parquet_node *leaf, const char *what,
                       lme_error *err);

#endif

/* A column as a stream of Dremel's triples (repetition level, definition level, value), over all
 * its pages and row groups. The present triple can be looked at before it is left.
 * Source: S. Melnik et al., "Dremel: Interactive Analysis of Web-Scale Datasets", VLDB 2010. */
#ifndef LMEVAL_PARQUET_COLUMN_H
#define LMEVAL_PARQUET_COLUMN_H

#include "page.h"
#include "values.h"

typedef struct lme_column {
    lme_pages pages; /* of the present chunk */
    const lme_parquet_node *leaf;
    const lme_chunk *chunks; /* this column's of each group: every n_leaves-th */
    size_t stride, n_groups;
    size_t group;  /* the next to be opened */
    uint64_t left; /* triples left in the chunk */
    uint64_t left_in_page;
    lme_arena *chunk_arena; /* the dictionary */
    lme_arena *page_arena;
    lme_arena *text_arena;
    lme_dictionary dictionary;
    lme_hybrid repetitions, definitions;
    lme_builder text;
    lme_values values;
    /* the present triple */
    bool is_done; /* there is none any more */
    unsigned repetition, definition;
    lme_raw raw; /* when definition is the leaf's maximum */
} lme_column;

/* Starts before the first triple. The column is freed with lme_column_close. */
void lme_column_open(lme_column *column, const lme_paged_file *file,
                     const lme_parquet_schema *schema, size_t leaf);
void lme_column_close(lme_column *column);

/* Moves to the next triple. Errors: LME_ERR_DATA, LME_ERR_IO, LME_ERR_LIMIT. */
bool lme_column_advance(lme_column *column, lme_error *err) LME_MUST_CHECK;

#endif

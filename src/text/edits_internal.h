/* Edit distance in a band around the diagonal, kept row by row so that a hypothesis with a few
 * words moved starts where it begins to differ. */
#ifndef LMEVAL_TEXT_EDITS_INTERNAL_H
#define LMEVAL_TEXT_EDITS_INTERNAL_H

#include "words.h"

/* One row of the table: cells of the columns first <= j < end; all others are out of reach. */
typedef struct lme_edit_row {
    uint32_t *costs; /* [j - first] */
    uint8_t *ops;    /* the same; lme_edit_op. NULL in row 0 and where nobody asks for the way */
    size_t first, end;
} lme_edit_row;

typedef enum lme_edit_op {
    LME_EDIT_NONE, /* out of reach */
    LME_EDIT_KEEP,
    LME_EDIT_SUBSTITUTE,
    LME_EDIT_DELETE, /* a word of the hypothesis */
    LME_EDIT_INSERT, /* a word of the reference */
} lme_edit_op;

typedef struct lme_edit_table {
    lme_symbols reference;
    size_t n_words;     /* of the hypothesis; shifts keep it */
    lme_edit_row *rows; /* n_words + 1: the hypothesis so far */
    lme_edit_row spare[2];
} lme_edit_table;

lme_edit_table lme_edit_table_new(lme_arena *scratch, size_t n_words, lme_symbols reference);

/* Fills every row and its ops. Returns the distance. */
uint32_t lme_edit_fill(lme_edit_table *table, const uint32_t *words);

/* The distance of other words of which the first n_same are those of the filled table, if it is at
 * most `bound`; any number above it otherwise. */
uint32_t lme_edit_distance(lme_edit_table *table, const uint32_t *words, size_t n_same,
                           uint32_t bound);

#endif

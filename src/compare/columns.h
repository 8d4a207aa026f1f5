/* A table in plain text: a label, then columns aligned right. */
#ifndef LMEVAL_COMPARE_COLUMNS_H
#define LMEVAL_COMPARE_COLUMNS_H

#include <lmeval/str.h>

enum {
    LME_LINE_WIDTH = 80
};

typedef struct lme_columns {
    const lme_str *cells; /* n_rows x n_columns, row 0 the header; column 0 the label */
    size_t n_rows, n_columns;
} lme_columns;

/* No line is wider than LME_LINE_WIDTH while the numbers fit: a label that does not fit beside them
 * gets a line of its own. */
void lme_columns_write(lme_arena *arena, const lme_columns *table, lme_builder *out);

/* A sentence broken at blanks, but not before a percent sign; `indent` blanks before each further
 * line. */
void lme_sentence_write(lme_builder *out, lme_str sentence, size_t indent);

#endif

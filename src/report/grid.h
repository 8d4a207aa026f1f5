/* The Markdown grid under lm_eval's table, as pytablewriter lays it out: a column of numbers is
 * aligned right and has as many decimals as its longest number needs, a column of texts is aligned
 * left, headers stand in the middle. */
#ifndef LMEVAL_REPORT_GRID_H
#define LMEVAL_REPORT_GRID_H

#include <lmeval/value.h>

typedef enum lme_cell_kind {
    LME_CELL_BLANK,
    LME_CELL_TEXT,
    LME_CELL_INTEGER,
    LME_CELL_REAL,
    LME_CELL_INFINITY,
    LME_CELL_NAN,
    LME_CELL_KINDS
} lme_cell_kind;

typedef struct lme_cell {
    lme_cell_kind kind;
    lme_str text;    /* LME_CELL_TEXT */
    double number;   /* the others but BLANK */
    size_t decimals; /* of the shortest text of a REAL */
} lme_cell;

lme_cell lme_cell_text(lme_arena *arena, lme_str text); /* "" is BLANK; never a number */
lme_cell lme_cell_number(lme_arena *arena, double number);

typedef struct lme_grid_column {
    lme_str header;
    lme_cell *cells; /* n_rows of the grid */
} lme_grid_column;

/* Cell of a text that may be a number ("0.9500", "nan"), in the column's row `row`: once texts are
 * the most frequent kind above it, a number stays text, as the peer has it. Rows are set in order.
 */
void lme_grid_set(lme_arena *arena, lme_grid_column *column, size_t row, lme_str text);

void lme_grid_write(lme_builder *out, const lme_grid_column *columns, size_t n_columns,
                    size_t n_rows);

#endif

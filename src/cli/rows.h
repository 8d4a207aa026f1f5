/* Names with a text each, in two columns: the left one as wide as its longest name. */
#ifndef LMEVAL_CLI_ROWS_H
#define LMEVAL_CLI_ROWS_H

#include <lmeval/str.h>

typedef struct lme_row {
    lme_str name, text;
} lme_row;

typedef struct lme_rows_style {
    size_t indent; /* blanks before each name */
    bool cut;      /* a text that is too wide is cut, a line a name; else it goes on below */
} lme_rows_style;

/* Writes them so that lines are no wider than LME_WIDTH. A name wider than the left column may be
 * has its text after two blanks (cut) or on the next line. */
void lme_rows_write(lme_builder *out, const lme_row *rows, size_t n, const lme_rows_style *style);

#endif

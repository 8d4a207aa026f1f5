/* The columns of a row, for errors that name one it has not. */
#ifndef LMEVAL_TASK_COLUMNS_H
#define LMEVAL_TASK_COLUMNS_H

#include <lmeval/value.h>

/* "question, choices, answer" */
lme_str lme_columns_text(lme_arena *arena, const lme_value *row);

/* The column nearest to `name`; "" when none is near. */
lme_str lme_columns_nearest(lme_arena *arena, const lme_value *row, lme_str name);

#endif

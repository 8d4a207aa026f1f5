/* A document on one line: what tables of per-item scores have in their cells. */
#ifndef LMEVAL_CLI_LOOK_CELLS_H
#define LMEVAL_CLI_LOOK_CELLS_H

#include "form.h"

/* The metrics of all tasks that are looked at, each once, in the order of their first. */
const lme_look_column *lme_look_columns(lme_arena *arena, const lme_look *look, size_t *n);

/* What one run made of the document. */
typedef struct lme_look_cells {
    lme_value pick; /* index of the choice picked, or what the headline's pipeline extracted; null:
                       neither */
    lme_value answer; /* the choice's text, or the response's; null: none came */
} lme_look_cells;

/*   sample  item's, or its other one */
lme_look_cells lme_look_cells_of(lme_arena *arena, const lme_look_item *item,
                                 const lme_recorded_sample *sample);

/* The score of that column, as the samples file has it; NULL when the document has none. */
const lme_recorded_score *lme_look_score(const lme_recorded_sample *sample,
                                         const lme_look_column *column);

const char *lme_flip_name(lme_flip flip); /* "", "lost", "gained" */

#endif

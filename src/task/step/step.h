/* process_docs as declared steps: each takes a row and leaves none, one or several. A kind of step
 * is one row of list.h. */
#ifndef LMEVAL_TASK_STEP_H
#define LMEVAL_TASK_STEP_H

#include <lmeval/value.h>

typedef struct lme_step {
    const char *name;
    const char *summary; /* one line for the docs */
    bool changes_count;  /* may leave more or fewer rows than it gets */
    /* Checks the step's argument and compiles what can be compiled.
     * Errors: LME_ERR_TASK, LME_ERR_TEMPLATE at the argument's place. */
    bool (*prepare)(lme_arena *arena, const lme_value *argument, const char *file, void **state,
                    lme_error *err);
    /* What a pass over a split needs of its own, made of the prepared state; the pass hands it to
     * apply. NULL: the prepared state serves all passes. */
    void *(*begin)(lme_arena *arena, const void *state);
    /* Adds the rows that it makes of `row` to `out`.
     * Errors: LME_ERR_TEMPLATE, LME_ERR_DATA. */
    bool (*apply)(lme_arena *arena, const void *state, const lme_value *row, lme_list_builder *out,
                  lme_error *err);
} lme_step;

typedef struct lme_step_use {
    const lme_step *step;
    void *state;
    lme_place at;
} lme_step_use;

typedef struct lme_steps {
    const lme_step_use *items;
    size_t len;
} lme_steps;

const lme_step *const *lme_steps_all(size_t *n);

/* Reads `process_docs`: a list of maps with one key each.
 * Errors: LME_ERR_TASK with file:line:column and the nearest known step. */
bool lme_steps_read(lme_arena *arena, const lme_value *list, const char *file, lme_steps *steps,
                    lme_error *err) LME_MUST_CHECK;

/* True when the steps may change the number of rows. */
bool lme_steps_change_count(const lme_steps *steps);

/* The steps for one pass over a split. */
lme_steps lme_steps_begin(lme_arena *arena, const lme_steps *steps);

/* One row through all steps of a pass; *rows is a list in `arena`. */
bool lme_steps_apply(lme_arena *arena, const lme_steps *steps, const lme_value *row,
                     lme_value *rows, lme_error *err) LME_MUST_CHECK;

/* The row lacks a column. Returns false, with the columns there are and the nearest. */
bool lme_step_missing_column(lme_arena *arena, lme_str name, const lme_value *row,
                             const lme_place *at, lme_error *err);

#endif

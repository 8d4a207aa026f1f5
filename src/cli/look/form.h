/* How looked-at documents are written: one row a form. */
#ifndef LMEVAL_CLI_LOOK_FORM_H
#define LMEVAL_CLI_LOOK_FORM_H

#include "select.h"

/* A metric column of a table; name is lm_eval's key for it, "acc,none". */
typedef struct lme_look_column {
    lme_str name, metric, pipeline;
} lme_look_column;

typedef struct lme_look_view {
    const lme_record *record;
    const lme_record *other; /* NULL: one run is looked at */
    const lme_look *look;
    const lme_look_column *columns; /* n_columns (cells.h) */
    size_t n_columns;
    bool full;    /* nothing is shortened */
    bool colored; /* right and wrong are painted */
} lme_look_view;

typedef struct lme_look_form {
    const char *name;
    const char *meaning; /* one line for people */
    bool paged;          /* people read it: through their pager when on a terminal */
    /* Before the first, of each, behind the last document; begin and end may be NULL. */
    void (*begin)(const lme_look_view *view, lme_builder *out);
    void (*write)(const lme_look_view *view, const lme_look_item *item, lme_builder *out);
    void (*end)(const lme_look_view *view, lme_builder *out);
} lme_look_form;

const lme_look_form *lme_look_form_find(lme_str name); /* NULL when there is none */
const lme_look_form *const *lme_look_form_all(size_t *n);

/* The choices of an item, or of both runs', as a table of at most 80 columns. */
void lme_look_choices(const lme_look_view *view, const lme_look_item *item, lme_builder *out);

#endif

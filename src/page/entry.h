/* The documents of all tasks in the order that they are listed: what got worse comes first. */
#ifndef LMEVAL_PAGE_ENTRY_H
#define LMEVAL_PAGE_ENTRY_H

#include "view.h"

/* Of the base alone when there is one run, else of the others against it. */
typedef enum lme_entry_kind {
    LME_ENTRY_LOST,   /* another run scores it worse than the base */
    LME_ENTRY_GAINED, /* none worse, one better */
    LME_ENTRY_FAILED, /* some run could not score it */
    LME_ENTRY_WRONG,
    LME_ENTRY_RIGHT,
    LME_ENTRY_OTHER, /* its score is no right or wrong */
    LME_ENTRY_KINDS
} lme_entry_kind;

typedef struct lme_entry {
    size_t task;  /* of the view */
    size_t order; /* among the task's documents */
    lme_entry_kind kind;
    double loss;                           /* largest, of LOST */
    double margin;                         /* of the leading run; NAN: none */
    const lme_record_document **documents; /* n_records; NULL: that run does not have it */
    double *scores;                        /* n_records; NAN: none */
} lme_entry;

typedef struct lme_entries {
    lme_entry *items;
    size_t n;
    size_t n_of_kind[LME_ENTRY_KINDS];
    size_t n_unlisted; /* documents of other runs that the leading one does not have */
} lme_entries;

/* All documents, in the order of their tasks. */
void lme_entries_collect(const lme_view *view, lme_entries *entries);

/* By kind; lost by how much, wrong by margin, else by task and document. */
void lme_entries_sort(lme_entries *entries);

const char *lme_page_kind_name(lme_entry_kind kind);

#endif

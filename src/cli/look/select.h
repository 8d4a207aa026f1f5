/* The documents of a run that somebody wants to see, one after the other. */
#ifndef LMEVAL_CLI_LOOK_SELECT_H
#define LMEVAL_CLI_LOOK_SELECT_H

#include "order.h"
#include "trace.h"

#include <lmeval/headline.h>

/* Documents must meet all that is asked for. Zero-initialise for all documents. */
typedef struct lme_look_options {
    const lme_str *tasks; /* n_tasks names; none: all that have samples */
    size_t n_tasks;
    lme_str metric;      /* as in lme_headline_find */
    bool wrong;          /* their score is below 1 */
    bool failed;         /* they could not be scored */
    const lme_str *grep; /* a pattern that something of the sample matches; NULL: none */
    const int64_t *ids;  /* n_ids of documents; none: all */
    size_t n_ids;
    lme_look_order order;
    size_t limit;      /* so many of each task at most; 0: all */
    lme_record *other; /* a second run: only documents whose score it changes; NULL: none */
} lme_look_options;

typedef enum lme_flip {
    LME_FLIP_NONE,
    LME_FLIP_LOST,   /* the other run's score is worse */
    LME_FLIP_GAINED, /* it is better */
} lme_flip;

/* A document to show. */
typedef struct lme_look_item {
    const lme_record_task *task;
    const lme_headline *headline;
    const lme_recorded_sample *sample;
    double score;                /* the headline's; NAN: none */
    const lme_traced *pipelines; /* n_pipelines of the task, to walk through once more */
    size_t n_pipelines;
    lme_flip flip;
    const lme_recorded_sample *other; /* of the other run; NULL: none is looked at */
    double other_score;
} lme_look_item;

/* What became of a task's documents. */
typedef struct lme_look_counts {
    const lme_record_task *task;
    const lme_headline *headline;
    size_t n_documents;
    size_t n_shown;
    size_t n_met; /* shown, or beyond the limit only: behind that a pattern is looked for no more */
    bool is_cut;  /* by the limit, with a pattern: more may match */
    /* with another run, whatever else is asked for */
    size_t n_lost, n_gained, n_unpaired;
    size_t n_other_prompt; /* pairs that were asked otherwise there */
} lme_look_counts;

typedef struct lme_look lme_look;

/* Chooses the tasks, and reads their lines. record, options and what they point to stay as long as
 * arena.
 * Errors: LME_ERR_USAGE for an unknown task, metric or document (with the nearest, or what there
 * is), for a task that has no samples, for a pattern that does not compile, for --wrong where
 * nothing tells right from wrong; those of lme_record_read_lines. */
bool lme_look_open(lme_arena *arena, lme_record *record, const lme_look_options *options,
                   lme_look **look, lme_error *err) LME_MUST_CHECK;
void lme_look_close(lme_look *look); /* NULL is a no-op */

/* The tasks that are looked at. */
size_t lme_look_tasks(const lme_look *look, const lme_record_task *const **tasks);

/* Next document, in arena, which is reset first.
 *   end  set when there are no more */
bool lme_look_next(lme_arena *arena, lme_look *look, lme_look_item *item, bool *end,
                   lme_error *err) LME_MUST_CHECK;

/* Of each task, in their order; whole after the last document. */
const lme_look_counts *lme_look_counted(const lme_look *look, size_t *n);

#endif

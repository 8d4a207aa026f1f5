/* In which order a task's documents are looked at. */
#ifndef LMEVAL_CLI_LOOK_ORDER_H
#define LMEVAL_CLI_LOOK_ORDER_H

#include <lmeval/headline.h>
#include <lmeval/recorded.h>

typedef enum lme_look_order {
    LME_LOOK_BY_ID,
    LME_LOOK_BY_SCORE,  /* worst first; what has none last */
    LME_LOOK_BY_MARGIN, /* the surest mistakes first, the surest right answers last */
} lme_look_order;

/* Indices into the task's documents, all of them.
 * Errors: LME_ERR_USAGE for BY_MARGIN where no document has choices and a target among them; those
 * of lme_recorded_read, for it reads every sample. */
bool lme_look_sort(lme_arena *arena, const lme_record_task *task, const lme_headline *headline,
                   lme_look_order order, const size_t **sorted, lme_error *err) LME_MUST_CHECK;

#endif

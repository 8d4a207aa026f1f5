/* A run that is gone through without asking: requests are counted where they would be sent, and
 * every one is taken as answered. */
#ifndef LMEVAL_RUN_COUNTING_H
#define LMEVAL_RUN_COUNTING_H

#include "pick.h"
#include "work.h"

struct lme_counting {
    lme_arena *arena;
    uint64_t *slots; /* n_slots, a power of two: keys asked so far; 0: free */
    size_t n_keys, n_slots;
    lme_preflight *preflight; /* of the task under way */
    double *marks;            /* of that */
    lme_picker *picker;       /* of that; NULL: nothing is picked */
};

/* Whether the question was asked before. Keys are told apart by their first 64 bits: of ten million
 * questions two are taken for one with a chance of 3 in a million. */
bool lme_counting_knows(const lme_counting *counting, lme_str key);

/* A new question in place of sending it. */
void lme_counting_ask(lme_run *run, const lme_ask *ask);

/* A kept answer, and one that would be asked for again.
 *   is_own  the run's journal has it, else the cache: then the journal has it from now on */
void lme_counting_keep(lme_counting *counting, const lme_ask *ask, bool is_own);
void lme_counting_recheck(lme_run *run, const lme_request *request, lme_str body);

/* Counts the samples of a task that are complete, in place of lme_work_emit. */
void lme_counting_emit(lme_arena *arena, lme_run_work *work);

#endif

/* One task under way: the window of samples, the questions open for them, what came of it. */
#ifndef LMEVAL_RUN_WORK_H
#define LMEVAL_RUN_WORK_H

#include "ask.h"
#include "journal.h"
#include "tally.h"
#include "witness.h"

#include <lmeval/preflight.h>

typedef struct lme_counting lme_counting; /* counting.h */

struct lme_run {
    lme_run_options options;
    lme_endpoint *endpoint;
    lme_journal *journal, *cache; /* cache: NULL without one */
    bool stopped;
    size_t n_rechecked[LME_REQUEST_KINDS]; /* kept answers that were asked for again */
    double largest_nats;                   /* between two answers to one of these */
    size_t n_cached;                       /* answers that the cache had */
    lme_witnesses witnesses;
    size_t n_witnesses_asked;        /* again, after the server was away */
    lme_arena *asking;               /* of the question that is asked again; NULL: none was yet */
    lme_counting *counting;          /* what would be sent is counted; NULL: it is sent */
    const lme_preflight *preflights; /* n_preflights: as it was counted last; NULL: it was not */
    size_t n_preflights;
};

enum {
    LME_FINISHES = 8 /* reasons counted apart; servers know about five */
};

struct lme_run_work {
    lme_run *run;
    const lme_task *task;
    lme_docs *docs;
    lme_slot *slots; /* a ring: `count` samples from `first`, in document order */
    size_t n_slots, first, count;
    bool no_more_docs;
    size_t n_taken, n_to_take; /* documents that entered the window, and may by now */
    lme_asks asks;
    lme_tally tally;
    lme_progress progress;
    double started, reported; /* seconds, monotonic */
    size_t n_aside, n_bounded, n_unread;
    size_t n_straddling, n_floored, n_cut, n_no_choice;
    size_t n_prompt_tokens, n_completion_tokens;
    size_t n_too_long, n_truncated, n_windowed;
    lme_finish_count finishes[LME_FINISHES]; /* n_finishes; the last one is of all the others */
    size_t n_finishes;
    lme_arena *finish_arena; /* of their reasons; as long as the result */
    size_t n_failed_in_row;
    lme_str last_failure; /* in failure_arena */
    lme_arena *failure_arena;
    bool broken; /* the run cannot go on (journal, another model); error says why */
    lme_error error;
};

/* Seconds of a clock that only goes on. */
double lme_run_now(void);

/* Takes documents into the window until it is full; asks what the journal does not know. */
bool lme_work_fill(lme_run_work *work, lme_error *err) LME_MUST_CHECK;

/* Hands questions to the endpoint while it has room. */
bool lme_work_send(lme_run_work *work, lme_error *err) LME_MUST_CHECK;

/* Scores and hands out the samples at the window's front that are complete. */
bool lme_work_emit(lme_run_work *work, lme_error *err) LME_MUST_CHECK;

/* The journal's name for a request's answer.
 *   compares  of lme_endpoint_compares: the alternatives are a part of the question */
lme_str lme_work_key(lme_arena *arena, lme_str fingerprint, const lme_request *request,
                     lme_str body, bool compares);

#endif

/* --concurrency auto: how many requests to keep open, found while the run goes on.
 *
 * Up to the server's knee more open requests mean more answers a second; behind it they only wait.
 * The limit is raised as long as an epoch (a few answers for each open request) gives so much more
 * than the best one before as a quarter of the raise; else it goes back and is held, and raised
 * again by a step now and then, since servers and questions change. A refusal (429, 503, a
 * time-out) takes it back to a step before that was fine, else cuts it by a third, once for all
 * requests that were open then.
 *
 * A pure state machine: the caller tells the time. It changes when things are asked, never what.
 */
#ifndef LMEVAL_ENDPOINT_KNEE_H
#define LMEVAL_ENDPOINT_KNEE_H

#include <lmeval/endpoint.h>

enum {
    LME_KNEE_HIGHEST = 512 /* servers batch a few hundred sequences */
};

typedef enum lme_knee_phase {
    LME_KNEE_START, /* the limit doubles */
    LME_KNEE_CLIMB, /* it grows by a step */
    LME_KNEE_HOLD,  /* it stays for a number of epochs */
} lme_knee_phase;

typedef struct lme_knee {
    size_t limit, max;
    lme_knee_phase phase;
    size_t best_limit;
    double best_rate; /* work a second there; 0: not known */
    size_t ceiling;   /* a limit at which the server refused; 0: none is known */
    size_t n_held, hold;
    size_t n_skip;       /* answers that are still of the limit before */
    size_t n_not_full;   /* answers since as many were open as may be */
    size_t n_before_cut; /* requests that were open at the last cut */
    uint64_t began_ms, epoch_ms;
    size_t n_answers; /* of this epoch */
    double work;
    lme_course course;
} lme_knee;

/*   max  the limit never passes it, >= 1 */
lme_knee lme_knee_begin(size_t max, uint64_t now_ms);

/* An answer came.
 *   open  requests that were open, this one among them
 *   work  what it was worth: bytes, so that long and short questions can be added */
void lme_knee_answered(lme_knee *knee, uint64_t now_ms, size_t open, double work);

/* The server had no room for a request.
 *   open  as above */
void lme_knee_refused(lme_knee *knee, uint64_t now_ms, size_t open);

#endif

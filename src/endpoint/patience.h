/* How long a run waits for a server that is away (restarted, crashed, loading its model), and how
 * often it looks: half a second after the first look that nobody answered, then twice as long each
 * time, five seconds at most.
 *
 * Tries that failed only raise the suspicion: a dropped connection may be the question's fault. A
 * look decides (watch.h). Time waited adds up until a question is answered again, so a server
 * that comes and goes without answering does not hold a run for ever.
 *
 * A pure state machine: the caller tells the time.
 */
#ifndef LMEVAL_ENDPOINT_PATIENCE_H
#define LMEVAL_ENDPOINT_PATIENCE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef enum lme_presence {
    LME_PRESENCE_THERE,
    LME_PRESENCE_DOUBTED, /* the first looks are under way */
    LME_PRESENCE_AWAY,
} lme_presence;

typedef struct lme_patience {
    uint64_t most_ms; /* 0: none */
    lme_presence presence;
    size_t n_missed;    /* tries in a row that met nobody */
    uint64_t since_ms;  /* not there: when the first look began */
    uint64_t before_ms; /* waited before, since a question was answered last */
    uint64_t due_ms;    /* away: the next looks */
    unsigned pause_ms;  /* away: before them */
} lme_patience;

/* A try of a question ended.
 *   met   a server answered, whatever it said; false: none did, or a gateway spoke for it */
void lme_patience_tried(lme_patience *patience, bool met);
void lme_patience_answered(lme_patience *patience); /* well, what was asked */

/* Whether it is time to look for the server.
 *   last  the question has no try left */
bool lme_patience_doubts(const lme_patience *patience, bool last);
void lme_patience_begin(lme_patience *patience, uint64_t now_ms);

/* No look was answered. Returns true the first time. */
bool lme_patience_missed(lme_patience *patience, uint64_t now_ms);

/* One was. Returns how long the server was waited for, 0 when it had been there. */
uint64_t lme_patience_met(lme_patience *patience, uint64_t now_ms);

/* Left to wait; 0: enough. */
uint64_t lme_patience_left(const lme_patience *patience, uint64_t now_ms);

#endif

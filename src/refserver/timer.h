/* Requests that wait: their connections are suspended, so that no thread waits with them, and a
 * thread of the timer resumes them when their time has come or the server stops.
 */
#ifndef LMEVAL_REFSERVER_TIMER_H
#define LMEVAL_REFSERVER_TIMER_H

#include <microhttpd.h>

#include <lmeval/arena.h>
#include <lmeval/error.h>

typedef struct lme_timer lme_timer;

lme_timer *lme_timer_start(lme_arena *arena);

/* Resumes all that wait and ends the thread; no connection waits any more. NULL is a no-op. */
void lme_timer_stop(lme_timer *timer);

/* Suspends the connection for delay_ms. False when the timer has stopped. */
bool lme_timer_wait(lme_timer *timer, struct MHD_Connection *connection, unsigned delay_ms);

#endif

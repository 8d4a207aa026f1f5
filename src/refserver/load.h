/* How much the server can do at once: places to work in, a line before them, a bound on both, and
 * a log of what came when. */
#ifndef LMEVAL_REFSERVER_LOAD_H
#define LMEVAL_REFSERVER_LOAD_H

#include <lmeval/str.h>

typedef struct lme_load lme_load;

/*   slots     requests worked on at once; others wait in line; 0: any number
 *   capacity  requests in the server at once, more are refused; 0: any number
 *   log       file that gets a line "PATH BODY" of every request; NULL: none
 * Errors: LME_ERR_IO (log). */
bool lme_load_open(lme_arena *arena, const unsigned slots_and_capacity[2], const char *log,
                   lme_load **load, lme_error *err) LME_MUST_CHECK;
void lme_load_close(lme_load *load); /* NULL is a no-op */

/* When a request came. */
typedef struct lme_moment {
    size_t n_before; /* requests that came before it */
    size_t n_inside; /* requests in the server, with it */
} lme_moment;

/* A request came. False when the server is full; lme_load_leave follows in both cases. */
bool lme_load_enter(lme_load *load, lme_str path, lme_str body, lme_moment *moment) LME_MUST_CHECK;
void lme_load_leave(lme_load *load);

/* Milliseconds until an answer that takes work_ms is there: the wait for a slot, and the work. */
unsigned lme_load_delay(lme_load *load, unsigned work_ms);

#endif

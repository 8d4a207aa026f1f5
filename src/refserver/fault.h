/* Faults of single requests, drawn so that a run meets the same ones whatever its concurrency: by
 * a hash of the seed, the request, and how many times this request came.
 */
#ifndef LMEVAL_REFSERVER_FAULT_H
#define LMEVAL_REFSERVER_FAULT_H

#include <lmeval/str.h>

/* The same request fails at most so many times in a row, so that retries succeed in the end. */
#define LME_FAULTS_IN_A_ROW 2u

enum lme_fault {
    LME_FAULT_NONE = -1,
#define TRAIT(id, name, meaning)
#define FAULT(id, name, meaning) LME_FAULT_##id,
#include "list.h"
#undef TRAIT
#undef FAULT
    LME_FAULTS
};

/* What happens to one request. */
typedef struct lme_mishap {
    enum lme_fault fault; /* never LATENCY; STALL is answered after delay_ms as if nothing was */
    unsigned delay_ms;    /* before the answer */
    int64_t argument;     /* -1: none was given */
} lme_mishap;

typedef struct lme_faults lme_faults;

/* Reads "NAME=SHARE[:ARG], ...": SHARE from 0 to 1, or "always", which also lifts the bound on
 * failures in a row. Each fault is drawn on its own; the first in the list that hits decides, and
 * delays add up. NULL and "" give NULL: no faults.
 * Errors: LME_ERR_USAGE. */
bool lme_faults_new(lme_arena *arena, const char *list, uint64_t seed, lme_faults **faults,
                    lme_error *err) LME_MUST_CHECK;
void lme_faults_free(lme_faults *faults); /* NULL is a no-op */

/* Any thread. */
lme_mishap lme_faults_draw(lme_faults *faults, lme_str path, lme_str body);

#endif

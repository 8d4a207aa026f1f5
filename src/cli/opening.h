/* The line that a run begins with: requests, tokens, time. */
#ifndef LMEVAL_CLI_OPENING_H
#define LMEVAL_CLI_OPENING_H

#include "forecast.h"
#include "measuring.h"

typedef struct lme_opening {
    const char *who; /* asks, "base: " */
    lme_forecasts forecasts;
    lme_progress seen;  /* of the task under way */
    lme_traffic before; /* of the probe */
} lme_opening;

/* Counts what the documents of an opened measuring are going to ask.
 *   n_wanted  documents of each task whose questions can then be tried */
bool lme_measuring_count(lme_measuring *m, lme_forecasts *forecasts, size_t n_wanted,
                         lme_error *err) LME_MUST_CHECK;

/* Says it as soon as the first answers tell the time.
 *   progress  of the task under way; NULL: it is as it was, and nothing is open any more */
void lme_opening_heed(lme_measuring *m, const lme_progress *progress);

#endif

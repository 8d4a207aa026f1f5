/* What both ways of telling a run's time share. */
#ifndef LMEVAL_RUN_COST_H
#define LMEVAL_RUN_COST_H

#include <lmeval/preflight.h>

/* No run is done before so many requests a second allow it. 0: any number does. */
void lme_cost_heed_rps(lme_cost *cost, double n_requests, double max_rps);

#endif

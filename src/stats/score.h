/* Score intervals at a critical value of one's own: clusters widen them. */
#ifndef LMEVAL_STATS_SCORE_H
#define LMEVAL_STATS_SCORE_H

#include <lmeval/stats.h>

/* All delta, all theta whose score statistic lies within +-z. */
lme_interval lme_score_difference(const lme_flips *flips, double z);
lme_interval lme_score_recovery(const lme_flips *flips, double chance, double z);

#endif

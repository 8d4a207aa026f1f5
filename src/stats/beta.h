/* Both tails of the incomplete beta function at once. */
#ifndef LMEVAL_STATS_BETA_H
#define LMEVAL_STATS_BETA_H

typedef struct lme_tails {
    double lower, upper; /* P(B <= x), P(B > x) */
} lme_tails;

/* x + y = 1; both given, because the smaller one cannot be had from the other without loss. */
lme_tails lme_beta_tails(double a, double b, double x, double y);

#endif

/* Loader's saddle point form of binomial and Poisson terms: what is large cancels on paper instead
 * of in floating point, so that terms of n = 1e6 keep 13 digits. lgamma alone would keep 9. */
#ifndef LMEVAL_STATS_SADDLE_H
#define LMEVAL_STATS_SADDLE_H

/* (x+y)! / (x! y!) p^x q^y for real x, y >= 0 with gamma functions for factorials; p + q = 1, both
 * given because neither can be had from the other without loss; so for x and y. */
double lme_binomial_term(double x, double y, double p, double q);

/* mean^x e^-mean / x! for real x > 0. */
double lme_poisson_term(double x, double mean);

#endif

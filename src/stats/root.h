/* Where a monotone function of one variable crosses zero. */
#ifndef LMEVAL_STATS_ROOT_H
#define LMEVAL_STATS_ROOT_H

/* The x in [low, high] where f changes from `f(low) >= 0` to negative (f falls). When it does not
 * change there: the end nearer to the change. By bisection to the last bit. */
double lme_falling_root(double (*f)(const void *context, double x), const void *context, double low,
                        double high);

#endif

/* Standard error of a mean: sample standard deviation (n - 1) over the root of n, each step in the
 * order in which lm_eval takes it, so that the digits are equal. */
#include "aggregate.h"

#include <math.h>

double lme_sample_stddev(const double *values, size_t n)
{
    /* Python's x ** 2 is libm's pow(), which in one case of a thousand rounds the last digit other
     * than x * x. A constant exponent would be compiled to a product; this one is not known. */
    const volatile double two = 2.0;
    double mean = lme_mean(values, n), sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += pow(values[i] - mean, two);
    return sqrt(sum / (double)(n - 1));
}

double lme_mean_stderr(const double *values, size_t n)
{
    if (n < 2)
        return (double)NAN;
    return lme_sample_stddev(values, n) / sqrt((double)n);
}

#include "saddle.h"

#include <math.h>

static const double log_two_pi = 1.8378770664093454836;

/* log(n!) less its Stirling approximation. */
static double stirling_error(double n)
{
    if (n <= 15.0)
        return lgamma(n + 1.0) - (n + 0.5) * log(n) + n - 0.5 * log_two_pi;
    double nn = n * n;
    return (1.0 / 12.0 -
            (1.0 / 360.0 - (1.0 / 1260.0 - (1.0 / 1680.0 - 1.0 / 1188.0 / nn) / nn) / nn) / nn) /
           n;
}

/* x log(x / mean) + mean - x, >= 0; by a series where the terms would cancel. */
static double deviance(double x, double mean)
{
    if (fabs(x - mean) >= 0.1 * (x + mean))
        return x * log(x / mean) + mean - x;
    double v = (x - mean) / (x + mean);
    double sum = (x - mean) * v;
    double term = 2.0 * x * v;
    v *= v;
    for (int j = 1; j < 1000; j++) {
        term *= v;
        double next = sum + term / (2 * j + 1);
        if (next == sum)
            break;
        sum = next;
    }
    return sum;
}

double lme_binomial_term(double x, double y, double p, double q)
{
    if (p <= 0.0)
        return x > 0.0 ? 0.0 : 1.0;
    if (q <= 0.0)
        return y > 0.0 ? 0.0 : 1.0;
    if (x <= 0.0)
        return p < 0.1 ? exp(y * log1p(-p)) : exp(y * log(q));
    if (y <= 0.0)
        return q < 0.1 ? exp(x * log1p(-q)) : exp(x * log(p));
    double n = x + y;
    double exponent = stirling_error(n) - stirling_error(x) - stirling_error(y) -
                      deviance(x, n * p) - deviance(y, n * q);
    return exp(exponent - 0.5 * (log_two_pi + log(x) + log(y / n)));
}

double lme_poisson_term(double x, double mean)
{
    if (mean <= 0.0)
        return 0.0;
    return exp(-stirling_error(x) - deviance(x, mean) - 0.5 * (log_two_pi + log(x)));
}

/* Incomplete gamma function, for the chi-squared distribution. */
#include "saddle.h"

#include <math.h>

#include <lmeval/distribution.h>

/* P(a, x) / (x^a e^-x / Gamma(a + 1)): Abramowitz and Stegun 6.5.29. Converges for x < a + 1. */
static double series(double a, double x)
{
    double term = 1.0, sum = 1.0;
    for (int n = 1; n <= 200000 && term > sum * 1e-17; n++) {
        term *= x / (a + n);
        sum += term;
    }
    return sum;
}

/* Q(a, x) / (x^a e^-x / Gamma(a)): Abramowitz and Stegun 6.5.31 by Lentz's method. */
static double fraction(double a, double x)
{
    const double tiny = 1e-300;
    double b = x + 1.0 - a, c = 1.0 / tiny, d = 1.0 / b, value = d;
    for (int i = 1; i <= 200000; i++) {
        double an = -i * (i - a);
        b += 2.0;
        d = an * d + b;
        d = 1.0 / (fabs(d) < tiny ? tiny : d);
        c = b + an / c;
        c = fabs(c) < tiny ? tiny : c;
        value *= d * c;
        if (fabs(d * c - 1.0) < 2e-16)
            break;
    }
    return value;
}

/* Either tail; the one on the near side is computed, the other is its complement. */
static double gamma_tail(double a, double x, int upper)
{
    if (x <= 0.0)
        return upper ? 1.0 : 0.0;
    double term = lme_poisson_term(a, x);
    if (x < a + 1.0) {
        double lower = term * series(a, x);
        return upper ? 1.0 - lower : lower;
    }
    double above = term * a * fraction(a, x);
    return upper ? above : 1.0 - above;
}

double lme_chi2_cdf(double x, double df)
{
    return gamma_tail(df / 2.0, x / 2.0, 0);
}

double lme_chi2_sf(double x, double df)
{
    return gamma_tail(df / 2.0, x / 2.0, 1);
}

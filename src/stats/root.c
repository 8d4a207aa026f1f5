#include "root.h"

double lme_falling_root(double (*f)(const void *context, double x), const void *context, double low,
                        double high)
{
    for (int i = 0; i < 1100; i++) {
        double middle = low + (high - low) / 2.0;
        if (middle <= low || middle >= high)
            break;
        if (f(context, middle) >= 0.0)
            low = middle;
        else
            high = middle;
    }
    return low + (high - low) / 2.0;
}

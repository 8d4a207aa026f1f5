#include "pairwise.h"

typedef struct numbers {
    double (*number)(const void *context, size_t i);
    const void *context;
} numbers;

static double sum_few(const numbers *of, size_t from, size_t n)
{
    double sum = 0.0;
    for (size_t i = 0; i < n; i++)
        sum += of->number(of->context, from + i);
    return sum;
}

static double sum_block(const numbers *of, size_t from, size_t n)
{
    double s[8];
    size_t i = 8;
    for (size_t k = 0; k < 8; k++)
        s[k] = of->number(of->context, from + k);
    for (; i + 8 <= n; i += 8) {
        for (size_t k = 0; k < 8; k++)
            s[k] += of->number(of->context, from + i + k);
    }
    double sum = ((s[0] + s[1]) + (s[2] + s[3])) + ((s[4] + s[5]) + (s[6] + s[7]));
    for (; i < n; i++)
        sum += of->number(of->context, from + i);
    return sum;
}

/* Halves of a multiple of eight; the depth is the logarithm of n. */
static double sum_range(const numbers *of, size_t from, size_t n)
{
    if (n < 8)
        return sum_few(of, from, n);
    if (n <= 128)
        return sum_block(of, from, n);
    size_t half = n / 2 - n / 2 % 8;
    return sum_range(of, from, half) + sum_range(of, from + half, n - half);
}

double lme_pairwise_sum(double (*number)(const void *context, size_t i), const void *context,
                        size_t n)
{
    numbers of = {.number = number, .context = context};
    return sum_range(&of, 0, n);
}

static double of_array(const void *context, size_t i)
{
    const double *values = context;
    return values[i];
}

double lme_pairwise_sum_of(const double *values, size_t n)
{
    return lme_pairwise_sum(of_array, values, n);
}

/* Python's random.Random, bit for bit: MT19937 with its integer seeding and derived draws.
 * Source: CPython 3.11 Lib/random.py, Modules/_randommodule.c (algorithm by Matsumoto, Nishimura).
 */
#ifndef LMEVAL_RANDOM_H
#define LMEVAL_RANDOM_H

#include <lmeval/error.h>

typedef struct lme_random {
    uint32_t state[624];
    uint32_t at;
} lme_random;

/* random.seed(seed): init_by_array of the 32-bit limbs of |seed|. */
void lme_random_seed(lme_random *r, int64_t seed);

uint32_t lme_random_u32(lme_random *r);
double lme_random_unit(lme_random *r);                /* random(): [0, 1), 53 bits */
uint64_t lme_random_below(lme_random *r, uint64_t n); /* _randbelow(n), n >= 1 */

/* random.choices(range(n), k=k): k indices below n, with replacement; 1 <= n < 2^31. About 2 ns an
 * index: for resampling. */
void lme_random_choices(lme_random *r, size_t n, uint32_t *drawn, size_t k);

/* random.sample(range(n), k): k distinct indices below n into `picked`, in the order drawn. k <= n.
 */
void lme_random_sample(lme_random *r, size_t n, size_t k, size_t *picked);

/* random.shuffle of n indices in place. */
void lme_random_shuffle(lme_random *r, size_t *items, size_t n);

#endif

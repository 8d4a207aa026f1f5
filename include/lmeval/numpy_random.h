/* numpy.random.default_rng(seed), bit for bit: PCG64 seeded by a SeedSequence, and the draws that
 * sacrebleu's resampling makes of it.
 * Source: numpy 2.4 random/bit_generator.pyx, src/pcg64 (O'Neill 2014), distributions.c.
 */
#ifndef LMEVAL_NUMPY_RANDOM_H
#define LMEVAL_NUMPY_RANDOM_H

#include <lmeval/error.h>

typedef struct lme_numpy_random {
    uint64_t state[2], increment[2]; /* low, high */
    uint32_t spare;                  /* the other half of a draw */
    bool has_spare;
    uint32_t coins; /* bits still to hand out by lme_numpy_coin */
    unsigned n_coins;
} lme_numpy_random;

void lme_numpy_random_seed(lme_numpy_random *r, uint64_t seed);

uint64_t lme_numpy_u64(lme_numpy_random *r);
uint32_t lme_numpy_u32(lme_numpy_random *r);

/* One of integers(0, n) or choice(n), 1 <= n: in the order of the filled array. */
uint32_t lme_numpy_below(lme_numpy_random *r, uint32_t n);

/* One of integers(2, dtype=bool), if nothing else is drawn in between. */
bool lme_numpy_coin(lme_numpy_random *r);

#endif

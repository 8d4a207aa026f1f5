/* MT19937 as CPython drives it. What Python draws with is what lm_eval's few-shot examples and
 * resamplings rest on, so every derived draw takes its bits in CPython's order.
 */
#include <math.h>

#include <lmeval/arena.h>
#include <lmeval/random.h>

enum {
    N = 624,
    M = 397
};

static void init_genrand(lme_random *r, uint32_t seed)
{
    r->state[0] = seed;
    for (uint32_t i = 1; i < N; i++)
        r->state[i] = 1812433253u * (r->state[i - 1] ^ r->state[i - 1] >> 30) + i;
    r->at = N;
}

static void init_by_array(lme_random *r, const uint32_t *key, uint32_t length)
{
    init_genrand(r, 19650218u);
    uint32_t *state = r->state;
    uint32_t i = 1, j = 0;
    for (uint32_t k = N > length ? N : length; k > 0; k--) {
        state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >> 30) * 1664525u) + key[j] + j;
        if (++i >= N) {
            state[0] = state[N - 1];
            i = 1;
        }
        if (++j >= length)
            j = 0;
    }
    for (uint32_t k = N - 1; k > 0; k--) {
        state[i] = (state[i] ^ (state[i - 1] ^ state[i - 1] >> 30) * 1566083941u) - i;
        if (++i >= N) {
            state[0] = state[N - 1];
            i = 1;
        }
    }
    state[0] = 0x80000000u;
}

void lme_random_seed(lme_random *r, int64_t seed)
{
    uint64_t magnitude = seed < 0 ? 0u - (uint64_t)seed : (uint64_t)seed;
    uint32_t key[2] = {(uint32_t)magnitude, (uint32_t)(magnitude >> 32)};
    init_by_array(r, key, key[1] != 0 ? 2 : 1);
}

static void twist(lme_random *r)
{
    uint32_t *state = r->state;
    for (uint32_t i = 0; i < N; i++) {
        uint32_t y = (state[i] & 0x80000000u) | (state[(i + 1) % N] & 0x7fffffffu);
        state[i] = state[(i + M) % N] ^ y >> 1 ^ ((y & 1) != 0 ? 0x9908b0dfu : 0);
    }
    r->at = 0;
}

uint32_t lme_random_u32(lme_random *r)
{
    if (r->at >= N)
        twist(r);
    uint32_t y = r->state[r->at++];
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    y ^= y >> 18;
    return y;
}

double lme_random_unit(lme_random *r)
{
    uint32_t high = lme_random_u32(r) >> 5, low = lme_random_u32(r) >> 6;
    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
}

/* getrandbits: whole words from the low end, the last one cut from the top. */
static uint64_t random_bits(lme_random *r, unsigned bits)
{
    if (bits <= 32)
        return lme_random_u32(r) >> (32 - bits);
    uint64_t low = lme_random_u32(r);
    return low | (uint64_t)(lme_random_u32(r) >> (64 - bits)) << 32;
}

uint64_t lme_random_below(lme_random *r, uint64_t n)
{
    LME_BUG(n == 0, "a draw below 0");
    unsigned bits = 0;
    for (uint64_t left = n; left > 0; left >>= 1)
        bits++;
    uint64_t drawn = random_bits(r, bits);
    while (drawn >= n)
        drawn = random_bits(r, bits);
    return drawn;
}

/* Moves what was not picked into the vacancies. */
static void sample_pool(lme_random *r, size_t n, size_t k, size_t *picked)
{
    lme_arena *arena = lme_arena_new();
    size_t *pool = LME_ARRAY(arena, size_t, n);
    for (size_t i = 0; i < n; i++)
        pool[i] = i;
    for (size_t i = 0; i < k; i++) {
        size_t at = (size_t)lme_random_below(r, n - i);
        picked[i] = pool[at];
        pool[at] = pool[n - i - 1];
    }
    lme_arena_free(arena);
}

/* Draws again what was drawn before; `slots` is an open table of picked + 1. */
static void sample_set(lme_random *r, size_t n, size_t k, size_t *picked)
{
    lme_arena *arena = lme_arena_new();
    size_t capacity = 16;
    while (capacity < k * 2)
        capacity *= 2;
    size_t *slots = LME_ARRAY(arena, size_t, capacity);
    for (size_t i = 0; i < k;) {
        size_t drawn = (size_t)lme_random_below(r, n);
        size_t at = drawn & (capacity - 1); /* the draws are random: no hash needed */
        while (slots[at] != 0 && slots[at] != drawn + 1)
            at = (at + 1) & (capacity - 1);
        if (slots[at] != 0)
            continue;
        slots[at] = drawn + 1;
        picked[i++] = drawn;
    }
    lme_arena_free(arena);
}

void lme_random_sample(lme_random *r, size_t n, size_t k, size_t *picked)
{
    LME_BUG(k > n, "a sample larger than what it is drawn from");
    /* CPython's estimate of a set's size against that of a list of n, in its own arithmetic. */
    double set_size = 21;
    if (k > 5)
        set_size += pow(4, ceil(log((double)k * 3) / log(4)));
    if ((double)n <= set_size)
        sample_pool(r, n, k, picked);
    else
        sample_set(r, n, k, picked);
}

void lme_random_shuffle(lme_random *r, size_t *items, size_t n)
{
    for (size_t i = n; i > 1; i--) {
        size_t j = (size_t)lme_random_below(r, i);
        size_t moved = items[i - 1];
        items[i - 1] = items[j];
        items[j] = moved;
    }
}

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

/* Into callers compiled for other processors too. */
#define INLINED __attribute__((always_inline)) static inline

/* New word from one, its successor and one 397 on: in three ranges, so that compilers see that no
 * step needs the one before, and do several at once. */
INLINED uint32_t twisted(uint32_t word, uint32_t next, uint32_t other)
{
    uint32_t y = (word & 0x80000000u) | (next & 0x7fffffffu);
    return other ^ y >> 1 ^ ((0u - (y & 1u)) & 0x9908b0dfu);
}

INLINED void twist(lme_random *r)
{
    uint32_t *state = r->state;
    for (size_t i = 0; i < N - M; i++)
        state[i] = twisted(state[i], state[i + 1], state[i + M]);
    for (size_t i = N - M; i < N - 1; i++)
        state[i] = twisted(state[i], state[i + 1], state[i + M - N]);
    state[N - 1] = twisted(state[N - 1], state[0], state[M - 1]);
    r->at = 0;
}

INLINED uint32_t tempered(uint32_t y)
{
    y ^= y >> 11;
    y ^= y << 7 & 0x9d2c5680u;
    y ^= y << 15 & 0xefc60000u;
    return y ^ y >> 18;
}

uint32_t lme_random_u32(lme_random *r)
{
    if (r->at >= N)
        twist(r);
    return tempered(r->state[r->at++]);
}

double lme_random_unit(lme_random *r)
{
    uint32_t high = lme_random_u32(r) >> 5, low = lme_random_u32(r) >> 6;
    return (high * 67108864.0 + low) * (1.0 / 9007199254740992.0);
}

/* random()'s two words as an index. All of them are below 2^31 and signed, because processors turn
 * such into doubles, and back, several at once. */
INLINED uint32_t choice(uint32_t first, uint32_t second, double n)
{
    int32_t high = (int32_t)(tempered(first) >> 5), low = (int32_t)(tempered(second) >> 6);
    double unit = ((double)high * 67108864.0 + (double)low) * (1.0 / 9007199254740992.0);
    return (uint32_t)(int32_t)(unit * n);
}

INLINED void choices(lme_random *r, size_t n, uint32_t *drawn, size_t k)
{
    while (k > 0) {
        if (r->at >= N)
            twist(r);
        size_t n_pairs = (N - r->at) / 2;
        n_pairs = n_pairs < k ? n_pairs : k;
        const uint32_t *words = r->state + r->at;
        for (size_t i = 0; i < n_pairs; i++)
            drawn[i] = choice(words[2 * i], words[2 * i + 1], (double)n);
        r->at += (uint32_t)(2 * n_pairs);
        drawn += n_pairs;
        k -= n_pairs;
        if (k > 0 && r->at == N - 1) { /* a pair over the end of the state */
            *drawn++ = (uint32_t)(lme_random_unit(r) * (double)n);
            k--;
        }
    }
}

/* The same code for wider registers, where the processor has them: half the time an index. */
#if defined __x86_64__
__attribute__((target("avx2"))) static void choices_wide(lme_random *r, size_t n, uint32_t *drawn,
                                                         size_t k)
{
    choices(r, n, drawn, k);
}

static bool has_wide(void)
{
    return __builtin_cpu_supports("avx2") != 0;
}
#else
#define choices_wide choices
static bool has_wide(void)
{
    return false;
}
#endif

void lme_random_choices(lme_random *r, size_t n, uint32_t *drawn, size_t k)
{
    LME_BUG(n == 0 || n > INT32_MAX, "choices from nothing, or from too much");
    if (has_wide())
        choices_wide(r, n, drawn, k);
    else
        choices(r, n, drawn, k);
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

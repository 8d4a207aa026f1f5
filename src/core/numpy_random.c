#include <lmeval/numpy_random.h>

__extension__ typedef unsigned __int128 u128;

static u128 join(const uint64_t parts[2])
{
    return (u128)parts[1] << 64 | parts[0];
}

static void split(u128 value, uint64_t parts[2])
{
    parts[0] = (uint64_t)value;
    parts[1] = (uint64_t)(value >> 64);
}

static uint32_t hash_in(uint32_t value, uint32_t *constant)
{
    value ^= *constant;
    *constant *= 0x931e8875u;
    value *= *constant;
    return value ^ value >> 16;
}

static uint32_t mix(uint32_t x, uint32_t y)
{
    uint32_t mixed = 0xca01f9ddu * x - 0x4973f715u * y;
    return mixed ^ mixed >> 16;
}

/* SeedSequence(seed).generate_state(4, uint64). */
static void generate_state(uint64_t seed, uint64_t state[4])
{
    uint32_t pool[4], constant = 0x43b0d7e5u;
    const uint32_t entropy[4] = {(uint32_t)seed, (uint32_t)(seed >> 32)};
    for (size_t i = 0; i < 4; i++)
        pool[i] = hash_in(entropy[i], &constant);
    for (size_t from = 0; from < 4; from++) {
        for (size_t to = 0; to < 4; to++) {
            if (from != to)
                pool[to] = mix(pool[to], hash_in(pool[from], &constant));
        }
    }
    constant = 0x8b51f9ddu;
    uint32_t words[8];
    for (size_t i = 0; i < 8; i++) {
        uint32_t word = pool[i % 4] ^ constant;
        constant *= 0x58f38dedu;
        word *= constant;
        words[i] = word ^ word >> 16;
    }
    for (size_t i = 0; i < 4; i++)
        state[i] = (uint64_t)words[2 * i + 1] << 32 | words[2 * i];
}

static u128 step(lme_numpy_random *r)
{
    const u128 multiplier = (u128)0x2360ED051FC65DA4u << 64 | 0x4385DF649FCCF645u;
    u128 state = join(r->state) * multiplier + join(r->increment);
    split(state, r->state);
    return state;
}

void lme_numpy_random_seed(lme_numpy_random *r, uint64_t seed)
{
    uint64_t words[4];
    generate_state(seed, words);
    *r = (lme_numpy_random){0};
    u128 sequence = (u128)words[2] << 64 | words[3];
    split(sequence << 1 | 1, r->increment);
    step(r);
    split(join(r->state) + ((u128)words[0] << 64 | words[1]), r->state);
    step(r);
}

uint64_t lme_numpy_u64(lme_numpy_random *r)
{
    u128 state = step(r);
    uint64_t high = (uint64_t)(state >> 64), folded = high ^ (uint64_t)state;
    unsigned turn = (unsigned)(high >> 58);
    return folded >> turn | folded << (64 - turn) % 64;
}

uint32_t lme_numpy_u32(lme_numpy_random *r)
{
    if (r->has_spare) {
        r->has_spare = false;
        return r->spare;
    }
    uint64_t drawn = lme_numpy_u64(r);
    r->has_spare = true;
    r->spare = (uint32_t)(drawn >> 32);
    return (uint32_t)drawn;
}

/* Lemire's multiplication (2019). */
uint32_t lme_numpy_below(lme_numpy_random *r, uint32_t n)
{
    if (n == 1)
        return 0;
    uint64_t product = (uint64_t)lme_numpy_u32(r) * n;
    if ((uint32_t)product < n) {
        uint32_t threshold = (uint32_t)(-n) % n;
        while ((uint32_t)product < threshold)
            product = (uint64_t)lme_numpy_u32(r) * n;
    }
    return (uint32_t)(product >> 32);
}

bool lme_numpy_coin(lme_numpy_random *r)
{
    if (r->n_coins == 0) {
        r->coins = lme_numpy_u32(r);
        r->n_coins = 32;
    } else {
        r->coins >>= 1;
    }
    r->n_coins--;
    return (r->coins & 1) != 0;
}

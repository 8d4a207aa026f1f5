/* numpy 2.4's default_rng(seed): what it printed. */
#include "support.h"

#include <lmeval/numpy_random.h>

typedef struct expectation {
    uint64_t seed;
    uint64_t raw[2];
    uint32_t below_7[10];
    uint32_t below_3e9[6];
    const char *coins; /* 40 of them */
} expectation;

static const expectation cases[] = {
    {0u,
     {0xa30febcfd9c2825fu, 0x4510bdf882d9d721u},
     {5, 4, 3, 1, 2, 0, 0, 0, 1, 5},
     {2551872677u, 1910885061u, 1533409439u, 809360140u, 923488268u, 122920571u},
     "1111101001000001010000111001101111110011"},
    {12345u,
     {0x3a32b18db2ffc19du, 0x51171315c9e4c4deu},
     {4, 1, 5, 2, 1, 5, 4, 4, 6, 2},
     {2097645094u, 682008066u, 2365940964u, 950275018u, 2392096371u, 2028764011u},
     "1011100110000011111111110100110110110001"},
    {1099511627779u,
     {0xc60e533fbbb0872cu, 0xfef0825f71d66341u},
     {5, 5, 3, 6, 2, 3, 2, 0, 5, 1},
     {2320968254u, 1334032640u, 1141922330u, 1419536743u, 194552075u, 2358795727u},
     "0011010011100001000011011101110111111100"},
};

static void draws_are_numpys(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        const expectation *c = &cases[i];
        lme_numpy_random r;
        lme_numpy_random_seed(&r, c->seed);
        assert_true(lme_numpy_u64(&r) == c->raw[0]);
        assert_true(lme_numpy_u64(&r) == c->raw[1]);
        lme_numpy_random_seed(&r, c->seed);
        for (size_t k = 0; k < 10; k++)
            assert_int_equal(lme_numpy_below(&r, 7), c->below_7[k]);
        /* Nearly a third of the draws are thrown away. */
        lme_numpy_random_seed(&r, c->seed);
        for (size_t k = 0; k < 6; k++)
            assert_int_equal(lme_numpy_below(&r, 3000000000u), c->below_3e9[k]);
        lme_numpy_random_seed(&r, c->seed);
        for (size_t k = 0; k < 40; k++)
            assert_int_equal(lme_numpy_coin(&r), c->coins[k] == '1');
    }
}

static void one_of_one_draws_nothing(void **state)
{
    (void)state;
    lme_numpy_random r, untouched;
    lme_numpy_random_seed(&r, 3);
    untouched = r;
    assert_int_equal(lme_numpy_below(&r, 1), 0);
    assert_true(lme_numpy_u64(&r) == lme_numpy_u64(&untouched));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(draws_are_numpys),
        cmocka_unit_test(one_of_one_draws_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

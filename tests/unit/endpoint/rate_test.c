/* Requests a second, in made-up time. */
#include "rate.h"
#include "support.h"

static void without_a_bound_all_go_at_once(void **state)
{
    (void)state;
    lme_rate rate = lme_rate_of(0);
    for (uint64_t i = 0; i < 100; i++)
        assert_int_equal(lme_rate_reserve(&rate, 7), 7);
}

static void a_crowd_is_spread_evenly(void **state)
{
    (void)state;
    lme_rate rate = lme_rate_of(10);
    uint64_t now = 1000000;
    assert_int_equal(lme_rate_reserve(&rate, now), now);
    assert_int_equal(lme_rate_reserve(&rate, now), now + 50);
    assert_int_equal(lme_rate_reserve(&rate, now), now + 150);
    assert_int_equal(lme_rate_reserve(&rate, now + 20), now + 250);
}

/* Whoever comes when, no second sees more than the rate, and the catching up of a late caller. */
static void no_second_sees_more(void **state)
{
    (void)state;
    static const double rates[] = {0.5, 3, 40, 1000, 5000};
    for (size_t r = 0; r < sizeof rates / sizeof rates[0]; r++) {
        lme_rate rate = lme_rate_of(rates[r]);
        uint64_t now = 5000, first = 0, last = 0;
        size_t n = (size_t)(rates[r] * 3) + 2;
        for (size_t i = 0; i < n; i++) {
            uint64_t due = lme_rate_reserve(&rate, now);
            assert_true(due >= now && due >= last);
            first = i == 0 ? due : first;
            last = due;
            /* Every third one comes when it is due, the others before. */
            now = i % 3 == 0 ? due : now;
        }
        double seconds = (double)(last - first) / 1000;
        assert_true((double)(n - 1) <= rates[r] * (seconds + 0.051) + 1);
        assert_true((double)(n - 1) >= rates[r] * (seconds - 0.051) - 1);
    }
}

static void an_idle_time_gives_no_credit(void **state)
{
    (void)state;
    lme_rate rate = lme_rate_of(10);
    lme_rate_reserve(&rate, 1000);
    uint64_t now = 100000;
    assert_int_equal(lme_rate_reserve(&rate, now), now);
    assert_int_equal(lme_rate_reserve(&rate, now), now + 50);
    assert_int_equal(lme_rate_reserve(&rate, now), now + 150);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_bound_all_go_at_once),
        cmocka_unit_test(a_crowd_is_spread_evenly),
        cmocka_unit_test(no_second_sees_more),
        cmocka_unit_test(an_idle_time_gives_no_credit),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

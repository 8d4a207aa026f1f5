/* The client's time: what it waited, what it worked, and how late it sent what came next. */
#include "support.h"
#include "turns.h"

#include <math.h>

static const uint64_t ms = 1000000;

static void assert_near(double value, double expected, double part)
{
    if (fabs(value - expected) > part * expected)
        fail_msg("%g, expected about %g", value, expected);
}

static void nothing_happened(void **state)
{
    (void)state;
    lme_turns turns = {0};
    lme_client_time sum = lme_turns_sum(&turns);
    assert_true(sum.seconds == 0 && sum.worked == 0 && sum.lag_max_ms == 0);
    lme_turns_sent(&turns, 5 * ms);
    sum = lme_turns_sum(&turns);
    assert_true(sum.seconds == 0);
}

/* Sent at 1, waits 1 to 11, takes the answer at 12, sends at 14, waits 15 to 25, takes it at 26. */
static void working_is_what_is_not_waiting(void **state)
{
    (void)state;
    lme_turns turns = {0};
    lme_turns_sent(&turns, 1 * ms);
    lme_turns_waited(&turns, 1 * ms, 11 * ms);
    lme_turns_answered(&turns, 12 * ms);
    lme_turns_sent(&turns, 14 * ms);
    lme_turns_waited(&turns, 15 * ms, 25 * ms);
    lme_turns_answered(&turns, 26 * ms);
    lme_client_time sum = lme_turns_sum(&turns);
    assert_near(sum.seconds, 0.025, 1e-9);
    assert_near(sum.worked, 0.005, 1e-9);
    assert_near(sum.longest_ms, 4, 1e-9);
    assert_near(sum.lag_max_ms, 3, 1e-9);
    assert_near(sum.lag_p50_ms, 3, 1e-9);
}

/* What goes out without an answer's having come (the first requests, a retry's turn) is not late.
 */
static void only_what_follows_an_answer_lags(void **state)
{
    (void)state;
    lme_turns turns = {0};
    lme_turns_sent(&turns, 1 * ms);
    lme_turns_waited(&turns, 1 * ms, 2 * ms);
    lme_turns_sent(&turns, 40 * ms);
    lme_turns_waited(&turns, 41 * ms, 42 * ms);
    lme_turns_answered(&turns, 43 * ms);
    lme_client_time sum = lme_turns_sum(&turns);
    assert_true(sum.lag_max_ms == 0);
    assert_near(sum.longest_ms, 39, 1e-9);
}

/* 1 to 1000 us, each once: quantiles are at most a quarter too high. */
static void quantiles_are_near(void **state)
{
    (void)state;
    lme_turns turns = {0};
    uint64_t now = ms;
    for (uint64_t i = 1; i <= 1000; i++) {
        lme_turns_waited(&turns, now, now + 1);
        lme_turns_answered(&turns, now + 2);
        lme_turns_sent(&turns, now + 1 + i * 1000);
        now += ms + i * 1000;
    }
    lme_turns_answered(&turns, now);
    lme_client_time sum = lme_turns_sum(&turns);
    assert_in_range((uintmax_t)(sum.lag_p50_ms * 1000), 500, 640);
    assert_in_range((uintmax_t)(sum.lag_p99_ms * 1000), 990, 1000);
    assert_near(sum.lag_max_ms, 1, 1e-9);
}

/* However long a lag is, it has a place. */
static void no_lag_is_too_long(void **state)
{
    (void)state;
    lme_turns turns = {0};
    lme_turns_sent(&turns, 1);
    lme_turns_waited(&turns, 1, 2);
    lme_turns_answered(&turns, 3);
    lme_turns_sent(&turns, UINT64_MAX / 2);
    lme_turns_answered(&turns, UINT64_MAX / 2 + 1);
    lme_client_time sum = lme_turns_sum(&turns);
    assert_true(sum.lag_max_ms > 1e12);
    assert_true(sum.lag_p50_ms > 0 && sum.lag_p50_ms <= sum.lag_max_ms);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_happened),
        cmocka_unit_test(working_is_what_is_not_waiting),
        cmocka_unit_test(only_what_follows_an_answer_lags),
        cmocka_unit_test(quantiles_are_near),
        cmocka_unit_test(no_lag_is_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

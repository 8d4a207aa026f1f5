/* The limit of open requests against servers made of arithmetic: no clock, no network. */
#include "knee.h"
#include "support.h"

/* A server that works on `slots` requests at once, each for latency_ms, and refuses those above
 * `capacity`. Answers come evenly. */
typedef struct model {
    size_t slots, capacity;
    double latency_ms;
    double now_ms;
} model;

/* Lets n requests end while as many are open as the limit says. */
static void serve(model *m, lme_knee *knee, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        size_t open = knee->limit;
        size_t worked = open < m->slots ? open : m->slots;
        m->now_ms += m->latency_ms / (double)worked;
        if (open > m->capacity)
            lme_knee_refused(knee, (uint64_t)m->now_ms, open);
        else
            lme_knee_answered(knee, (uint64_t)m->now_ms, open, 100);
    }
}

static lme_knee begin(size_t max)
{
    return lme_knee_begin(max, 0);
}

static void the_knee_is_found_within_a_step(void **state)
{
    (void)state;
    static const size_t slots[] = {1, 2, 3, 8, 20, 64, 100, 300};
    for (size_t i = 0; i < sizeof slots / sizeof slots[0]; i++) {
        model m = {.slots = slots[i], .capacity = 100000, .latency_ms = 400};
        lme_knee knee = begin(512);
        serve(&m, &knee, 40 * slots[i] + 2000);
        /* Enough to keep the server busy; not twice as many as it can use, but for the 4 that it
         * begins with. */
        assert_true(knee.limit >= slots[i]);
        assert_true(knee.limit <= 2 * slots[i] || knee.limit <= 5);
        assert_int_equal(knee.course.n_cuts, 0);
    }
}

static void a_server_that_refuses_is_kept_just_below(void **state)
{
    (void)state;
    static const size_t capacities[] = {1, 2, 5, 24, 100};
    for (size_t i = 0; i < sizeof capacities / sizeof capacities[0]; i++) {
        model m = {.slots = 100000, .capacity = capacities[i], .latency_ms = 400};
        lme_knee knee = begin(512);
        size_t sum = 0, n = 0;
        serve(&m, &knee, 3000);
        for (; n < 3000; n++) {
            serve(&m, &knee, 1);
            sum += knee.limit;
        }
        double mean = (double)sum / (double)n;
        assert_true(knee.course.n_cuts > 0);
        assert_true(mean >= 0.7 * (double)capacities[i]);
        assert_true(mean <= 1.2 * (double)capacities[i] + 1);
        assert_true(knee.limit >= 1);
    }
}

static void one_crowd_of_refusals_cuts_once(void **state)
{
    (void)state;
    lme_knee knee = begin(512);
    knee.limit = knee.best_limit = 100;
    for (size_t open = 100; open > 0; open--)
        lme_knee_refused(&knee, 10, open);
    assert_int_equal(knee.limit, 70);
    assert_int_equal(knee.course.n_cuts, 1);
    lme_knee_refused(&knee, 20, 70);
    assert_int_equal(knee.limit, 49);
    assert_int_equal(knee.course.n_cuts, 2);
}

static void a_server_that_got_slower_does_not_lower_it(void **state)
{
    (void)state;
    model m = {.slots = 32, .capacity = 100000, .latency_ms = 400};
    lme_knee knee = begin(512);
    serve(&m, &knee, 4000);
    m.latency_ms = 4000;
    serve(&m, &knee, 4000);
    assert_true(knee.limit >= 32);
    assert_true(knee.limit <= 64);
}

static void a_server_that_grew_is_used(void **state)
{
    (void)state;
    model m = {.slots = 8, .capacity = 100000, .latency_ms = 400};
    lme_knee knee = begin(512);
    serve(&m, &knee, 2000);
    assert_true(knee.limit <= 16);
    m.slots = 40;
    serve(&m, &knee, 60000);
    assert_true(knee.limit >= 32);
}

static void answers_say_nothing_while_few_are_open(void **state)
{
    (void)state;
    lme_knee knee = begin(512);
    for (uint64_t i = 0; i < 1000; i++)
        lme_knee_answered(&knee, i, 3, 100);
    assert_int_equal(knee.limit, 4);
    /* In crowds it is full at the first of each. */
    for (uint64_t i = 0; i < 1000; i++)
        lme_knee_answered(&knee, 1000 + 400 * (i / 4), 4 - i % 4, 100);
    assert_true(knee.limit > 4);
}

static void the_bound_is_never_passed(void **state)
{
    (void)state;
    model m = {.slots = 100000, .capacity = 100000, .latency_ms = 400};
    lme_knee knee = begin(10);
    serve(&m, &knee, 2000);
    assert_int_equal(knee.limit, 10);
    assert_int_equal(knee.course.highest, 10);
    lme_knee one = begin(1);
    serve(&m, &one, 200);
    assert_int_equal(one.limit, 1);
}

static void a_long_course_is_thinned(void **state)
{
    (void)state;
    model m = {.slots = 100000, .capacity = 24, .latency_ms = 400};
    lme_knee knee = begin(512);
    serve(&m, &knee, 400000);
    const lme_course *course = &knee.course;
    assert_true(course->n <= LME_COURSE_STEPS);
    assert_int_equal(course->first, 4);
    for (size_t i = 1; i < course->n; i++)
        assert_true(course->steps[i].seconds >= course->steps[i - 1].seconds);
}

/* Before a run: as the machine itself went, told of the same rates. */
static void a_climb_takes_as_long_as_the_machine(void **state)
{
    (void)state;
    const lme_throughput rates[] = {{4, 40}, {16, 160}, {64, 240}};
    model m = {.slots = 24, .capacity = 100000, .latency_ms = 100};
    lme_knee knee = begin(512);
    serve(&m, &knee, 4000);
    double seconds = lme_endpoint_climb(rates, 3, 4000);
    assert_true(seconds > 0.75 * (double)m.now_ms / 1000);
    assert_true(seconds < 1.5 * (double)m.now_ms / 1000);
    /* A server that takes one at a time. */
    const lme_throughput one = {4, 10};
    assert_close(lme_endpoint_climb(&one, 1, 1000), 100, 1e-6);
    assert_close(lme_endpoint_climb(&one, 1, 1e7), 1e6, 1e-3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_knee_is_found_within_a_step),
        cmocka_unit_test(a_server_that_refuses_is_kept_just_below),
        cmocka_unit_test(one_crowd_of_refusals_cuts_once),
        cmocka_unit_test(a_server_that_got_slower_does_not_lower_it),
        cmocka_unit_test(a_server_that_grew_is_used),
        cmocka_unit_test(answers_say_nothing_while_few_are_open),
        cmocka_unit_test(the_bound_is_never_passed),
        cmocka_unit_test(a_climb_takes_as_long_as_the_machine),
        cmocka_unit_test(a_long_course_is_thinned),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The time of a run by its first answers, of servers whose times are known. */
#include "support.h"

#include <math.h>

#include <lmeval/preflight.h>

static lme_preflight asks(lme_request_kind kind, size_t n, double bytes, double most_generated)
{
    lme_preflight preflight = {0};
    preflight.kinds[kind] = (lme_forecast){
        .n_requests = n,
        .n_new = n,
        .outlay = {.n_least = n, .n_most = n, .bytes = bytes, .most_generated = most_generated},
    };
    return preflight;
}

static const lme_pace pace = {.quickest_s = 0.01, .token_s = 0.005};

static void what_is_open_bounds_the_time(void **state)
{
    (void)state;
    const lme_preflight run = asks(LME_REQUEST_LOGLIKELIHOOD, 1000, 90000, 1000);
    const lme_cost_options options = {.concurrency = 8, .pace = pace};
    const lme_first_answers first = {.n_answered = 16, .n_open = 4, .seconds = 2};
    lme_cost cost = lme_cost_by_first_answers(&run, 1, &first, &options);
    assert_true(cost.known);
    assert_close(cost.seconds.low, 100, 1e-9);
    assert_close(cost.seconds.high, 125, 1e-9);
    assert_false(cost.is_paced);
}

static void all_answered_is_all_the_time(void **state)
{
    (void)state;
    const lme_preflight run = asks(LME_REQUEST_LOGLIKELIHOOD, 12, 900, 12);
    const lme_cost_options options = {.concurrency = 8, .pace = pace};
    /* Whatever else is open belongs to no question of this task. */
    const lme_first_answers first = {.n_answered = 12, .n_open = 3, .seconds = 0.5};
    lme_cost cost = lme_cost_by_first_answers(&run, 1, &first, &options);
    assert_close(cost.seconds.low, 0.5, 1e-9);
    assert_close(cost.seconds.high, 0.5, 1e-9);
}

static void without_an_answer_there_is_no_high_end(void **state)
{
    (void)state;
    const lme_preflight run = asks(LME_REQUEST_LOGLIKELIHOOD, 1000, 90000, 1000);
    lme_cost_options options = {.concurrency = 8, .pace = pace};
    const lme_first_answers first = {.n_open = 8, .seconds = 2};
    lme_cost cost = lme_cost_by_first_answers(&run, 1, &first, &options);
    assert_true(cost.known);
    assert_close(cost.seconds.low, 250, 1e-9);
    assert_true(isinf(cost.seconds.high));
    /* An answer of the probe took 5 seconds. */
    options.pace.quickest_s = 5;
    cost = lme_cost_by_first_answers(&run, 1, &first, &options);
    assert_close(cost.seconds.low, 625, 1e-9);
}

static void nothing_open_or_answered_tells_nothing(void **state)
{
    (void)state;
    const lme_preflight run = asks(LME_REQUEST_LOGLIKELIHOOD, 1000, 90000, 1000);
    const lme_preflight kept[2] = {{.n_docs = 5}, run};
    const lme_cost_options options = {.concurrency = 8, .pace = pace};
    const lme_first_answers none = {.seconds = 2}, some = {.n_open = 8, .seconds = 2};
    assert_false(lme_cost_by_first_answers(&run, 1, &none, &options).known);
    /* A task that was answered before. */
    assert_false(lme_cost_by_first_answers(kept, 2, &some, &options).known);
}

static void other_tasks_count_by_question_and_by_size(void **state)
{
    (void)state;
    const lme_preflight run[3] = {
        asks(LME_REQUEST_LOGLIKELIHOOD, 100, 10000, 100),
        asks(LME_REQUEST_ROLLING, 100, 40000, 100),
        asks(LME_REQUEST_LOGLIKELIHOOD, 100, 5000, 100),
    };
    const lme_cost_options options = {.concurrency = 8, .pace = pace};
    const lme_first_answers first = {.n_answered = 50, .seconds = 5};
    lme_cost cost = lme_cost_by_first_answers(run, 3, &first, &options);
    assert_close(cost.seconds.low, 30, 1e-9);
    assert_close(cost.seconds.high, 55, 1e-9);
}

/* The first 8 questions have 100 bytes, the 8 behind them 300, the other 84 some 1,000. */
static void short_prompts_first_promise_less(void **state)
{
    (void)state;
    static const double marks[] = {100, 400};
    lme_preflight run = asks(LME_REQUEST_LOGLIKELIHOOD, 100, 1400, 100);
    run.marks = marks;
    run.n_marks = 2;
    const lme_cost_options options = {.concurrency = 8, .pace = pace};
    lme_first_answers first = {.n_answered = 8, .seconds = 1};
    lme_cost cost = lme_cost_by_first_answers(&run, 1, &first, &options);
    assert_close(cost.seconds.low, 100. / 8, 1e-9);
    assert_close(cost.seconds.high, 1400. / 100, 1e-9);
    first.n_answered = 4;
    first.n_open = 8;
    cost = lme_cost_by_first_answers(&run, 1, &first, &options);
    assert_close(cost.seconds.low, 1400. / 250, 1e-9);
    assert_close(cost.seconds.high, 1400. / 50, 1e-9);
    first.n_answered = 58;
    first.n_open = 0;
    cost = lme_cost_by_first_answers(&run, 1, &first, &options);
    assert_close(cost.seconds.low, 1400. / 900, 1e-9);
    assert_close(cost.seconds.high, 100. / 58, 1e-9);
}

static void texts_count_by_what_they_may_have(void **state)
{
    (void)state;
    const lme_preflight run[2] = {
        asks(LME_REQUEST_GENERATE, 100, 10000, 3200),
        asks(LME_REQUEST_GENERATE, 100, 10000, 25600),
    };
    const lme_cost_options options = {.concurrency = 8, .pace = pace};
    const lme_first_answers first = {.n_answered = 50, .seconds = 5};
    lme_cost cost = lme_cost_by_first_answers(run, 2, &first, &options);
    assert_close(cost.seconds.low, 20, 1e-9);
    assert_close(cost.seconds.high, 10 + 80, 1e-9);
}

/* A task of the other kind stands between all that 8 open bring, and one after the other. */
static void the_other_kind_goes_by_the_probe(void **state)
{
    (void)state;
    const lme_preflight run[2] = {
        asks(LME_REQUEST_LOGLIKELIHOOD, 100, 10000, 100),
        asks(LME_REQUEST_GENERATE, 100, 20000, 6400),
    };
    lme_cost_options options = {.concurrency = 8, .pace = pace};
    lme_first_answers first = {.n_answered = 50, .seconds = 5};
    lme_cost cost = lme_cost_by_first_answers(run, 2, &first, &options);
    assert_close(cost.seconds.low, 10 + 100 * 0.015 / 8, 1e-9);
    assert_close(cost.seconds.high, 10 + 100 * (0.2 + 64 * 0.005), 1e-9);
    first.task = 1;
    cost = lme_cost_by_first_answers(run, 2, &first, &options);
    assert_close(cost.seconds.low, 10 + 100 * 0.01 / 8, 1e-9);
    assert_close(cost.seconds.high, 10 + 100 * 0.1, 1e-9);
    /* How long a token takes is not known. */
    first.task = 0;
    options.pace.token_s = 0;
    cost = lme_cost_by_first_answers(run, 2, &first, &options);
    assert_true(isinf(cost.seconds.high));
}

static void bounds_and_auto_are_heeded(void **state)
{
    (void)state;
    const lme_preflight run = asks(LME_REQUEST_LOGLIKELIHOOD, 1000, 90000, 1000);
    const lme_cost_options slow = {.concurrency = 8, .max_rps = 2, .pace = pace};
    const lme_first_answers first = {.n_answered = 16, .n_open = 4, .seconds = 2};
    lme_cost cost = lme_cost_by_first_answers(&run, 1, &first, &slow);
    assert_true(cost.is_paced);
    assert_close(cost.seconds.low, 500, 1e-9);
    assert_close(cost.seconds.high, 500, 1e-9);
    const lme_cost_options climbing = {.pace = pace};
    cost = lme_cost_by_first_answers(&run, 1, &first, &climbing);
    assert_close(cost.seconds.low, 0, 1e-9);
    assert_close(cost.seconds.high, 125, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_open_bounds_the_time),
        cmocka_unit_test(all_answered_is_all_the_time),
        cmocka_unit_test(without_an_answer_there_is_no_high_end),
        cmocka_unit_test(nothing_open_or_answered_tells_nothing),
        cmocka_unit_test(other_tasks_count_by_question_and_by_size),
        cmocka_unit_test(short_prompts_first_promise_less),
        cmocka_unit_test(texts_count_by_what_they_may_have),
        cmocka_unit_test(the_other_kind_goes_by_the_probe),
        cmocka_unit_test(bounds_and_auto_are_heeded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

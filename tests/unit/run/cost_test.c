/* From waves with known numbers to the time of a run: servers whose times are exact. */
#include "support.h"

#include <math.h>

#include <lmeval/preflight.h>

/* A server: 10 ms a request, 1 ms a prompt token, 5 ms a generated one. */
enum {
    SERIAL = 1
};

static double work_s(double n, double prompt_tokens, double generated)
{
    return 0.01 * n + 0.001 * prompt_tokens + 0.005 * generated;
}

static lme_wave wave_of(lme_wave_kind kind, size_t open, size_t n, double tokens, double generated)
{
    return (lme_wave){
        .kind = kind,
        .open = open,
        .n_asked = n,
        .n_answered = n,
        .outlay = {.n_least = n, .n_most = n, .bytes = 4 * tokens, .prompt_tokens = tokens},
        .n_generated = generated,
    };
}

static void add(lme_trial *trial, lme_wave wave, double in_parallel)
{
    double n = (double)wave.n_answered;
    wave.seconds = work_s(n, wave.outlay.prompt_tokens, wave.n_generated) /
                   (in_parallel < n ? in_parallel : n);
    trial->waves[trial->n_waves++] = wave;
}

static lme_preflight asks(lme_request_kind kind, size_t n, double tokens, double most_generated)
{
    lme_preflight preflight = {0};
    preflight.kinds[kind] = (lme_forecast){
        .n_requests = n,
        .n_new = n,
        .outlay = {.n_least = n,
                   .n_most = n,
                   .bytes = 4 * tokens,
                   .prompt_tokens = tokens,
                   .most_generated = most_generated},
    };
    return preflight;
}

static const lme_pace pace = {.quickest_s = 0.01, .token_s = 0.005};

static void scores_go_as_the_wave_went(void **state)
{
    (void)state;
    const lme_preflight run = asks(LME_REQUEST_LOGLIKELIHOOD, 1000, 90000, 1000);
    const lme_task_trial task = {.bytes = 3200, .prompt_tokens = 800};
    static const double parallel[] = {SERIAL, 3, 8};
    for (size_t i = 0; i < 3; i++) {
        lme_trial trial = {.tasks = &task, .n_tasks = 1};
        add(&trial, wave_of(LME_WAVE_SCORES, 1, 1, 40, 0), SERIAL);
        /* Shorter than the run's: what a token takes is known from the first question. */
        add(&trial, wave_of(LME_WAVE_SCORES, 8, 16, 800, 0), parallel[i]);
        const lme_cost_options options = {.concurrency = 8, .pace = pace};
        lme_cost cost = lme_cost_of(&run, 1, &trial, &options);
        double wanted = work_s(1000, 90000, 0) / parallel[i];
        assert_true(cost.known);
        assert_close(cost.seconds.low, wanted, 1e-9 * wanted);
        assert_close(cost.seconds.high, wanted, 1e-9 * wanted);
        assert_false(cost.is_alone);
    }
}

/* Without a wave all that so many open can bring is possible, and nothing. */
static void one_question_alone_leaves_a_range(void **state)
{
    (void)state;
    const lme_preflight run = asks(LME_REQUEST_LOGLIKELIHOOD, 1000, 90000, 1000);
    const lme_task_trial task = {.bytes = 160, .prompt_tokens = 40};
    lme_trial trial = {.tasks = &task, .n_tasks = 1};
    const lme_cost_options options = {.concurrency = 8, .pace = pace};
    assert_false(lme_cost_of(&run, 1, &trial, &options).known);
    add(&trial, wave_of(LME_WAVE_SCORES, 1, 1, 40, 0), SERIAL);
    lme_cost cost = lme_cost_of(&run, 1, &trial, &options);
    assert_true(cost.is_alone);
    assert_close(cost.seconds.low, 100.0 / 8, 1e-9);
    assert_close(cost.seconds.high, 100, 1e-9);
    /* A wave of which nothing was answered: others take longer than that one. */
    trial.waves[trial.n_waves++] = (lme_wave){.kind = LME_WAVE_SCORES, .open = 8, .n_asked = 8};
    assert_true(isinf(lme_cost_of(&run, 1, &trial, &options).seconds.high));
}

static void texts_are_as_long_as_those_tried(void **state)
{
    (void)state;
    const lme_preflight run = asks(LME_REQUEST_GENERATE, 200, 20000, 200 * 256.0);
    lme_task_trial task = {.bytes = 6400, .prompt_tokens = 1600, .n_texts = 8, .generated = 240};
    lme_trial trial = {.tasks = &task, .n_tasks = 1};
    const lme_cost_options options = {.concurrency = 4, .pace = pace};
    add(&trial, wave_of(LME_WAVE_PROMPTS, 1, 1, 100, 0), SERIAL);
    add(&trial, wave_of(LME_WAVE_PROMPTS, 4, 8, 800, 0), 4);
    add(&trial, wave_of(LME_WAVE_TEXTS, 4, 8, 800, 240), 4);
    lme_cost cost = lme_cost_of(&run, 1, &trial, &options);
    assert_close(cost.generated.low, 200 * 30, 1e-9);
    assert_close(cost.generated.high, 200 * 30, 1e-9);
    assert_close(cost.seconds.low, work_s(200, 20000, 200 * 30) / 4, 1e-9);
    assert_close(cost.seconds.high, cost.seconds.low, 1e-9);
    assert_close(cost.prompt_seconds.low, work_s(200, 20000, 0) / 4, 1e-9);
    assert_close(cost.seconds_most, work_s(200, 20000, 200 * 256) / 4, 1e-9);
    /* Two of the eight were cut at 60 tokens, and may have been as long as their limit. */
    task.n_cut = 2;
    task.cut_generated = 120;
    cost = lme_cost_of(&run, 1, &trial, &options);
    assert_close(cost.generated.low, 200 * 30, 1e-9);
    assert_close(cost.generated.high, 200 * (120 + 512) / 8.0, 1e-9);
    assert_close(cost.seconds.high, work_s(200, 20000, 200 * 79) / 4, 1e-9);
}

/* Each task by its own; the one that was not tried by the others. */
static void tokens_are_each_tasks_own(void **state)
{
    (void)state;
    const lme_task_trial tasks[] = {
        {.bytes = 400, .prompt_tokens = 100}, {.bytes = 300, .prompt_tokens = 300}, {.bytes = 0}};
    const lme_trial trial = {.tasks = tasks, .n_tasks = 3};
    assert_close(lme_trial_tokens(&trial, 0), 0.25, 1e-12);
    assert_close(lme_trial_tokens(&trial, 1), 1, 1e-12);
    assert_close(lme_trial_tokens(&trial, 2), 400.0 / 700, 1e-12);
}

static void a_bound_on_the_rate_is_heeded(void **state)
{
    (void)state;
    const lme_preflight run = asks(LME_REQUEST_LOGLIKELIHOOD, 1000, 90000, 1000);
    const lme_task_trial task = {.bytes = 3200, .prompt_tokens = 800};
    lme_trial trial = {.tasks = &task, .n_tasks = 1};
    add(&trial, wave_of(LME_WAVE_SCORES, 1, 1, 40, 0), SERIAL);
    add(&trial, wave_of(LME_WAVE_SCORES, 8, 16, 800, 0), 8);
    const lme_cost_options options = {.concurrency = 8, .max_rps = 2, .pace = pace};
    lme_cost cost = lme_cost_of(&run, 1, &trial, &options);
    assert_close(cost.seconds.low, 500, 1e-9);
    assert_true(cost.is_paced);
}

static void auto_goes_its_way_up(void **state)
{
    (void)state;
    const lme_preflight run = asks(LME_REQUEST_LOGLIKELIHOOD, 20000, 800000, 1000);
    const lme_task_trial task = {.bytes = 3200, .prompt_tokens = 800};
    lme_trial trial = {.tasks = &task, .n_tasks = 1};
    const lme_cost_options options = {.pace = pace};
    add(&trial, wave_of(LME_WAVE_SCORES, 1, 1, 40, 0), SERIAL);
    add(&trial, wave_of(LME_WAVE_SCORES, 4, 32, 1280, 0), 4);
    add(&trial, wave_of(LME_WAVE_SCORES, 16, 32, 1280, 0), 16);
    add(&trial, wave_of(LME_WAVE_SCORES, 64, 64, 2560, 0), 16);
    lme_cost cost = lme_cost_of(&run, 1, &trial, &options);
    double best = work_s(20000, 800000, 0) / 16;
    assert_int_equal(cost.most_tried, 64);
    assert_true(cost.seconds.low >= best && cost.seconds.low < 1.3 * best);
    assert_close(cost.seconds.high, cost.seconds.low, 1e-9);
    /* Had there been no end to it in what was tried, more could bring more. */
    trial.n_waves = 3;
    trial.is_gaining = true;
    cost = lme_cost_of(&run, 1, &trial, &options);
    assert_true(cost.seconds.high >= best && cost.seconds.high < 1.3 * best);
    assert_true(cost.seconds.low < 0.5 * best);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(scores_go_as_the_wave_went),
        cmocka_unit_test(one_question_alone_leaves_a_range),
        cmocka_unit_test(texts_are_as_long_as_those_tried),
        cmocka_unit_test(tokens_are_each_tasks_own),
        cmocka_unit_test(a_bound_on_the_rate_is_heeded),
        cmocka_unit_test(auto_goes_its_way_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

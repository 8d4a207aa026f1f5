/* Every fault over real HTTP, and how they are drawn. */
#include "fault.h"
#include "serving.h"

#include <string.h>
#include <time.h>

static int set_up(void **state)
{
    *state = lme_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    lme_arena_free(*state);
    return 0;
}

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static const char body_text[] = "{\"prompt\":\"The cat\",\"max_tokens\":4,\"temperature\":0}";

static test_answer answer_with(lme_arena *arena, const char *faults)
{
    lme_refserver *server = serve(arena, (lme_refserver_options){.faults = faults});
    test_answer answer = test_post(arena, lme_refserver_port(server), "/v1/completions", body_text);
    lme_refserver_stop(server);
    return answer;
}

static void status_faults(void **state)
{
    lme_arena *arena = *state;
    test_answer answer = answer_with(arena, "429=always:7");
    assert_refused(arena, &answer, 429, "too many requests");
    assert_str(test_header(&answer, "Retry-After"), "7");
    answer = answer_with(arena, "429=1");
    assert_str(test_header(&answer, "Retry-After"), "0");
    answer = answer_with(arena, "429-date=1:60");
    assert_int_equal(answer.status, 429);
    assert_true(lme_str_ends(test_header(&answer, "Retry-After"), LME_STR(" GMT")));
    answer = answer_with(arena, "500=1");
    assert_refused(arena, &answer, 500, "the server had an error");
    answer = answer_with(arena, "503=1");
    assert_refused(arena, &answer, 503, "Loading model");
    assert_str(test_header(&answer, "Retry-After"), "");
    answer = answer_with(arena, "503=1:3");
    assert_str(test_header(&answer, "Retry-After"), "3");
    answer = answer_with(arena, "html=1");
    assert_int_equal(answer.status, 502);
    assert_true(lme_str_starts(answer.body, LME_STR("<html>")));
}

static void broken_connections(void **state)
{
    lme_arena *arena = *state;
    test_answer answer = answer_with(arena, "drop=1");
    assert_int_equal(answer.status, 0);
    answer = answer_with(arena, "truncate=1");
    assert_int_equal(answer.status, 200);
    assert_false(answer.is_complete);
    assert_true(answer.body.len > 0);
}

static void broken_streams(void **state)
{
    lme_arena *arena = *state;
    lme_refserver *server = serve(arena, (lme_refserver_options){.faults = "truncate=always"});
    test_answer answer = test_post(arena, lme_refserver_port(server), "/v1/completions",
                                   "{\"prompt\":\"The cat\",\"max_tokens\":9,\"stream\":true}");
    lme_refserver_stop(server);
    assert_int_equal(answer.status, 200);
    assert_false(answer.is_complete);
    assert_true(lme_str_find(answer.body, LME_STR("[DONE]"), 0) == SIZE_MAX);
}

static void broken_bodies(void **state)
{
    lme_arena *arena = *state;
    lme_error err = {0};
    lme_value value;
    test_answer answer = answer_with(arena, "bad-json=1");
    assert_int_equal(answer.status, 200);
    assert_true(answer.is_complete);
    assert_false(lme_json_read(arena, NULL, answer.body, NULL, &value, &err));
    answer = answer_with(arena, "error-200=1");
    assert_refused(arena, &answer, 200, "the server had an error");
    answer = answer_with(arena, "abort=1");
    value = test_json(arena, answer.body);
    assert_int_equal(answer.status, 200);
    assert_str(test_text(&value, "choices.0.finish_reason"), "abort");
}

static void delays(void **state)
{
    lme_arena *arena = *state;
    double start = now_ms();
    test_answer answer = answer_with(arena, "latency=always:150");
    assert_int_equal(answer.status, 200);
    assert_true(now_ms() - start >= 149.0);
    start = now_ms();
    answer = answer_with(arena, "stall=1:120");
    assert_int_equal(answer.status, 200); /* too late for the client, but it comes */
    assert_true(now_ms() - start >= 119.0);
    answer = answer_with(arena, "latency=always:20,500=1");
    assert_int_equal(answer.status, 500);
}

static void retries_succeed_in_the_end(void **state)
{
    lme_arena *arena = *state;
    lme_refserver *server = serve(arena, (lme_refserver_options){.faults = "500=1"});
    unsigned statuses[4];
    for (size_t i = 0; i < 4; i++)
        statuses[i] =
            test_post(arena, lme_refserver_port(server), "/v1/completions", body_text).status;
    /* Models and health are spared, so that a server can be found. */
    assert_int_equal(test_get(arena, lme_refserver_port(server), "/v1/models").status, 200);
    lme_refserver_stop(server);
    assert_int_equal(statuses[0], 500);
    assert_int_equal(statuses[1], 500);
    assert_int_equal(statuses[2], 200);
    assert_int_equal(statuses[3], 500);
}

static lme_faults *faults_of(lme_arena *arena, const char *list, uint64_t seed)
{
    lme_error err = {0};
    lme_faults *faults;
    assert_ok(lme_faults_new(arena, list, seed, &faults, &err), &err);
    assert_non_null(faults);
    return faults;
}

static lme_str body_of(lme_arena *arena, size_t i)
{
    return lme_str_format(arena, "{\"prompt\":\"%zu\"}", i);
}

static void shares_are_kept(void **state)
{
    lme_arena *arena = *state;
    lme_faults *faults = faults_of(arena, "429=0.1,drop=0.05,latency=0.5", 3);
    size_t n_429 = 0, n_drop = 0, n_late = 0, n = 4000;
    for (size_t i = 0; i < n; i++) {
        lme_mishap mishap = lme_faults_draw(faults, LME_STR("/v1/completions"), body_of(arena, i));
        n_429 += mishap.fault == LME_FAULT_429;
        n_drop += mishap.fault == LME_FAULT_DROP;
        n_late += mishap.delay_ms == 100;
    }
    lme_faults_free(faults);
    assert_in_range(n_429, 330, 470);
    assert_in_range(n_drop, 130, 240);
    assert_in_range(n_late, 1850, 2150);
}

/* The same in another order: what happens to a request depends on nothing but the request. */
static void draws_do_not_depend_on_the_order(void **state)
{
    lme_arena *arena = *state;
    const char *list = "429=0.3,500=0.2,stall=0.1:5";
    lme_faults *one = faults_of(arena, list, 9), *two = faults_of(arena, list, 9),
               *other = faults_of(arena, list, 10);
    enum {
        N = 300
    };
    lme_mishap first[N][2];
    size_t n_differ = 0;
    for (size_t i = 0; i < N; i++) {
        for (size_t k = 0; k < 2; k++)
            first[i][k] = lme_faults_draw(one, LME_STR("/p"), body_of(arena, i));
    }
    for (size_t k = 0; k < 2; k++) {
        for (size_t i = N; i-- > 0;) {
            lme_mishap mishap = lme_faults_draw(two, LME_STR("/p"), body_of(arena, i));
            assert_int_equal(mishap.fault, first[i][k].fault);
            assert_int_equal(mishap.delay_ms, first[i][k].delay_ms);
            n_differ +=
                lme_faults_draw(other, LME_STR("/p"), body_of(arena, i)).fault != first[i][k].fault;
        }
    }
    assert_true(n_differ > 100);
    lme_faults_free(one);
    lme_faults_free(two);
    lme_faults_free(other);
}

static void failures_in_a_row_are_bounded(void **state)
{
    lme_arena *arena = *state;
    lme_faults *faults = faults_of(arena, "500=0.9,stall=0.9:1", 1);
    lme_faults *sticky = faults_of(arena, "drop=always", 1);
    size_t in_a_row = 0, most = 0;
    for (size_t i = 0; i < 200; i++) {
        bool is_hit = lme_faults_draw(faults, LME_STR("/p"), LME_STR("{}")).fault != LME_FAULT_NONE;
        in_a_row = is_hit ? in_a_row + 1 : 0;
        most = in_a_row > most ? in_a_row : most;
        assert_int_equal(lme_faults_draw(sticky, LME_STR("/p"), LME_STR("{}")).fault,
                         LME_FAULT_DROP);
    }
    assert_int_equal(most, LME_FAULTS_IN_A_ROW);
    lme_faults_free(faults);
    lme_faults_free(sticky);
}

static void assert_bad(lme_arena *arena, const char *list, const char *part)
{
    lme_error err = {0};
    lme_faults *faults;
    assert_false(lme_faults_new(arena, list, 0, &faults, &err));
    assert_error(&err, LME_ERR_USAGE, part);
}

static void wrong_lists_are_errors(void **state)
{
    lme_arena *arena = *state;
    lme_error err = {0};
    lme_faults *faults = NULL;
    assert_bad(arena, "4290=1", "unknown fault \"4290\"");
    assert_bad(arena, "latncy=1", "did you mean latency?");
    assert_bad(arena, "500", "got \"\" as its share");
    assert_bad(arena, "500=2", "got \"2\" as its share, expected a number from 0 to 1, or always");
    assert_bad(arena, "500=x", "write NAME=SHARE or NAME=SHARE:ARG, as in 500=0.05");
    assert_bad(arena, "500=nan", "as its share");
    assert_bad(arena, "stall=1:-4", "got \"-4\" as its argument");
    assert_bad(arena, "stall=1:", "got \"\" as its argument");
    assert_bad(arena,
               "500=0,500=0,500=0,500=0,500=0,500=0,500=0,500=0,500=0,500=0,500=0,500=0,500=0,"
               "500=0,500=0,500=0,500=0",
               "more than 16 faults");
    assert_true(lme_faults_new(arena, "", 0, &faults, &err));
    assert_null(faults);
    size_t n = 0;
    for (const lme_refserver_row *row = lme_refserver_faults(); row->name != NULL; row++, n++)
        assert_true(strlen(row->meaning) > 5);
    assert_int_equal(n, LME_FAULTS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(status_faults),
        cmocka_unit_test(broken_connections),
        cmocka_unit_test(broken_streams),
        cmocka_unit_test(broken_bodies),
        cmocka_unit_test(delays),
        cmocka_unit_test(retries_succeed_in_the_end),
        cmocka_unit_test(shares_are_kept),
        cmocka_unit_test(draws_do_not_depend_on_the_order),
        cmocka_unit_test(failures_in_a_row_are_bounded),
        cmocka_unit_test(wrong_lists_are_errors),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

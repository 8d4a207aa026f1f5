/* Which server is asked, in made-up time. */
#include "pool.h"
#include "support.h"

enum {
    N = 3,
    REST_MS = 500
};

typedef struct fixture {
    lme_server_traffic servers[N];
    lme_pool pool;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    f = (fixture){0};
    f.pool = lme_pool_of(f.servers, N, REST_MS);
    *state = &f;
    return 0;
}

static void the_least_loaded_is_asked(void **state)
{
    fixture *f = *state;
    assert_int_equal(lme_pool_choose(&f->pool, 0, 0), 0);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 0), 1);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 0), 2);
    lme_pool_answered(&f->pool, 1);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 0), 1);
    assert_int_equal(f->servers[1].n_sent, 2);
    assert_int_equal(f->servers[1].n_answered, 1);
}

static void one_item_goes_to_one_server(void **state)
{
    fixture *f = *state;
    assert_int_equal(lme_pool_choose(&f->pool, 0, 11), 0);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 11), 0);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 12), 1);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 11), 0);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 12), 1);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 11), 0);
    /* Up to a point: five more than the idle one is too many. */
    assert_int_equal(lme_pool_choose(&f->pool, 0, 11), 0);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 11), 2);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 11), 2);
}

static void a_failed_server_is_rested_and_tried_once(void **state)
{
    fixture *f = *state;
    assert_int_equal(lme_pool_choose(&f->pool, 1000, 11), 0);
    assert_true(lme_pool_failed(&f->pool, 0, 1000, 0));
    /* Its items go elsewhere. */
    assert_int_equal(lme_pool_choose(&f->pool, 1000, 11), 1);
    assert_int_equal(lme_pool_choose(&f->pool, 1499, 0), 2);
    /* Its rest is over: one request, and none beside it. */
    assert_int_equal(lme_pool_choose(&f->pool, 1500, 0), 0);
    assert_int_equal(lme_pool_choose(&f->pool, 1500, 0), 1);
    assert_int_equal(lme_pool_choose(&f->pool, 1500, 0), 2);
    assert_true(lme_pool_failed(&f->pool, 0, 1600, 0));
    /* The second rest is twice as long. */
    assert_int_equal(lme_pool_choose(&f->pool, 2599, 0), 1);
    assert_int_equal(lme_pool_choose(&f->pool, 2600, 0), 0);
    lme_pool_answered(&f->pool, 0);
    assert_int_equal(lme_pool_choose(&f->pool, 2600, 0), 0);
    assert_int_equal(lme_pool_choose(&f->pool, 2600, 0), 0);
    assert_int_equal(f->servers[0].n_rests, 2);
    assert_int_equal(f->servers[0].n_failed, 2);
}

static void many_that_fail_together_are_one_failure(void **state)
{
    fixture *f = *state;
    for (int i = 0; i < 9; i++)
        lme_pool_choose(&f->pool, 0, 0);
    for (int i = 0; i < 3; i++)
        lme_pool_failed(&f->pool, 0, 10, 0);
    assert_int_equal(f->servers[0].n_failed, 3);
    assert_int_equal(f->servers[0].n_rests, 1);
    assert_int_equal(f->servers[0].rested_until_ms, 10 + REST_MS);
}

static void what_the_server_asks_for_is_its_rest(void **state)
{
    fixture *f = *state;
    lme_pool_choose(&f->pool, 0, 0);
    lme_pool_failed(&f->pool, 0, 0, 30000);
    assert_int_equal(f->servers[0].rested_until_ms, 30000);
}

static void when_all_are_out_the_first_to_be_back_is_asked(void **state)
{
    fixture *f = *state;
    for (size_t i = 0; i < N; i++)
        assert_int_equal(lme_pool_choose(&f->pool, 0, 0), i);
    assert_true(lme_pool_failed(&f->pool, 2, 0, 0));
    assert_true(lme_pool_failed(&f->pool, 0, 100, 0));
    assert_false(lme_pool_failed(&f->pool, 1, 200, 0));
    assert_int_equal(lme_pool_choose(&f->pool, 300, 11), 2);
}

static void who_is_away_is_asked_when_all_are(void **state)
{
    fixture *f = *state;
    lme_pool_away(&f->pool, 0);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 0), 1);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 0), 2);
    /* Those that only rest come first, however long. */
    lme_pool_failed(&f->pool, 1, 0, 30000);
    lme_pool_failed(&f->pool, 2, 0, 20000);
    assert_int_equal(lme_pool_choose(&f->pool, 1, 0), 2);
    assert_false(lme_pool_all_away(&f->pool));
    lme_pool_away(&f->pool, 1);
    lme_pool_away(&f->pool, 2);
    assert_true(lme_pool_all_away(&f->pool));
    assert_int_equal(lme_pool_choose(&f->pool, 1, 0), 0);
    lme_pool_back(&f->pool, 1);
    assert_int_equal(lme_pool_choose(&f->pool, 1, 0), 1);
}

static void looks_at_who_is_away_become_rarer(void **state)
{
    fixture *f = *state;
    lme_pool_away(&f->pool, 0);
    lme_pool_missed(&f->pool, 0, 0);
    assert_int_equal(f->servers[0].rested_until_ms, REST_MS);
    lme_pool_missed(&f->pool, 0, 500);
    assert_int_equal(f->servers[0].rested_until_ms, 500 + 2 * REST_MS);
    lme_pool_back(&f->pool, 0);
    assert_int_equal(lme_pool_choose(&f->pool, 500, 0), 0);
}

static void rests_are_bounded(void **state)
{
    fixture *f = *state;
    uint64_t now = 0;
    for (int i = 0; i < 200; i++) {
        now = f->servers[0].rested_until_ms;
        f->servers[0].n_open++;
        lme_pool_failed(&f->pool, 0, now, 0);
    }
    assert_int_equal(f->servers[0].rested_until_ms - now, 60000);
}

static void a_refused_question_is_no_failure(void **state)
{
    fixture *f = *state;
    lme_pool_choose(&f->pool, 0, 0);
    lme_pool_left(&f->pool, 0);
    assert_int_equal(f->servers[0].n_failed, 0);
    assert_int_equal(f->servers[0].n_open, 0);
    assert_int_equal(lme_pool_choose(&f->pool, 0, 0), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(the_least_loaded_is_asked, set_up),
        cmocka_unit_test_setup(one_item_goes_to_one_server, set_up),
        cmocka_unit_test_setup(a_failed_server_is_rested_and_tried_once, set_up),
        cmocka_unit_test_setup(many_that_fail_together_are_one_failure, set_up),
        cmocka_unit_test_setup(what_the_server_asks_for_is_its_rest, set_up),
        cmocka_unit_test_setup(when_all_are_out_the_first_to_be_back_is_asked, set_up),
        cmocka_unit_test_setup(who_is_away_is_asked_when_all_are, set_up),
        cmocka_unit_test_setup(looks_at_who_is_away_become_rarer, set_up),
        cmocka_unit_test_setup(rests_are_bounded, set_up),
        cmocka_unit_test_setup(a_refused_question_is_no_failure, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

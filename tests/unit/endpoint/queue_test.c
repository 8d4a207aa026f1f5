/* What waits, what is held, and in which order it goes, in made-up time. */
#include "queue.h"
#include "support.h"

enum {
    N = 5
};

typedef struct fixture {
    lme_transfer t[N];
    lme_queue queue;
} fixture;

static int set_up(void **state)
{
    static fixture f;
    f = (fixture){0};
    *state = &f;
    return 0;
}

static void what_is_due_goes_first_come_first(void **state)
{
    fixture *f = *state;
    assert_null(lme_queue_take(&f->queue, 100));
    assert_int_equal(lme_queue_due(&f->queue, 77), 77);
    lme_queue_put(&f->queue, &f->t[0], 30);
    lme_queue_put(&f->queue, &f->t[1], 10);
    lme_queue_put(&f->queue, &f->t[2], 20);
    assert_int_equal(lme_queue_due(&f->queue, 77), 10);
    assert_null(lme_queue_take(&f->queue, 9));
    assert_ptr_equal(lme_queue_take(&f->queue, 10), &f->t[1]);
    assert_ptr_equal(lme_queue_take(&f->queue, 50), &f->t[0]);
    lme_queue_put(&f->queue, &f->t[0], 5);
    assert_ptr_equal(lme_queue_take(&f->queue, 50), &f->t[2]);
    assert_ptr_equal(lme_queue_take(&f->queue, 50), &f->t[0]);
    assert_null(lme_queue_take(&f->queue, 50));
    lme_queue_put(&f->queue, &f->t[3], 1);
    assert_ptr_equal(lme_queue_take(&f->queue, 50), &f->t[3]);
}

static void on_hold_what_passes_goes_alone(void **state)
{
    fixture *f = *state;
    lme_queue_put(&f->queue, &f->t[0], 10);
    lme_queue_hold(&f->queue);
    f->t[2].exchange.passes = true;
    assert_true(lme_queue_holds(&f->queue, &f->t[1]));
    assert_false(lme_queue_holds(&f->queue, &f->t[2]));
    lme_queue_put(&f->queue, &f->t[1], 10);
    lme_queue_put(&f->queue, &f->t[2], 10);
    assert_ptr_equal(lme_queue_take(&f->queue, 10), &f->t[2]);
    assert_null(lme_queue_take(&f->queue, 10));
    assert_int_equal(lme_queue_due(&f->queue, 99), 99);
    lme_queue_release(&f->queue, true, 60);
    assert_false(lme_queue_holds(&f->queue, &f->t[1]));
    assert_int_equal(lme_queue_due(&f->queue, 99), 60);
    assert_ptr_equal(lme_queue_take(&f->queue, 60), &f->t[0]);
    assert_ptr_equal(lme_queue_take(&f->queue, 60), &f->t[1]);
}

/* It was there after all: who had a try left waits for it, who had none has failed. */
static void a_false_alarm_changes_nothing(void **state)
{
    fixture *f = *state;
    lme_queue_hold(&f->queue);
    f->t[0].exchange.n_tries = 2;
    f->t[1].exchange.n_tries = 6;
    f->t[1].is_over = true;
    lme_queue_put(&f->queue, &f->t[0], 500);
    lme_queue_put(&f->queue, &f->t[1], 500);
    lme_queue_release(&f->queue, false, 60);
    assert_ptr_equal(lme_queue_take(&f->queue, 60), &f->t[1]);
    assert_true(f->t[1].is_over);
    assert_null(lme_queue_take(&f->queue, 499));
    assert_ptr_equal(lme_queue_take(&f->queue, 500), &f->t[0]);
    assert_int_equal(f->t[0].exchange.n_tries, 2);
}

static void tries_are_spared_three_times(void **state)
{
    fixture *f = *state;
    lme_transfer *t = &f->t[0];
    for (int i = 1; i <= 4; i++) {
        lme_queue_hold(&f->queue);
        t->exchange.n_tries = 6;
        t->exchange.n_failovers = 1;
        t->is_over = true;
        lme_queue_put(&f->queue, t, 10);
        lme_queue_release(&f->queue, true, 20);
        assert_ptr_equal(lme_queue_take(&f->queue, 20), t);
        assert_int_equal(t->is_over, i > 3);
        assert_int_equal(t->exchange.n_tries, i > 3 ? 6 : 0);
        assert_int_equal(t->exchange.n_failovers, i > 3 ? 1 : 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(what_is_due_goes_first_come_first, set_up),
        cmocka_unit_test_setup(on_hold_what_passes_goes_alone, set_up),
        cmocka_unit_test_setup(a_false_alarm_changes_nothing, set_up),
        cmocka_unit_test_setup(tries_are_spared_three_times, set_up),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

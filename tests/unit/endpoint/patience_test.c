/* When a server is doubted, looked at and given up, in made-up time. */
#include "patience.h"
#include "support.h"

static void three_in_a_row_or_a_last_try_raise_doubt(void **state)
{
    (void)state;
    lme_patience p = {.most_ms = 1000};
    lme_patience_tried(&p, false);
    lme_patience_tried(&p, false);
    assert_false(lme_patience_doubts(&p, false));
    assert_true(lme_patience_doubts(&p, true));
    lme_patience_tried(&p, true);
    lme_patience_tried(&p, false);
    lme_patience_tried(&p, false);
    assert_false(lme_patience_doubts(&p, false));
    lme_patience_tried(&p, false);
    assert_true(lme_patience_doubts(&p, false));
    p.most_ms = 0;
    assert_false(lme_patience_doubts(&p, true));
}

static void looks_come_less_and_less_often(void **state)
{
    static const unsigned pauses[] = {500, 1000, 2000, 4000, 5000, 5000};
    (void)state;
    lme_patience p = {.most_ms = 120000};
    uint64_t now = 10000;
    lme_patience_begin(&p, now);
    assert_int_equal(p.due_ms, now);
    for (size_t i = 0; i < sizeof pauses / sizeof pauses[0]; i++) {
        assert_int_equal(lme_patience_missed(&p, now), i == 0);
        assert_int_equal(p.due_ms - now, pauses[i]);
        now = p.due_ms;
    }
    assert_int_equal(p.presence, LME_PRESENCE_AWAY);
}

static void a_false_alarm_takes_no_time(void **state)
{
    (void)state;
    lme_patience p = {.most_ms = 1000, .n_missed = 3};
    lme_patience_begin(&p, 100);
    assert_int_equal(lme_patience_met(&p, 900), 0);
    assert_int_equal(p.presence, LME_PRESENCE_THERE);
    assert_int_equal(p.n_missed, 0);
    lme_patience_begin(&p, 2000);
    assert_int_equal(lme_patience_left(&p, 2000), 1000);
}

static void waits_add_up_until_a_question_is_answered(void **state)
{
    (void)state;
    lme_patience p = {.most_ms = 1000};
    lme_patience_begin(&p, 5000);
    assert_true(lme_patience_missed(&p, 5000));
    assert_int_equal(lme_patience_left(&p, 5400), 600);
    assert_int_equal(lme_patience_met(&p, 5700), 700);
    /* The look was answered, and no question was. */
    lme_patience_begin(&p, 9000);
    assert_int_equal(lme_patience_left(&p, 9000), 300);
    assert_int_equal(lme_patience_left(&p, 9300), 0);
    assert_int_equal(lme_patience_left(&p, 99300), 0);
    lme_patience_answered(&p);
    lme_patience_begin(&p, 9000);
    assert_int_equal(lme_patience_left(&p, 9000), 1000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(three_in_a_row_or_a_last_try_raise_doubt),
        cmocka_unit_test(looks_come_less_and_less_often),
        cmocka_unit_test(a_false_alarm_takes_no_time),
        cmocka_unit_test(waits_add_up_until_a_question_is_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

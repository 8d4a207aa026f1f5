/* Thresholds over the comparison of two records made here, and the report for builds. */
#include "two_runs.h"

#include <math.h>

static void thresholds_want_proof_or_the_number(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 400);
    t.b->scores[1] = 0.0;
    compare(&t);
    const lme_gate_rule loose = {.gates = {0.98, 2.0, 0.03, 0.95, false}};
    const lme_gate_rule rules[] = {
        {.task = LME_STR("exam"), .gates = {0.1, 50.0, 0.9, 0.95, false}}, /* another task's */
        {.gates = {0.99, 1.0, 0.02, 0.95, false}},
    };
    const lme_gate_rule exact = {.task = LME_STR("quiz"), .gates = {1.0, 0.0, 0.0, 0.95, true}};
    size_t n;
    const lme_gate_result *results = lme_gates_check(t.arena, &loose, 1, &t.c, &n);
    assert_int_equal(n, 3);
    assert_true(results[0].met && results[1].met && results[2].met);
    results = lme_gates_check(t.arena, rules, 2, &t.c, &n);
    assert_int_equal(n, 3);
    assert_true(!results[0].met && !results[1].met && results[2].met);
    assert_str(results[0].text,
               "quiz acc: recovery 99.7 [98.1, 100.9] % is not shown to be at least 99 %");
    assert_str(results[1].text,
               "quiz acc: difference -0.2 [-1.4, +0.7] is not shown to be a drop of at most 1.0");
    assert_str(results[2].text, "quiz acc: a flip rate of 0.2 % is at most 2 %");
    results = lme_gates_check(t.arena, &exact, 1, &t.c, &n);
    assert_int_equal(n, 3);
    assert_true(!results[0].met && !results[1].met && !results[2].met);
    assert_str(results[2].text, "quiz acc: a flip rate of 0.2 % is not at most 0 %");
    lme_gates_check(t.arena, rules, 1, &t.c, &n); /* only another task's */
    assert_int_equal(n, 0);
    lme_arena_free(t.arena);
}

/* Not measured is not kept: a task, a metric or a filter that only the base has. */
static void what_is_missing_meets_no_threshold(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 400);
    settle(t.a);
    settle(t.b);
    lme_record_task two[2] = {t.a->task, t.a->task};
    two[1].name = LME_STR("exam");
    lme_record_score scores[3] = {t.a->score, t.a->score, t.a->score};
    scores[1].metric = LME_STR("f1");
    scores[2].pipeline = LME_STR("strict");
    two[0].scores = scores;
    two[0].n_scores = 3;
    lme_record_pipeline pipelines[2] = {t.a->pipeline, t.a->pipeline};
    pipelines[1].name = LME_STR("strict");
    two[0].pipelines = pipelines;
    two[0].n_pipelines = 2;
    t.a->record.tasks = two;
    t.a->record.n_tasks = 2;
    lme_compare_runs(t.arena, &t.a->record, &t.b->record, &usual, &t.c);
    assert_int_equal(t.c.n_rows, 1);
    assert_int_equal(t.c.n_missing, 3);
    const lme_gate_rule rule = {.gates = {0.9, (double)NAN, (double)NAN, 0.95, false}};
    size_t n, n_failed;
    const lme_gate_result *results = lme_gates_check(t.arena, &rule, 1, &t.c, &n);
    assert_int_equal(n, 4);
    assert_true(results[0].met);
    assert_str(lme_gates_failures(t.arena, results, n, &n_failed),
               "quiz f1: cannot be checked: the other run does not have this metric\n"
               "quiz acc,strict: cannot be checked: the other run does not have this filter\n"
               "exam acc: cannot be checked: the other run does not have this task\n");
    assert_int_equal(n_failed, 3);
    /* a rule for one task asks for nothing of another */
    const lme_gate_rule quiz = {.task = LME_STR("quiz"), .gates = rule.gates};
    lme_gates_check(t.arena, &quiz, 1, &t.c, &n);
    assert_int_equal(n, 3);
    /* a metric that was not asked for is not missed */
    lme_str wanted = LME_STR("acc");
    lme_compare_options chosen = usual;
    chosen.metrics = &wanted;
    chosen.n_metrics = 1;
    lme_compare_runs(t.arena, &t.a->record, &t.b->record, &chosen, &t.c);
    assert_int_equal(t.c.n_missing, 2);
    lme_arena_free(t.arena);
}

static void rules_are_about_something(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 100);
    compare(&t);
    lme_error err = {0};
    lme_gate_rule rules[2] = {{.gates = {0.9, (double)NAN, (double)NAN, 0.95, false}},
                              {.task = LME_STR("quiz"), .at = {"gates.yaml", 2, 3}}};
    assert_ok(lme_gates_match(t.arena, rules, 2, &t.c, &err), &err);
    rules[1].task = LME_STR("qiuz");
    assert_false(lme_gates_match(t.arena, rules, 2, &t.c, &err));
    assert_error(&err, LME_ERR_TASK,
                 "gates.yaml:2:3: thresholds for the task \"qiuz\", of which nothing is compared");
    assert_error(&err, LME_ERR_TASK, "did you mean quiz?");
    err = (lme_error){0};
    rules[1].task = LME_STR("average"); /* averages are shown, not gated */
    assert_false(lme_gates_match(t.arena, rules, 2, &t.c, &err));
    assert_error(&err, LME_ERR_TASK, "the base has not run it");
    lme_arena_free(t.arena);
}

/* A path may hold any bytes, an XML file may not. */
static void a_report_is_valid_utf8(void **state)
{
    (void)state;
    both t;
    begin(&t, "acc", 100);
    t.a->record.name = LME_STR("ba\xff<se\xEF\xBF\xBE");
    compare(&t);
    const lme_gate_suite suite = {.comparison = &t.c};
    assert_str(
        lme_gates_junit(t.arena, &suite, 1),
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
        "  <testsuite name=\"run against ba\xEF\xBF\xBD&lt;se \" tests=\"0\" failures=\"0\">\n"
        "  </testsuite>\n</testsuites>\n");
    lme_arena_free(t.arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(thresholds_want_proof_or_the_number),
        cmocka_unit_test(what_is_missing_meets_no_threshold),
        cmocka_unit_test(rules_are_about_something),
        cmocka_unit_test(a_report_is_valid_utf8),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

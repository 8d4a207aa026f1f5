/* Thresholds from YAML. */
#include "support.h"

#include <math.h>

#include <lmeval/compare.h>

static const lme_gates nothing = {(double)NAN, (double)NAN, (double)NAN, 0.95, false};

static void tasks_take_what_is_said_for_all(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *folder = test_folder(arena);
    const char *path = test_file(arena, folder, "gates.yaml",
                                 "min_recovery: 99\n"
                                 "confidence: 0.9\n"
                                 "tasks:\n"
                                 "  quiz: {max_flips: 5, max_drop: 1.5}\n"
                                 "  exam: {min_recovery: 97.5, point: true}\n");
    const lme_gate_rule *rules;
    size_t n;
    lme_error err = {0};
    assert_ok(lme_gates_read(arena, path, &nothing, &rules, &n, &err), &err);
    assert_int_equal(n, 3);
    assert_str(rules[0].task, "");
    assert_close(rules[0].gates.min_recovery, 0.99, 1e-15);
    assert_true(isnan(rules[0].gates.max_flips));
    assert_str(rules[1].task, "quiz");
    assert_int_equal(rules[1].at.line, 4);
    assert_close(rules[1].gates.min_recovery, 0.99, 1e-15);
    assert_close(rules[1].gates.max_flips, 0.05, 1e-15);
    assert_close(rules[1].gates.max_drop, 1.5, 0.0);
    assert_close(rules[1].gates.confidence, 0.9, 0.0);
    assert_false(rules[1].gates.point);
    assert_close(rules[2].gates.min_recovery, 0.975, 1e-15);
    assert_true(rules[2].gates.point);
    test_folder_remove(folder);
    lme_arena_free(arena);
}

typedef struct broken {
    const char *text, *said;
} broken;

static const broken cases[] = {
    {"- 1\n", "a file of thresholds must be a map"},
    {"max_flip: 3\n", "gates.yaml:1:1: unknown threshold \"max_flip\""},
    {"1: 3\n", "unknown threshold"},
    {"max_flips: much\n", "gates.yaml:1:12: max_flips wants a number from 0 to 100"},
    {"max_flips: 101\n", "max_flips wants a number from 0 to 100"},
    {"min_recovery: -1\n", "min_recovery wants a number from 1 to 200"},
    {"min_recovery: 0.99\n", "it is in percent: 99"},
    {"confidence: 0.4\n", "confidence wants a number from 0.5 to 0.9999"},
    {"confidence: 1\n", "confidence wants a number from 0.5 to 0.9999"},
    {"point: 3\n", "gates.yaml:1:8: point wants true or false"},
    {"tasks: [quiz]\n", "tasks must be a map"},
    {"tasks:\n  quiz: 99\n", "gates.yaml:2:9: a task's thresholds must be a map"},
    {"tasks:\n  quiz: {tasks: {}}\n", "unknown threshold \"tasks\""},
};

static void what_is_no_threshold_is_an_error_with_its_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        const char *folder = test_folder(arena);
        const char *path = test_file(arena, folder, "gates.yaml", cases[i].text);
        const lme_gate_rule *rules;
        size_t n;
        lme_error err = {0};
        assert_false(lme_gates_read(arena, path, &nothing, &rules, &n, &err));
        assert_error(&err, LME_ERR_TASK, cases[i].said);
        test_folder_remove(folder);
        lme_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_take_what_is_said_for_all),
        cmocka_unit_test(what_is_no_threshold_is_an_error_with_its_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

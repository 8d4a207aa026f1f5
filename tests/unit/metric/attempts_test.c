/* Several answers to one document: attempts.jsonl, written by tests/parity/metric_cases.py. */
#include "lines.h"

/* Scores answers with an entry of metric_list. */
static bool score(lme_arena *arena, const lme_value *entry, const lme_value *answers,
                  const char *target, lme_score *made, lme_error *err)
{
    lme_metric_use use;
    lme_error read_error = {0};
    assert_ok(lme_metric_use_read(arena, entry, LME_OUTPUT_GENERATE_UNTIL, "task.yaml", &use,
                                  &read_error),
              &read_error);
    lme_sample sample = {
        .output = LME_OUTPUT_GENERATE_UNTIL,
        .target = lme_string(lme_str_from(target)),
    };
    lme_answer answer = {.pipeline = LME_STR("none"), .values = answers, .n_values = 1};
    return lme_metric_score(arena, &use, &sample, &answer, made, err);
}

static void check_line(lme_arena *arena, const lme_value *row, size_t line)
{
    lme_error err = {0};
    lme_map_builder entry = {.arena = arena};
    lme_map_add(&entry, LME_STR("metric"), *lme_value_find(row, "metric"));
    lme_map_add(&entry, LME_STR("k"), *lme_value_find(row, "k"));
    lme_value map = lme_map_finish(&entry);
    lme_score made;
    assert_ok(score(arena, &map, lme_value_find(row, "answers"), "4", &made, &err), &err);
    double value = lme_value_find(row, "value")->number;
    if (fabs(made.stats[0] - value) > 1e-13)
        fail_msg("attempts.jsonl:%zu: %.17g is not %.17g", line, made.stats[0], value);
    assert_true(lme_str_equal(made.metric, lme_value_find(row, "name")->string));
}

static void chances_and_votes_are_exact(void **state)
{
    (void)state;
    assert_true(for_each_line("attempts.jsonl", check_line) > 40);
}

static lme_value read_json(lme_arena *arena, const char *text)
{
    lme_error err = {0};
    lme_value value;
    assert_ok(lme_json_read(arena, NULL, lme_str_from(text), NULL, &value, &err), &err);
    return value;
}

static double value_of(const char *entry, const char *answers, const char *target)
{
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_value map = read_json(arena, entry), list = read_json(arena, answers);
    lme_score made;
    assert_ok(score(arena, &map, &list, target, &made, &err), &err);
    double value = made.stats[0];
    lme_arena_free(arena);
    return value;
}

static void answers_are_cleaned_before_they_are_compared(void **state)
{
    (void)state;
    const char *plain = "{\"metric\": \"maj@k\"}";
    const char *clean =
        "{\"metric\": \"maj@k\", \"ignore_case\": true, \"ignore_punctuation\": true}";
    const char *answers = "[\"no\", \"Yes\", \"yes.\", \"YES\", \"no\"]";
    assert_close(value_of(plain, answers, "yes"), 0.0, 0.0);
    assert_close(value_of(clean, answers, "yes"), 1.0, 0.0);
    /* Of equally common ones the first given. */
    assert_close(value_of(plain, "[\"a\", \"b\", \"b\", \"a\"]", "a"), 1.0, 0.0);
    assert_close(value_of(plain, "[\"a\", \"b\", \"b\", \"a\"]", "b"), 0.0, 0.0);
    /* One answer that take_first left. */
    assert_close(value_of("{\"metric\": \"pass@k\"}", "\"a\"", "a"), 1.0, 0.0);
}

/* Other metrics count a document once, however often it was asked. */
static void repeats_are_averaged(void **state)
{
    (void)state;
    const char *entry = "{\"metric\": \"exact_match\"}";
    assert_close(value_of(entry, "[\"a\", \"b\", \"a\", \"a\"]", "a"), 0.75, 0.0);
}

static void too_few_answers_say_what_to_set(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_value entry = read_json(arena, "{\"metric\": \"pass@k\", \"k\": 5}");
    lme_value answers = read_json(arena, "[\"a\", \"b\"]");
    lme_score made;
    assert_false(score(arena, &entry, &answers, "a", &made, &err));
    assert_error(&err, LME_ERR_DATA,
                 "metric \"pass@5\" needs 5 answers to a document, filter "
                 "pipeline \"none\" left 2");
    assert_error(&err, LME_ERR_DATA, "hint: set repeats to 5 or more, and leave out take_first");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chances_and_votes_are_exact),
        cmocka_unit_test(answers_are_cleaned_before_they_are_compared),
        cmocka_unit_test(repeats_are_averaged),
        cmocka_unit_test(too_few_answers_say_what_to_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

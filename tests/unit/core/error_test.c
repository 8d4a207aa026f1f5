#include "support.h"

#include <stdio.h>
#include <string.h>

#include <lmeval/error.h>

static void a_failure_is_told_in_full(void **state)
{
    (void)state;
    lme_error err = {0};
    lme_place at = {"tasks/a.yaml", 3, 7};
    assert_false(lme_fail(&err, LME_ERR_TASK, &at, "unknown key '%s'", "metrc"));
    assert_false(lme_while(&err, "loading the task '%s'", "a"));
    assert_false(lme_hint(&err, "did you mean '%s'?", "metric"));
    char text[256];
    size_t length = lme_error_text(&err, text, sizeof text);
    const char *wanted = "tasks/a.yaml:3:7: unknown key 'metrc'\n"
                         "  while loading the task 'a'\n"
                         "  hint: did you mean 'metric'?";
    assert_string_equal(text, wanted);
    assert_int_equal(length, strlen(wanted));
    assert_int_equal(err.code, LME_ERR_TASK);
}

static void a_failure_fits_on_a_line(void **state)
{
    (void)state;
    lme_error err = {0};
    char text[256];
    lme_fail(&err, LME_ERR_TASK, &(lme_place){"tasks/a.yaml", 3, 7}, "division by zero");
    lme_error_line(&err, text, sizeof text);
    assert_string_equal(text, "tasks/a.yaml:3:7: division by zero");
    lme_while(&err, "rendering doc_to_text");
    lme_hint(&err, "look at the row");
    size_t length = lme_error_line(&err, text, sizeof text);
    const char *wanted =
        "tasks/a.yaml:3:7: division by zero, while rendering doc_to_text; look at the row";
    assert_string_equal(text, wanted);
    assert_int_equal(length, strlen(wanted));
}

static void unknown_places_are_left_out(void **state)
{
    (void)state;
    char text[128];
    lme_error err = {0};
    lme_fail(&err, LME_ERR_USAGE, NULL, "no task");
    lme_error_text(&err, text, sizeof text);
    assert_string_equal(text, "no task");
    lme_fail(&err, LME_ERR_DATA, &(lme_place){.file = "rows.jsonl", .line = 9}, "bad row");
    lme_error_text(&err, text, sizeof text);
    assert_string_equal(text, "rows.jsonl:9: bad row");
    lme_fail(&err, LME_ERR_IO, &(lme_place){.file = "rows.jsonl"}, "gone");
    lme_error_text(&err, text, sizeof text);
    assert_string_equal(text, "rows.jsonl: gone");
    lme_fail(&err, LME_ERR_TEMPLATE, &(lme_place){.line = 2, .column = 5}, "syntax");
    lme_error_text(&err, text, sizeof text);
    assert_string_equal(text, "line 2:5: syntax");
}

static void failing_again_forgets_the_last_failure(void **state)
{
    (void)state;
    lme_error err = {0};
    lme_fail(&err, LME_ERR_IO, &(lme_place){"f", 1, 1}, "first");
    lme_while(&err, "a");
    lme_hint(&err, "b");
    lme_fail(&err, LME_ERR_DATA, NULL, "second, after %s", err.message);
    char text[128];
    lme_error_text(&err, text, sizeof text);
    assert_string_equal(text, "second, after first");
}

static void the_deepest_while_and_place_stay(void **state)
{
    (void)state;
    lme_error err = {0};
    lme_fail(&err, LME_ERR_DATA, NULL, "bad");
    lme_while(&err, "inner");
    lme_while(&err, "outer");
    lme_place_error(&err, &(lme_place){"inner.yaml", 1, 0});
    lme_place_error(&err, &(lme_place){"outer.yaml", 2, 0});
    lme_place_error(&err, NULL);
    assert_error(&err, LME_ERR_DATA, "inner.yaml:1: bad\n  while inner");
    assert_null(strstr(err.while_at, "outer"));
}

static void nobody_listening_is_fine(void **state)
{
    (void)state;
    assert_false(lme_fail(NULL, LME_ERR_IO, NULL, "x"));
    assert_false(lme_hint(NULL, "x"));
    assert_false(lme_while(NULL, "x"));
    assert_false(lme_place_error(NULL, &(lme_place){"x", 1, 1}));
}

static void long_messages_end_between_code_points(void **state)
{
    (void)state;
    char word[3001];
    for (size_t i = 0; i + 1 < sizeof word; i += 2)
        memcpy(word + i, "\xc3\xa9", 2);
    word[3000] = '\0';
    lme_error err = {0};
    for (int shift = 0; shift < 2; shift++) {
        lme_fail(&err, LME_ERR_DATA, NULL, "%s%s", shift == 1 ? "." : "", word);
        size_t length = strlen(err.message);
        assert_true(length < sizeof err.message && length > sizeof err.message - 4);
        assert_string_equal(err.message + length - 3, "...");
        assert_memory_equal(err.message + length - 5, "\xc3\xa9", 2);
    }
}

static void long_paths_keep_their_end(void **state)
{
    (void)state;
    char path[600];
    memset(path, 'd', sizeof path);
    memcpy(path + sizeof path - 11, "/task.yaml", 11);
    lme_error err = {0};
    lme_fail(&err, LME_ERR_TASK, &(lme_place){.file = path}, "x");
    assert_int_equal(strlen(err.file), sizeof err.file - 1);
    assert_memory_equal(err.file, "...d", 4);
    assert_non_null(strstr(err.file, "d/task.yaml"));
}

/* A server's answer or a file's name must not command the reader's terminal. */
static void control_bytes_are_blunted(void **state)
{
    (void)state;
    lme_error err = {0};
    lme_fail(&err, LME_ERR_SERVER, &(lme_place){.file = "a\033]0;b"},
             "got \033[2J\a\x7f\xc2\x9b!\ttab\nline");
    assert_string_equal(err.file, "a?]0;b");
    assert_string_equal(err.message, "got ?[2J??"
                                     "??"
                                     "!\ttab\nline");
}

static void a_small_buffer_gets_a_part(void **state)
{
    (void)state;
    lme_error err = {0};
    lme_fail(&err, LME_ERR_IO, NULL, "0123456789");
    lme_hint(&err, "h");
    char text[6];
    assert_int_equal(lme_error_text(&err, text, sizeof text), strlen("0123456789\n  hint: h"));
    assert_string_equal(text, "01234");
    assert_int_equal(lme_error_text(&err, NULL, 0), strlen("0123456789\n  hint: h"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_failure_is_told_in_full),
        cmocka_unit_test(a_failure_fits_on_a_line),
        cmocka_unit_test(unknown_places_are_left_out),
        cmocka_unit_test(failing_again_forgets_the_last_failure),
        cmocka_unit_test(the_deepest_while_and_place_stay),
        cmocka_unit_test(nobody_listening_is_fine),
        cmocka_unit_test(long_messages_end_between_code_points),
        cmocka_unit_test(long_paths_keep_their_end),
        cmocka_unit_test(control_bytes_are_blunted),
        cmocka_unit_test(a_small_buffer_gets_a_part),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

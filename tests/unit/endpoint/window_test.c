/* Windows over long texts are lm_eval's (tests/golden/lm_eval_lengths). */
#include "support.h"
#include "window.h"

#include <lmeval/json.h>
#include <lmeval/share.h>

static size_t number_at(const lme_value *list, size_t i)
{
    assert_true(list->kind == LME_LIST && i < list->list.len);
    assert_int_equal(list->list.items[i].kind, LME_INT);
    return (size_t)list->list.items[i].integer;
}

static void check_row(const lme_value *row)
{
    const lme_value *n = lme_value_find(row, "n"), *most = lme_value_find(row, "most");
    const lme_value *windows = lme_value_find(row, "windows");
    assert_non_null(n);
    assert_non_null(most);
    assert_non_null(windows);
    size_t n_tokens = (size_t)n->integer, n_most = (size_t)most->integer;
    assert_int_equal(lme_windows(n_tokens, n_most), windows->list.len);
    for (size_t i = 0; i < windows->list.len; i++) {
        const lme_value *expected = &windows->list.items[i];
        lme_window w = lme_window_at(n_tokens, n_most, i);
        assert_int_equal(w.prefixed, number_at(expected, 0));
        assert_int_equal(w.from, number_at(expected, 1));
        assert_int_equal(w.scored, number_at(expected, 2));
        assert_int_equal(w.to, number_at(expected, 3));
    }
}

static void the_windows_are_lm_evals(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str text;
    size_t n_rows = 0;
    const char *path = test_source(arena, "tests/golden/lm_eval_lengths/windows.jsonl");
    assert_ok(lme_file_read(arena, path, 1 << 20, &text, &err), &err);
    for (size_t at = 0; at < text.len; n_rows++) {
        size_t end = lme_str_find(text, LME_STR("\n"), at);
        lme_value row;
        assert_ok(lme_json_read(arena, NULL, lme_str_slice(text, at, end), NULL, &row, &err), &err);
        check_row(&row);
        at = end < text.len ? end + 1 : text.len;
    }
    assert_int_equal(n_rows, 378);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_windows_are_lm_evals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Documents are kept spread over a task, however long it is, and never more than wanted. */
#include "pick.h"
#include "support.h"

#include <stdio.h>
#include <string.h>

/* Of n documents with two questions each. */
static const lme_pick *picks_of(lme_arena *arena, size_t n, size_t n_wanted, size_t *n_picks)
{
    const lme_pick *picks;
    lme_picker *picker = lme_picker_new(n_wanted);
    for (size_t i = 0; i < n; i++) {
        char text[32];
        for (size_t k = 0; k < 2; k++) {
            snprintf(text, sizeof text, "%zu-%zu", i, k);
            lme_request request = {.context = lme_str_from(text), .continuation = LME_STR("")};
            lme_picker_take(picker, i, &request, lme_str_from(text));
        }
        memset(text, 'x', sizeof text - 1);
    }
    lme_picker_tell(arena, picker, &picks, n_picks);
    lme_picker_free(picker);
    return picks;
}

static void all_of_a_short_task(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    size_t n;
    const lme_pick *picks = picks_of(arena, 5, 8, &n);
    bool seen[5] = {false};
    assert_int_equal(n, 10);
    for (size_t i = 0; i < n; i += 2) {
        seen[picks[i].doc] = true;
        assert_int_equal(picks[i].doc, picks[i + 1].doc);
        lme_str first = lme_str_format(arena, "%zu-0", picks[i].doc);
        assert_true(lme_str_equal(picks[i].request.context, first));
        assert_true(lme_str_equal(picks[i].body, first));
        assert_true(lme_str_equal(picks[i + 1].body, lme_str_format(arena, "%zu-1", picks[i].doc)));
    }
    for (size_t i = 0; i < 5; i++)
        assert_true(seen[i]);
    lme_arena_free(arena);
}

static void a_long_task_is_spread(void **state)
{
    (void)state;
    static const size_t lengths[] = {9, 100, 1000, 12345};
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        size_t n, quarters[4] = {0}, first[2] = {0};
        const lme_pick *picks = picks_of(arena, lengths[i], 16, &n);
        assert_true(n / 2 <= 16 && n / 2 >= 8);
        for (size_t k = 0; k < n; k += 2)
            quarters[4 * picks[k].doc / lengths[i]]++;
        for (size_t q = 0; q < 4; q++)
            assert_true(quarters[q] >= 2);
        /* The first few are not all of one half. */
        for (size_t k = 0; k < 8; k += 2)
            first[2 * picks[k].doc / lengths[i]]++;
        assert_true(first[0] > 0 && first[1] > 0);
    }
    lme_arena_free(arena);
}

static void none_are_wanted(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    size_t n;
    assert_null(picks_of(arena, 5, 0, &n));
    assert_int_equal(n, 0);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_a_short_task),
        cmocka_unit_test(a_long_task_is_spread),
        cmocka_unit_test(none_are_wanted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

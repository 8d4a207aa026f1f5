/* Rows are found by the hash of their keys, however many there are. */
#include "journal_index.h"
#include "support.h"

static size_t count(const lme_journal_index *index, lme_str key, int64_t wanted, bool *found)
{
    lme_journal_hits hits = lme_journal_index_find(index, key);
    size_t n = 0;
    int64_t row;
    *found = false;
    for (; lme_journal_index_next(index, &hits, &row); n++)
        *found = *found || row == wanted;
    return n;
}

static void an_empty_one_has_nothing(void **state)
{
    (void)state;
    lme_journal_index index = {0};
    bool found;
    assert_int_equal(count(&index, LME_STR("k"), 1, &found), 0);
    lme_journal_index_free(&index);
}

static void a_key_may_have_several_rows(void **state)
{
    (void)state;
    lme_journal_index index = {0};
    bool found;
    for (int64_t row = 1; row <= 3; row++)
        lme_journal_index_add(&index, LME_STR("k"), row);
    for (int64_t row = 1; row <= 3; row++) {
        assert_int_equal(count(&index, LME_STR("k"), row, &found), 3);
        assert_true(found);
    }
    assert_int_equal(count(&index, LME_STR("l"), 1, &found), 0);
    lme_journal_index_free(&index);
}

static void every_row_is_found_while_it_grows(void **state)
{
    enum {
        MANY = 20000
    };
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_journal_index index = {0};
    bool found;
    for (int64_t i = 0; i < MANY; i++)
        lme_journal_index_add(&index, lme_str_format(arena, "key %lld", (long long)i), i + 1);
    assert_int_equal(index.n, MANY);
    for (int64_t i = 0; i < MANY; i++) {
        lme_str key = lme_str_format(arena, "key %lld", (long long)i);
        assert_int_equal(count(&index, key, i + 1, &found), 1);
        assert_true(found);
    }
    lme_journal_index_free(&index);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_empty_one_has_nothing),
        cmocka_unit_test(a_key_may_have_several_rows),
        cmocka_unit_test(every_row_is_found_while_it_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Asks: found by key while under way, sent in order, gone when answered. */
#include "ask.h"
#include "support.h"

enum {
    N = 5000
};

static void table_and_queue(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_asks *asks = LME_NEW(arena, lme_asks);
    lme_ask *all = LME_ARRAY(arena, lme_ask, N);
    for (size_t i = 0; i < N; i++) {
        all[i].key = lme_str_format(arena, "%08zx", i * 2654435761u % 4294967296u);
        assert_null(lme_asks_find(asks, all[i].key));
        lme_asks_add(asks, &all[i]);
        assert_ptr_equal(lme_asks_find(asks, all[i].key), &all[i]);
    }
    for (size_t i = 0; i < N; i++)
        assert_ptr_equal(lme_asks_take(asks), &all[i]);
    assert_null(lme_asks_take(asks));
    /* Taken asks are under way still: an equal question must find them. */
    assert_ptr_equal(lme_asks_find(asks, all[17].key), &all[17]);
    for (size_t i = 0; i < N; i += 2)
        lme_asks_remove(asks, &all[i]);
    for (size_t i = 0; i < N; i++)
        assert_ptr_equal(lme_asks_find(asks, all[i].key), i % 2 == 0 ? NULL : &all[i]);
    lme_asks_add(asks, &all[0]);
    assert_ptr_equal(lme_asks_take(asks), &all[0]);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(table_and_queue)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

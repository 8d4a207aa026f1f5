/* Names become numbers, each the same one again. */
#include "clusters.h"
#include "support.h"

#include <stdio.h>

static void equal_names_have_one_number(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_cluster_names clusters = {0};
    assert_int_equal(lme_cluster_number(arena, &clusters, LME_STR("b")), 0);
    assert_int_equal(lme_cluster_number(arena, &clusters, LME_STR("")), 1);
    assert_int_equal(lme_cluster_number(arena, &clusters, LME_STR("b")), 0);
    assert_int_equal(lme_cluster_number(arena, &clusters, LME_STR("")), 1);
    assert_int_equal(clusters.n, 2);
    lme_arena_free(arena);
}

/* More than one table's worth, each name twice, the caller's text gone in between. */
static void they_keep_it_while_the_table_grows(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_cluster_names clusters = {0};
    char text[32];
    for (uint32_t round = 0; round < 2; round++) {
        for (uint32_t i = 0; i < 5000; i++) {
            int len = snprintf(text, sizeof text, "passage %u", i); /* NOLINT */
            lme_str name = {text, (size_t)len};
            assert_int_equal(lme_cluster_number(arena, &clusters, name), i);
        }
    }
    assert_int_equal(clusters.n, 5000);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(equal_names_have_one_number),
        cmocka_unit_test(they_keep_it_while_the_table_grows),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

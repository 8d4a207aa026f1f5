/* docs/metrics.md has a line for each row, as `lmeval list metrics` prints it. */
#include "aggregate.h"
#include "support.h"

#include <lmeval/metric.h>
#include <lmeval/share.h>

static lme_str read_docs(lme_arena *arena)
{
    lme_error err = {0};
    lme_str text;
    assert_ok(lme_file_read(arena, test_source(arena, "docs/metrics.md"), 1u << 20, &text, &err),
              &err);
    return text;
}

static void every_metric_is_documented(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_str docs = read_docs(arena);
    size_t n;
    const lme_metric *const *all = lme_metric_all(&n);
    for (size_t i = 0; i < n; i++) {
        lme_str summary =
            lme_str_replace(arena, lme_str_from(all[i]->summary), LME_STR("|"), LME_STR("\\|"));
        lme_str line =
            lme_str_format(arena, "| `%s` | %.*s |\n", all[i]->name, LME_STR_ARG(summary));
        if (lme_str_find(docs, line, 0) == SIZE_MAX)
            fail_msg("docs/metrics.md does not hold: %.*s", LME_STR_ARG(line));
    }
    lme_arena_free(arena);
}

static void every_aggregation_is_documented(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_str docs = read_docs(arena);
    size_t n, from = lme_str_find(docs, LME_STR("## Aggregations"), 0);
    assert_true(from != SIZE_MAX);
    const lme_aggregation *const *all = lme_aggregation_all(&n);
    for (size_t i = 0; i < n; i++) {
        lme_str name = lme_str_format(arena, "`%s`", all[i]->name);
        if (lme_str_find(docs, name, from) == SIZE_MAX)
            fail_msg("docs/metrics.md does not tell of the aggregation %.*s", LME_STR_ARG(name));
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_metric_is_documented),
        cmocka_unit_test(every_aggregation_is_documented),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

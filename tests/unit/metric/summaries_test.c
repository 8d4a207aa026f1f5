/* Scores of many documents in one number and its error, to the last digit of lm_eval's:
 * summaries.jsonl, written by tests/parity/metric_cases.py. */
#include "lines.h"

static lme_scores scores_of(lme_arena *arena, const lme_value *items, size_t width)
{
    double *stats = LME_ARRAY(arena, double, items->list.len *width);
    for (size_t i = 0; i < items->list.len; i++) {
        const lme_value *item = &items->list.items[i];
        for (size_t w = 0; w < width; w++)
            stats[i * width + w] = case_number(width == 1 ? item : &item->list.items[w]);
    }
    return (lme_scores){.stats = stats, .n_docs = items->list.len};
}

static lme_output_kind output_of(const lme_metric *metric)
{
    lme_output_kind kind = 0;
    while ((metric->output_kinds & (1u << kind)) == 0)
        kind++;
    return kind;
}

static bool is_same(double a, double b)
{
    return (isnan(a) && isnan(b)) || (a <= b && a >= b);
}

static void check_row(lme_arena *arena, const lme_value *row, size_t line)
{
    lme_error err = {0};
    lme_map_builder entry = {.arena = arena};
    const lme_value *name = lme_value_find(row, "metric");
    lme_map_add(&entry, LME_STR("metric"), *name);
    lme_map_add(&entry, LME_STR("aggregation"), *lme_value_find(row, "aggregation"));
    lme_value map = lme_map_finish(&entry);
    lme_metric_use use;
    assert_ok(lme_metric_use_read(arena, &map, output_of(lme_metric_find(name->string)),
                                  "task.yaml", &use, &err),
              &err);
    const lme_value *items = lme_value_find(row, "items");
    lme_scores scores = scores_of(arena, items, use.metric->width);
    size_t iters = (size_t)lme_value_find(row, "iters")->integer;
    lme_summary summary;
    assert_ok(lme_metric_summarize(&use, LME_STR("none"), &scores, iters, &summary, &err), &err);
    const lme_value *error = lme_value_find(row, "stderr");
    double stderr_value = error->kind == LME_STRING ? (double)NAN : case_number(error);
    double value = case_number(lme_value_find(row, "value"));
    if (!is_same(summary.value, value))
        fail_msg("summaries.jsonl:%zu: %.17g is not %.17g", line, summary.value, value);
    if (!is_same(summary.stderr_value, stderr_value))
        fail_msg("summaries.jsonl:%zu: stderr %.17g is not %.17g", line, summary.stderr_value,
                 stderr_value);
    assert_close(lme_metric_value(&use, &scores), value, 0.0);
    assert_int_equal(summary.n_docs, items->list.len);
    assert_true(lme_str_equal(summary.metric, name->string));
    assert_str(summary.pipeline, "none");
}

static void numbers_equal_lm_evals_to_the_last_digit(void **state)
{
    (void)state;
    assert_true(for_each_line("summaries.jsonl", check_row) > 80);
}

/* The peer's own run of 20 documents, 1 and 8 of them wrong; which ones shows in the last digit. */
static void the_recorded_results_come_out(void **state)
{
    (void)state;
    static const struct {
        size_t wrong[8], n_wrong;
        const char *value, *error;
    } cases[] = {
        {{12}, 1, "0.95", "0.05000000000000001"},
        {{0, 6, 8, 9, 12, 14, 16, 17}, 8, "0.6", "0.11239029738980327"},
    };
    lme_metric_use use = {
        .metric = lme_metric_find(LME_STR("acc")),
        .aggregation = lme_metric_find(LME_STR("acc"))->aggregation,
        .higher_is_better = true,
    };
    for (size_t c = 0; c < sizeof cases / sizeof cases[0]; c++) {
        lme_arena *arena = lme_arena_new();
        double stats[20];
        for (size_t i = 0; i < 20; i++)
            stats[i] = 1.0;
        for (size_t i = 0; i < cases[c].n_wrong; i++)
            stats[cases[c].wrong[i]] = 0.0;
        lme_scores scores = {.stats = stats, .n_docs = 20};
        lme_summary summary;
        lme_error err = {0};
        assert_ok(lme_metric_summarize(&use, LME_STR("none"), &scores, LME_BOOTSTRAP_ITERS,
                                       &summary, &err),
                  &err);
        assert_str(lme_double_repr(arena, summary.value), cases[c].value);
        assert_str(lme_double_repr(arena, summary.stderr_value), cases[c].error);
        assert_true(summary.higher_is_better);
        lme_arena_free(arena);
    }
}

static void one_document_has_no_error_and_none_no_summary(void **state)
{
    (void)state;
    double one = 1.0;
    lme_scores scores = {.stats = &one, .n_docs = 1};
    lme_metric_use use = {
        .metric = lme_metric_find(LME_STR("acc")),
        .aggregation = lme_metric_find(LME_STR("acc"))->aggregation,
    };
    lme_summary summary;
    lme_error err = {0};
    assert_ok(
        lme_metric_summarize(&use, LME_STR("none"), &scores, LME_BOOTSTRAP_ITERS, &summary, &err),
        &err);
    assert_close(summary.value, 1.0, 0.0);
    assert_true(isnan(summary.stderr_value));
    scores.n_docs = 0;
    assert_false(
        lme_metric_summarize(&use, LME_STR("none"), &scores, LME_BOOTSTRAP_ITERS, &summary, &err));
    assert_error(&err, LME_ERR_DATA, "metric \"acc\" has no document to sum up");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_equal_lm_evals_to_the_last_digit),
        cmocka_unit_test(the_recorded_results_come_out),
        cmocka_unit_test(one_document_has_no_error_and_none_no_summary),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

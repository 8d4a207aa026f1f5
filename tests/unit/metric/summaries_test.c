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

static lme_summary summary_of(const char *metric, const lme_scores *scores, size_t iters)
{
    lme_error err = {0};
    lme_metric_use use = {.metric = lme_metric_find(lme_str_from(metric))};
    use.aggregation = use.metric->aggregation;
    lme_summary summary = {0};
    assert_ok(lme_metric_summarize(&use, LME_STR("none"), scores, iters, &summary, &err), &err);
    return summary;
}

/* Wilson by hand: (p + z^2/2n +- z sqrt(p(1-p)/n + z^2/4n^2)) / (1 + z^2/n). */
static void a_share_has_wilsons_interval(void **state)
{
    (void)state;
    const double stats[10] = {1, 1, 1, 1, 1, 1, 1, 1, 1, 1};
    lme_scores all = {.stats = stats, .n_docs = 10};
    lme_summary summary = summary_of("acc", &all, LME_BOOTSTRAP_ITERS);
    const double z2 = 1.959963984540054 * 1.959963984540054;
    assert_close(summary.low, 10.0 / (10.0 + z2), 1e-12);
    assert_close(summary.high, 1.0, 1e-12);
    assert_close(summary.stderr_value, 0.0, 0.0);
}

/* Student's t with 3 degrees of freedom: 3.182446305284263 standard errors. */
static void another_mean_has_students_interval(void **state)
{
    (void)state;
    const double stats[4] = {0.25, 0.5, 0.75, 0.25};
    lme_scores four = {.stats = stats, .n_docs = 4};
    lme_summary summary = summary_of("exact_match", &four, LME_BOOTSTRAP_ITERS);
    double wide = 3.182446305284263 * summary.stderr_value;
    assert_close(summary.low, summary.value - wide, 1e-9);
    assert_close(summary.high, summary.value + wide, 1e-9);
    /* Numbers that happen to be 0 or 1 are no share. */
    const double counts[4] = {1, 1, 0, 1};
    lme_scores ones = {.stats = counts, .n_docs = 4};
    summary = summary_of("log_loss", &ones, LME_BOOTSTRAP_ITERS);
    assert_close(summary.high - summary.value, 3.182446305284263 * summary.stderr_value, 1e-9);
}

/* Two clusters of equal answers are two observations, not four. */
static void clusters_widen_the_error(void **state)
{
    (void)state;
    const double stats[4] = {1, 1, 0, 0};
    const uint32_t cluster_of[4] = {0, 0, 1, 1};
    lme_scores pairs = {.stats = stats, .n_docs = 4, .cluster_of = cluster_of, .n_clusters = 2};
    lme_summary summary = summary_of("acc", &pairs, LME_BOOTSTRAP_ITERS);
    /* sum over clusters of (sum of deviations)^2 = 2, times C/(C-1) = 2, root, over n = 4 */
    assert_close(summary.cluster_stderr, 0.5, 1e-12);
    assert_close(summary.stderr_value, sqrt(1.0 / 3.0) / 2.0, 1e-12);
    assert_int_equal(summary.n_clusters, 2);
    assert_true(summary.low < 0.0 && summary.high > 1.0);
}

/* As in lm_eval: not even a mean's. */
static void no_replicates_mean_no_errors(void **state)
{
    (void)state;
    const double stats[4] = {1, 1, 0, 0};
    lme_scores four = {.stats = stats, .n_docs = 4};
    lme_summary summary = summary_of("acc", &four, 0);
    assert_true(isnan(summary.stderr_value) && isnan(summary.low) && isnan(summary.high));
    assert_true(isnan(summary.cluster_stderr));
    summary = summary_of("perplexity", &four, 500);
    assert_close(summary.high - summary.value, 1.959963984540054 * summary.stderr_value, 1e-9);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_equal_lm_evals_to_the_last_digit),
        cmocka_unit_test(the_recorded_results_come_out),
        cmocka_unit_test(one_document_has_no_error_and_none_no_summary),
        cmocka_unit_test(a_share_has_wilsons_interval),
        cmocka_unit_test(another_mean_has_students_interval),
        cmocka_unit_test(clusters_widen_the_error),
        cmocka_unit_test(no_replicates_mean_no_errors),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

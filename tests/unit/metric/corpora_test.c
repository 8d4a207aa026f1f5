/* Whole tasks of multiple-choice documents, scored and summed up, against lm_eval and scikit-learn:
 * corpora.jsonl, written by tests/parity/metric_cases.py. */
#include "lines.h"

/* One choice a loglikelihood; their texts do not matter here. */
static lme_sample sample_of(lme_arena *arena, const lme_value *logprobs, const lme_value *gold)
{
    bool several = gold->kind == LME_LIST;
    size_t n_gold = several ? gold->list.len : 1;
    int64_t *right = LME_ARRAY(arena, int64_t, n_gold);
    for (size_t i = 0; i < n_gold; i++)
        right[i] = several ? gold->list.items[i].integer : gold->integer;
    return (lme_sample){
        .output = LME_OUTPUT_MULTIPLE_CHOICE,
        .choices = LME_ARRAY(arena, lme_str, logprobs->list.len),
        .n_choices = logprobs->list.len,
        .gold = right,
        .n_gold = n_gold,
        .multiple_targets = several,
    };
}

static lme_answer answer_of(lme_arena *arena, const lme_value *logprobs)
{
    size_t n = logprobs->list.len;
    lme_value *values = LME_ARRAY(arena, lme_value, n);
    for (size_t i = 0; i < n; i++) {
        lme_list_builder pair = {.arena = arena};
        lme_list_add(&pair, lme_float(case_number(&logprobs->list.items[i])));
        lme_list_add(&pair, lme_bool(false));
        values[i] = lme_list_finish(&pair);
        values[i].kind = LME_TUPLE;
    }
    return (lme_answer){.pipeline = LME_STR("none"), .values = values, .n_values = n};
}

static lme_metric_use use_of(lme_arena *arena, const lme_value *row)
{
    lme_error err = {0};
    lme_metric_use use;
    lme_value entry = lme_value_with(arena, lme_value_find(row, "options"), LME_STR("metric"),
                                     *lme_value_find(row, "metric"));
    assert_ok(
        lme_metric_use_read(arena, &entry, LME_OUTPUT_MULTIPLE_CHOICE, "task.yaml", &use, &err),
        &err);
    return use;
}

static void check_row(lme_arena *arena, const lme_value *row, size_t line)
{
    lme_error err = {0};
    lme_metric_use use = use_of(arena, row);
    const lme_value *documents = lme_value_find(row, "documents");
    const size_t n = documents->list.len;
    const size_t width = use.metric->width;
    double *stats = lme_arena_array(arena, n, width * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        const lme_value *document = documents->list.items[i].list.items;
        lme_sample sample = sample_of(arena, &document[0], &document[1]);
        lme_answer answer = answer_of(arena, &document[0]);
        lme_score score;
        assert_ok(lme_metric_score(arena, &use, &sample, &answer, &score, &err), &err);
        memcpy(stats + i * width, score.stats, width * sizeof(double));
    }
    lme_scores scores = {.stats = stats, .n_docs = n};
    lme_summary summary;
    size_t iters = (size_t)lme_value_find(row, "iters")->integer;
    assert_ok(lme_metric_summarize(&use, LME_STR("none"), &scores, iters, &summary, &err), &err);
    double value = case_number(lme_value_find(row, "value"));
    const lme_value *error = lme_value_find(row, "stderr");
    double stderr_value = error->kind == LME_STRING ? (double)NAN : case_number(error);
    if (fabs(summary.value - value) > 1e-12)
        fail_msg("corpora.jsonl:%zu: %.17g is not %.17g", line, summary.value, value);
    if (isnan(stderr_value) != isnan(summary.stderr_value) ||
        fabs(summary.stderr_value - stderr_value) > 1e-12)
        fail_msg("corpora.jsonl:%zu: stderr %.17g is not %.17g", line, summary.stderr_value,
                 stderr_value);
}

static void tasks_score_as_in_lm_eval_and_scikit_learn(void **state)
{
    (void)state;
    assert_true(for_each_line("corpora.jsonl", check_row) > 90);
}

static double value_of(const char *metric, const double *stats, size_t n)
{
    lme_metric_use use = {.metric = lme_metric_find(lme_str_from(metric))};
    use.aggregation = use.metric->aggregation;
    return lme_metric_value(&use, &(lme_scores){.stats = stats, .n_docs = n});
}

/* scikit-learn refuses these; the row says what to do instead. */
static void binary_f1_of_other_classes_is_no_number(void **state)
{
    (void)state;
    assert_true(isnan(value_of("f1", (double[]){0, 0, 1, 1, 2, 2}, 3)));
    assert_true(isnan(value_of("f1", (double[]){0, 2, 2, 2}, 2)));
    assert_true(isnan(value_of("f1", (double[]){0, 1, -100, 1}, 2)));
    assert_close(value_of("f1", (double[]){2, 2, 2, 2}, 2), 0.0, 0.0);
    assert_non_null(lme_metric_find(LME_STR("f1"))->aggregation->when_nan);
    /* More classes than are counted on the stack. */
    assert_close(value_of("mcc", (double[]){0, 0, 5000, 5000}, 2), 1.0, 0.0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tasks_score_as_in_lm_eval_and_scikit_learn),
        cmocka_unit_test(binary_f1_of_other_classes_is_no_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

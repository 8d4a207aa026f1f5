/* What a task file may say about metrics, and the errors it gets otherwise. */
#include "support.h"

#include <lmeval/metric.h>
#include <lmeval/yaml.h>

static bool read_yaml(lme_arena *arena, const char *yaml, lme_output_kind output,
                      lme_metric_use *use, lme_error *err)
{
    lme_value entry;
    *err = (lme_error){0};
    return lme_yaml_read(arena, lme_str_from(yaml), "task.yaml", &entry, err) &&
           lme_metric_use_read(arena, &entry, output, "task.yaml", use, err);
}

static void check_error(const char *yaml, lme_output_kind output, const char *text)
{
    lme_arena *arena = lme_arena_new();
    lme_metric_use use = {0};
    lme_error err;
    assert_false(read_yaml(arena, yaml, output, &use, &err));
    assert_error(&err, LME_ERR_TASK, text);
    lme_arena_free(arena);
}

static void check_aggregation(const lme_metric *metric)
{
    const lme_aggregation *aggregation = metric->aggregation;
    assert_int_equal(aggregation->width, metric->width);
    int n = (aggregation->from_sums != NULL) + (aggregation->from_counts != NULL) +
            (aggregation->from_rows != NULL);
    assert_int_equal(n, 1);
    assert_false(aggregation->bootstrap && aggregation->standard_error != NULL);
}

static void rows_are_found_by_name(void **state)
{
    (void)state;
    size_t n;
    const lme_metric *const *all = lme_metric_all(&n);
    assert_true(n >= 16);
    for (size_t i = 0; i < n; i++) {
        assert_ptr_equal(lme_metric_find(lme_str_from(all[i]->name)), all[i]);
        assert_non_null(all[i]->summary);
        assert_non_null(all[i]->source);
        assert_true(all[i]->output_kinds != 0);
        assert_true(all[i]->width > 0 && all[i]->width <= LME_METRIC_WIDTH);
        check_aggregation(all[i]);
    }
    assert_null(lme_metric_find(LME_STR("accuracy")));
}

static const char *aggregation_name(const lme_metric_use *use)
{
    return use->aggregation == NULL ? "" : use->aggregation->name;
}

static void a_metric_alone_has_its_defaults(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_metric_use use = {0};
    lme_error err;
    assert_ok(read_yaml(arena, "metric: acc\n", LME_OUTPUT_MULTIPLE_CHOICE, &use, &err), &err);
    assert_string_equal(aggregation_name(&use), "mean");
    assert_true(use.higher_is_better);
    assert_ok(read_yaml(arena, "metric: perplexity\n", LME_OUTPUT_LOGLIKELIHOOD, &use, &err), &err);
    assert_string_equal(aggregation_name(&use), "perplexity");
    assert_false(use.higher_is_better);
    lme_arena_free(arena);
}

static void the_task_decides_what_it_names(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_metric_use use = {0};
    lme_error err;
    assert_ok(read_yaml(arena,
                        "metric: exact_match\naggregation: mean\nhigher_is_better: false\n"
                        "hf_evaluate: false\nignore_case: true\nregexes_to_ignore: [',', '\\$']\n",
                        LME_OUTPUT_GENERATE_UNTIL, &use, &err),
              &err);
    assert_false(use.higher_is_better);
    assert_int_equal(use.options.map.len, 2);
    /* What follows `true` here is one text with it in YAML; lm_eval takes it for true. */
    assert_ok(read_yaml(arena, "metric: exact_match\nignore_punctuation: true\n    - \".\"\n",
                        LME_OUTPUT_GENERATE_UNTIL, &use, &err),
              &err);
    assert_ok(read_yaml(arena, "metric: acc\nignore_case: true\nweight_by_size: true\n",
                        LME_OUTPUT_MULTIPLE_CHOICE, &use, &err),
              &err);
    assert_ok(read_yaml(arena, "metric: byte_perplexity\naggregation: bits_per_byte\n",
                        LME_OUTPUT_LOGLIKELIHOOD_ROLLING, &use, &err),
              &err);
    lme_arena_free(arena);
}

/* lm_eval reads no `average`: where the task names its aggregation, the digits are lm_eval's. */
static void an_average_chooses_the_f1_that_is_not_named(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *aggregation;
    } cases[] = {
        {"metric: f1\n", "f1"},
        {"metric: f1\naverage: null\n", "f1"},
        {"metric: f1\naverage: binary\n", "f1"},
        {"metric: f1\naverage: macro\n", "macro_f1"},
        {"metric: f1\naverage: micro\n", "micro_f1"},
        {"metric: f1\naverage: weighted\n", "weighted_f1"},
        {"metric: f1\naggregation: weighted_f1\n", "weighted_f1"},
        {"metric: f1\naggregation: f1\naverage: macro\n", "f1"},
        {"metric: mcc\naverage: macro\n", "matthews_corrcoef"},
        {"metric: mcc\naggregation: f1\n", "f1"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_metric_use use = {0};
        lme_error err;
        assert_ok(read_yaml(arena, cases[i].yaml, LME_OUTPUT_MULTIPLE_CHOICE, &use, &err), &err);
        assert_string_equal(aggregation_name(&use), cases[i].aggregation);
        lme_arena_free(arena);
    }
    check_error(
        "metric: f1\naverage: samples\n", LME_OUTPUT_MULTIPLE_CHOICE,
        "task.yaml:2:10: average of metric \"f1\" is not known, expected binary, macro, micro "
        "or weighted");
}

static void a_use_has_its_name_and_cluster(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_metric_use use = {0};
    lme_error err;
    assert_ok(read_yaml(arena, "metric: acc\n", LME_OUTPUT_MULTIPLE_CHOICE, &use, &err), &err);
    assert_str(use.name, "acc");
    assert_str(use.cluster, "");
    assert_ok(read_yaml(arena, "metric: probability_mass\nname: acc\ncluster: passage_id\n",
                        LME_OUTPUT_MULTIPLE_CHOICE, &use, &err),
              &err);
    assert_str(use.name, "acc");
    assert_str(use.cluster, "passage_id");
    lme_arena_free(arena);
    check_error("metric: acc\ncluster: 3\n", LME_OUTPUT_MULTIPLE_CHOICE,
                "task.yaml:2:10: cluster is integer, expected a name");
    check_error("metric: acc\nname: ''\n", LME_OUTPUT_MULTIPLE_CHOICE,
                "task.yaml:2:7: name is empty, expected a name");
}

static void numbers_have_their_range(void **state)
{
    (void)state;
    check_error("metric: ece\nbins: 0\n", LME_OUTPUT_MULTIPLE_CHOICE,
                "task.yaml:2:7: bins of metric \"ece\" is 0, expected 1 to 1000");
    check_error("metric: ece\nbins: ten\n", LME_OUTPUT_MULTIPLE_CHOICE,
                "task.yaml:2:7: bins of metric \"ece\" is text, expected a number");
}

static void unknown_metrics_get_those_that_fit(void **state)
{
    (void)state;
    check_error("metric: exact_mach\n", LME_OUTPUT_GENERATE_UNTIL,
                "task.yaml:1:9: metric \"exact_mach\" is not known");
    check_error("metric: exact_mach\n", LME_OUTPUT_GENERATE_UNTIL,
                "did you mean exact_match? for generate_until there are: exact_match");
    check_error("metric: something_else\n", LME_OUTPUT_LOGLIKELIHOOD_ROLLING,
                "hint: for loglikelihood_rolling there are: word_perplexity, byte_perplexity, "
                "bits_per_byte");
    check_error("metric: !function utils.f1\n", LME_OUTPUT_GENERATE_UNTIL,
                "metric !function utils.f1 is Python code, which is not run");
    check_error("metric: [acc]\n", LME_OUTPUT_MULTIPLE_CHOICE, "`metric` is");
    check_error("aggregation: mean\n", LME_OUTPUT_MULTIPLE_CHOICE, "expected a map with the key");
    check_error("acc\n", LME_OUTPUT_MULTIPLE_CHOICE, "an entry of metric_list is");
    check_error("metric: exact_match\nhf_evaluate: true\n", LME_OUTPUT_GENERATE_UNTIL,
                "task.yaml:2:14: metric \"exact_match\" with hf_evaluate needs a Python package");
    check_error("metric: word_perplexity\ncount_in: [page]\n", LME_OUTPUT_LOGLIKELIHOOD_ROLLING,
                "task.yaml:2:11: count_in of metric \"word_perplexity\" is list");
}

static void a_metric_of_another_output_type_is_an_error(void **state)
{
    (void)state;
    check_error("metric: acc\n", LME_OUTPUT_GENERATE_UNTIL,
                "task.yaml:1:9: metric \"acc\" cannot score output_type generate_until");
    check_error("metric: acc\n", LME_OUTPUT_GENERATE_UNTIL, "for it there are: exact_match, ");
}

/* lm_eval drops it from the results. Its options may be anything. */
static void where_nothing_is_generated_it_is_left_out(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_metric_use use = {0};
    lme_error err;
    assert_ok(read_yaml(arena, "metric: acc_norm\nany: 1\n", LME_OUTPUT_LOGLIKELIHOOD, &use, &err),
              &err);
    assert_true(use.is_left_out);
    assert_str(use.name, "acc_norm");
    assert_ok(read_yaml(arena, "metric: bleu\n", LME_OUTPUT_MULTIPLE_CHOICE, &use, &err), &err);
    assert_true(use.is_left_out);
    assert_ok(read_yaml(arena, "metric: acc\n", LME_OUTPUT_MULTIPLE_CHOICE, &use, &err), &err);
    assert_false(use.is_left_out);
    lme_arena_free(arena);
}

static void unknown_aggregations_get_the_known_ones(void **state)
{
    (void)state;
    check_error("metric: acc\naggregation: mode\n", LME_OUTPUT_MULTIPLE_CHOICE,
                "task.yaml:2:14: aggregation \"mode\" is not known for metric \"acc\"");
    check_error("metric: acc\naggregation: mode\n", LME_OUTPUT_MULTIPLE_CHOICE,
                "hint: known: mean, median, nanmean, perplexity");
    check_error("metric: acc\naggregation: bits_per_byte\n", LME_OUTPUT_MULTIPLE_CHOICE,
                "aggregation \"bits_per_byte\" is not known for metric \"acc\"");
    check_error("metric: word_perplexity\naggregation: mean\n", LME_OUTPUT_LOGLIKELIHOOD_ROLLING,
                "hint: known: weighted_perplexity, bits_per_byte");
    check_error("metric: acc\naggregation: !function utils.agg\n", LME_OUTPUT_MULTIPLE_CHOICE,
                "aggregation !function utils.agg is Python code");
}

static void options_have_their_names_and_kinds(void **state)
{
    (void)state;
    check_error("metric: exact_match\nignore_cases: true\n", LME_OUTPUT_GENERATE_UNTIL,
                "task.yaml:2:1: metric \"exact_match\" has no option \"ignore_cases\"");
    check_error("metric: exact_match\nignore_cases: true\n", LME_OUTPUT_GENERATE_UNTIL,
                "did you mean ignore_case? it takes: aggregation, higher_is_better, cluster, name, "
                "ignore_case, ");
    check_error("metric: perplexity\nx_y_z: 1\n", LME_OUTPUT_LOGLIKELIHOOD,
                "hint: it takes: aggregation, higher_is_better");
    check_error("metric: exact_match\nignore_case: maybe\n", LME_OUTPUT_GENERATE_UNTIL,
                "task.yaml:2:14: ignore_case of metric \"exact_match\" is text");
    check_error("metric: acc\nhigher_is_better: 1\n", LME_OUTPUT_MULTIPLE_CHOICE,
                "task.yaml:2:19: higher_is_better is");
    check_error("metric: exact_match\nregexes_to_ignore: ','\n", LME_OUTPUT_GENERATE_UNTIL,
                "expected a list of patterns");
    check_error("metric: exact_match\nregexes_to_ignore: [1]\n", LME_OUTPUT_GENERATE_UNTIL,
                "task.yaml:2:21: an entry of regexes_to_ignore is");
    check_error("metric: exact_match\nregexes_to_ignore: ['(']\n", LME_OUTPUT_GENERATE_UNTIL,
                "task.yaml:2:21: ");
}

static void tasks_without_metrics_get_lm_evals(void **state)
{
    (void)state;
    const char *names[4];
    assert_int_equal(lme_metric_defaults(LME_OUTPUT_MULTIPLE_CHOICE, names), 2);
    assert_string_equal(names[0], "acc");
    assert_string_equal(names[1], "acc_norm");
    assert_int_equal(lme_metric_defaults(LME_OUTPUT_LOGLIKELIHOOD, names), 2);
    assert_string_equal(names[0], "perplexity");
    assert_int_equal(lme_metric_defaults(LME_OUTPUT_LOGLIKELIHOOD_ROLLING, names), 3);
    assert_string_equal(names[2], "bits_per_byte");
    assert_int_equal(lme_metric_defaults(LME_OUTPUT_GENERATE_UNTIL, names), 1);
    assert_string_equal(names[0], "exact_match");
    for (lme_output_kind kind = 0; kind < LME_OUTPUT_KINDS; kind++) {
        size_t n = lme_metric_defaults(kind, names);
        for (size_t i = 0; i < n; i++) {
            const lme_metric *metric = lme_metric_find(lme_str_from(names[i]));
            assert_true((metric->output_kinds & (1u << kind)) != 0);
        }
    }
}

/* lm_eval's numbers for it are held by unit/task/shipped_tasks_test (truthfulqa_gen). */
static void contrast_compares_two_lists(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_metric_use use = {0};
    lme_score score = {0};
    lme_error err;
    lme_value row, said = lme_string(LME_STR("the red lamp"));
    lme_answer answer = {.pipeline = LME_STR("none"), .values = &said, .n_values = 1};
    const char *yaml = "{metric: contrast, of: rouge1, right: good, wrong: bad, take: diff}";
    assert_ok(read_yaml(arena, yaml, LME_OUTPUT_GENERATE_UNTIL, &use, &err), &err);
    assert_ok(
        lme_yaml_read(arena, LME_STR("{good: [a, the red lamp], bad: [the]}"), "row", &row, &err),
        &err);
    lme_sample sample = {.output = LME_OUTPUT_GENERATE_UNTIL, .doc = {.row = row}};
    assert_ok(lme_metric_score(arena, &use, &sample, &answer, &score, &err), &err);
    assert_close(score.stats[0], 50.0, 1e-12); /* F of 1 of 3 words is 1/2 */
    assert_ok(lme_yaml_read(arena, LME_STR("{good: [a], bad: []}"), "row", &sample.doc.row, &err),
              &err);
    assert_false(lme_metric_score(arena, &use, &sample, &answer, &score, &err));
    assert_error(&err, LME_ERR_DATA, "the column \"bad\" is an empty list");
    sample.doc.row = lme_null();
    err = (lme_error){0};
    assert_false(lme_metric_score(arena, &use, &sample, &answer, &score, &err));
    assert_error(&err, LME_ERR_DATA, "names the column \"good\", which the row has not");
    lme_arena_free(arena);
}

static void contrast_checks_its_options(void **state)
{
    (void)state;
    check_error("{metric: contrast, of: bleu, right: a, wrong: b, take: min}",
                LME_OUTPUT_GENERATE_UNTIL, "take of metric \"contrast\" is to be max, diff or acc");
    check_error("{metric: contrast, of: bleu, right: a, take: max}", LME_OUTPUT_GENERATE_UNTIL,
                "metric \"contrast\" needs of (a metric of texts), right and wrong (columns)");
    check_error("{metric: contrast, of: [bleu], take: max}", LME_OUTPUT_GENERATE_UNTIL,
                "of of metric \"contrast\" is list, expected a text");
    check_error("{metric: contrast, of: blue, right: a, wrong: b, take: max}",
                LME_OUTPUT_GENERATE_UNTIL, "task.yaml:1:24: text metric \"blue\" is not known");
    check_error("{metric: contrast, of: bleu, right: a, wrong: b, take: max, options: [x]}",
                LME_OUTPUT_GENERATE_UNTIL,
                "options of metric \"contrast\" is list, expected a map");
}

static void count_in_needs_its_column(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_metric_use use = {0};
    lme_score score = {0};
    lme_error err;
    lme_value row, value = lme_float(-2.5);
    lme_answer answer = {.pipeline = LME_STR("none"), .values = &value, .n_values = 1};
    assert_ok(read_yaml(arena, "metric: byte_perplexity\ncount_in: page\n",
                        LME_OUTPUT_LOGLIKELIHOOD_ROLLING, &use, &err),
              &err);
    assert_ok(lme_yaml_read(arena, LME_STR("page: abc d\n"), "row", &row, &err), &err);
    lme_sample sample = {.output = LME_OUTPUT_LOGLIKELIHOOD_ROLLING,
                         .doc = {.row = row},
                         .target = lme_string(LME_STR("ab"))};
    assert_ok(lme_metric_score(arena, &use, &sample, &answer, &score, &err), &err);
    assert_close(score.stats[1], 5, 0);
    sample.doc.row = lme_null();
    assert_false(lme_metric_score(arena, &use, &sample, &answer, &score, &err));
    assert_error(&err, LME_ERR_DATA, "names the column \"page\", which the row has not");
    assert_ok(lme_yaml_read(arena, LME_STR("page: [1]\n"), "row", &sample.doc.row, &err), &err);
    err = (lme_error){0};
    assert_false(lme_metric_score(arena, &use, &sample, &answer, &score, &err));
    assert_error(&err, LME_ERR_DATA, "names the column \"page\", which is no text");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_found_by_name),
        cmocka_unit_test(a_metric_alone_has_its_defaults),
        cmocka_unit_test(count_in_needs_its_column),
        cmocka_unit_test(contrast_compares_two_lists),
        cmocka_unit_test(contrast_checks_its_options),
        cmocka_unit_test(the_task_decides_what_it_names),
        cmocka_unit_test(an_average_chooses_the_f1_that_is_not_named),
        cmocka_unit_test(a_use_has_its_name_and_cluster),
        cmocka_unit_test(numbers_have_their_range),
        cmocka_unit_test(unknown_metrics_get_those_that_fit),
        cmocka_unit_test(a_metric_of_another_output_type_is_an_error),
        cmocka_unit_test(where_nothing_is_generated_it_is_left_out),
        cmocka_unit_test(unknown_aggregations_get_the_known_ones),
        cmocka_unit_test(options_have_their_names_and_kinds),
        cmocka_unit_test(tasks_without_metrics_get_lm_evals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

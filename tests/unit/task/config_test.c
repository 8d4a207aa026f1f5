/* The resolved config: lm_eval's keys in its order, defaults filled in, nulls left out. */
#include "loading.h"

static void a_small_task_gets_the_defaults(void **state)
{
    loading *l = *state;
    lme_task *task = load_ok(l, SMALL_TASK, NULL);
    assert_str(
        json_of(l, &task->config),
        "{\"task\": \"small\", \"dataset_path\": \"rows.jsonl\", \"test_split\": \"test\", "
        "\"doc_to_text\": \"question\", \"doc_to_target\": \"answer\", \"unsafe_code\": false, "
        "\"description\": \"\", \"target_delimiter\": \" \", \"fewshot_delimiter\": \"\\n\\n\", "
        "\"fewshot_config\": {\"sampler\": \"default\", \"split\": null, \"process_docs\": null, "
        "\"fewshot_indices\": null, \"samples\": null, \"doc_to_text\": \"question\", "
        "\"doc_to_choice\": null, \"doc_to_target\": \"answer\", \"gen_prefix\": null, "
        "\"fewshot_delimiter\": \"\\n\\n\", \"target_delimiter\": \" \"}, \"num_fewshot\": 0, "
        "\"output_type\": \"generate_until\", \"generation_kwargs\": {\"temperature\": 0.0, "
        "\"do_sample\": false, \"max_gen_toks\": 256, \"until\": [\"\\n\\n\"]}, \"repeats\": 1, "
        "\"should_decontaminate\": false}");
}

static void examples_inherit_what_they_do_not_say(void **state)
{
    loading *l = *state;
    lme_task *task = load_ok(l,
                             SMALL_TASK "fewshot_split: train\n"
                                        "gen_prefix: \"A:\"\n"
                                        "target_delimiter: \"\"\n"
                                        "process_docs: [{drop: [id]}]\n"
                                        "fewshot_config: {sampler: first_n, doc_to_target: \"\", "
                                        "fewshot_delimiter: \"|\"}\n",
                             NULL);
    const lme_value *fewshot = lme_value_find(&task->config, "fewshot_config");
    assert_str(json_of(l, fewshot),
               "{\"sampler\": \"first_n\", \"split\": \"train\", \"process_docs\": [{\"drop\": "
               "[\"id\"]}], \"fewshot_indices\": null, \"samples\": null, \"doc_to_text\": "
               "\"question\", \"doc_to_choice\": null, \"doc_to_target\": \"\", \"gen_prefix\": "
               "\"A:\", \"fewshot_delimiter\": \"|\", \"target_delimiter\": \"\"}");
}

static void options_show_in_it(void **state)
{
    loading *l = *state;
    lme_pair pair = {lme_string(LME_STR("temperature")), lme_float(0.5)};
    lme_task_options options = {
        .has_num_fewshot = true,
        .num_fewshot = 4,
        .gen_kwargs = {.kind = LME_MAP, .map = {&pair, 1}},
    };
    lme_task *task =
        load_ok(l, SMALL_TASK "generation_kwargs: {until: [\"E\"], temperature: 0}\n", &options);
    assert_str(json_of(l, lme_value_find(&task->config, "num_fewshot")), "4");
    assert_str(json_of(l, lme_value_find(&task->config, "generation_kwargs")),
               "{\"until\": [\"E\"], \"temperature\": 0.5}");
    assert_int_equal(task->num_fewshot, 4);
}

static void wrong_options_blame_no_file(void **state)
{
    loading *l = *state;
    lme_pair pair = {lme_string(LME_STR("max_gen_toks")), lme_string(LME_STR("many"))};
    lme_task_options options = {.gen_kwargs = {.kind = LME_MAP, .map = {&pair, 1}}};
    assert_null(load_text(l, SMALL_TASK, &options));
    assert_error(&l->err, LME_ERR_TASK, "max_gen_toks of generation_kwargs is an integer above 0");
    assert_string_equal(l->err.file, "");
}

static void what_the_file_says_stays_as_it_is_written(void **state)
{
    loading *l = *state;
    lme_task *task = load_ok(l,
                             SMALL_TASK "tag: [sums, own]\n"
                                        "task_alias: Small sums\n"
                                        "include: []\n"
                                        "dataset_name: null\n"
                                        "metric_list: [{metric: exact_match, ignore_case: true}]\n"
                                        "should_decontaminate: true\n"
                                        "doc_to_decontamination_query: question\n"
                                        "metadata: {version: 2, note: own}\n",
                             NULL);
    assert_str(task->alias, "Small sums");
    assert_null(lme_value_find(&task->config, "include"));
    assert_null(lme_value_find(&task->config, "dataset_name"));
    assert_null(lme_value_find(&task->config, "tag")); /* it says how tasks are found */
    assert_str(json_of(l, lme_value_find(&task->config, "metric_list")),
               "[{\"metric\": \"exact_match\", \"ignore_case\": true}]");
    assert_str(json_of(l, lme_value_find(&task->config, "metadata")),
               "{\"version\": 2, \"note\": \"own\"}");
    assert_str(json_of(l, &task->version), "2");
}

/* No generation_kwargs where nothing is generated. */
static void other_output_types_have_no_generation(void **state)
{
    loading *l = *state;
    lme_task *task = load_ok(l, SMALL_TASK "output_type: loglikelihood\n", NULL);
    assert_null(lme_value_find(&task->config, "generation_kwargs"));
    assert_int_equal(task->n_metrics, 2);
    assert_string_equal(task->metrics[0].metric->name, "perplexity");
}

static void of_a_metric_listed_twice_the_last_counts(void **state)
{
    loading *l = *state;
    lme_task *task = load_ok(l,
                             SMALL_TASK "metric_list:\n"
                                        "  - {metric: exact_match, ignore_case: false}\n"
                                        "  - {metric: exact_match, ignore_case: true}\n",
                             NULL);
    assert_int_equal(task->n_metrics, 1);
    assert_str(json_of(l, lme_value_find(&task->metrics[0].options, "ignore_case")), "true");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADING_TEST(a_small_task_gets_the_defaults),
        LOADING_TEST(examples_inherit_what_they_do_not_say),
        LOADING_TEST(options_show_in_it),
        LOADING_TEST(wrong_options_blame_no_file),
        LOADING_TEST(what_the_file_says_stays_as_it_is_written),
        LOADING_TEST(other_output_types_have_no_generation),
        LOADING_TEST(of_a_metric_listed_twice_the_last_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

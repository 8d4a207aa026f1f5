/* results.json: its whole text for a small run, and the recorded run of lm_eval for what both
 * write. */
#include "support.h"

#include <math.h>

#include <lmeval/json.h>
#include <lmeval/report.h>
#include <lmeval/share.h>

static lme_value read_text(lme_arena *arena, lme_str text)
{
    lme_error err = {0};
    lme_value value;
    assert_ok(lme_json_read(arena, NULL, text, NULL, &value, &err), &err);
    return value;
}

static const lme_summary summaries[] = {
    {.metric = {"acc", 3},
     .pipeline = {"none", 4},
     .value = 0.1,
     .stderr_value = 0.02,
     .n_docs = 19,
     .higher_is_better = true,
     .low = 0.0625,
     .high = 0.125,
     .cluster = {"passage", 7},
     .cluster_stderr = 0.03125,
     .n_clusters = 6},
    {.metric = {"perplexity", 10}, .pipeline = {"none", 4}, .value = 3.0, .n_docs = 19},
    {.metric = {"acc", 3},
     .pipeline = {"strict", 6},
     .value = 1.0,
     .n_docs = 18,
     .higher_is_better = true,
     .low = 0.75,
     .high = 1.0,
     .extracts = true,
     .n_unextracted = 4},
};

static lme_run_info info_of_all(void)
{
    return (lme_run_info){.model = LME_STR("org/model:tag"),
                          .base_url = LME_STR("http://h/v1"),
                          .server = LME_STR("llama.cpp"),
                          .system_instruction = LME_STR("Be brief."),
                          .chat = true,
                          .multi_turn = true,
                          .n_bos = 1,
                          .chat_template = LME_STR("{{ messages }}"),
                          .max_length = 2048,
                          .truncates = true,
                          .version = LME_STR("9.9"),
                          .limit = 20,
                          .seed = 1,
                          .fewshot_seed = 1234,
                          .bootstrap_iters = 100000,
                          .concurrency = 8};
}

static void the_whole_file_of_a_small_run(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_summary rows[3] = {summaries[0], summaries[1], summaries[2]};
    rows[1].stderr_value = rows[1].low = (double)NAN;
    lme_map_builder config = {.arena = arena};
    lme_map_add(&config, LME_STR("task"), lme_string(LME_STR("z")));
    lme_map_add(&config, LME_STR("description"), lme_string(LME_STR("Fähig")));
    lme_str left_out = LME_STR("bleu");
    lme_result tasks[2] = {
        {.task = LME_STR("z"),
         .alias = LME_STR("Zed"),
         .version = lme_float(1.0),
         .config = lme_map_finish(&config),
         .dataset = LME_STR("org/z (test)"),
         .n_shot = 5,
         .n_original = 100,
         .n_effective = 20,
         .n_failed = 1,
         .n_cut = 2,
         .n_too_long = 1,
         .n_truncated = 7,
         .n_windowed = 2,
         .n_prompt_tokens = 1200,
         .n_completion_tokens = 60,
         .left_out = &left_out,
         .n_left_out = 1,
         .hash = LME_STR("ab12"),
         .summaries = rows,
         .n_summaries = 3},
        {.task = LME_STR("a"),
         .sample_data = true,
         .scoring_path = LME_STR("echo"),
         .n_straddling = 3,
         .n_floored = 2},
    };
    lme_results results = {
        .info = info_of_all(),
        .tasks = tasks,
        .n_tasks = 2,
    };
    lme_error err = {0};
    lme_str expected;
    const char *path = test_source(arena, "tests/unit/report/results.json");
    assert_ok(lme_file_read(arena, path, 1 << 20, &expected, &err), &err);
    assert_str(lme_report_results_json(arena, &results), lme_str_cstr(arena, expected));
    lme_arena_free(arena);
}

static void the_demo_server_leaves_no_port_behind(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_results results = {.info = {.demo = true, .base_url = LME_STR("http://127.0.0.1:4711")}};
    lme_str text = lme_report_results_json(arena, &results);
    assert_true(lme_str_find(text, LME_STR("4711"), 0) == SIZE_MAX);
    assert_true(lme_str_find(text, LME_STR("\"base_url\": null"), 0) != SIZE_MAX);
    assert_true(lme_str_find(text, LME_STR("\"limit\": null"), 0) != SIZE_MAX);
    assert_true(lme_str_find(text, LME_STR("\"demo\": true"), 0) != SIZE_MAX);
    lme_arena_free(arena);
}

/* A task of the recorded run as our own result. */
static lme_result recorded_task(lme_arena *arena, const lme_value *file, lme_str task)
{
    const lme_value *scores = lme_value_get(lme_value_find(file, "results"), task);
    const lme_value *higher = lme_value_get(lme_value_find(file, "higher_is_better"), task);
    const lme_value *counts = lme_value_get(lme_value_find(file, "n-samples"), task);
    lme_summary *rows = LME_ARRAY(arena, lme_summary, scores->map.len);
    size_t n = 0;
    for (size_t i = 3; i < scores->map.len; i += 2) {
        lme_str key = scores->map.pairs[i].key.string;
        size_t comma = lme_str_find(key, LME_STR(","), 0);
        lme_str metric = lme_str_slice(key, 0, comma);
        rows[n++] = (lme_summary){
            .metric = metric,
            .pipeline = lme_str_slice(key, comma + 1, key.len),
            .value = scores->map.pairs[i].value.number,
            .stderr_value = scores->map.pairs[i + 1].value.number,
            .n_docs = (size_t)lme_value_find(scores, "sample_len")->integer,
            .higher_is_better = lme_value_get(higher, metric)->boolean,
        };
    }
    return (lme_result){
        .task = task,
        .alias = lme_value_find(scores, "alias")->string,
        .version = *lme_value_get(lme_value_find(file, "versions"), task),
        .config = *lme_value_get(lme_value_find(file, "configs"), task),
        .n_shot = (size_t)lme_value_get(lme_value_find(file, "n-shot"), task)->integer,
        .n_original = (size_t)lme_value_find(counts, "original")->integer,
        .n_effective = (size_t)lme_value_find(counts, "effective")->integer,
        .hash = lme_value_get(lme_value_find(file, "task_hashes"), task)->string,
        .summaries = rows,
        .n_summaries = n,
    };
}

static lme_str dumped(lme_arena *arena, const lme_value *value)
{
    lme_builder out = {.arena = arena};
    lme_json_write(&out, value, &(lme_json_style){.indent = 2});
    return lme_builder_finish(&out);
}

/* The keys that both have hold the same text, in the same order. */
static void check_recorded(const char *name)
{
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str text;
    const char *path =
        test_source(arena, lme_str_format(arena, "tests/golden/lm_eval/f16/%s", name).ptr);
    assert_ok(lme_file_read(arena, path, 1 << 20, &text, &err), &err);
    lme_value file = read_text(arena, text);
    lme_str task = lme_value_find(&file, "results")->map.pairs[0].key.string;
    lme_result result = recorded_task(arena, &file, task);
    lme_results results = {
        .info = {.model = lme_value_find(&file, "model_name")->string},
        .tasks = &result,
        .n_tasks = 1,
    };
    lme_value ours = read_text(arena, lme_report_results_json(arena, &results));
    static const char *const same[] = {
        "results",          "group_subtasks", "configs",     "versions",   "n-shot",
        "higher_is_better", "n-samples",      "task_hashes", "model_name", "model_name_sanitized"};
    for (size_t i = 0; i < sizeof same / sizeof same[0]; i++)
        assert_str(dumped(arena, lme_value_find(&ours, same[i])),
                   lme_str_cstr(arena, dumped(arena, lme_value_find(&file, same[i]))));
    /* Order: every key of ours that lm_eval has stands behind the one before it. */
    size_t last = 0;
    for (size_t i = 0; i < ours.map.len; i++) {
        for (size_t k = 0; k < file.map.len; k++) {
            if (!lme_str_equal(file.map.pairs[k].key.string, ours.map.pairs[i].key.string))
                continue;
            assert_true(k >= last);
            last = k;
        }
    }
    lme_arena_free(arena);
}

static void what_lm_eval_writes_too_is_equal(void **state)
{
    (void)state;
    check_recorded("results_hellaswag.json");
    check_recorded("results_gsm8k.json");
}

static void model_names_become_file_names(void **state)
{
    (void)state;
    static const struct {
        const char *name, *expected;
    } cases[] = {
        {"tiny", "\"model_name_sanitized\": \"tiny\""},
        {"org/model:tag", "\"model_name_sanitized\": \"org__model__tag\""},
        {"a<>|?*[]b\\c", "\"model_name_sanitized\": \"a__b__c\""},
        {"", "\"model_name_sanitized\": \"\""},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        lme_results results = {.info = {.model = lme_str_from(cases[i].name)}};
        lme_str text = lme_report_results_json(arena, &results);
        assert_true(lme_str_find(text, lme_str_from(cases[i].expected), 0) != SIZE_MAX);
        lme_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_file_of_a_small_run),
        cmocka_unit_test(the_demo_server_leaves_no_port_behind),
        cmocka_unit_test(what_lm_eval_writes_too_is_equal),
        cmocka_unit_test(model_names_become_file_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

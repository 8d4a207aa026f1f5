/* Runs read back: this program's layout and lm_eval's, and what is wrong with them. */
#include "support.h"

#include <math.h>

#include <lmeval/record.h>
#include <lmeval/share.h>

static const char results[] =
    "{\"results\": {\"quiz\": {\"name\": \"quiz\", \"alias\": \"a quiz\", \"sample_len\": 2,"
    " \"acc,none\": 0.5, \"acc_stderr,none\": 0.5, \"f1,strict\": 0.25,"
    " \"f1_stderr,strict\": \"N/A\"}, \"suite\": {\"alias\": \"suite\", \"acc,none\": 0.5}},"
    " \"configs\": {\"quiz\": {\"task\": \"quiz\", \"output_type\": \"multiple_choice\","
    " \"generation_kwargs\": {\"until\": [\".\"]}}},"
    " \"versions\": {\"quiz\": 1.0}, \"n-shot\": {\"quiz\": 3},"
    " \"higher_is_better\": {\"quiz\": {\"acc\": true, \"f1\": false}},"
    " \"model_name\": \"a/model\"}";

static const char samples[] =
    "{\"doc_id\": 0, \"doc\": {\"passage\": 7}, \"arguments\": {\"gen_args_0\": {},"
    " \"gen_args_1\": {}}, \"filter\": \"none\", \"metrics\": [\"acc\"], \"doc_hash\": \"aa\","
    " \"prompt_hash\": \"p\", \"target_hash\": \"t\", \"acc\": 1.0}\n"
    "{\"doc_id\": 0, \"doc\": {\"passage\": 7}, \"arguments\": {}, \"filter\": \"strict\","
    " \"metrics\": [\"f1\"], \"doc_hash\": \"aa\", \"prompt_hash\": \"p\", \"target_hash\": \"t\","
    " \"f1\": [\"a\", \"b\"]}\n"
    "\n"
    "{\"doc_id\": 1, \"doc\": {\"passage\": \"x\"}, \"arguments\": [[1], [2], [3]],"
    " \"filter\": \"none\", \"metrics\": [\"acc\"], \"doc_hash\": \"bb\", \"prompt_hash\": \"q\","
    " \"target_hash\": \"u\", \"acc\": false}\n"
    "{\"doc_id\": 2, \"doc\": {}, \"filter\": null, \"metrics\": [], \"doc_hash\": \"cc\","
    " \"failure\": \"refused\"}";

/* By id, each with its pipelines; the blank line counts. */
static void check_documents(const lme_record_task *task)
{
    assert_int_equal(task->n_documents, 3);
    const lme_record_document *first = &task->documents[0];
    assert_int_equal(first->id, 0);
    assert_int_equal(first->n_lines, 2);
    assert_ptr_equal(first->lines[0], &task->pipelines[0].lines[0]);
    assert_ptr_equal(first->lines[1], &task->pipelines[1].lines[0]);
    assert_int_equal(first->lines[0]->place.offset, 0);
    assert_int_equal(first->lines[1]->place.offset, first->lines[0]->place.size + 1);
    assert_int_equal(task->documents[1].lines[0]->place.number, 4);
    assert_int_equal(task->documents[2].n_lines, 1);
    assert_ptr_equal(task->documents[2].lines[0], &task->failed[0]);
}

static void check_quiz(const lme_record *record)
{
    assert_str(record->model, "a/model");
    assert_int_equal(record->n_tasks, 1); /* the suite is a group */
    const lme_record_task *task = lme_record_find_task(record, LME_STR("quiz"));
    assert_non_null(task);
    assert_str(task->output_type, "multiple_choice");
    assert_int_equal(task->n_shot, 3);
    assert_int_equal(task->n_failed, 1);
    assert_int_equal(task->n_scores, 2);
    const lme_record_score *f1 = lme_record_find_score(task, LME_STR("f1"), LME_STR("strict"));
    assert_close(f1->value, 0.25, 0.0);
    assert_true(isnan(f1->stderr_value));
    assert_false(f1->higher_is_better);
    const lme_record_pipeline *none = lme_record_find_pipeline(task, LME_STR("none"));
    assert_int_equal(none->n_lines, 2);
    assert_int_equal(lme_record_metric_column(none, LME_STR("acc")), 0);
    assert_true(lme_record_metric_column(none, LME_STR("f1")) == SIZE_MAX);
    assert_close(none->lines[0].scores[0], 1.0, 0.0);
    assert_close(none->lines[1].scores[0], 0.0, 0.0); /* false */
    assert_int_equal(none->lines[0].n_requests, 2);
    assert_int_equal(none->lines[1].n_requests, 3);
    const lme_record_pipeline *strict = lme_record_find_pipeline(task, LME_STR("strict"));
    assert_true(isnan(strict->lines[0].scores[0])); /* a list is no number */
    assert_null(lme_record_find_pipeline(task, LME_STR("loose")));
    check_documents(task);
    assert_null(lme_record_find_task(record, LME_STR("suite")));
}

static void our_own_folder(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *folder = test_folder(arena);
    test_file(arena, folder, "results.json", results);
    test_file(arena, folder, "samples_quiz.jsonl", samples);
    lme_record record;
    lme_error err = {0};
    assert_ok(lme_record_open(arena, folder, "passage", &record, &err), &err);
    check_quiz(&record);
    assert_str(record.tasks[0].pipelines[0].lines[0].cluster, "7");
    assert_str(record.tasks[0].pipelines[0].lines[1].cluster, "x");
    assert_int_equal(record.tasks[0].n_unclustered, 0);
    assert_ok(lme_record_open(arena, folder, "pasage", &record, &err), &err);
    assert_int_equal(record.tasks[0].n_unclustered, 3);
    assert_int_equal(record.tasks[0].unclustered_line, 1);
    assert_str(record.tasks[0].nearest_column, "passage");
    test_folder_remove(folder);
    lme_arena_free(arena);
}

static const char *below(lme_arena *arena, const char *folder, const char *name)
{
    return lme_str_cstr(arena, lme_path_join(arena, lme_str_from(folder), lme_str_from(name)));
}

/* <model>/results_<time>.json: the last one, with the samples of the same time. */
static void lm_evals_folder(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *above = test_folder(arena);
    const char *folder = below(arena, above, "a__model");
    lme_error err = {0};
    assert_ok(lme_folder_make(folder, &err), &err);
    test_file(arena, folder, "results_2026-08-01T10-00-00.000001.json", "{}");
    test_file(arena, folder, "results_2026-08-02T10-00-00.000001.json", results);
    test_file(arena, folder, "samples_quiz_2026-08-01T10-00-00.000001.jsonl", "broken");
    test_file(arena, folder, "samples_quiz_2026-08-02T10-00-00.000001.jsonl", samples);
    lme_record record;
    assert_ok(lme_record_open(arena, above, NULL, &record, &err), &err);
    check_quiz(&record);
    assert_str(record.tasks[0].pipelines[0].lines[0].cluster, "");
    assert_ok(lme_record_open(arena, folder, NULL, &record, &err), &err);
    check_quiz(&record);
    assert_ok(lme_record_open(arena, record.path, NULL, &record, &err), &err);
    check_quiz(&record);
    /* two models: which one is meant? */
    const char *second = below(arena, above, "b__model");
    assert_ok(lme_folder_make(second, &err), &err);
    test_file(arena, second, "results_2026-08-02T10-00-00.000001.json", results);
    assert_false(lme_record_open(arena, above, NULL, &record, &err));
    assert_error(&err, LME_ERR_IO, "holds the runs of 2 models");
    test_folder_remove(above);
    lme_arena_free(arena);
}

/* lm_eval 0.4.5 and before: one filter after the other, none named. */
static void older_samples(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *folder = test_folder(arena);
    test_file(arena, folder, "results.json",
              "{\"results\": {\"quiz\": {\"em,strict\": 0.5}}, \"configs\": {\"quiz\":"
              " {\"filter_list\": [{\"name\": \"strict\"}, {\"name\": \"loose\"}]}}}");
    test_file(arena, folder, "samples_quiz.jsonl",
              "{\"doc_id\": 0, \"doc\": {}, \"target\": 3, \"doc_hash\": \"a\", \"em\": 0}\n"
              "{\"doc_id\": 1, \"doc\": {}, \"target\": 3, \"doc_hash\": \"b\", \"em\": 1}\n"
              "{\"doc_id\": 0, \"doc\": {}, \"target\": 3, \"doc_hash\": \"a\", \"em\": 1}\n"
              "{\"doc_id\": 1, \"doc\": {}, \"target\": 3, \"doc_hash\": \"b\", \"em\": 1}\n");
    lme_record record;
    lme_error err = {0};
    assert_ok(lme_record_open(arena, folder, NULL, &record, &err), &err);
    const lme_record_task *task = &record.tasks[0];
    assert_int_equal(task->n_pipelines, 2);
    assert_str(task->pipelines[0].name, "strict");
    assert_str(task->pipelines[1].name, "loose");
    assert_int_equal(task->pipelines[1].n_metrics, 1);
    assert_str(task->pipelines[1].metrics[0], "em");
    assert_close(task->pipelines[0].lines[0].scores[0], 0.0, 0.0);
    assert_close(task->pipelines[1].lines[0].scores[0], 1.0, 0.0);
    assert_int_equal(task->n_documents, 2);
    test_folder_remove(folder);
    lme_arena_free(arena);
}

static void without_samples(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *folder = test_folder(arena);
    test_file(arena, folder, "results.json", results);
    lme_record record;
    lme_error err = {0};
    assert_ok(lme_record_open(arena, folder, NULL, &record, &err), &err);
    assert_null(record.tasks[0].samples_path);
    assert_int_equal(record.tasks[0].n_pipelines, 0);
    test_folder_remove(folder);
    lme_arena_free(arena);
}

static void a_mistyped_path_has_a_neighbour(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *above = test_folder(arena);
    lme_record record;
    lme_error err = {0};
    assert_ok(lme_folder_make(below(arena, above, "base_run"), &err), &err);
    assert_false(lme_record_open(arena, below(arena, above, "bsae_run/"), NULL, &record, &err));
    assert_error(&err, LME_ERR_IO, "there is no run at ");
    assert_error(&err, LME_ERR_IO, "/base_run?");
    err = (lme_error){0};
    assert_false(lme_record_open(arena, below(arena, above, "what"), NULL, &record, &err));
    assert_error(&err, LME_ERR_IO, "give the folder of a run");
    test_folder_remove(above);
    lme_arena_free(arena);
}

/* A run that goes on: its samples alone, the last line half written. */
static void samples_alone(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *folder = test_folder(arena);
    lme_str half = lme_str_format(arena, "%s\n{\"doc_id\": 3, \"doc\": {\"pass", samples);
    const char *path = test_file(arena, folder, "samples_a_task.jsonl", lme_str_cstr(arena, half));
    lme_record record;
    lme_error err = {0};
    const char *both[] = {folder, path};
    for (size_t i = 0; i < 2; i++) {
        assert_ok(lme_record_open_samples(arena, both[i], &record, &err), &err);
        assert_false(record.has_results);
        assert_int_equal(record.n_tasks, 1);
        assert_str(record.tasks[0].name, "a_task");
        assert_ok(lme_record_read_lines(arena, &record.tasks[0], &err), &err);
        assert_int_equal(record.tasks[0].n_documents, 3);
    }
    /* a line that is whole and wrong is an error there, too */
    test_file(arena, folder, "samples_a_task.jsonl", "{\"doc_id\": 3\n");
    assert_ok(lme_record_open_samples(arena, folder, &record, &err), &err);
    assert_false(lme_record_read_lines(arena, &record.tasks[0], &err));
    assert_error(&err, LME_ERR_DATA, "samples_a_task.jsonl:1:");
    /* with a results file they are its */
    test_file(arena, folder, "results.json", results);
    assert_ok(lme_record_open_samples(arena, folder, &record, &err), &err);
    assert_true(record.has_results);
    assert_str(record.tasks[0].name, "quiz");
    test_folder_remove(folder);
    lme_arena_free(arena);
}

/* The file's word, then what the name says, then a guess that is marked as one. */
static void directions_of_metrics(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *folder = test_folder(arena);
    test_file(arena, folder, "results.json",
              "{\"results\": {\"quiz\": {\"acc,none\": 0.5, \"ter,none\": 0.5, \"odd,none\": 1,"
              " \"cost,none\": 1}}, \"configs\": {\"quiz\": {}},"
              " \"higher_is_better\": {\"quiz\": {\"cost\": false, \"odd\": null}}}");
    lme_record record;
    lme_error err = {0};
    assert_ok(lme_record_open(arena, folder, NULL, &record, &err), &err);
    const lme_record_score *scores = record.tasks[0].scores;
    assert_int_equal(record.tasks[0].n_scores, 4);
    assert_true(scores[0].higher_is_better && scores[0].direction_known);
    assert_true(!scores[1].higher_is_better && scores[1].direction_known);
    assert_true(scores[2].higher_is_better && !scores[2].direction_known);
    assert_true(!scores[3].higher_is_better && scores[3].direction_known);
    test_folder_remove(folder);
    lme_arena_free(arena);
}

typedef struct broken {
    const char *results, *samples, *said;
} broken;

static const broken cases[] = {
    {"{", NULL, "results.json:1:"},
    {"[1]", NULL, "no \"results\" in it"},
    {"{\"results\": 3}", NULL, "no \"results\" in it"},
    {results, "{\"filter\": \"none\"\n", "samples_quiz.jsonl:1:"},
    {results, "\n7\n", "samples_quiz.jsonl:2: a samples line must be a JSON object"},
    {results, "{\"filter\": \"none\"}", "has no list \"metrics\""},
    {results, "{\"acc\": 1}", "has no \"doc_hash\""},
    {results, "{\"filter\": \"none\", \"metrics\": []}", "has no \"doc_hash\""},
};

static void broken_files_are_errors_with_a_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        const char *folder = test_folder(arena);
        test_file(arena, folder, "results.json", cases[i].results);
        if (cases[i].samples != NULL)
            test_file(arena, folder, "samples_quiz.jsonl", cases[i].samples);
        lme_record record;
        lme_error err = {0};
        assert_false(lme_record_open(arena, folder, NULL, &record, &err));
        assert_error(&err, LME_ERR_DATA, cases[i].said);
        test_folder_remove(folder);
        lme_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(our_own_folder),
        cmocka_unit_test(lm_evals_folder),
        cmocka_unit_test(older_samples),
        cmocka_unit_test(without_samples),
        cmocka_unit_test(samples_alone),
        cmocka_unit_test(a_mistyped_path_has_a_neighbour),
        cmocka_unit_test(directions_of_metrics),
        cmocka_unit_test(broken_files_are_errors_with_a_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

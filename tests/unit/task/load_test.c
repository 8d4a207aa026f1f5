/* Tasks by path and by name, and the list of them. */
#include "loading.h"

#include <unistd.h>

#include <lmeval/share.h>

static const char *put(loading *l, const char *name, const char *text)
{
    lme_str path = lme_str_format(l->arena, "%s/%s", l->folder, name);
    lme_str folder = lme_path_folder(path);
    assert_ok(lme_folder_make(lme_str_cstr(l->arena, folder), &l->err), &l->err);
    return test_file(l->arena, l->folder, name, text);
}

/* A task file of that name. */
static lme_str named(loading *l, const char *name)
{
    return lme_str_format(l->arena, "task: %s\n%s", name,
                          "dataset_path: rows.jsonl\ntest_split: test\ndoc_to_text: q\n"
                          "doc_to_target: a\n");
}

static lme_task *load(loading *l, const char *name, const lme_task_options *options)
{
    lme_task *task;
    assert_ok(lme_task_load(l->arena, name, options, &task, &l->err), &l->err);
    return task;
}

static void the_programs_tasks_load_by_name(void **state)
{
    loading *l = *state;
    lme_task *task = load(l, "hellaswag", NULL);
    assert_str(task->name, "hellaswag");
    assert_int_equal(task->output, LME_OUTPUT_MULTIPLE_CHOICE);
    assert_int_equal(task->num_fewshot, 0);
    assert_int_equal(task->n_metrics, 2);
    assert_string_equal(task->metrics[1].metric->name, "acc_norm");
    assert_int_equal(task->n_pipelines, 1);
    assert_str(task->pipelines[0].name, "none");
    assert_str(lme_value_repr(l->arena, &task->version), "1.0");

    task = load(l, "gsm8k", NULL);
    assert_int_equal(task->output, LME_OUTPUT_GENERATE_UNTIL);
    assert_int_equal(task->num_fewshot, 5);
    assert_int_equal(task->n_pipelines, 2);
    assert_str(task->pipelines[0].name, "strict-match");
    assert_str(task->pipelines[1].name, "flexible-extract");
    assert_int_equal(task->pipelines[1].n_filters, 2);
    assert_str(lme_value_repr(l->arena, &task->version), "3.0");
    assert_non_null(load(l, "kitchen_safety", NULL));
}

static void a_path_is_a_path(void **state)
{
    loading *l = *state;
    lme_task *task = load(l, put(l, "deep/own.yaml", named(l, "own").ptr), NULL);
    assert_str(task->name, "own");
    assert_str(task->alias, "own");
    assert_true(lme_str_ends(task->file, LME_STR("/deep/own.yaml")));
    assert_int_equal(task->version.kind, LME_NULL);
    assert_int_equal(task->repeats, 1);

    assert_false(lme_task_load(l->arena, "./none.yaml", NULL, &task, &l->err));
    assert_error(&l->err, LME_ERR_IO, "./none.yaml");
    assert_false(lme_task_load(l->arena, l->folder, NULL, &task, &l->err));
    assert_error(&l->err, LME_ERR_IO, l->folder);
}

static void an_unknown_name_gets_the_nearest(void **state)
{
    loading *l = *state;
    lme_task *task;
    assert_false(lme_task_load(l->arena, "helaswag", NULL, &task, &l->err));
    assert_error(&l->err, LME_ERR_TASK, "no task is named \"helaswag\"; looked below");
    assert_error(&l->err, LME_ERR_TASK, "did you mean hellaswag?");
    assert_false(lme_task_load(l->arena, "zzzzzz", NULL, &task, &l->err));
    assert_error(&l->err, LME_ERR_TASK, "a file of your own is named by its path");
}

static void include_paths_are_searched_below_and_win(void **state)
{
    loading *l = *state;
    const char *paths[] = {l->folder};
    lme_task_options options = {.include_paths = paths, .n_include_paths = 1};
    put(l, "b/deep/own.yaml", named(l, "own").ptr);
    put(l, "a/hellaswag.yaml", named(l, "hellaswag").ptr);
    put(l, "__pycache__/other.yaml", named(l, "cached").ptr);
    put(l, ".hidden/other.yaml", named(l, "hidden").ptr);
    put(l, "broken.yaml", "task: [own\n");
    put(l, "base_yaml", "repeats: 1\n");
    assert_str(load(l, "own", &options)->name, "own");
    assert_true(lme_str_ends(load(l, "hellaswag", &options)->file, LME_STR("/a/hellaswag.yaml")));
    assert_true(lme_str_ends(load(l, "gsm8k", &options)->file, LME_STR("/tasks/gsm8k.yaml")));
    lme_task *task;
    assert_false(lme_task_load(l->arena, "cached", &options, &task, &l->err));
    assert_false(lme_task_load(l->arena, "hidden", &options, &task, &l->err));
    assert_false(lme_task_load(l->arena, "broken", &options, &task, &l->err));
    assert_error(&l->err, LME_ERR_TASK, "/broken.yaml:2:1: bad YAML");
}

static void the_first_file_of_a_name_wins_inside_a_folder(void **state)
{
    loading *l = *state;
    const char *paths[] = {l->folder};
    lme_task_options options = {.include_paths = paths, .n_include_paths = 1};
    put(l, "a.yaml", named(l, "own").ptr);
    put(l, "b.yaml", named(l, "own").ptr);
    assert_true(lme_str_ends(load(l, "own", &options)->file, LME_STR("/a.yaml")));
    lme_index *index;
    assert_ok(lme_index_open(l->arena, &options, &index, &l->err), &l->err);
    assert_true(lme_str_ends(lme_index_find(index, LME_STR("own"))->file, LME_STR("/a.yaml")));
}

static void links_in_circles_end(void **state)
{
    loading *l = *state;
    const char *paths[] = {l->folder};
    lme_task_options options = {.include_paths = paths, .n_include_paths = 1};
    put(l, "a/own.yaml", named(l, "own").ptr);
    assert_int_equal(symlink(l->folder, lme_str_format(l->arena, "%s/a/loop", l->folder).ptr), 0);
    assert_str(load(l, "own", &options)->name, "own");
}

static void a_folder_that_is_not_there_is_an_error(void **state)
{
    loading *l = *state;
    const char *paths[] = {"/no/such/folder"};
    lme_task_options options = {.include_paths = paths, .n_include_paths = 1};
    lme_task *task;
    assert_false(lme_task_load(l->arena, "own", &options, &task, &l->err));
    assert_error(&l->err, LME_ERR_IO, "/no/such/folder");
}

/* A chain of includes longer than the limit; one within it loads. */
static void include_chains_are_bounded(void **state)
{
    loading *l = *state;
    lme_task *task;
    put(l, "0.yaml", named(l, "own").ptr);
    for (int i = 1; i <= 30; i++) {
        lme_str text = lme_str_format(l->arena, "include: %d.yaml\n", i - 1);
        put(l, lme_str_format(l->arena, "%d.yaml", i).ptr, text.ptr);
    }
    const char *within = lme_str_format(l->arena, "%s/20.yaml", l->folder).ptr;
    assert_str(load(l, within, NULL)->name, "own");
    const char *beyond = lme_str_format(l->arena, "%s/21.yaml", l->folder).ptr;
    assert_false(lme_task_load(l->arena, beyond, NULL, &task, &l->err));
    assert_error(&l->err, LME_ERR_LIMIT, "/1.yaml:1:10: includes go deeper than 20 files");
}

/* Any prefix of a task file loads or is refused; none crashes. */
static void cut_off_files_are_errors_or_tasks(void **state)
{
    loading *l = *state;
    lme_str text;
    const char *path = test_source(l->arena, "tasks/gsm8k.yaml");
    assert_ok(lme_file_read(l->arena, path, 1u << 20, &text, &l->err), &l->err);
    for (size_t i = 0; i < text.len; i += 7) {
        lme_task *task;
        lme_arena *arena = lme_arena_new();
        const char *cut = put(l, "cut.yaml", lme_str_cstr(arena, lme_str_slice(text, 0, i)));
        l->err = (lme_error){0};
        if (!lme_task_load(arena, cut, NULL, &task, &l->err))
            assert_true(l->err.code == LME_ERR_TASK || l->err.code == LME_ERR_TEMPLATE);
        lme_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADING_TEST(the_programs_tasks_load_by_name),
        LOADING_TEST(a_path_is_a_path),
        LOADING_TEST(an_unknown_name_gets_the_nearest),
        LOADING_TEST(include_paths_are_searched_below_and_win),
        LOADING_TEST(the_first_file_of_a_name_wins_inside_a_folder),
        LOADING_TEST(links_in_circles_end),
        LOADING_TEST(a_folder_that_is_not_there_is_an_error),
        LOADING_TEST(include_chains_are_bounded),
        LOADING_TEST(cut_off_files_are_errors_or_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* docs/task-format.md lists the keys, steps and output types exactly as their tables have them. */
#include "keys.h"
#include "loading.h"
#include "output/output.h"
#include "step/step.h"

#include <lmeval/share.h>

static lme_str read_docs(loading *l)
{
    lme_str text;
    const char *path = test_source(l->arena, "docs/task-format.md");
    assert_ok(lme_file_read(l->arena, path, 1u << 20, &text, &l->err), &l->err);
    return text;
}

static void assert_block(loading *l, lme_builder *rows)
{
    lme_str block = lme_builder_finish(rows);
    if (lme_str_find(read_docs(l), block, 0) == SIZE_MAX)
        fail_msg("docs/task-format.md does not hold these lines:\n%.*s", LME_STR_ARG(block));
}

static void assert_keys(loading *l, const lme_task_key *keys, size_t n)
{
    lme_builder rows = {.arena = l->arena};
    lme_builder_char(&rows, '\n');
    for (size_t i = 0; i < n; i++) {
        lme_str kinds = lme_kinds_text(l->arena, keys[i].kinds);
        if (keys[i].refusal != NULL)
            continue;
        lme_builder_format(&rows, "| `%s` | %.*s | ", keys[i].name, LME_STR_ARG(kinds));
        if (keys[i].fallback != NULL)
            lme_builder_format(&rows, "`%s` ", keys[i].fallback);
        lme_builder_format(&rows, "| %s |\n", keys[i].help);
    }
    lme_builder_char(&rows, '\n');
    assert_block(l, &rows);
}

static void task_keys_are_documented(void **state)
{
    size_t n;
    const lme_task_key *keys = lme_task_keys(&n);
    assert_keys(*state, keys, n);
    for (size_t i = 0; i < n; i++) {
        if (keys[i].refusal == NULL)
            continue;
        loading *l = *state;
        lme_str quoted = lme_str_format(l->arena, "`%s`", keys[i].name);
        assert_true(lme_str_find(read_docs(l), quoted, 0) != SIZE_MAX);
    }
}

static void fewshot_keys_are_documented(void **state)
{
    size_t n;
    const lme_task_key *keys = lme_fewshot_keys(&n);
    assert_keys(*state, keys, n);
}

static void pipeline_keys_are_documented(void **state)
{
    size_t n;
    const lme_task_key *keys = lme_pipeline_keys(&n);
    assert_keys(*state, keys, n);
}

static void steps_are_documented(void **state)
{
    loading *l = *state;
    lme_builder rows = {.arena = l->arena};
    size_t n;
    const lme_step *const *steps = lme_steps_all(&n);
    lme_builder_char(&rows, '\n');
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&rows, "| `%s` | %s |\n", steps[i]->name, steps[i]->summary);
    lme_builder_char(&rows, '\n');
    assert_block(l, &rows);
}

static void output_types_are_documented(void **state)
{
    loading *l = *state;
    lme_builder rows = {.arena = l->arena};
    size_t n;
    const lme_output_type *const *types = lme_output_types(&n);
    assert_int_equal(n, LME_OUTPUT_KINDS);
    lme_builder_char(&rows, '\n');
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&rows, "| `%s` | %s |\n", types[i]->name, types[i]->summary);
    lme_builder_char(&rows, '\n');
    assert_block(l, &rows);
}

/* The walk-through is the task file itself. */
static void the_example_is_the_task(void **state)
{
    loading *l = *state;
    lme_str task;
    const char *path = test_source(l->arena, "tasks/kitchen_safety.yaml");
    assert_ok(lme_file_read(l->arena, path, 1u << 20, &task, &l->err), &l->err);
    lme_str body = lme_str_slice(task, lme_str_find(task, LME_STR("task:"), 0), task.len);
    assert_true(lme_str_find(read_docs(l), body, 0) != SIZE_MAX);
}

static void names_are_unique(void **state)
{
    (void)state;
    size_t n;
    const lme_task_key *keys = lme_task_keys(&n);
    for (size_t i = 0; i < n; i++)
        assert_ptr_equal(lme_task_key_find(keys, n, lme_str_from(keys[i].name)), &keys[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADING_TEST(task_keys_are_documented),
        LOADING_TEST(fewshot_keys_are_documented),
        LOADING_TEST(pipeline_keys_are_documented),
        LOADING_TEST(steps_are_documented),
        LOADING_TEST(output_types_are_documented),
        LOADING_TEST(the_example_is_the_task),
        LOADING_TEST(names_are_unique),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

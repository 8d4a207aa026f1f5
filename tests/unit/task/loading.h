/* What the task tests share: a temporary folder with task files and rows, and how they are loaded.
 */
#ifndef LMEVAL_TEST_TASK_LOADING_H
#define LMEVAL_TEST_TASK_LOADING_H

#include "support.h"

#include <stdlib.h>
#include <string.h>

#include <lmeval/json.h>
#include <lmeval/task.h>

typedef struct loading {
    lme_arena *arena;
    const char *folder;
    lme_error err;
} loading;

static inline int loading_setup(void **state)
{
    loading *l = calloc(1, sizeof *l);
    l->arena = lme_arena_new();
    l->folder = test_folder(l->arena);
    *state = l;
    return 0;
}

static inline int loading_teardown(void **state)
{
    loading *l = *state;
    test_folder_remove(l->folder);
    lme_arena_free(l->arena);
    free(l);
    return 0;
}

#define LOADING_TEST(name) cmocka_unit_test_setup_teardown(name, loading_setup, loading_teardown)

/* A task file in the folder, loaded. NULL: l->err says why not. */
static inline lme_task *load_text(loading *l, const char *text, const lme_task_options *options)
{
    lme_task *task;
    const char *path = test_file(l->arena, l->folder, "task.yaml", text);
    l->err = (lme_error){0};
    return lme_task_load(l->arena, path, options, &task, &l->err) ? task : NULL;
}

static inline lme_task *load_ok(loading *l, const char *text, const lme_task_options *options)
{
    lme_task *task = load_text(l, text, options);
    assert_ok(task != NULL, &l->err);
    return task;
}

/* The value as one line of JSON. */
static inline lme_str json_of(loading *l, const lme_value *v)
{
    lme_builder out = {.arena = l->arena};
    if (v == NULL)
        return LME_STR("(none)");
    lme_json_write(&out, v, &(lme_json_style){0});
    return lme_builder_finish(&out);
}

/* The smallest task over rows.jsonl that loads; more keys go behind it. */
#define SMALL_TASK                                                                                 \
    "task: small\n"                                                                                \
    "dataset_path: rows.jsonl\n"                                                                   \
    "test_split: test\n"                                                                           \
    "doc_to_text: question\n"                                                                      \
    "doc_to_target: answer\n"

#endif

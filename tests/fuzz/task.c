/* Any bytes as a task file give a task, or an error with a place and words; as the file of a group,
 * or of many tasks by variants, they give what the index has of them, or an error with words. */
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <lmeval/task.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void load(lme_arena *arena, const char *path)
{
    lme_task *task = NULL;
    lme_error err = {.code = LME_OK};
    bool ok = lme_task_load(arena, path, NULL, &task, &err);
    LME_BUG(ok && (task->name.len == 0 || task->n_metrics == 0 || task->n_pipelines == 0),
            "a task without a name, metrics or pipelines");
    LME_BUG(!ok && (err.code == LME_OK || err.message[0] == 0), "an error without words");
}

/* The index takes the file in or leaves it out; checking it ends either way. */
static void check(lme_arena *arena, const char *folder, lme_str path)
{
    lme_index *index;
    lme_file_check found;
    lme_error err = {.code = LME_OK};
    lme_task_options options = {.include_paths = &folder, .n_include_paths = 1};
    LME_BUG(!lme_index_open(arena, &options, &index, &err), "a file keeps the index from opening");
    bool ok = lme_task_file_check(arena, index, path, &found, &err);
    LME_BUG(!ok && (err.code == LME_OK || err.message[0] == 0), "an error without words");
    LME_BUG(ok && found.state == LME_FILE_ERROR, "an error that is none");
    for (size_t i = 0; ok && i < found.n_names; i++) {
        bool is_named = found.names[i].len > 0;
        LME_BUG(is_named && lme_index_find(index, found.names[i]) == NULL, "a name got lost");
    }
}

/* Runs on the bytes as a file of the right ending. */
static void with_file(lme_arena *arena, const char *folder, const uint8_t *data, size_t size)
{
    lme_str path = lme_str_format(arena, "%s/input.yaml", folder);
    FILE *file = fopen(path.ptr, "wb");
    if (file == NULL)
        abort();
    bool written = fwrite(data, 1, size, file) == size;
    if (fclose(file) == 0 && written) {
        load(arena, path.ptr);
        check(arena, folder, path);
    }
    unlink(path.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char folder[] = "/tmp/lmeval-fuzz-XXXXXX";
    if (mkdtemp(folder) == NULL)
        abort();
    setenv("LMEVAL_SHARE", folder, 1); /* NOLINT(concurrency-mt-unsafe): one thread */
    lme_arena *arena = lme_arena_new();
    with_file(arena, folder, data, size);
    lme_arena_free(arena);
    rmdir(folder);
    return 0;
}

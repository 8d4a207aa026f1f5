/* Any bytes as a task file give a task, or an error with a place and words. */
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

/* Runs on the bytes as a file of the right ending. */
static void with_file(lme_arena *arena, const char *folder, const uint8_t *data, size_t size)
{
    lme_str path = lme_str_format(arena, "%s/input.yaml", folder);
    FILE *file = fopen(path.ptr, "wb");
    if (file == NULL)
        abort();
    bool written = fwrite(data, 1, size, file) == size;
    if (fclose(file) == 0 && written)
        load(arena, path.ptr);
    unlink(path.ptr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char folder[] = "/tmp/lmeval-fuzz-XXXXXX";
    if (mkdtemp(folder) == NULL)
        abort();
    lme_arena *arena = lme_arena_new();
    with_file(arena, folder, data, size);
    lme_arena_free(arena);
    rmdir(folder);
    return 0;
}

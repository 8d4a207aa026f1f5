/* The task files below a folder. */

#include <stdlib.h>
#include <sys/stat.h>

#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/task.h>

typedef struct found {
    lme_arena *arena;
    lme_str *files;
    size_t n, capacity;
} found;

static void add_file(found *f, lme_str file)
{
    if (f->n == f->capacity) {
        size_t capacity = f->capacity == 0 ? 64 : 2 * f->capacity;
        f->files = lme_arena_grow(f->arena, f->files, f->capacity * sizeof *f->files,
                                  capacity * sizeof *f->files);
        f->capacity = capacity;
    }
    f->files[f->n++] = file;
}

static bool is_passed_over(lme_str name)
{
    return name.len == 0 || name.ptr[0] == '.' || lme_str_is(name, "__pycache__");
}

/* A folder that is no link: links can lead in circles. */
static bool is_real_folder(const char *path)
{
    struct stat info;
    return lstat(path, &info) == 0 && S_ISDIR(info.st_mode);
}

static bool find_files(found *f, lme_str folder, size_t depth, lme_error *err)
{
    lme_str *names;
    size_t n;
    if (depth > LME_LIMIT_DEPTH)
        return lme_fail(err, LME_ERR_LIMIT, NULL, "folders of tasks go deeper than %d: %.*s",
                        LME_LIMIT_DEPTH, LME_STR_ARG(folder));
    if (!lme_folder_list(f->arena, folder.ptr, LME_STR(""), &names, &n, err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (is_passed_over(names[i]))
            continue;
        bool is_yaml = lme_str_ends(names[i], LME_STR(".yaml"));
        lme_str path = lme_path_join(f->arena, folder, names[i]);
        if (is_real_folder(path.ptr)) {
            if (!find_files(f, path, depth + 1, err))
                return false;
        } else if (is_yaml) {
            add_file(f, path);
        }
    }
    return true;
}

static int compare_paths(const void *a, const void *b)
{
    const lme_str *x = a, *y = b;
    return lme_str_compare(*x, *y);
}

bool lme_task_files(lme_arena *arena, lme_str folder, lme_str **files, size_t *n, lme_error *err)
{
    found f = {.arena = arena};
    if (!find_files(&f, lme_str_copy(arena, folder), 0, err))
        return false;
    if (f.n > 1)
        qsort(f.files, f.n, sizeof *f.files, compare_paths);
    *files = f.files;
    *n = f.n;
    return true;
}

/* Tasks by path or by name. */
#include "details.h"

#include <string.h>
#include <sys/stat.h>

#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/yaml.h>

/* Task files found below the folders that tasks are looked for in. */
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

/* Every *.yaml below a folder, sorted by path. */
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
        lme_str path = lme_path_join(f->arena, folder, names[i]);
        if (is_passed_over(names[i]))
            continue;
        if (is_real_folder(path.ptr)) {
            if (!find_files(f, path, depth + 1, err))
                return false;
        } else if (lme_str_ends(names[i], LME_STR(".yaml"))) {
            add_file(f, path);
        }
    }
    return true;
}

/* The `task:` that a file itself spells; "" when it is no task file.
 *   wanted  only this name matters: a file without its bytes need not be parsed
 * Errors: those of a file that cannot be read. */
static bool task_name(lme_arena *arena, lme_str file, lme_str wanted, lme_str *name, lme_error *err)
{
    lme_arena *scratch = lme_arena_new();
    lme_str text = LME_STR("");
    lme_value map = lme_null();
    bool ok = lme_file_read(scratch, file.ptr, LME_LIMIT_TASK_FILE, &text, err);
    if (ok && lme_str_find(text, wanted, 0) != SIZE_MAX)
        ok = lme_yaml_read(scratch, text, file.ptr, &map, err);
    const lme_value *task = lme_value_find(&map, "task");
    *name =
        task != NULL && task->kind == LME_STRING ? lme_str_copy(arena, task->string) : LME_STR("");
    lme_arena_free(scratch);
    return ok;
}

/* Folders that tasks are looked for in: the program's own, then the include paths. A later folder
 * wins over an earlier one, inside a folder the first file does. */
static size_t roots(lme_arena *arena, const lme_task_options *options, lme_str **folders)
{
    size_t n = 0;
    *folders = LME_ARRAY(arena, lme_str, options->n_include_paths + 1);
    if (lme_share_path(arena, "tasks", &(*folders)[0], NULL))
        n++;
    for (size_t i = 0; i < options->n_include_paths; i++)
        (*folders)[n++] = lme_str_from(options->include_paths[i]);
    return n;
}

/* Looks for a task of that name below one folder. */
static bool find_below(lme_arena *arena, lme_str folder, lme_str wanted, lme_str *file,
                       lme_error *err)
{
    found f = {.arena = arena};
    if (!find_files(&f, lme_str_copy(arena, folder), 0, err))
        return false;
    for (size_t i = 0; i < f.n && file->len == 0; i++) {
        lme_str name;
        if (task_name(arena, f.files[i], wanted, &name, NULL) && lme_str_equal(name, wanted))
            *file = f.files[i];
    }
    return true;
}

/* NAME.yaml that cannot be read: most likely the one that is meant. */
static bool is_broken(lme_arena *arena, lme_str file, const char *name, lme_error *err)
{
    lme_str task;
    lme_str expected = lme_str_format(arena, "%s.yaml", name);
    return lme_str_equal(lme_path_name(file), expected) &&
           !task_name(arena, file, LME_STR(""), &task, err);
}

static bool unknown_task(lme_arena *arena, const char *name, const lme_task_options *options,
                         lme_error *err)
{
    lme_str *folders;
    size_t n_folders = roots(arena, options, &folders);
    found f = {.arena = arena};
    lme_builder looked = {.arena = arena};
    for (size_t i = 0; i < n_folders; i++) {
        if (!find_files(&f, lme_str_copy(arena, folders[i]), 0, err))
            return false;
        lme_builder_format(&looked, "%s%.*s", i == 0 ? "" : ", ", LME_STR_ARG(folders[i]));
    }
    lme_str *names = LME_ARRAY(arena, lme_str, f.n);
    for (size_t i = 0; i < f.n; i++) {
        if (is_broken(arena, f.files[i], name, err))
            return false;
        if (!task_name(arena, f.files[i], LME_STR(""), &names[i], NULL))
            names[i] = LME_STR("");
    }
    lme_str where = lme_builder_finish(&looked);
    lme_str nearest = lme_str_nearest(lme_str_from(name), names, f.n);
    lme_fail(err, LME_ERR_TASK, NULL, "no task is named \"%s\"; looked below %.*s", name,
             LME_STR_ARG(where));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "lmeval list tasks; a file of your own is named by its path");
}

static bool is_path(const char *name)
{
    return strchr(name, '/') != NULL || lme_str_ends(lme_str_from(name), LME_STR(".yaml"));
}

static bool find_task(lme_arena *arena, const char *name, const lme_task_options *options,
                      lme_str *file, lme_error *err)
{
    *file = LME_STR("");
    if (is_path(name)) {
        *file = lme_str_from(name);
        return true;
    }
    lme_str *folders;
    for (size_t n = roots(arena, options, &folders); n > 0 && file->len == 0; n--) {
        if (!find_below(arena, folders[n - 1], lme_str_from(name), file, err))
            return false;
    }
    return file->len > 0 || unknown_task(arena, name, options, err);
}

static bool load_file(lme_arena *arena, lme_str file, const lme_task_options *options,
                      lme_task **task, lme_error *err)
{
    lme_settings settings;
    struct lme_task_details *details = LME_NEW(arena, struct lme_task_details);
    *task = LME_NEW(arena, lme_task);
    (*task)->details = details;
    if (!lme_settings_read(arena, file, &settings, err) ||
        !lme_settings_check(arena, &settings, err) ||
        !lme_task_compile(arena, &settings, options, *task, details, err))
        return false;
    lme_config_make(arena, &settings, *task, details);
    return true;
}

bool lme_task_load(lme_arena *arena, const char *name_or_path, const lme_task_options *options,
                   lme_task **task, lme_error *err)
{
    static const lme_task_options as_written = {0};
    lme_str file;
    if (options == NULL)
        options = &as_written;
    return find_task(arena, name_or_path, options, &file, err) &&
           load_file(arena, file, options, task, err);
}

/* The list under way. */
typedef struct listing {
    lme_task_entry *entries;
    size_t *folders; /* of each entry: which folder it comes from */
    size_t n;
} listing;

/* Adds a task: the first file of a name wins inside a folder, a later folder over an earlier. */
static void add_entry(listing *l, const lme_task_entry *entry, size_t folder)
{
    size_t at = 0;
    while (at < l->n && !lme_str_equal(l->entries[at].name, entry->name))
        at++;
    if (at < l->n && l->folders[at] == folder)
        return;
    l->entries[at] = *entry;
    l->folders[at] = folder;
    l->n += at == l->n;
}

static void list_files(lme_arena *arena, const found *f, size_t folder,
                       const lme_task_options *options, listing *l)
{
    lme_arena *scratch = lme_arena_new();
    for (size_t i = 0; i < f->n; i++) {
        lme_task *task;
        lme_arena_reset(scratch);
        if (!load_file(scratch, f->files[i], options, &task, NULL))
            continue;
        lme_task_entry entry = {
            .name = lme_str_copy(arena, task->name),
            .file = f->files[i],
            .summary = lme_str_format(arena, "%s, %.*s", task->details->output_type->name,
                                      LME_STR_ARG(task->details->dataset_path)),
        };
        add_entry(l, &entry, folder);
    }
    lme_arena_free(scratch);
}

bool lme_task_list(lme_arena *arena, const lme_task_options *options, lme_task_entry **entries,
                   size_t *n, lme_error *err)
{
    static const lme_task_options as_written = {0};
    lme_str *folders;
    if (options == NULL)
        options = &as_written;
    size_t n_folders = roots(arena, options, &folders);
    found *below = LME_ARRAY(arena, found, n_folders);
    size_t n_files = 0;
    for (size_t i = 0; i < n_folders; i++) {
        below[i].arena = arena;
        if (!find_files(&below[i], lme_str_copy(arena, folders[i]), 0, err))
            return false;
        n_files += below[i].n;
    }
    listing l = {LME_ARRAY(arena, lme_task_entry, n_files), LME_ARRAY(arena, size_t, n_files), 0};
    for (size_t i = 0; i < n_folders; i++)
        list_files(arena, &below[i], i, options, &l);
    *entries = l.entries;
    *n = l.n;
    return true;
}

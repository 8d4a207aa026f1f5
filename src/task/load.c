/* One task, by path or by name. */
#include "details.h"
#include "index.h"

#include <string.h>

bool lme_task_make(lme_arena *arena, const lme_settings *settings, const lme_task_options *options,
                   lme_task **task, lme_error *err)
{
    struct lme_task_details *details = LME_NEW(arena, struct lme_task_details);
    *task = LME_NEW(arena, lme_task);
    (*task)->details = details;
    if (!lme_settings_check(arena, settings, err) ||
        !lme_task_compile(arena, settings, options, *task, details, err))
        return false;
    lme_config_make(arena, settings, *task, details);
    return true;
}

bool lme_task_is_path(const char *name)
{
    return strchr(name, '/') != NULL || lme_str_ends(lme_str_from(name), LME_STR(".yaml"));
}

/* A file with variants is one task only when it has one of them. */
static bool load_file(lme_arena *arena, const char *path, const lme_task_options *options,
                      lme_task **task, lme_error *err)
{
    lme_settings settings, varied;
    if (!lme_settings_read(arena, lme_includes_new(arena), lme_str_from(path), &settings, err))
        return false;
    size_t n = lme_settings_variants(&settings);
    if (n > 1) {
        lme_fail(err, LME_ERR_TASK, &(lme_place){.file = settings.file},
                 "the file defines %zu tasks by its variants, expected one", n);
        return lme_hint(err, "name one of them, with the file's folder as --include-path");
    }
    return lme_settings_vary(arena, &settings, 1, &varied, err) &&
           lme_task_make(arena, &varied, options, task, err);
}

static bool load_name(lme_arena *arena, lme_str name, const lme_task_options *options,
                      lme_task **task, lme_error *err)
{
    lme_index *index;
    lme_settings settings, varied;
    if (!lme_index_open(arena, options, &index, err))
        return false;
    const lme_entry *entry = lme_index_find(index, name);
    if (entry == NULL)
        return lme_index_unknown(arena, index, name, NULL, err);
    if (entry->kind == LME_ENTRY_TAG)
        return lme_fail(err, LME_ERR_TASK, NULL, "%.*s is a tag of %.*s, expected one task",
                        LME_STR_ARG(name), LME_STR_ARG(entry->summary));
    return lme_settings_read(arena, lme_index_includes(index), entry->file, &settings, err) &&
           lme_settings_vary(arena, &settings, entry->variant, &varied, err) &&
           lme_task_make(arena, &varied, options, task, err);
}

bool lme_task_load(lme_arena *arena, const char *name_or_path, const lme_task_options *options,
                   lme_task **task, lme_error *err)
{
    static const lme_task_options as_written = {0};
    if (options == NULL)
        options = &as_written;
    if (lme_task_is_path(name_or_path))
        return load_file(arena, name_or_path, options, task, err);
    return load_name(arena, lme_str_from(name_or_path), options, task, err);
}

/* One file looked at as loading would look at it: for whole folders of them, so nothing is done
 * twice. */
#include "details.h"
#include "group.h"

/* The keys as a map, for people and programs that want to see what includes made of them. */
static lme_value map_of(lme_arena *arena, const lme_settings *settings)
{
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < settings->len; i++)
        lme_map_add_pair(&map, settings->items[i].key, settings->items[i].value);
    return lme_map_finish(&map);
}

static bool check_group(lme_arena *arena, const lme_index *index, const lme_settings *settings,
                        lme_file_check *check, lme_error *err)
{
    static const lme_task_options as_written = {0};
    lme_loader loader = lme_loader_new(arena, index, &as_written);
    lme_group *group;
    check->python = lme_settings_python(arena, settings);
    if (check->python.len > 0)
        return true;
    loader.check_only = true;
    if (!lme_loader_group(&loader, settings, &group, err))
        return false;
    check->group = group;
    check->python = lme_builder_finish(&loader.python);
    return true;
}

/* What one variant, or the whole file, defines. */
static bool check_one(lme_arena *arena, const lme_index *index, const lme_settings *settings,
                      lme_file_check *check, lme_error *err)
{
    static const lme_task_options as_written = {0};
    lme_task *task;
    if (check->kind == LME_ENTRY_GROUP)
        return check_group(arena, index, settings, check, err);
    lme_str python = lme_settings_python(arena, settings);
    if (python.len == 0)
        return lme_task_make(arena, settings, &as_written, &task, err);
    check->python = python;
    return true;
}

static bool check_all(lme_arena *arena, const lme_index *index, const lme_settings *settings,
                      lme_file_check *check, lme_error *err)
{
    size_t n = lme_settings_variants(settings), n_names = n + (n == 0);
    const char *key = check->kind == LME_ENTRY_GROUP ? "group" : "task";
    lme_str *names = LME_ARRAY(arena, lme_str, n_names);
    check->names = names;
    for (size_t i = 0; i < n_names; i++) {
        lme_settings varied;
        if (!lme_settings_vary(arena, settings, i + 1, &varied, err))
            return false;
        names[check->n_names++] = lme_settings_text(&varied, key);
        if (!check_one(arena, index, &varied, check, err))
            return false;
    }
    return true;
}

bool lme_task_file_check(lme_arena *arena, const lme_index *index, lme_str file,
                         lme_file_check *check, lme_error *err)
{
    lme_settings settings;
    *check = (lme_file_check){.state = LME_FILE_ERROR, .python = LME_STR("")};
    if (!lme_settings_read(arena, lme_index_includes(index), file, &settings, err))
        return false;
    check->settings = map_of(arena, &settings);
    if (!lme_settings_kind(&settings, &check->kind)) {
        check->state = LME_FILE_SKIPPED;
        return true;
    }
    if (!check_all(arena, index, &settings, check, err))
        return false;
    check->state = check->python.len > 0 ? LME_FILE_PYTHON : LME_FILE_OK;
    return true;
}

/* The builders json and csv: dataset_kwargs.data_files says which files are which split. A file is
 * a path, or hf://datasets/OWNER/NAME/FILE for one of the hub's. */
#include "locate.h"

#include <string.h>

#include <lmeval/share.h>

static lme_place place_of(const lme_value *v)
{
    return (lme_place){.line = v->line, .column = v->column};
}

bool lme_locate_path(lme_arena *arena, const lme_source *source, lme_str path,
                     bool (*exists)(const char *), lme_trail *trail, lme_str *found)
{
    lme_str beside = lme_path_join(arena, source->base_folder, path);
    *found = lme_str_copy(arena, path);
    if (exists(found->ptr))
        return true;
    lme_trail_add(trail, path);
    if (source->base_folder.len == 0 || lme_str_equal(beside, path))
        return false;
    *found = lme_str_copy(arena, beside);
    if (exists(found->ptr))
        return true;
    lme_trail_add(trail, beside);
    return false;
}

static const char hub_prefix[] = "hf://datasets/";

/* One entry of data_files; "" and a trail when it is not there. */
static bool find_file(lme_arena *arena, const lme_source *source, lme_str entry, lme_trail *trail,
                      lme_str *found)
{
    lme_str prefix = lme_str_from(hub_prefix);
    if (!lme_str_starts(entry, prefix))
        return lme_locate_path(arena, source, entry, lme_file_exists, trail, found);
    lme_str path = lme_str_slice(entry, prefix.len, entry.len);
    return lme_locate_hub_file(arena, source, path, trail, found);
}

static bool file_missing(lme_str entry, lme_trail *trail, const lme_place *at, lme_error *err)
{
    lme_str prefix = lme_str_from(hub_prefix);
    lme_str looked = lme_builder_finish(&trail->text);
    lme_fail(err, LME_ERR_DATA, at, "data file \"%.*s\" is not there; looked for%.*s",
             LME_STR_ARG(entry), LME_STR_ARG(looked));
    if (!lme_str_starts(entry, prefix))
        return lme_hint(err, "a relative path starts at the current folder or at the task file's");
    lme_str path = lme_str_slice(entry, prefix.len, entry.len);
    return lme_hint(err, "put the file at DIR/%.*s and give --data-dir DIR", LME_STR_ARG(path));
}

static bool add_file(lme_arena *arena, const lme_source *source, const lme_value *entry,
                     lme_located *located, lme_error *err)
{
    lme_place at = place_of(entry);
    lme_trail trail = {.text = {.arena = arena}};
    if (entry->kind != LME_STRING)
        return lme_fail(err, LME_ERR_TASK, &at, "an entry of data_files is a path, got %s",
                        lme_kind_name(entry->kind));
    if (!find_file(arena, source, entry->string, &trail, &located->files[located->n_files]))
        return file_missing(entry->string, &trail, &at, err);
    located->n_files++;
    return true;
}

static bool add_files(lme_arena *arena, const lme_source *source, const lme_value *files,
                      lme_located *located, lme_error *err)
{
    if (files->kind != LME_LIST) {
        located->files = LME_ARRAY(arena, lme_str, 1);
        return add_file(arena, source, files, located, err);
    }
    located->files = LME_ARRAY(arena, lme_str, files->list.len);
    for (size_t i = 0; i < files->list.len; i++) {
        if (!add_file(arena, source, &files->list.items[i], located, err))
            return false;
    }
    lme_place at = place_of(files);
    return located->n_files > 0 ||
           lme_fail(err, LME_ERR_TASK, &at, "data_files is an empty list, expected paths");
}

static bool no_such_split(lme_arena *arena, const lme_value *map, lme_str split, lme_error *err)
{
    lme_place at = place_of(map);
    lme_builder there = {.arena = arena};
    lme_str *names = LME_ARRAY(arena, lme_str, map->map.len);
    for (size_t i = 0; i < map->map.len; i++) {
        names[i] = lme_value_str(arena, &map->map.pairs[i].key);
        lme_builder_format(&there, "%s%.*s", i == 0 ? "" : ", ", LME_STR_ARG(names[i]));
    }
    lme_str all = lme_builder_finish(&there);
    lme_str nearest = lme_str_nearest(split, names, map->map.len);
    lme_fail(err, LME_ERR_DATA, &at, "data_files has no split \"%.*s\"; it has %.*s",
             LME_STR_ARG(split), LME_STR_ARG(all));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "add `%.*s: FILE` under data_files", LME_STR_ARG(split));
}

/* Keys that the hub's library takes for every builder and that change nothing here. */
static const char *const common_keys[] = {"data_files",    "trust_remote_code", "streaming",
                                          "download_mode", "verification_mode", NULL};

static bool is_in(lme_str name, const char *const *names, lme_str *known, size_t *n)
{
    for (size_t i = 0; names[i] != NULL; i++) {
        if (lme_str_is(name, names[i]))
            return true;
        known[(*n)++] = lme_str_from(names[i]);
    }
    return false;
}

static bool check_keys(lme_arena *arena, const lme_value *kwargs, const lme_reader *reader,
                       lme_error *err)
{
    for (size_t i = 0; kwargs != NULL && i < kwargs->map.len; i++) {
        const lme_value *key = &kwargs->map.pairs[i].key;
        lme_str known[32];
        size_t n = 0;
        lme_str name = lme_value_str(arena, key);
        if (is_in(name, common_keys, known, &n) || is_in(name, reader->keys, known, &n))
            continue;
        lme_place at = place_of(key);
        lme_fail(err, LME_ERR_TASK, &at, "dataset_kwargs of the %s builder has no option \"%.*s\"",
                 reader->name, LME_STR_ARG(name));
        lme_str nearest = lme_str_nearest(name, known, n);
        if (nearest.len > 0)
            return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
        return lme_hint(err, "see docs/task-format.md for what it takes");
    }
    return true;
}

bool lme_locate_data_files(lme_arena *arena, const lme_source *source, lme_str split,
                           lme_located *located, lme_error *err)
{
    const lme_value *files =
        source->kwargs == NULL ? NULL : lme_value_find(source->kwargs, "data_files");
    if (!check_keys(arena, source->kwargs, located->reader, err))
        return false;
    if (files == NULL || files->kind == LME_NULL) {
        lme_fail(err, LME_ERR_TASK, NULL,
                 "dataset_path is the builder %s, but dataset_kwargs has no data_files",
                 located->reader->name);
        return lme_hint(err, "name the files: dataset_kwargs: {data_files: {%.*s: FILE}}",
                        LME_STR_ARG(split));
    }
    if (files->kind != LME_MAP) {
        located->any_split = true;
        return add_files(arena, source, files, located, err);
    }
    const lme_value *of_split = lme_value_get(files, split);
    if (of_split == NULL)
        return no_such_split(arena, files, split, err);
    return add_files(arena, source, of_split, located, err);
}

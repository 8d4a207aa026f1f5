/* The mirror layout: FOLDER/<config or "default">/<split>.jsonl, any reader's ending and any
 * compression. A hub id is looked for in the mirror, then in the cache, then beside the task file;
 * --demo looks only into the sample rows of this project. */
#include "locate.h"
#include "stream.h"

#include <lmeval/hub.h>
#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/yaml.h>

void lme_trail_add(lme_trail *trail, lme_str place)
{
    lme_builder_format(&trail->text, "\n    %.*s", LME_STR_ARG(place));
}

/* "(there: test.jsonl, train.jsonl)" for a folder that exists. */
static bool add_what_is_there(lme_arena *arena, lme_str folder, lme_trail *trail, lme_error *err)
{
    lme_str *names;
    size_t n;
    const char *path = lme_str_cstr(arena, folder);
    if (!lme_folder_exists(path))
        return true;
    if (!lme_folder_list(arena, path, LME_STR(""), &names, &n, err))
        return false;
    lme_builder_format(&trail->text, " (there: ");
    for (size_t i = 0; i < n && i < 8; i++)
        lme_builder_format(&trail->text, "%s%.*s", i == 0 ? "" : ", ", LME_STR_ARG(names[i]));
    lme_builder_format(&trail->text, n == 0 ? "nothing)" : n > 8 ? ", ...)" : ")");
    return true;
}

bool lme_locate_split(lme_arena *arena, lme_str folder, lme_str split, lme_trail *trail,
                      lme_str *file, lme_error *err)
{
    size_t n_readers, n_codecs;
    const lme_reader *const *readers = lme_readers(&n_readers);
    const lme_codec *const *codecs = lme_codecs(&n_codecs);
    for (size_t i = 0; i < n_readers; i++) {
        for (size_t j = 0; j < n_codecs; j++) {
            *file = lme_str_format(arena, "%.*s/%.*s%s%s", LME_STR_ARG(folder), LME_STR_ARG(split),
                                   readers[i]->ending, codecs[j]->ending);
            if (lme_file_exists(file->ptr))
                return true;
        }
    }
    *file = LME_STR("");
    lme_str place =
        lme_str_format(arena, "%.*s/%.*s.jsonl[.gz|.zst]", LME_STR_ARG(folder), LME_STR_ARG(split));
    lme_trail_add(trail, place);
    return add_what_is_there(arena, folder, trail, err);
}

static lme_str config_folder(lme_arena *arena, lme_str root, const lme_source *source)
{
    lme_str config = source->config.len > 0 ? source->config : LME_STR("default");
    return lme_path_join(arena, root, config);
}

/* A path can be meant for nothing else; everything else may be a hub id too. */
static bool is_path(lme_str path)
{
    return lme_str_starts(path, LME_STR("/")) || lme_str_starts(path, LME_STR("./")) ||
           lme_str_starts(path, LME_STR("../")) || lme_str_is(path, ".") || lme_str_is(path, "..");
}

static bool read_samples(lme_arena *arena, lme_str *folder, lme_value *map, lme_error *err);

static bool has_samples(lme_arena *arena, const lme_source *source)
{
    lme_str folder;
    lme_value map;
    return read_samples(arena, &folder, &map, NULL) && lme_value_get(&map, source->path) != NULL;
}

static bool not_found(const lme_source *source, lme_str split, lme_trail *trail, lme_error *err)
{
    lme_str config = source->config.len > 0 ? source->config : LME_STR("default");
    lme_str looked = lme_builder_finish(&trail->text);
    lme_fail(err, LME_ERR_DATA, NULL,
             "no rows of %.*s (config %.*s, split %.*s) are on this machine; looked for%.*s",
             LME_STR_ARG(source->path), LME_STR_ARG(config), LME_STR_ARG(split),
             LME_STR_ARG(looked));
    if (is_path(source->path))
        return lme_hint(err, "a folder of rows holds %.*s/%.*s.jsonl", LME_STR_ARG(config),
                        LME_STR_ARG(split));
    return lme_hint(err, "put the rows at DIR/%.*s/%.*s/%.*s.jsonl and give --data-dir DIR%s",
                    LME_STR_ARG(source->path), LME_STR_ARG(config), LME_STR_ARG(split),
                    has_samples(trail->text.arena, source) ? ", or try sample rows with --demo"
                                                           : "");
}

/* The folders that may hold the split, in the order of the search. */
static size_t candidates(lme_arena *arena, const lme_source *source, lme_str folders[3])
{
    lme_str roots[3];
    size_t n = 0;
    lme_str cache = lme_hub_cache(arena);
    if (!is_path(source->path) && source->data_dir.len > 0)
        roots[n++] = lme_path_join(arena, source->data_dir, source->path);
    if (!is_path(source->path) && cache.len > 0)
        roots[n++] = lme_path_join(arena, cache, source->path);
    roots[n++] = source->base_folder.len > 0
                     ? lme_path_join(arena, source->base_folder, source->path)
                     : source->path;
    for (size_t i = 0; i < n; i++)
        folders[i] = config_folder(arena, roots[i], source);
    return n;
}

/* From the hub, into the cache. */
static bool fetch_rows(lme_arena *arena, const lme_source *source, lme_str split, lme_trail *trail,
                       lme_located *located, lme_error *err)
{
    lme_hub_rows rows;
    const lme_hub *hub = source->hub;
    lme_hub_split wanted = {source->path, source->config, split};
    /* A slice counts from the end, or from a share of the whole. */
    size_t most = lme_str_equal(split, source->split) ? source->most_rows : 0;
    if (!lme_hub_has(arena, hub, &wanted, most, &rows)) {
        if (hub->is_offline)
            return not_found(source, split, trail, err);
        if (!lme_hub_fetch(arena, hub, &wanted, most, &rows, err))
            return false;
    }
    located->files[0] = rows.file;
    located->n_total = rows.n_rows < rows.n_total ? rows.n_total : 0;
    return true;
}

/* What was fetched must be what the hub gave; other files are their owner's. */
static bool check_cached(lme_arena *arena, const lme_source *source, lme_str split, lme_str file,
                         lme_error *err)
{
    lme_str cache = lme_hub_cache(arena);
    lme_hub_split named = {source->path, source->config, split};
    return cache.len == 0 || !lme_str_starts(file, cache) ||
           lme_hub_check(arena, cache, &named, err);
}

/* Mirror, cache, beside the task, hub: the first that has the split. */
static bool locate_rows(lme_arena *arena, const lme_source *source, lme_str split,
                        lme_located *located, lme_error *err)
{
    lme_str folders[3];
    lme_trail trail = {.text = {.arena = arena}};
    size_t n = candidates(arena, source, folders);
    for (size_t i = 0; i < n; i++) {
        if (!lme_locate_split(arena, folders[i], split, &trail, &located->files[0], err))
            return false;
        if (located->files[0].len > 0)
            return check_cached(arena, source, split, located->files[0], err);
    }
    if (source->hub == NULL || is_path(source->path))
        return not_found(source, split, &trail, err);
    return fetch_rows(arena, source, split, &trail, located, err);
}

static bool read_samples(lme_arena *arena, lme_str *folder, lme_value *map, lme_error *err)
{
    lme_str text;
    if (!lme_share_path(arena, "datasets", folder, err))
        return false;
    lme_str path = lme_path_join(arena, *folder, LME_STR("samples.yaml"));
    const char *name = lme_str_cstr(arena, path);
    if (!lme_file_read(arena, name, LME_LIMIT_TASK_FILE, &text, err) ||
        !lme_yaml_read(arena, text, name, map, err))
        return false;
    if (map->kind != LME_MAP)
        return lme_fail(err, LME_ERR_DATA, &(lme_place){.file = name},
                        "the file is a map from dataset to folder, got %s",
                        lme_kind_name(map->kind));
    return true;
}

static bool no_samples(lme_arena *arena, const lme_source *source, const lme_value *map,
                       lme_error *err)
{
    lme_builder known = {.arena = arena};
    for (size_t i = 0; i < map->map.len; i++) {
        lme_str id = lme_value_str(arena, &map->map.pairs[i].key);
        lme_builder_format(&known, "%s%.*s", i == 0 ? "" : ", ", LME_STR_ARG(id));
    }
    lme_str all = lme_builder_finish(&known);
    lme_fail(err, LME_ERR_DATA, NULL, "there are no sample rows for %.*s; there are for %.*s",
             LME_STR_ARG(source->path), LME_STR_ARG(all));
    return lme_hint(err, "leave --demo out and give the real rows: --data-dir DIR");
}

/* A folder that is there is meant, whatever a hub id of that name would be. */
static bool is_own_folder(lme_arena *arena, const lme_source *source)
{
    lme_str folder = lme_path_join(arena, source->base_folder, source->path);
    return lme_folder_exists(lme_str_cstr(arena, folder));
}

static bool locate_samples(lme_arena *arena, const lme_source *source, lme_str split,
                           lme_located *located, lme_error *err)
{
    lme_str folder;
    lme_value map;
    lme_trail trail = {.text = {.arena = arena}};
    if (!read_samples(arena, &folder, &map, err))
        return false;
    const lme_value *name = lme_value_get(&map, source->path);
    if (name == NULL && is_own_folder(arena, source))
        return locate_rows(arena, source, split, located, err);
    if (name == NULL || name->kind != LME_STRING)
        return no_samples(arena, source, &map, err);
    folder = config_folder(arena, lme_path_join(arena, folder, name->string), source);
    if (!lme_locate_split(arena, folder, split, &trail, &located->files[0], err))
        return false;
    located->is_sample = true;
    if (located->files[0].len > 0)
        return true;
    lme_str looked = lme_builder_finish(&trail.text);
    lme_fail(err, LME_ERR_DATA, NULL,
             "the sample rows of %.*s have no split \"%.*s\"; looked for%.*s",
             LME_STR_ARG(source->path), LME_STR_ARG(split), LME_STR_ARG(looked));
    return lme_hint(err, "leave --demo out and give the real rows: --data-dir DIR");
}

bool lme_locate_mirror(lme_arena *arena, const lme_source *source, lme_str split,
                       lme_located *located, lme_error *err)
{
    located->files = LME_ARRAY(arena, lme_str, 1);
    located->n_files = 1;
    if (source->samples && !is_path(source->path))
        return locate_samples(arena, source, split, located, err);
    return locate_rows(arena, source, split, located, err);
}

bool lme_locate_hub_file(lme_arena *arena, const lme_source *source, lme_str path, lme_trail *trail,
                         lme_str *found)
{
    lme_str cache = lme_hub_cache(arena);
    const lme_str roots[] = {source->data_dir, cache};
    for (size_t i = 0; i < sizeof roots / sizeof roots[0]; i++) {
        if (roots[i].len == 0)
            continue;
        *found = lme_str_copy(arena, lme_path_join(arena, roots[i], path));
        if (lme_file_exists(found->ptr))
            return true;
        lme_trail_add(trail, *found);
    }
    return false;
}

bool lme_dataset_find_file(lme_arena *arena, const lme_source *source, lme_str name, lme_str *path,
                           lme_error *err)
{
    lme_trail trail = {.text = {.arena = arena}};
    bool is_absolute = lme_str_starts(name, LME_STR("/"));
    if ((!is_absolute && lme_locate_hub_file(arena, source, name, &trail, path)) ||
        lme_locate_path(arena, source, name, lme_file_exists, &trail, path))
        return true;
    lme_str looked = lme_builder_finish(&trail.text);
    return lme_fail(err, LME_ERR_DATA, NULL, "the file \"%.*s\" is not there; looked for%.*s",
                    LME_STR_ARG(name), LME_STR_ARG(looked));
}

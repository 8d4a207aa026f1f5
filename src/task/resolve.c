/* Includes, by lm_eval's rules: each included file is resolved first, in list order, and a key that
 * comes later replaces the whole earlier value; a file's own keys come last. Nothing is merged
 * deeply. A file that is reached twice, even by two ways, is an error: which of the two would win
 * is not what anybody means. */
#include "settings.h"

#include <sys/stat.h>

#include <lmeval/hash.h>
#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/yaml.h>

/* A file on the way from the task file. */
typedef struct visit {
    const char *path; /* as it was named */
    dev_t device;     /* with the inode: which file it is, by whatever name */
    ino_t inode;
} visit;

struct lme_includes {
    lme_arena *arena;
    lme_table *places; /* of paths in maps */
    lme_value *maps;
    size_t n, capacity;
};

typedef struct resolver {
    lme_arena *arena;
    lme_includes *includes;
    visit *visits; /* every file reached so far */
    size_t n_visits, capacity;
} resolver;

lme_place lme_place_of(const char *file, const lme_value *value)
{
    return (lme_place){.file = file, .line = value->line, .column = value->column};
}

static bool is_key(const lme_value *key, const char *name)
{
    return key->kind == LME_STRING && lme_str_is(key->string, name);
}

static const lme_setting *find_setting(const lme_settings *settings, const char *name)
{
    for (size_t i = 0; i < settings->len; i++) {
        if (is_key(&settings->items[i].key, name))
            return &settings->items[i];
    }
    return NULL;
}

const lme_setting *lme_settings_find(const lme_settings *settings, const char *name)
{
    const lme_setting *item = find_setting(settings, name);
    return item != NULL && item->value.kind != LME_NULL ? item : NULL;
}

bool lme_settings_has(const lme_settings *settings, const char *name)
{
    return find_setting(settings, name) != NULL;
}

lme_str lme_settings_text(const lme_settings *settings, const char *name)
{
    const lme_setting *item = lme_settings_find(settings, name);
    return item != NULL && item->value.kind == LME_STRING ? item->value.string : LME_STR("");
}

static bool read_map(lme_arena *arena, const char *path, lme_value *map, lme_error *err)
{
    lme_str text;
    if (!lme_file_read(arena, path, LME_LIMIT_TASK_FILE, &text, err) ||
        !lme_yaml_read(arena, text, path, map, err))
        return false;
    if (map->kind == LME_MAP)
        return true;
    lme_place at = {.file = path, .line = 1, .column = 1};
    lme_fail(err, LME_ERR_TASK, &at, "a task file is a map of keys, got %s",
             lme_kind_name(map->kind));
    return lme_hint(err, "docs/task-format.md shows one");
}

lme_includes *lme_includes_new(lme_arena *arena)
{
    lme_includes *includes = LME_NEW(arena, lme_includes);
    *includes = (lme_includes){.arena = arena, .places = lme_table_new(arena)};
    return includes;
}

/* An included file: many task files share it. */
static bool read_included(lme_includes *includes, const char *path, lme_value *map, lme_error *err)
{
    size_t at;
    lme_str name = lme_str_from(path);
    if (lme_table_get(includes->places, name, &at)) {
        *map = includes->maps[at];
        return true;
    }
    if (!read_map(includes->arena, path, map, err))
        return false;
    if (includes->n == includes->capacity) {
        size_t capacity = includes->capacity == 0 ? 16 : 2 * includes->capacity;
        includes->maps =
            lme_arena_grow(includes->arena, includes->maps, includes->n * sizeof *includes->maps,
                           capacity * sizeof *includes->maps);
        includes->capacity = capacity;
    }
    includes->maps[includes->n] = *map;
    lme_table_set(includes->places, lme_str_copy(includes->arena, name), includes->n++);
    return true;
}

/* Notes the file; an error when it was here before. A file that is not there is its reader's. */
static bool visit_once(resolver *r, const char *path, const lme_place *at, lme_error *err)
{
    struct stat info;
    if (stat(path, &info) != 0)
        return true;
    for (size_t i = 0; i < r->n_visits; i++) {
        if (r->visits[i].device != info.st_dev || r->visits[i].inode != info.st_ino)
            continue;
        lme_fail(err, LME_ERR_TASK, at, "%s is included a second time; it was reached as %s", path,
                 r->visits[i].path);
        return lme_hint(err, "a file may be reached once: take one of the includes out");
    }
    if (r->n_visits == r->capacity) {
        size_t capacity = r->capacity == 0 ? 8 : 2 * r->capacity;
        r->visits = lme_arena_grow(r->arena, r->visits, r->capacity * sizeof *r->visits,
                                   capacity * sizeof *r->visits);
        r->capacity = capacity;
    }
    r->visits[r->n_visits++] = (visit){path, info.st_dev, info.st_ino};
    return true;
}

void lme_settings_put(lme_arena *arena, lme_settings *settings, const lme_setting *item)
{
    for (size_t i = 0; i < settings->len; i++) {
        if (lme_value_equal(&settings->items[i].key, &item->key)) {
            settings->items[i] = *item;
            return;
        }
    }
    settings->items =
        lme_arena_grow(arena, settings->items, settings->len * sizeof *settings->items,
                       (settings->len + 1) * sizeof *settings->items);
    settings->items[settings->len++] = *item;
}

static void put_all(lme_arena *arena, lme_settings *settings, const lme_value *map,
                    const char *file)
{
    for (size_t i = 0; i < map->map.len; i++) {
        const lme_pair *pair = &map->map.pairs[i];
        if (!is_key(&pair->key, "include"))
            lme_settings_put(arena, settings, &(lme_setting){pair->key, pair->value, file});
    }
}

static bool resolve(resolver *r, const char *path, const lme_place *from, size_t depth,
                    lme_settings *settings, lme_error *err);

static bool resolve_one(resolver *r, const char *path, const lme_value *target, size_t depth,
                        lme_settings *settings, lme_error *err)
{
    lme_place at = lme_place_of(path, target);
    if (target->kind != LME_STRING)
        return lme_fail(err, LME_ERR_TASK, &at, "include names a file, got %s",
                        lme_kind_name(target->kind));
    lme_str folder = lme_path_folder(lme_str_from(path));
    lme_str file = lme_path_join(r->arena, folder, target->string);
    if (!lme_file_exists(file.ptr)) {
        lme_fail(err, LME_ERR_TASK, &at, "the included file %.*s is not there", LME_STR_ARG(file));
        return lme_hint(err, "a path starts at the folder of the file that spells it");
    }
    lme_settings included = {0};
    if (!resolve(r, file.ptr, &at, depth + 1, &included, err))
        return false;
    for (size_t i = 0; i < included.len; i++) {
        /* lm_eval drops the members that a group file lists when a task includes it. */
        if (!is_key(&included.items[i].key, "task_list"))
            lme_settings_put(r->arena, settings, &included.items[i]);
    }
    return true;
}

/* A map of a file that has been noted: what it includes, then its own keys. */
static bool resolve_map(resolver *r, const char *path, const lme_value *map, size_t depth,
                        lme_settings *settings, lme_error *err)
{
    const lme_value *include = lme_value_find(map, "include");
    bool is_list = include != NULL && include->kind == LME_LIST;
    size_t n = include == NULL || include->kind == LME_NULL ? 0 : is_list ? include->list.len : 1;
    for (size_t i = 0; i < n; i++) {
        const lme_value *target = is_list ? &include->list.items[i] : include;
        if (!resolve_one(r, path, target, depth, settings, err))
            return false;
    }
    put_all(r->arena, settings, map, path);
    return true;
}

static bool resolve(resolver *r, const char *path, const lme_place *from, size_t depth,
                    lme_settings *settings, lme_error *err)
{
    lme_value map;
    if (depth > LME_LIMIT_INCLUDE_DEPTH)
        return lme_fail(err, LME_ERR_LIMIT, from, "includes go deeper than %d files",
                        LME_LIMIT_INCLUDE_DEPTH);
    if (!visit_once(r, path, from, err))
        return false;
    if (!(depth > 0 ? read_included(r->includes, path, &map, err)
                    : read_map(r->arena, path, &map, err)))
        return false;
    return resolve_map(r, path, &map, depth, settings, err);
}

bool lme_settings_read(lme_arena *arena, lme_includes *includes, lme_str path,
                       lme_settings *settings, lme_error *err)
{
    resolver r = {.arena = arena, .includes = includes};
    *settings = (lme_settings){.file = lme_str_cstr(arena, path)};
    return resolve(&r, settings->file, NULL, 0, settings, err);
}

bool lme_settings_of(lme_arena *arena, lme_includes *includes, const char *file,
                     const lme_value *map, lme_settings *settings, lme_error *err)
{
    resolver r = {.arena = arena, .includes = includes};
    *settings = (lme_settings){.file = file};
    return resolve_map(&r, file, map, 0, settings, err);
}

/* Groups, by lm_eval's rules (tasks/_factory.py). Members are names of tasks, groups and tags, or
 * maps: {task: NAME, ...} lays keys over a task, {group: NAME, task: [...]} is a group written out
 * inside of another. A group's own keys beyond those of groups are laid over all its tasks; what
 * stands further outside wins over what a group says, and what a member's map says wins over all.
 *
 * Where lm_eval gives an inline task's `include` to a constructor that refuses it, and names the
 * tasks of {task: TAG, ...} after the tag, what is meant is done here.
 */
#include "group.h"

#include "details.h"

#include <lmeval/limits.h>

/* A group that is being loaded, in those around it. */
typedef struct level {
    lme_str name;
    const char *file;
    const lme_settings *over; /* laid over its tasks; with len 0 none */
    const struct level *outer;
    size_t depth;
    lme_member *members;
    size_t n, capacity;
    lme_table *places; /* of names in members */
} level;

lme_loader lme_loader_new(lme_arena *arena, const lme_index *index, const lme_task_options *options)
{
    return (lme_loader){.arena = arena,
                        .index = index,
                        .options = options,
                        .places = lme_table_new(arena),
                        .file_places = lme_table_new(arena),
                        .python = {.arena = arena}};
}

static bool is_text(const lme_value *value)
{
    return value != NULL && value->kind == LME_STRING;
}

static bool is_one_of(const lme_value *key, const char *const *names)
{
    for (; key->kind == LME_STRING && *names != NULL; names++) {
        if (lme_str_is(key->string, *names))
            return true;
    }
    return false;
}

/* Keys that say what a group is; all others are for its tasks. */
static const char *const group_keys[] = {"group",    "group_alias", "task", "aggregate_metric_list",
                                         "metadata", NULL};
/* Keys that say where a member comes from. */
static const char *const member_keys[] = {"task", "group", "include", NULL};

/* Puts all but the named keys of a map over the settings. */
static void lay_over(lme_arena *arena, lme_settings *settings, const lme_value *map,
                     const char *file, const char *const *except)
{
    for (size_t i = 0; i < map->map.len; i++) {
        const lme_pair *pair = &map->map.pairs[i];
        if (!is_one_of(&pair->key, except))
            lme_settings_put(arena, settings, &(lme_setting){pair->key, pair->value, file});
    }
}

static void lay_settings_over(lme_arena *arena, lme_settings *settings, const lme_settings *over)
{
    for (size_t i = 0; over != NULL && i < over->len; i++)
        lme_settings_put(arena, settings, &over->items[i]);
}

static lme_settings copy_of(lme_arena *arena, const lme_settings *settings)
{
    lme_settings copy = {.file = settings->file};
    lay_settings_over(arena, &copy, settings);
    return copy;
}

static void set_name(lme_arena *arena, lme_settings *settings, lme_str name)
{
    lme_setting item = {lme_string(LME_STR("task")), lme_string(name), settings->file};
    lme_settings_put(arena, settings, &item);
}

static void keep_loaded(lme_loader *loader, lme_str name, lme_task *task)
{
    if (loader->n_loaded == loader->capacity) {
        size_t capacity = loader->capacity == 0 ? 64 : 2 * loader->capacity;
        loader->loaded =
            lme_arena_grow(loader->arena, loader->loaded, loader->n_loaded * sizeof(lme_task *),
                           capacity * sizeof(lme_task *));
        loader->capacity = capacity;
    }
    loader->loaded[loader->n_loaded] = task;
    lme_table_set(loader->places, name, loader->n_loaded++);
}

/* In the place of a task that need not be made, or cannot. */
static lme_task *named_only(lme_loader *loader, const lme_entry *entry)
{
    lme_task *task = LME_NEW(loader->arena, lme_task);
    task->name = entry->name;
    if (entry->needs_python)
        lme_builder_format(&loader->python, "%s%.*s", loader->python.len == 0 ? "" : ", ",
                           LME_STR_ARG(entry->name));
    return task;
}

bool lme_loader_task(lme_loader *loader, const lme_entry *entry, const lme_settings *over,
                     lme_task **task, lme_error *err)
{
    lme_arena *arena = loader->arena;
    lme_settings settings, varied;
    bool as_written = over == NULL || over->len == 0;
    size_t at;
    if (as_written && lme_table_get(loader->places, entry->name, &at)) {
        *task = loader->loaded[at];
        return true;
    }
    if (loader->check_only && (as_written || entry->needs_python)) {
        *task = named_only(loader, entry);
        keep_loaded(loader, entry->name, *task);
        return true;
    }
    if (!lme_settings_read(arena, lme_index_includes(loader->index), entry->file, &settings, err) ||
        !lme_settings_vary(arena, &settings, entry->variant, &varied, err))
        return false;
    lme_settings whole = copy_of(arena, &varied);
    lay_settings_over(arena, &whole, over);
    if (!lme_task_make(arena, &whole, loader->options, task, err))
        return false;
    if (as_written)
        keep_loaded(loader, entry->name, *task);
    return true;
}

/* Adds a member, or puts it in the place of one of its name. */
static bool add_member(lme_loader *loader, level *l, lme_str name, lme_member member,
                       lme_error *err)
{
    size_t at;
    if (lme_table_get(l->places, name, &at)) {
        l->members[at] = member;
        return true;
    }
    if (++loader->n_members > LME_LIMIT_GROUP_MEMBERS)
        return lme_fail(err, LME_ERR_LIMIT, &(lme_place){.file = l->file},
                        "more than %u members, those of the groups in it counted",
                        LME_LIMIT_GROUP_MEMBERS);
    if (l->n == l->capacity) {
        size_t capacity = l->capacity == 0 ? 8 : 2 * l->capacity;
        l->members = lme_arena_grow(loader->arena, l->members, l->n * sizeof *l->members,
                                    capacity * sizeof *l->members);
        l->capacity = capacity;
    }
    l->members[l->n] = member;
    lme_table_set(l->places, name, l->n++);
    return true;
}

static bool add_task(lme_loader *loader, level *l, const lme_entry *entry, const lme_settings *over,
                     lme_error *err)
{
    lme_task *task;
    if (!lme_loader_task(loader, entry, over, &task, err))
        return lme_while(err, "loading %.*s, a member of group %.*s", LME_STR_ARG(entry->name),
                         LME_STR_ARG(l->name));
    return add_member(loader, l, task->name, (lme_member){.task = task}, err);
}

static bool add_tag(lme_loader *loader, level *l, const lme_entry *tag, const lme_settings *over,
                    lme_error *err)
{
    for (size_t i = 0; i < tag->n_members; i++) {
        const lme_entry *entry = lme_index_find(loader->index, tag->members[i]);
        if (entry == NULL || entry->kind == LME_ENTRY_GROUP || entry->kind == LME_ENTRY_TAG)
            continue; /* a later folder made something else of the name */
        if (!add_task(loader, l, entry, over, err))
            return false;
    }
    return true;
}

static bool load_group(lme_loader *loader, const lme_settings *settings, lme_str name,
                       const level *outer, lme_group **group, lme_error *err);

/* A group may not hold itself, nor groups nest without end. */
static bool check_circle(lme_arena *arena, lme_str name, const level *outer, const lme_place *at,
                         lme_error *err)
{
    if (outer->depth >= LME_LIMIT_DEPTH)
        return lme_fail(err, LME_ERR_LIMIT, at, "groups nest deeper than %d", LME_LIMIT_DEPTH);
    lme_str chain = name;
    for (const level *l = outer; l != NULL; l = l->outer) {
        chain = lme_str_format(arena, "%.*s > %.*s", LME_STR_ARG(l->name), LME_STR_ARG(chain));
        if (lme_str_equal(l->name, name))
            return lme_fail(err, LME_ERR_TASK, at, "group %.*s holds itself: %.*s",
                            LME_STR_ARG(name), LME_STR_ARG(chain));
    }
    return true;
}

/* Settings of a group of the index. */
static bool read_group(lme_loader *loader, const lme_entry *entry, lme_settings *settings,
                       lme_error *err)
{
    lme_arena *arena = loader->arena;
    lme_settings whole;
    size_t at, n = loader->n_files;
    if (lme_table_get(loader->file_places, entry->name, &at)) {
        *settings = copy_of(arena, &loader->files[at]);
        return true;
    }
    if (!lme_settings_read(arena, lme_index_includes(loader->index), entry->file, &whole, err) ||
        !lme_settings_vary(arena, &whole, entry->variant, settings, err))
        return false;
    if (n == loader->files_capacity) {
        size_t capacity = n == 0 ? 16 : 2 * n;
        loader->files = lme_arena_grow(arena, loader->files, n * sizeof *loader->files,
                                       capacity * sizeof *loader->files);
        loader->files_capacity = capacity;
    }
    loader->files[n] = copy_of(arena, settings);
    lme_table_set(loader->file_places, entry->name, loader->n_files++);
    return true;
}

/* What stands around a name among the members. */
typedef struct naming {
    const lme_value *own; /* the member's map: a group's own keys in it are laid over the group */
    const lme_settings *over; /* laid over its tasks */
    lme_place at;
} naming;

/* A registered group. */
static bool add_group(lme_loader *loader, level *l, const lme_entry *entry, const naming *named,
                      lme_error *err)
{
    const lme_value *own = named->own;
    static const char *const not_own[] = {"group", "task", NULL};
    lme_arena *arena = loader->arena;
    lme_settings settings;
    lme_group *group;
    if (!check_circle(arena, entry->name, l, &named->at, err) ||
        !read_group(loader, entry, &settings, err))
        return false;
    for (size_t i = 0; own != NULL && i < own->map.len; i++) {
        const lme_pair *pair = &own->map.pairs[i];
        if (is_one_of(&pair->key, group_keys) && !is_one_of(&pair->key, not_own))
            lme_settings_put(arena, &settings, &(lme_setting){pair->key, pair->value, l->file});
    }
    level around = *l;
    around.over = named->over;
    return load_group(loader, &settings, entry->name, &around, &group, err) &&
           add_member(loader, l, group->name, (lme_member){.group = group}, err);
}

static bool add_entry(lme_loader *loader, level *l, const lme_entry *entry, const naming *named,
                      lme_error *err);

/* A group that is written out inside of another. */
static bool add_inline_group(lme_loader *loader, level *l, const lme_value *map, lme_error *err)
{
    lme_arena *arena = loader->arena;
    lme_settings settings;
    lme_group *group;
    lme_place at = lme_place_of(l->file, map);
    lme_str own = lme_value_find(map, "group")->string;
    lme_str name = lme_str_format(arena, "%.*s::%.*s", LME_STR_ARG(l->name), LME_STR_ARG(own));
    lme_includes *includes = lme_index_includes(loader->index);
    return check_circle(arena, name, l, &at, err) &&
           lme_settings_of(arena, includes, l->file, map, &settings, err) &&
           load_group(loader, &settings, name, l, &group, err) &&
           add_member(loader, l, group->name, (lme_member){.group = group}, err);
}

/* A task that no file has: its keys stand in the member's map, and what it includes. */
static bool add_inline_task(lme_loader *loader, level *l, const lme_value *map, lme_error *err)
{
    static const char *const none[] = {"include", NULL};
    lme_arena *arena = loader->arena;
    lme_settings settings;
    lme_task *task;
    lme_str own = lme_value_find(map, "task")->string;
    lme_str name = lme_str_format(arena, "%.*s::%.*s", LME_STR_ARG(l->name), LME_STR_ARG(own));
    if (!lme_settings_of(arena, lme_index_includes(loader->index), l->file, map, &settings, err))
        return false;
    lay_settings_over(arena, &settings, l->over);
    lay_over(arena, &settings, map, l->file, none);
    set_name(arena, &settings, name);
    if (!lme_task_make(arena, &settings, loader->options, &task, err))
        return lme_while(err, "loading %.*s, a member of group %.*s", LME_STR_ARG(own),
                         LME_STR_ARG(l->name));
    return add_member(loader, l, task->name, (lme_member){.task = task}, err);
}

/* Sets the error for a member that nothing is known of. */
static bool unknown_member(lme_loader *loader, const level *l, const lme_value *name,
                           lme_error *err)
{
    lme_place at = lme_place_of(l->file, name);
    lme_index_unknown(loader->arena, loader->index, name->string, &at, err);
    return lme_while(err, "loading the members of group %.*s", LME_STR_ARG(l->name));
}

/* {task: NAME} with nothing else names a task, not describes one. */
static bool describes_a_task(const lme_value *map)
{
    return map->map.len > 1;
}

static bool add_map(lme_loader *loader, level *l, const lme_value *map, lme_error *err)
{
    lme_arena *arena = loader->arena;
    lme_place at = lme_place_of(l->file, map);
    const lme_value *group = lme_value_find(map, "group"), *task = lme_value_find(map, "task");
    const lme_value *name = group != NULL ? group : task;
    if (!is_text(name)) {
        lme_fail(err, LME_ERR_TASK, &at,
                 "a member of group %.*s has neither task: NAME nor group: "
                 "NAME",
                 LME_STR_ARG(l->name));
        return lme_hint(err, "docs/task-format.md shows the forms of members");
    }
    const lme_entry *entry = lme_index_find(loader->index, name->string);
    bool is_written_out = group != NULL && task != NULL;
    if (group != NULL && (entry == NULL || is_written_out))
        return add_inline_group(loader, l, map, err);
    if (entry == NULL && describes_a_task(map))
        return add_inline_task(loader, l, map, err);
    if (entry == NULL)
        return unknown_member(loader, l, name, err);
    lme_settings over = {.file = l->file};
    bool of_group = entry->kind == LME_ENTRY_GROUP;
    lay_settings_over(arena, &over, l->over);
    lay_over(arena, &over, map, l->file, of_group ? group_keys : member_keys);
    return add_entry(loader, l, entry, &(naming){map, &over, at}, err);
}

static bool add_entry(lme_loader *loader, level *l, const lme_entry *entry, const naming *named,
                      lme_error *err)
{
    if (entry->kind == LME_ENTRY_GROUP)
        return add_group(loader, l, entry, named, err);
    if (entry->kind == LME_ENTRY_TAG)
        return add_tag(loader, l, entry, named->over, err);
    return add_task(loader, l, entry, named->over, err);
}

static bool add_item(lme_loader *loader, level *l, const lme_value *item, lme_error *err)
{
    lme_place at = lme_place_of(l->file, item);
    if (item->kind == LME_MAP)
        return add_map(loader, l, item, err);
    if (item->kind != LME_STRING)
        return lme_fail(err, LME_ERR_TASK, &at, "a member of a group is a name or a map, got %s",
                        lme_kind_name(item->kind));
    const lme_entry *entry = lme_index_find(loader->index, item->string);
    if (entry == NULL)
        return unknown_member(loader, l, item, err);
    return add_entry(loader, l, entry, &(naming){NULL, l->over, at}, err);
}

static bool add_items(lme_loader *loader, level *l, const lme_settings *settings, lme_error *err)
{
    const lme_setting *members = lme_settings_find(settings, "task");
    if (members == NULL)
        return true;
    l->file = members->file;
    if (members->value.kind != LME_LIST)
        return add_item(loader, l, &members->value, err);
    for (size_t i = 0; i < members->value.list.len; i++) {
        if (!add_item(loader, l, &members->value.list.items[i], err))
            return false;
    }
    return true;
}

/* What is laid over the group's tasks: its own keys that are not a group's, then those of the
 * groups around it. */
static lme_settings for_tasks(lme_arena *arena, const lme_settings *settings, const level *outer)
{
    lme_settings over = {.file = settings->file};
    for (size_t i = 0; i < settings->len; i++) {
        if (!is_one_of(&settings->items[i].key, group_keys))
            lme_settings_put(arena, &over, &settings->items[i]);
    }
    if (outer != NULL)
        lay_settings_over(arena, &over, outer->over);
    return over;
}

static bool load_group(lme_loader *loader, const lme_settings *settings, lme_str name,
                       const level *outer, lme_group **group, lme_error *err)
{
    lme_arena *arena = loader->arena;
    lme_settings over = for_tasks(arena, settings, outer);
    level l = {.name = name,
               .file = settings->file,
               .over = &over,
               .outer = outer,
               .depth = outer != NULL ? outer->depth + 1 : 1,
               .places = lme_table_new(arena)};
    *group = LME_NEW(arena, lme_group);
    **group = (lme_group){.name = name, .file = lme_str_from(settings->file)};
    if (!lme_group_read(arena, settings, *group, err) || !add_items(loader, &l, settings, err))
        return false;
    (*group)->members = l.members;
    (*group)->n_members = l.n;
    return true;
}

bool lme_loader_group(lme_loader *loader, const lme_settings *settings, lme_group **group,
                      lme_error *err)
{
    const lme_setting *name = lme_settings_find(settings, "group");
    lme_place at = {.file = settings->file};
    if (name == NULL || name->value.kind != LME_STRING || name->value.string.len == 0)
        return lme_fail(err, LME_ERR_TASK, &at, "the group has no name");
    return load_group(loader, settings, name->value.string, NULL, group, err);
}

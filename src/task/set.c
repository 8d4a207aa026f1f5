/* From what people name to tasks and groups. lm_eval: config/evaluate_config.py (process_tasks),
 * tasks/manager.py (load). */
#include "details.h"
#include "group.h"

#include <fnmatch.h>
#include <glob.h>
#include <string.h>

#include <lmeval/share.h>

enum {
    FIRST_ROOM = 16
};

/* The set under way. */
typedef struct chooser {
    lme_loader *loader;
    lme_table *named; /* entries and files that have been taken: what is named twice counts once */
    lme_table *tasks; /* of names in set->tasks */
    lme_table *groups;
    lme_str *sources; /* of each task: the group or task that was named */
    /* Of the pattern or folder under way: names of what the groups it fits bring. NULL: the names
     * were spelled out, and are meant. */
    lme_table *brought;
    bool looking; /* only notes what groups bring, adds nothing */
    size_t tasks_capacity, groups_capacity;
    lme_task_set *set;
    lme_error *err;
} chooser;

static bool has_wildcard(const char *text)
{
    return strpbrk(text, "*?[") != NULL;
}

/* True the first time. */
static bool is_new(chooser *c, lme_str name)
{
    size_t at;
    if (lme_table_get(c->named, name, &at))
        return false;
    lme_table_set(c->named, lme_str_copy(c->loader->arena, name), 0);
    return true;
}

static bool fail_shared(const chooser *c, lme_str task, lme_str one, lme_str other)
{
    lme_str none = LME_STR("itself");
    lme_fail(c->err, LME_ERR_TASK, NULL, "task %.*s is asked for twice: by %.*s and by %.*s",
             LME_STR_ARG(task), LME_STR_ARG(lme_str_equal(task, one) ? none : one),
             LME_STR_ARG(lme_str_equal(task, other) ? none : other));
    return lme_hint(c->err, "a task is run once: leave one of them out");
}

/* Adds a task, or puts it in the place of the one of its name.
 *   source  what was named: a group, or the task itself */
static bool add_task(chooser *c, lme_task *task, lme_str source)
{
    lme_arena *arena = c->loader->arena;
    lme_task_set *set = c->set;
    size_t at;
    if (lme_table_get(c->tasks, task->name, &at)) {
        if (!lme_str_equal(c->sources[at], source) ||
            (lme_str_equal(source, task->name) && set->tasks[at] != task))
            return fail_shared(c, task->name, c->sources[at], source);
        set->tasks[at] = task;
        return true;
    }
    if (set->n_tasks == c->tasks_capacity) {
        size_t n = set->n_tasks, capacity = 2 * n;
        set->tasks = lme_arena_grow(arena, set->tasks, n * sizeof(lme_task *),
                                    capacity * sizeof(lme_task *));
        c->sources =
            lme_arena_grow(arena, c->sources, n * sizeof(lme_str), capacity * sizeof(lme_str));
        c->tasks_capacity = capacity;
    }
    set->tasks[set->n_tasks] = task;
    c->sources[set->n_tasks] = source;
    lme_table_set(c->tasks, task->name, set->n_tasks++);
    return true;
}

static void add_group(chooser *c, const lme_group *group)
{
    lme_task_set *set = c->set;
    size_t at;
    if (lme_table_get(c->groups, group->name, &at)) {
        set->groups[at] = group;
        return;
    }
    if (set->n_groups == c->groups_capacity) {
        size_t n = set->n_groups, capacity = n == 0 ? 16 : 2 * n;
        set->groups = lme_arena_grow(c->loader->arena, set->groups, n * sizeof(lme_group *),
                                     capacity * sizeof(lme_group *));
        c->groups_capacity = capacity;
    }
    set->groups[set->n_groups] = group;
    lme_table_set(c->groups, group->name, set->n_groups++);
}

/* The group and all in it. Loading bounded the depth. */
static bool add_tree(chooser *c, const lme_group *group, lme_str source)
{
    add_group(c, group);
    for (size_t i = 0; i < group->n_members; i++) {
        const lme_member *member = &group->members[i];
        if (member->task != NULL && !add_task(c, member->task, source))
            return false;
        if (member->group != NULL && !add_tree(c, member->group, source))
            return false;
    }
    return true;
}

/* Notes the names of all below a group. Loading bounded the depth. */
static void note_tree(chooser *c, const lme_group *group)
{
    for (size_t i = 0; i < group->n_members; i++) {
        const lme_member *member = &group->members[i];
        if (member->task != NULL) {
            lme_table_set(c->brought, member->task->name, 0);
        } else {
            lme_table_set(c->brought, member->group->name, 0);
            note_tree(c, member->group);
        }
    }
}

static bool note_settings(chooser *c, const lme_settings *settings, lme_entry_kind kind)
{
    lme_group *group;
    if (kind != LME_ENTRY_GROUP)
        return true;
    if (!lme_loader_group(c->loader, settings, &group, c->err))
        return false;
    note_tree(c, group);
    return true;
}

/* A pattern or folder fits the name, and a group brings it: one of those that it fits too, or one
 * that was named before. */
static bool is_brought(const chooser *c, lme_str name)
{
    size_t at;
    if (c->brought == NULL || c->looking)
        return false;
    return lme_table_get(c->brought, name, &at) || lme_table_get(c->groups, name, &at) ||
           (lme_table_get(c->tasks, name, &at) && !lme_str_equal(c->sources[at], name));
}

static bool add_settings(chooser *c, const lme_settings *settings, lme_entry_kind kind)
{
    lme_task *task;
    lme_group *group;
    if (c->looking)
        return note_settings(c, settings, kind);
    if (is_brought(c, lme_settings_text(settings, kind == LME_ENTRY_GROUP ? "group" : "task")))
        return true;
    if (kind == LME_ENTRY_GROUP)
        return lme_loader_group(c->loader, settings, &group, c->err) &&
               add_tree(c, group, group->name);
    return lme_task_make(c->loader->arena, settings, c->loader->options, &task, c->err) &&
           add_task(c, task, task->name);
}

/* What a file defines, or one of its variants.
 *   variant  from 1; 0: all of them */
static bool add_file(chooser *c, lme_str file, size_t variant, bool must_define)
{
    lme_arena *arena = c->loader->arena;
    lme_settings settings, varied;
    lme_entry_kind kind;
    if (!lme_settings_read(arena, lme_index_includes(c->loader->index), file, &settings, c->err))
        return false;
    if (!lme_settings_kind(&settings, &kind)) {
        lme_place at = {.file = settings.file};
        return !must_define || lme_fail(c->err, LME_ERR_TASK, &at,
                                        "the file has neither task nor group: it defines nothing");
    }
    size_t n = lme_settings_variants(&settings);
    size_t first = variant > 0 ? variant : 1, last = variant > 0 ? variant : n + (n == 0);
    for (size_t i = first; i <= last; i++) {
        if (!lme_settings_vary(arena, &settings, i, &varied, c->err) ||
            !add_settings(c, &varied, kind))
            return false;
    }
    return true;
}

static bool add_entry(chooser *c, const lme_entry *entry);

static bool add_tag(chooser *c, const lme_entry *tag)
{
    for (size_t i = 0; i < tag->n_members; i++) {
        const lme_entry *entry = lme_index_find(c->loader->index, tag->members[i]);
        bool is_task =
            entry != NULL && entry->kind != LME_ENTRY_TAG && entry->kind != LME_ENTRY_GROUP;
        if (is_task && !add_entry(c, entry))
            return lme_while(c->err, "loading %.*s, a member of tag %.*s", LME_STR_ARG(entry->name),
                             LME_STR_ARG(tag->name));
    }
    return true;
}

static bool add_entry(chooser *c, const lme_entry *entry)
{
    lme_task *task;
    if (c->looking)
        return entry->kind != LME_ENTRY_GROUP || add_file(c, entry->file, entry->variant, true);
    if (is_brought(c, entry->name) || !is_new(c, entry->name))
        return true;
    if (entry->kind == LME_ENTRY_TAG)
        return add_tag(c, entry);
    if (entry->kind == LME_ENTRY_GROUP)
        return add_file(c, entry->file, entry->variant, true);
    return lme_loader_task(c->loader, entry, NULL, &task, c->err) && add_task(c, task, task->name);
}

static bool add_path(chooser *c, lme_str path, bool must_define)
{
    return (!c->looking && !is_new(c, path)) || add_file(c, path, 0, must_define);
}

/* The files in a folder, not those of folders in it. */
static bool add_folder(chooser *c, const char *folder)
{
    lme_arena *arena = c->loader->arena;
    lme_str *names;
    size_t n, before = c->set->n_tasks + c->set->n_groups;
    if (!lme_folder_list(arena, folder, LME_STR(".yaml"), &names, &n, c->err))
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!add_path(c, lme_path_join(arena, lme_str_from(folder), names[i]), false))
            return false;
    }
    return c->looking || c->set->n_tasks + c->set->n_groups > before ||
           lme_fail(c->err, LME_ERR_TASK, NULL, "no .yaml file in the folder %s defines a task",
                    folder);
}

static bool add_paths(chooser *c, const char *pattern)
{
    glob_t found;
    if (!has_wildcard(pattern))
        return add_path(c, lme_str_from(pattern), true);
    int failed = glob(pattern, GLOB_NOESCAPE, NULL, &found);
    if (failed != 0)
        return lme_fail(c->err, LME_ERR_TASK, NULL, "no file has a name like %s", pattern);
    bool ok = true;
    for (size_t i = 0; ok && i < found.gl_pathc; i++)
        ok = add_path(c, lme_str_copy(c->loader->arena, lme_str_from(found.gl_pathv[i])), true);
    globfree(&found);
    return ok;
}

/* Every name of the index that the pattern fits, in order. */
static bool add_matches(chooser *c, const char *pattern)
{
    size_t n, n_found = 0;
    const lme_entry *entries = lme_index_entries(c->loader->index, &n);
    for (size_t i = 0; i < n; i++) {
        if (fnmatch(pattern, entries[i].name.ptr, FNM_NOESCAPE) != 0)
            continue;
        n_found++;
        if (!add_entry(c, &entries[i]))
            return false;
    }
    if (n_found > 0)
        return true;
    lme_fail(c->err, LME_ERR_TASK, NULL, "no task, group or tag has a name like %s", pattern);
    return lme_hint(c->err, "lmeval list tasks shows which there are");
}

static bool add_name(chooser *c, const char *name)
{
    const lme_entry *entry = lme_index_find(c->loader->index, lme_str_from(name));
    if (entry != NULL)
        return add_entry(c, entry);
    if (lme_folder_exists(name))
        return add_folder(c, name);
    if (lme_task_is_path(name))
        return add_paths(c, name);
    if (has_wildcard(name))
        return add_matches(c, name);
    return lme_index_unknown(c->loader->arena, c->loader->index, lme_str_from(name), NULL, c->err);
}

/* A pattern or folder means all that it fits, each once: what a group brings is left out by
 * itself, so all is looked through for groups first. A name means what it says. */
static bool add_named(chooser *c, const char *name)
{
    bool is_name = lme_index_find(c->loader->index, lme_str_from(name)) != NULL;
    if (is_name || (!has_wildcard(name) && !lme_folder_exists(name)))
        return add_name(c, name);
    c->brought = lme_table_new(c->loader->arena);
    c->looking = true;
    bool ok = add_name(c, name);
    c->looking = false;
    ok = ok && add_name(c, name);
    c->brought = NULL;
    return ok;
}

bool lme_task_set_load(lme_arena *arena, const char *const *names, size_t n,
                       const lme_task_options *options, lme_task_set *set, lme_error *err)
{
    static const lme_task_options as_written = {0};
    lme_index *index;
    if (options == NULL)
        options = &as_written;
    *set = (lme_task_set){.tasks = LME_ARRAY(arena, lme_task *, FIRST_ROOM)};
    if (!lme_index_open(arena, options, &index, err))
        return false;
    lme_loader loader = lme_loader_new(arena, index, options);
    chooser c = {.loader = &loader,
                 .named = lme_table_new(arena),
                 .tasks = lme_table_new(arena),
                 .groups = lme_table_new(arena),
                 .sources = LME_ARRAY(arena, lme_str, FIRST_ROOM),
                 .tasks_capacity = FIRST_ROOM,
                 .set = set,
                 .err = err};
    for (size_t i = 0; i < n; i++) {
        if (!add_named(&c, names[i]))
            return false;
    }
    return true;
}

/* Results of a group's tasks, those of its subgroups included. */
typedef struct leaves {
    lme_arena *arena;
    const lme_table *places; /* of names in results */
    const lme_result *results;
    const lme_result **items;
    size_t n, capacity;
} leaves;

static void add_leaves(leaves *to, const lme_group *group)
{
    for (size_t i = 0; i < group->n_members; i++) {
        const lme_member *member = &group->members[i];
        size_t at;
        if (member->group != NULL) {
            add_leaves(to, member->group);
            continue;
        }
        if (to->n == to->capacity) {
            size_t capacity = to->capacity == 0 ? 16 : 2 * to->capacity;
            to->items = lme_arena_grow(to->arena, to->items, to->n * sizeof(lme_result *),
                                       capacity * sizeof(lme_result *));
            to->capacity = capacity;
        }
        bool has_run = lme_table_get(to->places, member->task->name, &at);
        to->items[to->n++] = has_run ? &to->results[at] : NULL;
    }
}

void lme_task_set_summarize(lme_arena *arena, const lme_task_set *set, const lme_result *results,
                            size_t n_results, lme_group_result *groups)
{
    lme_table *places = lme_table_new(arena);
    for (size_t i = 0; i < n_results; i++)
        lme_table_set(places, results[i].task, i);
    for (size_t i = 0; i < set->n_groups; i++) {
        const lme_group *group = set->groups[i];
        leaves all = {.arena = arena, .places = places, .results = results};
        lme_str *members = LME_ARRAY(arena, lme_str, group->n_members);
        for (size_t k = 0; k < group->n_members; k++) {
            const lme_member *member = &group->members[k];
            members[k] = member->task != NULL ? member->task->name : member->group->name;
        }
        groups[i] = (lme_group_result){.name = group->name,
                                       .alias = group->alias,
                                       .version = group->version,
                                       .members = members,
                                       .n_members = group->n_members};
        add_leaves(&all, group);
        lme_group_summarize(arena, group->metrics, group->n_metrics, all.items, all.n, &groups[i]);
    }
}

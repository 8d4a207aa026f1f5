/* Every name that tasks, groups and tags have, from one look at each file.
 *
 * lm_eval's rules: files in order of their paths; inside a folder the first definition of a name
 * counts, a later folder wins over an earlier one; files that do not load are left out. Its 13,986
 * files are the workload: a file is parsed once, what many include is parsed once for all.
 */
#include "index.h"

#include <stdlib.h>

#include <lmeval/hash.h>
#include <lmeval/limits.h>
#include <lmeval/share.h>

/* Names in one folder, or in all. */
typedef struct names {
    lme_arena *arena;
    lme_entry *entries;
    size_t n, capacity;
    lme_table *places; /* of names in entries */
} names;

struct lme_index {
    lme_arena *arena;
    lme_includes *includes;
    names all;
    lme_str *folders; /* looked through, in order */
    size_t n_folders;
    lme_str *broken; /* files that cannot be read */
    size_t n_broken, broken_capacity;
};

const char *lme_entry_kind_name(lme_entry_kind kind)
{
    static const char *const words[] = {"task", "class", "group", "tag"};
    return words[kind];
}

bool lme_settings_kind(const lme_settings *settings, lme_entry_kind *kind)
{
    static const struct {
        const char *key;
        lme_entry_kind kind;
    } rules[] = {{"class", LME_ENTRY_CLASS}, {"group", LME_ENTRY_GROUP}, {"task", LME_ENTRY_TASK}};
    for (size_t i = 0; i < sizeof rules / sizeof rules[0]; i++) {
        if (lme_settings_has(settings, rules[i].key)) {
            *kind = rules[i].kind;
            return true;
        }
    }
    return false;
}

static lme_entry *find_entry(const names *in, lme_str name)
{
    size_t at;
    return lme_table_get(in->places, name, &at) ? &in->entries[at] : NULL;
}

static lme_entry *add_entry(names *to, const lme_entry *entry)
{
    if (to->entries == NULL || to->n == to->capacity) {
        size_t capacity = to->capacity == 0 ? 64 : 2 * to->capacity;
        to->entries = lme_arena_grow(to->arena, to->entries, to->n * sizeof *to->entries,
                                     capacity * sizeof *to->entries);
        to->capacity = capacity;
    }
    to->entries[to->n] = *entry;
    lme_table_set(to->places, entry->name, to->n);
    return &to->entries[to->n++];
}

/* Adds a task to a tag; room is made each time that the number of members is a power of two. */
static void add_member(lme_arena *arena, lme_entry *tag, lme_str task)
{
    size_t n = tag->n_members;
    if (n > 0 && lme_str_equal(tag->members[n - 1], task))
        return; /* the task's list names the tag twice */
    lme_str *members = NULL;
    if ((n & (n - 1)) == 0) {
        members = LME_ARRAY(arena, lme_str, n == 0 ? 1 : 2 * n);
        for (size_t i = 0; i < n; i++)
            members[i] = tag->members[i];
        tag->members = members;
    }
    tag->members[n] = task;
    tag->n_members++;
}

static void add_to_tag(names *to, lme_str tag, lme_str task)
{
    lme_entry *entry = find_entry(to, tag);
    if (entry == NULL)
        entry = add_entry(
            to, &(lme_entry){.name = lme_str_copy(to->arena, tag), .kind = LME_ENTRY_TAG});
    /* A task or group that has the tag's name keeps it. */
    if (entry->kind == LME_ENTRY_TAG)
        add_member(to->arena, entry, task);
}

static void add_to_tags(names *to, const lme_settings *settings, lme_str task)
{
    const lme_setting *tag = lme_settings_find(settings, "tag");
    if (tag == NULL)
        return;
    bool is_list = tag->value.kind == LME_LIST;
    size_t n = is_list ? tag->value.list.len : 1;
    for (size_t i = 0; i < n; i++) {
        const lme_value *name = is_list ? &tag->value.list.items[i] : &tag->value;
        if (name->kind == LME_STRING)
            add_to_tag(to, name->string, task);
    }
}

static lme_str summary_of(lme_arena *arena, const lme_settings *settings, lme_entry_kind kind)
{
    if (kind == LME_ENTRY_CLASS)
        return LME_STR("a Python class, which is not run");
    if (kind == LME_ENTRY_GROUP)
        return LME_STR(""); /* its tasks are counted when all names are known */
    lme_str output = lme_settings_text(settings, "output_type");
    lme_str dataset = lme_settings_text(settings, "dataset_path");
    if (output.len == 0)
        output = LME_STR("generate_until");
    return lme_str_format(arena, "%.*s, %.*s", LME_STR_ARG(output), LME_STR_ARG(dataset));
}

/* Names a group's members, those in maps too. The YAML reader bounds the depth. */
static void add_names(lme_arena *arena, lme_entry *group, const lme_value *value)
{
    const lme_value *inner = value->kind == LME_MAP ? lme_value_find(value, "task") : NULL;
    if (value->kind == LME_STRING)
        add_member(arena, group, lme_str_copy(arena, value->string));
    for (size_t i = 0; value->kind == LME_LIST && i < value->list.len; i++)
        add_names(arena, group, &value->list.items[i]);
    if (inner != NULL)
        add_names(arena, group, inner);
    else if (value->kind == LME_MAP && lme_value_find(value, "group") != NULL)
        add_names(arena, group, lme_value_find(value, "group"));
}

/* Adds what one variant of a file, or the whole of it, defines. */
static void add_definition(lme_arena *scratch, names *to, const lme_settings *settings,
                           lme_entry_kind kind, lme_str file, size_t variant)
{
    lme_str name = lme_settings_text(settings, kind == LME_ENTRY_GROUP ? "group" : "task");
    if (name.len == 0 || find_entry(to, name) != NULL)
        return;
    name = lme_str_copy(to->arena, name);
    lme_entry *entry =
        add_entry(to, &(lme_entry){.name = name,
                                   .kind = kind,
                                   .file = file,
                                   .variant = variant,
                                   .needs_python = lme_settings_python(scratch, settings).len > 0,
                                   .summary = summary_of(to->arena, settings, kind)});
    const lme_setting *members = lme_settings_find(settings, "task");
    if (kind != LME_ENTRY_GROUP)
        add_to_tags(to, settings, name);
    else if (members != NULL)
        add_names(to->arena, entry, &members->value);
}

/* Adds what each variant of a file defines, or nothing when one of them is wrong. Only one of them
 * is held at a time: a file may have 10,000. */
static bool add_variants(lme_arena *one, names *to, const lme_settings *settings,
                         lme_entry_kind kind, lme_str file)
{
    size_t n = lme_settings_variants(settings);
    lme_settings varied;
    for (size_t i = 1; i <= n; i++) {
        lme_arena_reset(one);
        if (!lme_settings_vary(one, settings, i, &varied, NULL))
            return false;
    }
    for (size_t i = 1; i <= n; i++) {
        lme_arena_reset(one);
        if (!lme_settings_vary(one, settings, i, &varied, NULL))
            return false;
        add_definition(one, to, &varied, kind, file, i);
    }
    return n > 0;
}

/* Files that define nothing are no fault of theirs: others include them. */
static bool add_file(lme_arena *scratch, lme_arena *one, lme_includes *includes, lme_str file,
                     names *to)
{
    lme_settings settings;
    lme_entry_kind kind;
    if (!lme_settings_read(scratch, includes, file, &settings, NULL))
        return false;
    if (!lme_settings_kind(&settings, &kind))
        return true;
    if (lme_settings_find(&settings, "variants") != NULL)
        return add_variants(one, to, &settings, kind, file);
    add_definition(scratch, to, &settings, kind, file, 0);
    return true;
}

static void note_broken(lme_index *index, lme_str file)
{
    if (index->n_broken == index->broken_capacity) {
        size_t capacity = index->broken_capacity == 0 ? 8 : 2 * index->broken_capacity;
        index->broken =
            lme_arena_grow(index->arena, index->broken, index->n_broken * sizeof *index->broken,
                           capacity * sizeof *index->broken);
        index->broken_capacity = capacity;
    }
    index->broken[index->n_broken++] = file;
}

/* Puts a folder's names over those of the folders before it. */
static void merge(lme_index *index, const names *from)
{
    for (size_t i = 0; i < from->n; i++) {
        lme_entry *before = find_entry(&index->all, from->entries[i].name);
        if (before != NULL)
            *before = from->entries[i];
        else
            add_entry(&index->all, &from->entries[i]);
    }
}

static bool add_folder(lme_index *index, lme_str folder, lme_error *err)
{
    lme_arena *arena = index->arena;
    lme_str *files;
    size_t n;
    if (!lme_task_files(arena, folder, &files, &n, err))
        return false;
    lme_arena *scratch = lme_arena_new(), *one = lme_arena_new();
    names own = {.arena = arena, .places = lme_table_new(arena)};
    for (size_t i = 0; i < n; i++) {
        lme_arena_reset(scratch);
        if (!add_file(scratch, one, index->includes, files[i], &own))
            note_broken(index, files[i]);
    }
    lme_arena_free(one);
    lme_arena_free(scratch);
    merge(index, &own);
    return true;
}

static int compare_texts(const void *a, const void *b)
{
    const lme_str *x = a, *y = b;
    return lme_str_compare(*x, *y);
}

static int compare_entries(const void *a, const void *b)
{
    const lme_entry *x = a, *y = b;
    return lme_str_compare(x->name, y->name);
}

/* The counting of groups' tasks: of each entry 0, until it is known; a group in itself has none. */
typedef struct counts {
    const names *all;
    size_t *tasks;
    bool *is_begun;
} counts;

/* Tasks below a group, in all groups at most so many as one can have. Each group is gone through
 * once, to the depth that loading allows. */
static size_t count_tasks(counts *c, size_t which, size_t depth)
{
    const lme_entry *entry = &c->all->entries[which];
    if (entry->kind == LME_ENTRY_TAG)
        return entry->n_members;
    if (entry->kind != LME_ENTRY_GROUP)
        return 1;
    if (c->is_begun[which] || depth == 0)
        return c->tasks[which];
    c->is_begun[which] = true;
    size_t n = 0, at;
    for (size_t i = 0; i < entry->n_members && n < LME_LIMIT_GROUP_MEMBERS; i++) {
        bool is_known = lme_table_get(c->all->places, entry->members[i], &at);
        n += is_known ? count_tasks(c, at, depth - 1) : 1;
    }
    c->tasks[which] = n < LME_LIMIT_GROUP_MEMBERS ? n : LME_LIMIT_GROUP_MEMBERS;
    return c->tasks[which];
}

/* "57 tasks" of tags and groups. */
static void summarize(names *all)
{
    counts c = {.all = all,
                .tasks = LME_ARRAY(all->arena, size_t, all->n),
                .is_begun = LME_ARRAY(all->arena, bool, all->n)};
    for (size_t i = 0; i < all->n; i++) {
        lme_entry *entry = &all->entries[i];
        if (entry->kind != LME_ENTRY_TAG && entry->kind != LME_ENTRY_GROUP)
            continue;
        size_t n = count_tasks(&c, i, LME_LIMIT_DEPTH);
        entry->summary = lme_str_format(all->arena, "%zu task%s", n, n == 1 ? "" : "s");
    }
}

/* Sorts entries and members by name. */
static void put_in_order(names *all)
{
    if (all->n > 1)
        qsort(all->entries, all->n, sizeof *all->entries, compare_entries);
    for (size_t i = 0; i < all->n; i++) {
        lme_entry *entry = &all->entries[i];
        lme_table_set(all->places, entry->name, i);
        if (entry->kind != LME_ENTRY_TAG)
            continue;
        qsort(entry->members, entry->n_members, sizeof *entry->members, compare_texts);
    }
    summarize(all);
}

bool lme_index_open(lme_arena *arena, const lme_task_options *options, lme_index **index,
                    lme_error *err)
{
    lme_index *made = LME_NEW(arena, lme_index);
    size_t n_paths = options != NULL ? options->n_include_paths : 0;
    *made = (lme_index){.arena = arena,
                        .includes = lme_includes_new(arena),
                        .all = {.arena = arena, .places = lme_table_new(arena)},
                        .folders = LME_ARRAY(arena, lme_str, n_paths + 1)};
    if (lme_share_path(arena, "tasks", &made->folders[0], NULL))
        made->n_folders++;
    for (size_t i = 0; i < n_paths; i++)
        made->folders[made->n_folders++] =
            lme_str_copy(arena, lme_str_from(options->include_paths[i]));
    for (size_t i = 0; i < made->n_folders; i++) {
        if (!add_folder(made, made->folders[i], err))
            return false;
    }
    put_in_order(&made->all);
    *index = made;
    return true;
}

const lme_entry *lme_index_entries(const lme_index *index, size_t *n)
{
    *n = index->all.n;
    return index->all.entries;
}

const lme_entry *lme_index_find(const lme_index *index, lme_str name)
{
    return find_entry(&index->all, name);
}

lme_includes *lme_index_includes(const lme_index *index)
{
    return index->includes;
}

/* NAME.yaml that cannot be read: most likely the one that is meant. Sets its error. */
static bool is_broken(lme_arena *arena, const lme_index *index, lme_str name, lme_error *err)
{
    lme_str expected = lme_str_format(arena, "%.*s.yaml", LME_STR_ARG(name));
    for (size_t i = 0; i < index->n_broken; i++) {
        lme_settings settings;
        if (!lme_str_equal(lme_path_name(index->broken[i]), expected))
            continue;
        if (!lme_settings_read(arena, index->includes, index->broken[i], &settings, err))
            return true;
        size_t n = lme_settings_variants(&settings);
        for (size_t k = 1; k <= n + (n == 0); k++) {
            lme_settings varied;
            if (!lme_settings_vary(arena, &settings, k, &varied, err))
                return true;
        }
    }
    return false;
}

bool lme_index_unknown(lme_arena *arena, const lme_index *index, lme_str name, const lme_place *at,
                       lme_error *err)
{
    if (is_broken(arena, index, name, err))
        return false;
    lme_builder looked = {.arena = arena};
    for (size_t i = 0; i < index->n_folders; i++)
        lme_builder_format(&looked, "%s%.*s", i == 0 ? "" : ", ", LME_STR_ARG(index->folders[i]));
    lme_str *all = LME_ARRAY(arena, lme_str, index->all.n);
    for (size_t i = 0; i < index->all.n; i++)
        all[i] = index->all.entries[i].name;
    lme_str where = lme_builder_finish(&looked);
    lme_str nearest = lme_str_nearest(name, all, index->all.n);
    lme_fail(err, LME_ERR_TASK, at, "no task is named \"%.*s\"; looked below %.*s",
             LME_STR_ARG(name), LME_STR_ARG(where));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(
        err, "lmeval list tasks shows which there are, docs/tasks.md which of lm_eval's are not "
             "and why; a file of your own is named by its path");
}

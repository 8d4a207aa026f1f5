/* What can be known to be wrong with a task file before its values are used. */
#include "keys.h"
#include "settings.h"

#include <lmeval/limits.h>

/* Files of lm_eval that are no tasks of the kind that runs here. */
static bool check_kind_of_file(const lme_settings *settings, lme_error *err)
{
    const lme_setting *group = lme_settings_find(settings, "group");
    if (group != NULL) {
        lme_place at = lme_place_of(group->file, &group->key);
        return lme_fail(err, LME_ERR_TASK, &at,
                        "this is the file of a group (group), expected a task");
    }
    const lme_setting *class = lme_settings_find(settings, "class");
    if (class == NULL)
        return true;
    lme_place at = lme_place_of(class->file, &class->key);
    lme_fail(err, LME_ERR_TASK, &at, "this task is a Python class, which is not run");
    return lme_hint(err, "write it as a task of its own: docs/task-format.md");
}

/* Keys that lm_eval takes out before it looks at a task: a group file that a task includes has
 * them. */
static bool is_passed_over(const lme_value *key)
{
    return key->kind == LME_STRING &&
           (lme_str_is(key->string, "group") || lme_str_is(key->string, "task_list"));
}

static bool unknown_key(lme_arena *arena, const lme_setting *item, lme_error *err)
{
    size_t n;
    const lme_task_key *keys = lme_task_keys(&n);
    lme_str name = lme_value_str(arena, &item->key);
    lme_place at = lme_place_of(item->file, &item->key);
    lme_str nearest = lme_task_key_nearest(arena, keys, n, name);
    lme_fail(err, LME_ERR_TASK, &at, "a task has no key \"%.*s\"", LME_STR_ARG(name));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "docs/task-format.md lists the keys; notes of your own go under metadata");
}

static bool check_value(lme_arena *arena, const lme_task_key *key, const lme_value *value,
                        const char *file, lme_error *err)
{
    lme_place at = lme_place_of(file, value);
    if (value->kind == LME_NULL)
        return true;
    if (key->refusal != NULL)
        return lme_fail(err, LME_ERR_TASK, &at, "%s cannot be used: %s", key->name, key->refusal);
    if ((key->kinds & 1u << value->kind) != 0)
        return true;
    lme_str expected = lme_kinds_text(arena, key->kinds);
    return lme_fail(err, LME_ERR_TASK, &at, "%s is %.*s, got %s", key->name, LME_STR_ARG(expected),
                    lme_kind_name(value->kind));
}

/* Python functions anywhere below a key, as "key (name)"; `first` is where the first one stands. */
typedef struct functions {
    lme_builder names;
    size_t n;
    lme_place first;
} functions;

static void note_function(functions *found, const lme_setting *item, const lme_value *value)
{
    lme_str key = item->key.kind == LME_STRING ? item->key.string : LME_STR("?");
    if (found->n++ == 0)
        found->first = lme_place_of(item->file, value);
    lme_builder_format(&found->names, "%s%.*s (%.*s)", found->n == 1 ? "" : ", ", LME_STR_ARG(key),
                       LME_STR_ARG(value->string));
}

/* Goes down a value; the YAML reader bounds its depth. */
static void find_functions(functions *found, const lme_setting *item, const lme_value *value,
                           size_t depth)
{
    LME_BUG(depth > LME_LIMIT_DEPTH + 1, "a YAML value is deeper than its reader allows");
    if (value->kind == LME_FUNCTION)
        note_function(found, item, value);
    for (size_t i = 0; value->kind == LME_LIST && i < value->list.len; i++)
        find_functions(found, item, &value->list.items[i], depth + 1);
    for (size_t i = 0; value->kind == LME_MAP && i < value->map.len; i++)
        find_functions(found, item, &value->map.pairs[i].value, depth + 1);
}

lme_str lme_settings_python(lme_arena *arena, const lme_settings *settings)
{
    functions found = {.names = {.arena = arena}};
    const lme_setting *class = lme_settings_find(settings, "class");
    if (class != NULL)
        lme_builder_add(&found.names, LME_STR("class"));
    for (size_t i = 0; i < settings->len; i++) {
        if (&settings->items[i] != class)
            find_functions(&found, &settings->items[i], &settings->items[i].value, 0);
    }
    return lme_builder_finish(&found.names);
}

static bool check_functions(lme_arena *arena, const lme_settings *settings, lme_error *err)
{
    functions found = {.names = {.arena = arena}};
    for (size_t i = 0; i < settings->len; i++)
        find_functions(&found, &settings->items[i], &settings->items[i].value, 0);
    if (found.n == 0)
        return true;
    lme_str names = lme_builder_finish(&found.names);
    lme_fail(err, LME_ERR_TASK, &found.first,
             "the task calls Python functions, which are not run: %.*s", LME_STR_ARG(names));
    return lme_hint(err, "write process_docs as steps (set, keep_if, drop, rename) and doc_to_* as "
                         "templates: docs/task-format.md");
}

bool lme_settings_check(lme_arena *arena, const lme_settings *settings, lme_error *err)
{
    size_t n;
    const lme_task_key *keys = lme_task_keys(&n);
    if (!check_kind_of_file(settings, err))
        return false;
    for (size_t i = 0; i < settings->len; i++) {
        const lme_value *key = &settings->items[i].key;
        if (is_passed_over(key))
            continue;
        if (key->kind != LME_STRING || lme_task_key_find(keys, n, key->string) == NULL)
            return unknown_key(arena, &settings->items[i], err);
    }
    if (!check_functions(arena, settings, err))
        return false;
    for (size_t i = 0; i < settings->len; i++) {
        const lme_setting *item = &settings->items[i];
        const lme_task_key *key = lme_task_key_find(keys, n, item->key.string);
        if (key != NULL && !check_value(arena, key, &item->value, item->file, err))
            return false;
    }
    return true;
}

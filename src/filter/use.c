/* Reading a filter of a task file: an unknown name or key is an error before anything is sent. */
#include "option.h"

static lme_str known_names(lme_arena *arena, lme_str *nearest, lme_str word)
{
    size_t n;
    const lme_filter *const *all = lme_filter_all(&n);
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        names[i] = lme_str_from(all[i]->name);
        lme_builder_format(&text, "%s%s", i == 0 ? "" : ", ", all[i]->name);
    }
    *nearest = lme_str_nearest(word, names, n);
    return lme_builder_finish(&text);
}

static bool unknown_filter(lme_arena *arena, const lme_value *name, const char *file,
                           lme_error *err)
{
    lme_place at = lme_filter_place(file, name);
    lme_str nearest;
    lme_str known = known_names(arena, &nearest, name->string);
    lme_fail(err, LME_ERR_TASK, &at, "filter \"%.*s\" is not known", LME_STR_ARG(name->string));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s? known: %.*s", LME_STR_ARG(nearest),
                        LME_STR_ARG(known));
    return lme_hint(err, "known: %.*s", LME_STR_ARG(known));
}

static bool find_filter(lme_arena *arena, const lme_value *entry, const char *file,
                        const lme_filter **filter, lme_error *err)
{
    const lme_value *name = lme_value_find(entry, "function");
    lme_place at = lme_filter_place(file, name == NULL ? entry : name);
    if (entry->kind != LME_MAP || name == NULL)
        return lme_fail(err, LME_ERR_TASK, &at,
                        "a filter is %s, expected a map with the key `function`",
                        entry->kind == LME_MAP ? "a map without it" : lme_kind_name(entry->kind));
    if (name->kind == LME_FUNCTION) {
        lme_fail(err, LME_ERR_TASK, &at, "filter !function %.*s is Python code, which is not run",
                 LME_STR_ARG(name->string));
        return lme_hint(err, "name a built-in filter: lmeval list filters");
    }
    if (name->kind != LME_STRING)
        return lme_fail(err, LME_ERR_TASK, &at, "`function` of a filter is %s, expected a name",
                        lme_kind_name(name->kind));
    *filter = lme_filter_find(name->string);
    return *filter != NULL || unknown_filter(arena, name, file, err);
}

static bool check_key(lme_arena *arena, const lme_filter *filter, const lme_value *key,
                      const char *file, lme_error *err)
{
    lme_builder known = {.arena = arena};
    size_t n = 0;
    for (; filter->keys[n] != NULL; n++) {
        if (key->kind == LME_STRING && lme_str_is(key->string, filter->keys[n]))
            return true;
        lme_builder_format(&known, "%s%s", n == 0 ? "" : ", ", filter->keys[n]);
    }
    lme_place at = lme_filter_place(file, key);
    lme_str text = lme_value_str(arena, key);
    lme_fail(err, LME_ERR_TASK, &at, "filter \"%s\" has no option \"%.*s\"", filter->name,
             LME_STR_ARG(text));
    if (n == 0)
        return lme_hint(err, "it takes no options");
    lme_str *candidates = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++)
        candidates[i] = lme_str_from(filter->keys[i]);
    lme_str nearest = lme_str_nearest(text, candidates, n);
    lme_str all = lme_builder_finish(&known);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s? it takes: %.*s", LME_STR_ARG(nearest),
                        LME_STR_ARG(all));
    return lme_hint(err, "it takes: %.*s", LME_STR_ARG(all));
}

bool lme_filter_use_read(lme_arena *arena, const lme_value *entry, const char *file,
                         lme_filter_use *use, lme_error *err)
{
    *use = (lme_filter_use){0};
    if (!find_filter(arena, entry, file, &use->filter, err))
        return false;
    lme_map_builder options = {.arena = arena};
    for (size_t i = 0; i < entry->map.len; i++) {
        const lme_pair *pair = &entry->map.pairs[i];
        if (pair->key.kind == LME_STRING && lme_str_is(pair->key.string, "function"))
            continue;
        if (!check_key(arena, use->filter, &pair->key, file, err))
            return false;
        lme_map_add_pair(&options, pair->key, pair->value);
    }
    use->options = lme_map_finish(&options);
    use->options.line = entry->line;
    use->options.column = entry->column;
    return use->filter->prepare == NULL || use->filter->prepare(arena, use, file, err);
}

/* Names: where their values come from, and what is said when there is none. */
#include "rendering.h"
#include "things.h"

#include <string.h>

lme_scope *lme_scope_new(lme_rendering *r, lme_scope *parent)
{
    lme_scope *scope = LME_NEW(r->arena, lme_scope);
    scope->parent = parent;
    return scope;
}

lme_scope *lme_scope_next(lme_rendering *r, lme_scope *last)
{
    if (last->is_kept)
        return lme_scope_new(r, last->parent);
    last->len = 0;
    return last;
}

lme_scope *lme_scope_keep(lme_rendering *r)
{
    for (lme_scope *scope = r->scope; scope != NULL && !scope->is_kept; scope = scope->parent)
        scope->is_kept = true;
    return r->scope;
}

static lme_binding *find_binding(const lme_scope *scope, lme_str name)
{
    for (size_t i = 0; i < scope->len; i++) {
        if (lme_str_equal(scope->bindings[i].name, name))
            return &scope->bindings[i];
    }
    return NULL;
}

void lme_scope_set(lme_rendering *r, lme_scope *scope, lme_str name, lme_value value)
{
    lme_binding *binding = find_binding(scope, name);
    if (binding != NULL) {
        binding->value = value;
        return;
    }
    if (scope->len == scope->capacity) {
        size_t capacity = scope->capacity == 0 ? 2 : scope->capacity * 2;
        scope->bindings =
            lme_arena_grow(r->arena, scope->bindings, scope->capacity * sizeof *scope->bindings,
                           capacity * sizeof *scope->bindings);
        scope->capacity = capacity;
    }
    scope->bindings[scope->len++] = (lme_binding){.name = name, .value = value};
}

/* The value's line tells which entry of the list it stands for, from 1; 0 stands for none: such a
 * value prints as nothing. */
static lme_value add_missing(lme_rendering *r, lme_missing missing)
{
    if (r->n_missing == r->missing_capacity) {
        size_t capacity = r->missing_capacity == 0 ? 4 : r->missing_capacity * 2;
        r->missing = lme_arena_grow(r->arena, r->missing, r->n_missing * sizeof *r->missing,
                                    capacity * sizeof *r->missing);
        r->missing_capacity = capacity;
    }
    r->missing[r->n_missing++] = missing;
    return (lme_value){
        .kind = LME_UNDEFINED, .line = (uint32_t)r->n_missing, .string = missing.name};
}

lme_value lme_name_value(lme_rendering *r, lme_str name)
{
    for (const lme_scope *scope = r->scope; scope != NULL; scope = scope->parent) {
        const lme_binding *binding = find_binding(scope, name);
        if (binding != NULL)
            return binding->value;
    }
    const lme_value *value = lme_value_get(r->variables, name);
    if (value != NULL)
        return *value;
    const lme_callable *function = lme_callable_find(lme_template_functions(), name);
    if (function != NULL)
        return lme_bind(r->arena, LME_THING_FUNCTION, function, lme_null());
    return add_missing(r, (lme_missing){.name = name, .owner.kind = LME_UNDEFINED});
}

lme_value lme_missing_from(lme_rendering *r, const lme_value *owner, lme_str name)
{
    return add_missing(r, (lme_missing){.name = name, .owner = *owner});
}

lme_value lme_missing_because(lme_rendering *r, lme_str why)
{
    return add_missing(r, (lme_missing){.owner.kind = LME_UNDEFINED, .why = why});
}

lme_value lme_empty_undefined(void)
{
    return (lme_value){.kind = LME_UNDEFINED, .string = LME_STR("")};
}

bool lme_is_strict(const lme_value *v)
{
    return v->kind == LME_UNDEFINED && v->line > 0;
}

typedef struct names {
    lme_arena *arena;
    lme_str *items;
    size_t len, capacity;
} names;

static void add_name(names *list, lme_str name)
{
    if (list->len == list->capacity) {
        size_t capacity = list->capacity == 0 ? 16 : list->capacity * 2;
        list->items = lme_arena_grow(list->arena, list->items, list->len * sizeof *list->items,
                                     capacity * sizeof *list->items);
        list->capacity = capacity;
    }
    list->items[list->len++] = name;
}

static void add_keys(names *list, const lme_value *map)
{
    for (size_t i = 0; map->kind == LME_MAP && i < map->map.len; i++) {
        if (map->map.pairs[i].key.kind == LME_STRING)
            add_name(list, map->map.pairs[i].key.string);
    }
}

enum {
    MOST_LISTED = 12 /* names in a hint */
};

/* "did you mean", or which names there are. */
static bool hint_names(lme_arena *arena, const names *list, lme_str name, const char *what,
                       lme_error *err)
{
    lme_str nearest = lme_str_nearest(name, list->items, list->len);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    if (list->len == 0)
        return false;
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < list->len && i < MOST_LISTED; i++) {
        lme_str shown = lme_shown(list->items[i]);
        lme_builder_format(&text, "%s%.*s", i == 0 ? "" : ", ", LME_STR_ARG(shown));
    }
    if (list->len > MOST_LISTED)
        lme_builder_add(&text, LME_STR(", ..."));
    lme_str joined = lme_builder_finish(&text);
    return lme_hint(err, "%s: %.*s", what, LME_STR_ARG(joined));
}

static bool fail_for_name(lme_rendering *r, size_t at, lme_str name, lme_error *err)
{
    lme_str shown = lme_shown(name);
    lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                    "'%.*s' is undefined: no variable has this name", LME_STR_ARG(shown));
    names known = {.arena = r->arena};
    for (const lme_scope *scope = r->scope; scope != NULL; scope = scope->parent) {
        for (size_t i = 0; i < scope->len; i++)
            add_name(&known, scope->bindings[i].name);
    }
    add_keys(&known, r->variables);
    lme_callable_list functions = lme_template_functions();
    lme_str nearest = lme_callable_nearest(r->arena, functions, name);
    if (nearest.len > 0)
        add_name(&known, nearest);
    return hint_names(r->arena, &known, name, "variables", err);
}

static bool fail_for_key(lme_rendering *r, size_t at, const lme_missing *missing, lme_error *err)
{
    lme_str shown = lme_shown(missing->name);
    lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err, "this map has no key '%.*s'",
                    LME_STR_ARG(shown));
    names keys = {.arena = r->arena};
    add_keys(&keys, &missing->owner);
    return hint_names(r->arena, &keys, missing->name, "its keys", err);
}

static bool is_index(lme_str name)
{
    int64_t index;
    return lme_str_to_int(name, &index);
}

static bool fail_for_part(lme_rendering *r, size_t at, const lme_missing *missing, lme_error *err)
{
    lme_str shown = lme_shown(missing->name);
    const lme_value *owner = &missing->owner;
    if (is_index(missing->name) && (owner->kind == LME_LIST || owner->kind == LME_TUPLE))
        return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                               "there is no item %.*s: the %s has %zu, counted from 0",
                               LME_STR_ARG(shown), lme_type_name(owner), owner->list.len);
    if (is_index(missing->name))
        return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err, "this %s has no item %.*s",
                               lme_type_name(owner), LME_STR_ARG(shown));
    lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err, "this %s has no attribute '%.*s'",
                    lme_type_name(owner), LME_STR_ARG(shown));
    lme_str nearest = lme_method_nearest(r->arena, owner->kind, missing->name);
    if (nearest.len > 0)
        lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return false;
}

bool lme_missing_fail(lme_rendering *r, size_t at, const lme_value *undefined, lme_error *err)
{
    if (!lme_is_strict(undefined))
        return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                               "an inline `if` without `else` gave nothing, and nothing cannot be "
                               "used here");
    const lme_missing *missing = &r->missing[undefined->line - 1];
    if (missing->why.len > 0)
        return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err, "%.*s",
                               LME_STR_ARG(missing->why));
    if (missing->owner.kind == LME_UNDEFINED)
        return fail_for_name(r, at, missing->name, err);
    if (missing->owner.kind == LME_MAP)
        return fail_for_key(r, at, missing, err);
    return fail_for_part(r, at, missing, err);
}

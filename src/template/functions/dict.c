/* dict(a=1) and namespace(a=1); both also take a map, or pairs, to begin with. */
#include "arguments.h"
#include "convert.h"
#include "operators.h"

static bool put(const lme_invocation *use, lme_map_builder *map, const lme_value *key,
                const lme_value *value, lme_error *err)
{
    if (key->kind == LME_UNDEFINED)
        return lme_missing_fail(use->rendering, use->at, key, err);
    if (!lme_is_hashable(key))
        return lme_use_fail(use, err, "a %s cannot be a key of a map", lme_type_name(key));
    lme_map_put(map, *key, *value);
    return lme_tick(use->rendering, use->at, map->len / 16, err);
}

static bool put_pairs(const lme_invocation *use, lme_map_builder *map, const lme_value *pairs,
                      lme_error *err)
{
    lme_items items, pair;
    if (!lme_items_of(use->rendering, use->at, pairs, &items, err))
        return false;
    for (size_t i = 0; i < items.len; i++) {
        if (!lme_items_of(use->rendering, use->at, &items.items[i], &pair, err))
            return false;
        if (pair.len != 2)
            return lme_use_fail(use, err, "item %zu has %zu values, expected a key and a value", i,
                                pair.len);
        if (!put(use, map, &pair.items[0], &pair.items[1], err))
            return false;
    }
    return true;
}

/* What the arguments say, in their order. */
static bool read_map(const lme_invocation *use, lme_map_builder *map, lme_error *err)
{
    const lme_value *first = use->given[0];
    if (first != NULL && first->kind == LME_MAP) {
        for (size_t i = 0; i < first->map.len; i++) {
            if (!put(use, map, &first->map.pairs[i].key, &first->map.pairs[i].value, err))
                return false;
        }
    } else if (first != NULL && !put_pairs(use, map, first, err)) {
        return false;
    }
    for (size_t i = 0; i < use->n_keywords; i++) {
        if (!put(use, map, &use->keywords[i].key, &use->keywords[i].value, err))
            return false;
    }
    return true;
}

static bool make_dict(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_map_builder map = {.arena = use->arena};
    if (!read_map(use, &map, err))
        return false;
    *result = lme_map_finish(&map);
    return true;
}

const lme_callable lme_template_function_dict = {
    .name = "dict",
    .summary = "a map of named values",
    .parameters = {""}, /* the first argument has no name */
    .takes = LME_TAKES_KEYWORDS,
    .call = make_dict,
};

static bool make_namespace(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_namespace *space = LME_NEW(use->arena, lme_namespace);
    space->fields.arena = use->arena;
    if (!read_map(use, &space->fields, err))
        return false;
    *result = lme_thing_value(use->arena, LME_THING_NAMESPACE, space);
    return true;
}

const lme_callable lme_template_function_namespace = {
    .name = "namespace",
    .summary = "named values that {% set ns.name = ... %} can change, also from within a loop",
    .parameters = {""},
    .takes = LME_TAKES_KEYWORDS,
    .call = make_namespace,
};

/* Methods of maps: get, keys, values, items, copy. */
#include "arguments.h"
#include "operators.h"

static bool get(const lme_invocation *use, lme_value *result, lme_error *err)
{
    if (lme_is_strict(use->given[0]))
        return lme_missing_fail(use->rendering, use->at, use->given[0], err);
    if (!lme_is_hashable(use->given[0]))
        return lme_use_fail(use, err, "a %s cannot be a key of a map",
                            lme_type_name(use->given[0]));
    const lme_value *found = lme_map_lookup(&use->subject, use->given[0]);
    if (found != NULL)
        *result = *found;
    else
        *result = use->given[1] != NULL ? *use->given[1] : lme_null();
    return true;
}

const lme_callable lme_template_method_dict_get = {
    .name = "get",
    .summary = "the value of a key, or the default",
    .parameters = {"key", "default"},
    .n_required = 1,
    .takes = LME_TAKES_UNDEFINED, /* as the default, which may not be needed */
    .kinds = 1u << LME_MAP,
    .call = get,
};

typedef enum part {
    KEYS,
    VALUES,
    PAIRS,
} part;

static lme_value part_of(lme_arena *arena, const lme_pair *pair, part which)
{
    if (which != PAIRS)
        return which == KEYS ? pair->key : pair->value;
    lme_value *items = LME_ARRAY(arena, lme_value, 2);
    items[0] = pair->key;
    items[1] = pair->value;
    return (lme_value){.kind = LME_TUPLE, .list = {items, 2}};
}

static bool make_view(const lme_invocation *use, part which, lme_value *result, lme_error *err)
{
    static const char *const names[] = {"dict_keys", "dict_values", "dict_items"};
    size_t n = use->subject.map.len;
    lme_value *items = lme_room_for(use->rendering, use->at, n, sizeof *items, err);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        items[i] = part_of(use->arena, &use->subject.map.pairs[i], which);
    lme_view *view = LME_NEW(use->arena, lme_view);
    *view = (lme_view){.name = names[which], .items = {items, n}};
    *result = lme_thing_value(use->arena, LME_THING_VIEW, view);
    return true;
}

static bool keys(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return make_view(use, KEYS, result, err);
}

static bool values(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return make_view(use, VALUES, result, err);
}

static bool pairs(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return make_view(use, PAIRS, result, err);
}

const lme_callable lme_template_method_dict_keys = {
    .name = "keys",
    .summary = "the keys",
    .kinds = 1u << LME_MAP,
    .call = keys,
};

const lme_callable lme_template_method_dict_values = {
    .name = "values",
    .summary = "the values",
    .kinds = 1u << LME_MAP,
    .call = values,
};

const lme_callable lme_template_method_dict_items = {
    .name = "items",
    .summary = "(key, value) pairs",
    .kinds = 1u << LME_MAP,
    .call = pairs,
};

/* Values never change, so a copy is the value. */
static bool copy(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    *result = use->subject;
    return true;
}

const lme_callable lme_template_method_copy = {
    .name = "copy",
    .summary = "the list or map itself",
    .kinds = 1u << LME_MAP | 1u << LME_LIST,
    .call = copy,
};

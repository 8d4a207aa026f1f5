/* map: looks every response up in mapping_dict; default_value (null) when it is not a key. Keys
 * compare as in Python, so that the YAML key 1 and the text "1" differ. */
#include "option.h"
#include "responses.h"

typedef struct mapping {
    lme_value pairs; /* map; null for none */
    lme_value otherwise;
} mapping;

static bool prepare(lme_arena *arena, lme_filter_use *use, const char *file, lme_error *err)
{
    mapping *m = LME_NEW(arena, mapping);
    const lme_value *pairs = lme_value_find(&use->options, "mapping_dict");
    const lme_value *otherwise = lme_value_find(&use->options, "default_value");
    m->pairs = pairs == NULL ? lme_null() : *pairs;
    m->otherwise = otherwise == NULL ? lme_null() : *otherwise;
    if (m->pairs.kind != LME_NULL && m->pairs.kind != LME_MAP) {
        lme_place at = lme_filter_place(file, pairs);
        return lme_fail(err, LME_ERR_TASK, &at,
                        "mapping_dict of filter \"map\" is %s, expected a map",
                        lme_kind_name(m->pairs.kind));
    }
    use->state = m;
    return true;
}

/* The last pair with an equal key, as a dict would have kept it. */
static const lme_value *find(const mapping *m, const lme_value *key)
{
    const lme_value *found = NULL;
    for (size_t i = 0; m->pairs.kind == LME_MAP && i < m->pairs.map.len; i++) {
        if (lme_value_equal(&m->pairs.map.pairs[i].key, key))
            found = &m->pairs.map.pairs[i].value;
    }
    return found;
}

static bool apply(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err)
{
    const mapping *m = use->state;
    lme_value list;
    if (!lme_filter_responses(arena, use, filtering, &list, err))
        return false;
    bool any = false;
    lme_list_builder mapped = {.arena = arena};
    for (size_t i = 0; i < list.list.len; i++) {
        const lme_value *value = find(m, &list.list.items[i]);
        any = any || value != NULL;
        lme_list_add(&mapped, value == NULL ? m->otherwise : *value);
    }
    filtering->value = lme_list_finish(&mapped);
    if (!any)
        filtering->matched = false;
    return true;
}

static const char *const keys[] = {"mapping_dict", "default_value", NULL};

const lme_filter lme_filter_map = {
    .name = "map",
    .summary = "replace every response by what a table says (mapping_dict, default_value)",
    .extracts = true,
    .keys = keys,
    .prepare = prepare,
    .apply = apply,
};

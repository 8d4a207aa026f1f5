#include "yaml_keys.h"

enum {
    FEW = 16 /* so many keys are compared one by one */
};

/* A text for each key, the same for keys that are equal: no UTF-8 begins with 0xFF, so numbers
 * never meet texts. */
static lme_str name_of(lme_arena *arena, const lme_value *key)
{
    lme_value number = *key;
    if (key->kind == LME_STRING)
        return key->string;
    if (key->kind == LME_BOOL)
        number = lme_int(key->boolean);
    else if (key->kind == LME_FLOAT && key->number >= -0x1p63 && key->number < 0x1p63 &&
             (double)(int64_t)key->number == key->number)
        number = lme_int((int64_t)key->number);
    return lme_str_concat(arena, LME_STR("\xff"), lme_value_repr(arena, &number));
}

/* Index of the pair with this key; the length when there is none. */
static size_t find(const lme_yaml_keys *keys, const lme_value *key)
{
    const lme_map_builder *map = &keys->map;
    size_t i = map->len;
    if (keys->names != NULL) {
        if (!lme_table_get(keys->names, name_of(map->arena, key), &i))
            return map->len;
        return i;
    }
    for (i = 0; i < map->len; i++) {
        if (lme_value_equal(&map->pairs[i].key, key))
            break;
    }
    return i;
}

static void add(lme_yaml_keys *keys, lme_value key, lme_value value)
{
    lme_map_builder *map = &keys->map;
    lme_map_add_pair(map, key, value);
    if (map->len == FEW)
        keys->names = lme_table_new(map->arena);
    size_t first_new = map->len == FEW ? 0 : map->len - 1;
    for (size_t i = first_new; keys->names != NULL && i < map->len; i++)
        lme_table_set(keys->names, name_of(map->arena, &map->pairs[i].key), i);
}

void lme_yaml_keys_put(lme_yaml_keys *keys, lme_value key, lme_value value)
{
    size_t i = find(keys, &key);
    if (i < keys->map.len)
        keys->map.pairs[i].value = value;
    else
        add(keys, key, value);
}

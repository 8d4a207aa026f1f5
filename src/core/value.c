/* Making values and looking into them. Maps are arrays of pairs: rows and task files have some
 * tens of keys, for which a search from the end (the last duplicate counts) beats hashing.
 */
#include <string.h>

#include <lmeval/value.h>

lme_value lme_null(void)
{
    return (lme_value){.kind = LME_NULL};
}

lme_value lme_bool(bool value)
{
    return (lme_value){.kind = LME_BOOL, .boolean = value};
}

lme_value lme_int(int64_t value)
{
    return (lme_value){.kind = LME_INT, .integer = value};
}

lme_value lme_float(double value)
{
    return (lme_value){.kind = LME_FLOAT, .number = value};
}

lme_value lme_string(lme_str value)
{
    return (lme_value){.kind = LME_STRING, .string = value};
}

const lme_value *lme_value_get(const lme_value *v, lme_str key)
{
    if (v == NULL || v->kind != LME_MAP)
        return NULL;
    for (size_t i = v->map.len; i > 0; i--) {
        const lme_pair *pair = &v->map.pairs[i - 1];
        bool may_be = pair->key.kind == LME_STRING && pair->key.string.len == key.len;
        if (may_be && lme_str_equal(pair->key.string, key))
            return &pair->value;
    }
    return NULL;
}

const lme_value *lme_value_find(const lme_value *v, const char *key)
{
    return lme_value_get(v, lme_str_from(key));
}

lme_str lme_value_text(const lme_value *v, const char *key)
{
    const lme_value *text = lme_value_find(v, key);
    return text != NULL && text->kind == LME_STRING ? text->string : LME_STR("");
}

lme_value lme_value_with(lme_arena *arena, const lme_value *map, lme_str key, lme_value value)
{
    LME_BUG(map->kind != LME_MAP, "lme_value_with needs a map");
    lme_map_builder made = {.arena = arena};
    const lme_value *replaced = lme_value_get(map, key);
    for (size_t i = 0; i < map->map.len; i++) {
        const lme_pair *pair = &map->map.pairs[i];
        lme_map_add_pair(&made, pair->key, &pair->value == replaced ? value : pair->value);
    }
    if (replaced == NULL)
        lme_map_add(&made, key, value);
    lme_value with = lme_map_finish(&made);
    with.line = map->line;
    with.column = map->column;
    return with;
}

const char *lme_kind_name(lme_kind kind)
{
    static const char *const names[] = {
        [LME_NULL] = "null",         [LME_BOOL] = "true or false",
        [LME_INT] = "integer",       [LME_FLOAT] = "number",
        [LME_STRING] = "text",       [LME_LIST] = "list",
        [LME_TUPLE] = "tuple",       [LME_MAP] = "map",
        [LME_FUNCTION] = "function", [LME_UNDEFINED] = "nothing",
        [LME_OPAQUE] = "object",     [LME_UNREAD] = "JSON",
    };
    return names[kind];
}

bool lme_value_truth(const lme_value *v)
{
    switch (v->kind) {
    case LME_NULL:
    case LME_UNDEFINED:
        return false;
    case LME_BOOL:
        return v->boolean;
    case LME_INT:
        return v->integer != 0;
    case LME_FLOAT: /* NaN is true */
        return v->number != 0.0;
    case LME_STRING:
        return v->string.len > 0;
    case LME_LIST:
    case LME_TUPLE:
        return v->list.len > 0;
    case LME_MAP:
        return v->map.len > 0;
    case LME_FUNCTION:
    case LME_OPAQUE:
    case LME_UNREAD:
        return true;
    }
    return true;
}

/* Capacity that doubles, for arrays of `size` bytes an item. */
static void *more(lme_arena *arena, void *items, size_t *capacity, size_t size)
{
    size_t old = *capacity;
    *capacity = old == 0 ? 8 : old * 2;
    LME_BUG(*capacity > SIZE_MAX / 2 / size, "more items than memory");
    return lme_arena_grow(arena, items, old * size, *capacity * size);
}

void lme_list_add(lme_list_builder *b, lme_value item)
{
    if (b->len == b->capacity)
        b->items = more(b->arena, b->items, &b->capacity, sizeof *b->items);
    b->items[b->len++] = item;
}

lme_value lme_list_finish(lme_list_builder *b)
{
    return (lme_value){.kind = LME_LIST, .list = {b->items, b->len}};
}

void lme_map_add(lme_map_builder *b, lme_str key, lme_value value)
{
    lme_map_add_pair(b, lme_string(key), value);
}

void lme_map_add_pair(lme_map_builder *b, lme_value key, lme_value value)
{
    if (b->len == b->capacity)
        b->pairs = more(b->arena, b->pairs, &b->capacity, sizeof *b->pairs);
    b->pairs[b->len++] = (lme_pair){.key = key, .value = value};
}

lme_value lme_map_finish(lme_map_builder *b)
{
    return (lme_value){.kind = LME_MAP, .map = {b->pairs, b->len}};
}

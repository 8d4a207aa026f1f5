#include "rows.h"

#include "convert.h"

#include <lmeval/limits.h>

/* One row under way. */
typedef struct making {
    lme_arena *arena;
    lme_assembly *assembly;
    size_t used_before; /* of the arena: other rows may be in it */
    lme_error *err;
} making;

static lme_column *lead(const making *m, const lme_parquet_node *node)
{
    return &m->assembly->columns[node->first_leaf];
}

static bool broken(const making *m, const lme_parquet_node *node, const char *what)
{
    return lme_column_broken(m->assembly->file, node, what, m->err);
}

static bool check_size(const making *m, const lme_parquet_node *node)
{
    if (lme_arena_used(m->arena) - m->used_before <= LME_LIMIT_ROW)
        return true;
    return lme_fail(m->err, LME_ERR_LIMIT, &(lme_place){.file = m->assembly->file->path},
                    "a row is larger than %u MiB in column %.*s", LME_LIMIT_ROW >> 20,
                    LME_STR_ARG(node->path));
}

/* Whether the node is there, as each of its columns says; they must agree. */
static bool is_there(const making *m, const lme_parquet_node *node, bool *there)
{
    *there = lead(m, node)->definition >= node->max_definition;
    for (size_t i = 0; i < node->n_leaves; i++) {
        const lme_column *column = lead(m, node) + i;
        if (column->is_done)
            return broken(m, node, "it has fewer rows than the file");
        if ((column->definition >= node->max_definition) != *there)
            return broken(m, node, "its columns do not fit each other");
    }
    return true;
}

/* Whether the list has one more element. */
static bool goes_on(const making *m, const lme_parquet_node *node, bool *more)
{
    const lme_column *first = lead(m, node);
    *more = !first->is_done && first->repetition == node->max_repetition;
    for (size_t i = 0; i < node->n_leaves; i++) {
        const lme_column *column = first + i;
        bool continues = !column->is_done && column->repetition == node->max_repetition;
        if (continues != *more || (!column->is_done && column->repetition > node->max_repetition))
            return broken(m, node, "its lists do not fit each other");
    }
    return true;
}

/* Leaves the one triple by which each column says that the node is not there. */
static bool leave(const making *m, const lme_parquet_node *node)
{
    for (size_t i = 0; i < node->n_leaves; i++) {
        if (!lme_column_advance(lead(m, node) + i, m->err))
            return false;
    }
    return true;
}

static bool read_node(const making *m, const lme_parquet_node *node, lme_value *value);

static bool read_leaf(const making *m, const lme_parquet_node *leaf, lme_value *value)
{
    lme_column *column = lead(m, leaf);
    if (column->is_done || column->definition < leaf->max_definition)
        return broken(m, leaf, "it has fewer values than the file has rows");
    const char *why = lme_parquet_convert(m->arena, leaf, &column->raw, value);
    if (why != NULL)
        return broken(m, leaf, why);
    return check_size(m, leaf) && lme_column_advance(column, m->err);
}

static bool read_group(const making *m, const lme_parquet_node *group, lme_value *value)
{
    lme_map_builder map = {.arena = m->arena};
    for (size_t i = 0; i < group->n_children; i++) {
        const lme_parquet_node *child = &group->children[i];
        lme_value member = lme_null();
        if (!read_node(m, child, &member))
            return false;
        lme_map_add(&map, lme_str_copy(m->arena, child->name), member);
    }
    *value = lme_map_finish(&map);
    return true;
}

/* The node is there: what it is, without its own optional or repeated. */
static bool read_present(const making *m, const lme_parquet_node *node, lme_value *value);

/* One element of a repeated node that a LIST wraps. Writers put the element into a group of one
 * ("list.element"); older ones make the repeated node itself the element. Source: LogicalTypes.md,
 * "Lists", the backward-compatibility rules. */
static bool read_element(const making *m, const lme_parquet_node *list,
                         const lme_parquet_node *repeated, lme_value *value)
{
    bool is_wrapper = repeated->n_children == 1 && !lme_str_is(repeated->name, "array");
    if (is_wrapper && list != NULL) {
        lme_str old = lme_str_format(m->arena, "%.*s_tuple", LME_STR_ARG(list->name));
        if (!lme_str_equal(repeated->name, old))
            return read_node(m, &repeated->children[0], value);
    }
    return read_present(m, repeated, value);
}

/*   list  the LIST around it; NULL: a repeated field by itself */
static bool read_repeated(const making *m, const lme_parquet_node *list,
                          const lme_parquet_node *repeated, lme_value *value)
{
    lme_list_builder items = {.arena = m->arena};
    bool there, more = true;
    if (!is_there(m, repeated, &there))
        return false;
    if (!there && !leave(m, repeated))
        return false;
    while (there && more) {
        lme_value item = lme_null();
        bool ok = list != NULL ? read_element(m, list, repeated, &item)
                               : read_present(m, repeated, &item);
        if (!ok || !check_size(m, repeated) || !goes_on(m, repeated, &more))
            return false;
        lme_list_add(&items, item);
        if (!more)
            break;
        if (!is_there(m, repeated, &there))
            return false;
        if (!there)
            return broken(m, repeated, "a list goes on with nothing");
    }
    *value = lme_list_finish(&items);
    return true;
}

/* A MAP's repeated group of key and value becomes a map. */
static bool read_map(const making *m, const lme_parquet_node *repeated, lme_value *value)
{
    lme_value pairs;
    if (!read_repeated(m, NULL, repeated, &pairs))
        return false;
    lme_map_builder map = {.arena = m->arena};
    for (size_t i = 0; i < pairs.list.len; i++) {
        const lme_value *pair = &pairs.list.items[i];
        lme_map_add_pair(&map, pair->map.pairs[0].value,
                         pair->map.len > 1 ? pair->map.pairs[1].value : lme_null());
    }
    *value = lme_map_finish(&map);
    return true;
}

static bool is_key(const lme_parquet_node *node)
{
    return node->n_children == 0 && node->repetition != LME_REPEATED;
}

static bool read_present(const making *m, const lme_parquet_node *node, lme_value *value)
{
    if (node->n_children == 0)
        return read_leaf(m, node, value);
    const lme_parquet_node *only = &node->children[0];
    bool wraps = node->n_children == 1 && only->repetition == LME_REPEATED;
    if (wraps && node->logical == LME_LOGICAL_LIST)
        return read_repeated(m, node, only, value);
    if (wraps && node->logical == LME_LOGICAL_MAP && only->n_children > 0 &&
        is_key(&only->children[0]))
        return read_map(m, only, value);
    return read_group(m, node, value);
}

static bool read_node(const making *m, const lme_parquet_node *node, lme_value *value)
{
    bool there;
    switch (node->repetition) {
    case LME_REPEATED:
        return read_repeated(m, NULL, node, value);
    case LME_OPTIONAL:
        if (!is_there(m, node, &there))
            return false;
        if (there)
            break;
        *value = lme_null();
        return leave(m, node);
    case LME_REQUIRED:
        break;
    }
    return read_present(m, node, value);
}

bool lme_assembly_next(lme_arena *arena, lme_assembly *assembly, lme_value *row, lme_error *err)
{
    making m = {arena, assembly, lme_arena_used(arena), err};
    const lme_parquet_node *root = &assembly->schema->root;
    for (size_t i = 0; i < assembly->schema->n_leaves; i++) {
        const lme_column *column = &assembly->columns[i];
        if (!column->is_done && column->repetition != 0)
            return broken(&m, column->leaf, "a row begins inside a list");
    }
    return read_group(&m, root, row);
}

/* The schema as a tree: the footer lists it depth first, each group with its number of children. */
#include "schema.h"

#include <lmeval/limits.h>

typedef struct builder {
    lme_arena *arena;
    const lme_element *elements;
    size_t n, at;
    const char *path;
    lme_parquet_schema *schema;
    lme_error *err;
} builder;

static bool broken(const builder *b, const char *what)
{
    return lme_fail(b->err, LME_ERR_DATA, &(lme_place){.file = b->path},
                    "the Parquet file is broken: %s", what);
}

static bool set_leaf(builder *b, const lme_element *e, lme_parquet_node *node)
{
    if (e->physical < 0 || e->physical >= LME_PHYSICALS)
        return broken(b, "a column is of no known type");
    if (e->physical == LME_PHYSICAL_FIXED_BYTES &&
        (e->fixed_size <= 0 || e->fixed_size > LME_LIMIT_PARQUET_PAGE))
        return broken(b, "a column of fixed length has none");
    node->physical = (lme_physical)e->physical;
    node->fixed_size = (size_t)e->fixed_size;
    node->scale = (int32_t)e->scale;
    node->units_per_second = e->units_per_second;
    node->is_utc = e->is_utc;
    node->first_leaf = b->schema->n_leaves;
    node->n_leaves = 1;
    b->schema->leaves[b->schema->n_leaves++] = node;
    return true;
}

static bool make_node(builder *b, const lme_parquet_node *parent, lme_parquet_node *node,
                      size_t depth);

static bool make_children(builder *b, size_t n, lme_parquet_node *node, size_t depth)
{
    if (n > b->n - b->at)
        return broken(b, "a group of columns has more members than the schema");
    lme_parquet_node *children = LME_ARRAY(b->arena, lme_parquet_node, n);
    node->children = children;
    node->n_children = n;
    node->first_leaf = b->schema->n_leaves;
    for (size_t i = 0; i < n; i++) {
        if (!make_node(b, node, &children[i], depth + 1))
            return false;
    }
    node->n_leaves = b->schema->n_leaves - node->first_leaf;
    return true;
}

static bool make_node(builder *b, const lme_parquet_node *parent, lme_parquet_node *node,
                      size_t depth)
{
    if (depth > LME_LIMIT_DEPTH)
        return broken(b, "its columns are nested too deeply");
    if (b->at == b->n)
        return broken(b, "a group of columns has more members than there are");
    const lme_element *e = &b->elements[b->at++];
    if (e->name.len > LME_LIMIT_PARQUET_NAME)
        return broken(b, "a column's name is longer than any name");
    if (e->repetition < LME_REQUIRED || e->repetition > LME_REPEATED)
        return broken(b, "a column is neither required, optional nor repeated");
    bool is_root = parent == NULL;
    *node = (lme_parquet_node){
        .name = e->name,
        .path = is_root ? LME_STR("")
                : parent->path.len > 0
                    ? lme_str_format(b->arena, "%.*s.%.*s", LME_STR_ARG(parent->path),
                                     LME_STR_ARG(e->name))
                    : e->name,
        .repetition = is_root ? LME_REQUIRED : (lme_repetition)e->repetition,
        .logical = e->logical,
    };
    if (!is_root) {
        node->max_definition = parent->max_definition + (node->repetition != LME_REQUIRED);
        node->max_repetition = parent->max_repetition + (node->repetition == LME_REPEATED);
    }
    if (e->physical >= 0 && !is_root)
        return set_leaf(b, e, node);
    if (e->n_children <= 0)
        return broken(b, "a group of columns has no members");
    return make_children(b, (size_t)e->n_children, node, depth);
}

bool lme_parquet_tree_make(lme_arena *arena, const lme_element *elements, size_t n,
                           const char *path, lme_parquet_schema *schema, lme_error *err)
{
    builder b = {arena, elements, n, 0, path, schema, err};
    schema->n_leaves = 0;
    schema->leaves = LME_ARRAY(arena, const lme_parquet_node *, n);
    if (n == 0)
        return broken(&b, "it has no columns");
    return make_node(&b, NULL, &schema->root, 0);
}

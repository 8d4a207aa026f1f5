#include "tree.h"

#include <math.h>

#include <lmeval/json.h>

const lme_value *lme_tree_at(const lme_value *tree, const lme_str *keys, size_t n)
{
    for (size_t i = 0; i < n && tree != NULL; i++)
        tree = lme_value_get(tree, keys[i]);
    return tree;
}

double lme_tree_number(const lme_value *value)
{
    if (value != NULL && value->kind == LME_INT)
        return (double)value->integer;
    return value != NULL && value->kind == LME_FLOAT ? value->number : (double)NAN;
}

lme_str lme_tree_text(lme_arena *arena, const lme_value *value)
{
    if (value == NULL || value->kind == LME_NULL)
        return LME_STR("");
    if (value->kind == LME_STRING)
        return value->string;
    lme_builder json = {.arena = arena};
    lme_json_write(&json, value, &(lme_json_style){0});
    return lme_builder_finish(&json);
}

/* Expressions. The tree's height bounds the recursion, and lme_enter what macros add to it. */
#include "convert.h"
#include "eval.h"
#include "lookup.h"
#include "operators.h"

static bool evaluate_items(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    lme_value *items = lme_room_for(r, node->at, node->items.len, sizeof *items, err);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < node->items.len; i++) {
        if (!lme_evaluate(r, node->items.items[i], &items[i], err))
            return false;
    }
    *value = (lme_value){.kind = node->kind == LME_NODE_LIST ? LME_LIST : LME_TUPLE,
                         .list = {items, node->items.len}};
    return true;
}

static bool evaluate_dict(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    lme_map_builder map = {.arena = r->arena};
    for (size_t i = 0; i < node->dict.keys.len; i++) {
        lme_value key, item;
        if (!lme_evaluate(r, node->dict.keys.items[i], &key, err) ||
            !lme_evaluate(r, node->dict.values.items[i], &item, err))
            return false;
        if (key.kind == LME_UNDEFINED)
            return lme_missing_fail(r, node->at, &key, err);
        if (!lme_is_hashable(&key))
            return lme_source_fail(r->source, node->dict.keys.items[i]->at, LME_ERR_TEMPLATE, err,
                                   "a %s cannot be a key of a map", lme_type_name(&key));
        if (!lme_tick(r, node->at, map.len / 16, err))
            return false;
        lme_map_put(&map, key, item);
    }
    *value = lme_map_finish(&map);
    return true;
}

static bool evaluate_concat(lme_rendering *r, const lme_node *node, lme_value *value,
                            lme_error *err)
{
    lme_builder out = {.arena = r->arena};
    for (size_t i = 0; i < node->items.len; i++) {
        const lme_node *item = node->items.items[i];
        lme_value part;
        lme_str text;
        if (!lme_evaluate(r, item, &part, err) || !lme_text_of(r, item->at, &part, &text, err) ||
            !lme_text_fits(r, node->at, out.len + text.len, err))
            return false;
        lme_builder_add(&out, text);
    }
    *value = lme_string(lme_builder_finish(&out));
    return true;
}

static bool evaluate_sign(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    lme_value operand;
    if (!lme_evaluate(r, node->operand, &operand, err) ||
        !lme_negate(r, node->at, &operand, value, err))
        return false;
    if (node->kind == LME_NODE_POSITIVE)
        *value = operand.kind == LME_BOOL ? lme_int(operand.boolean) : operand;
    return true;
}

static bool evaluate_not(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    lme_value operand;
    bool truth;
    if (!lme_evaluate(r, node->operand, &operand, err) ||
        !lme_truth_of(r, node->operand->at, &operand, &truth, err))
        return false;
    *value = lme_bool(!truth);
    return true;
}

/* `and` and `or` give one of their operands, as in Python. */
static bool evaluate_logical(lme_rendering *r, const lme_node *node, lme_value *value,
                             lme_error *err)
{
    bool truth;
    if (!lme_evaluate(r, node->binary.left, value, err) ||
        !lme_truth_of(r, node->binary.left->at, value, &truth, err))
        return false;
    if (truth == (node->kind == LME_NODE_OR))
        return true;
    return lme_evaluate(r, node->binary.right, value, err);
}

static bool evaluate_arithmetic(lme_rendering *r, const lme_node *node, lme_value *value,
                                lme_error *err)
{
    lme_value left, right;
    if (!lme_evaluate(r, node->binary.left, &left, err) ||
        !lme_evaluate(r, node->binary.right, &right, err))
        return false;
    lme_operation o = {.rendering = r,
                       .at = node->at,
                       .operator= node->binary.operator,
                       .left = & left,
                       .right = &right};
    return lme_arithmetic(&o, value, err);
}

/* a < b < c: every middle operand is evaluated once, and nothing behind the first false. */
static bool evaluate_compare(lme_rendering *r, const lme_node *node, lme_value *value,
                             lme_error *err)
{
    lme_value left, right;
    bool holds = true;
    if (!lme_evaluate(r, node->compare.first, &left, err))
        return false;
    for (size_t i = 0; i < node->compare.len && holds; i++) {
        const lme_comparison *comparison = &node->compare.rest[i];
        if (!lme_evaluate(r, comparison->right, &right, err))
            return false;
        lme_operation o = {.rendering = r,
                           .at = comparison->at,
                           .operator= comparison->operator,
                           .left = & left,
                           .right = &right};
        if (!lme_compare(&o, &holds, err))
            return false;
        left = right;
    }
    *value = lme_bool(holds);
    return true;
}

static bool evaluate_condition(lme_rendering *r, const lme_node *node, lme_value *value,
                               lme_error *err)
{
    lme_value test;
    bool truth;
    if (!lme_evaluate(r, node->condition.test, &test, err) ||
        !lme_truth_of(r, node->condition.test->at, &test, &truth, err))
        return false;
    if (truth)
        return lme_evaluate(r, node->condition.yes, value, err);
    if (node->condition.no != NULL)
        return lme_evaluate(r, node->condition.no, value, err);
    *value = lme_empty_undefined();
    return true;
}

static bool evaluate_attribute(lme_rendering *r, const lme_node *node, lme_value *value,
                               lme_error *err)
{
    lme_value object;
    return lme_evaluate(r, node->attribute.object, &object, err) &&
           lme_attribute(r, node->at, &object, node->attribute.name, value, err);
}

static bool evaluate_item(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    lme_value object, index;
    return lme_evaluate(r, node->item.object, &object, err) &&
           lme_evaluate(r, node->item.index, &index, err) &&
           lme_item(r, node->at, &object, &index, value, err);
}

static bool evaluate_bound(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    *value = lme_null();
    return node == NULL || lme_evaluate(r, node, value, err);
}

static bool evaluate_slice(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    lme_value object;
    lme_slice_bounds bounds;
    return lme_evaluate(r, node->slice.object, &object, err) &&
           evaluate_bound(r, node->slice.start, &bounds.start, err) &&
           evaluate_bound(r, node->slice.stop, &bounds.stop, err) &&
           evaluate_bound(r, node->slice.step, &bounds.step, err) &&
           lme_slice(r, node->at, &object, &bounds, value, err);
}

static bool evaluate(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    switch ((int)node->kind) {
    case LME_NODE_CONSTANT:
        *value = node->constant;
        return true;
    case LME_NODE_NAME:
        *value = lme_name_value(r, node->name);
        return true;
    case LME_NODE_LIST:
    case LME_NODE_TUPLE:
        return evaluate_items(r, node, value, err);
    case LME_NODE_DICT:
        return evaluate_dict(r, node, value, err);
    case LME_NODE_CONCAT:
        return evaluate_concat(r, node, value, err);
    case LME_NODE_NEGATIVE:
    case LME_NODE_POSITIVE:
        return evaluate_sign(r, node, value, err);
    case LME_NODE_NOT:
        return evaluate_not(r, node, value, err);
    case LME_NODE_ARITHMETIC:
        return evaluate_arithmetic(r, node, value, err);
    case LME_NODE_AND:
    case LME_NODE_OR:
        return evaluate_logical(r, node, value, err);
    case LME_NODE_COMPARE:
        return evaluate_compare(r, node, value, err);
    case LME_NODE_CONDITION:
        return evaluate_condition(r, node, value, err);
    case LME_NODE_ATTRIBUTE:
        return evaluate_attribute(r, node, value, err);
    case LME_NODE_ITEM:
        return evaluate_item(r, node, value, err);
    case LME_NODE_SLICE:
        return evaluate_slice(r, node, value, err);
    case LME_NODE_CALL:
        return lme_evaluate_call(r, node, NULL, value, err);
    case LME_NODE_FILTER:
    case LME_NODE_TEST:
        return lme_evaluate_use(r, node, value, err);
    case LME_NODE_CAPTURED:
        *value = r->captured;
        return true;
    default:
        LME_BUG(true, "a statement where an expression stands");
        return false;
    }
}

bool lme_evaluate(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    *value = lme_null();
    if (!lme_tick(r, node->at, 1, err) || !lme_enter(r, node->at, err))
        return false;
    bool fine = evaluate(r, node, value, err);
    lme_leave(r);
    return fine;
}

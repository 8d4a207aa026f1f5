/* Tags: printing, choices, assignments, blocks. */
#include "convert.h"
#include "eval.h"
#include "operators.h"

static bool print(lme_rendering *r, const lme_node *node, lme_error *err)
{
    for (size_t i = 0; i < node->items.len; i++) {
        const lme_node *item = node->items.items[i];
        lme_value value;
        lme_str text;
        if (!lme_evaluate(r, item, &value, err) || !lme_text_of(r, item->at, &value, &text, err) ||
            !lme_put(r, item->at, text, err))
            return false;
    }
    return true;
}

static bool choose(lme_rendering *r, const lme_node *node, lme_error *err)
{
    for (size_t i = 0; i < node->choice.len; i++) {
        const lme_branch *branch = &node->choice.branches[i];
        lme_value test;
        bool truth;
        if (!lme_evaluate(r, branch->test, &test, err) ||
            !lme_truth_of(r, branch->test->at, &test, &truth, err))
            return false;
        if (truth)
            return lme_execute(r, branch->body, err);
    }
    return lme_execute(r, node->choice.otherwise, err);
}

static bool assign_field(lme_rendering *r, const lme_node *target, const lme_value *value,
                         lme_error *err)
{
    lme_value space = lme_name_value(r, target->field.space);
    if (space.kind == LME_UNDEFINED)
        return lme_missing_fail(r, target->at, &space, err);
    lme_namespace *fields = lme_thing_of(&space, LME_THING_NAMESPACE);
    if (fields == NULL) {
        lme_source_fail(r->source, target->at, LME_ERR_TEMPLATE, err,
                        "cannot set an attribute of %s: expected a namespace",
                        lme_type_name(&space));
        return lme_hint(err, "make one with {%% set %.*s = namespace() %%}",
                        LME_STR_ARG(target->field.space));
    }
    if (!lme_tick(r, target->at, fields->fields.len / 16, err))
        return false;
    lme_map_put(&fields->fields, lme_string(target->field.name), *value);
    return true;
}

bool lme_assign(lme_rendering *r, const lme_node *target, const lme_value *value, lme_error *err)
{
    if (target->kind == LME_NODE_NAME) {
        lme_scope_set(r, r->scope, target->name, *value);
        return true;
    }
    if (target->kind == LME_NODE_FIELD)
        return assign_field(r, target, value, err);
    lme_items items;
    if (!lme_items_of(r, target->at, value, &items, err))
        return false;
    if (items.len != target->items.len)
        return lme_source_fail(r->source, target->at, LME_ERR_TEMPLATE, err,
                               "cannot unpack: got %zu values for %zu names", items.len,
                               target->items.len);
    for (size_t i = 0; i < items.len; i++) {
        if (!lme_assign(r, target->items.items[i], &items.items[i], err))
            return false;
    }
    return true;
}

static bool set(lme_rendering *r, const lme_node *node, lme_error *err)
{
    lme_value value;
    return lme_evaluate(r, node->set.value, &value, err) &&
           lme_assign(r, node->set.target, &value, err);
}

bool lme_capture(lme_rendering *r, lme_node_list body, lme_scope *scope, lme_str *text,
                 lme_error *err)
{
    lme_scope *outer_scope = r->scope;
    lme_builder *outer_out = r->out;
    lme_builder out = {.arena = r->arena};
    r->scope = scope;
    r->out = &out;
    bool fine = lme_execute(r, body, err);
    r->scope = outer_scope;
    r->out = outer_out;
    *text = lme_builder_finish(&out);
    return fine;
}

/* The text of a block through its filters. */
static bool filter_block(lme_rendering *r, const lme_node *node, lme_value *value, lme_error *err)
{
    lme_str text;
    if (!lme_capture(r, node->block.body, lme_scope_new(r, r->scope), &text, err))
        return false;
    lme_value outer = r->captured;
    r->captured = lme_string(text);
    bool fine = lme_evaluate(r, node->block.filters, value, err);
    r->captured = outer;
    return fine;
}

static bool set_block(lme_rendering *r, const lme_node *node, lme_error *err)
{
    lme_value value;
    return filter_block(r, node, &value, err) && lme_assign(r, node->block.target, &value, err);
}

static bool print_filter_block(lme_rendering *r, const lme_node *node, lme_error *err)
{
    lme_value value;
    lme_str text;
    return filter_block(r, node, &value, err) && lme_text_of(r, node->at, &value, &text, err) &&
           lme_put(r, node->at, text, err);
}

/* Values are those from outside; the names exist inside only. */
static bool with(lme_rendering *r, const lme_node *node, lme_error *err)
{
    lme_scope *outer = r->scope, *inner = lme_scope_new(r, r->scope);
    bool fine = true;
    for (size_t i = 0; i < node->with.targets.len && fine; i++) {
        lme_value value;
        fine = lme_evaluate(r, node->with.values.items[i], &value, err);
        r->scope = inner;
        fine = fine && lme_assign(r, node->with.targets.items[i], &value, err);
        r->scope = outer;
    }
    r->scope = inner;
    fine = fine && lme_execute(r, node->with.body, err);
    r->scope = outer;
    return fine;
}

static lme_value macro_value(lme_rendering *r, const lme_node *node, const lme_macro_node *macro)
{
    lme_macro *made = LME_NEW(r->arena, lme_macro);
    *made = (lme_macro){.node = macro, .at = node->at, .outside = lme_scope_keep(r)};
    return lme_thing_value(r->arena, LME_THING_MACRO, made);
}

static bool print_call_block(lme_rendering *r, const lme_node *node, lme_error *err)
{
    lme_value caller = macro_value(r, node, &node->call_block.caller), value;
    lme_str text;
    return lme_evaluate_call(r, node->call_block.call, &caller, &value, err) &&
           lme_text_of(r, node->at, &value, &text, err) && lme_put(r, node->at, text, err);
}

static bool execute(lme_rendering *r, const lme_node *node, lme_error *err)
{
    switch ((int)node->kind) {
    case LME_NODE_TEXT:
        return lme_put(r, node->at, node->text, err);
    case LME_NODE_PRINT:
        return print(r, node, err);
    case LME_NODE_IF:
        return choose(r, node, err);
    case LME_NODE_FOR:
        return lme_execute_for(r, node, err);
    case LME_NODE_SET:
        return set(r, node, err);
    case LME_NODE_SET_BLOCK:
        return set_block(r, node, err);
    case LME_NODE_FILTER_BLOCK:
        return print_filter_block(r, node, err);
    case LME_NODE_WITH:
        return with(r, node, err);
    case LME_NODE_MACRO:
        lme_scope_set(r, r->scope, node->macro.name, macro_value(r, node, &node->macro));
        return true;
    case LME_NODE_CALL_BLOCK:
        return print_call_block(r, node, err);
    default:
        LME_BUG(true, "an expression where a statement stands");
        return false;
    }
}

bool lme_execute(lme_rendering *r, lme_node_list body, lme_error *err)
{
    for (size_t i = 0; i < body.len; i++) {
        const lme_node *node = body.items[i];
        if (!lme_tick(r, node->at, 1, err) || !lme_enter(r, node->at, err))
            return false;
        bool fine = execute(r, node, err);
        lme_leave(r);
        if (!fine)
            return false;
    }
    return true;
}

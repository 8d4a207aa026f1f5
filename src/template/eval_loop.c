/* {% for %}: items are read whole, filtered by the inline `if`, then walked. Each round has a scope
 * of its own, so that what it sets is gone in the next.
 */
#include "convert.h"
#include "eval.h"

/* Items for which the loop's own `if` holds. */
static bool filter_items(lme_rendering *r, const lme_node *node, lme_items *items, lme_error *err)
{
    lme_value *kept = lme_room_for(r, node->at, items->len, sizeof *kept, err);
    if (kept == NULL)
        return false;
    lme_scope *outside = r->scope;
    size_t n = 0;
    bool fine = true;
    lme_scope *inside = lme_scope_new(r, outside);
    for (size_t i = 0; i < items->len && fine; i++) {
        lme_value test;
        bool truth = false;
        inside = lme_scope_next(r, inside);
        r->scope = inside;
        fine = lme_assign(r, node->loop.target, &items->items[i], err) &&
               lme_evaluate(r, node->loop.condition, &test, err) &&
               lme_truth_of(r, node->loop.condition->at, &test, &truth, err);
        if (truth)
            kept[n++] = items->items[i];
    }
    r->scope = outside;
    *items = (lme_items){kept, n};
    return fine;
}

static bool walk(lme_rendering *r, lme_loop *loop, lme_error *err)
{
    const lme_node *node = loop->node;
    lme_scope *outside = r->scope;
    lme_value itself = lme_thing_value(r->arena, LME_THING_LOOP, loop);
    bool fine = true;
    lme_scope *inside = lme_scope_new(r, outside);
    for (loop->index = 0; loop->index < loop->items.len && fine; loop->index++) {
        inside = lme_scope_next(r, inside);
        r->scope = inside;
        lme_scope_set(r, r->scope, LME_STR("loop"), itself);
        fine = lme_tick(r, node->at, 1, err) &&
               lme_assign(r, node->loop.target, &loop->items.items[loop->index], err) &&
               lme_execute(r, node->loop.body, err);
    }
    r->scope = outside;
    return fine;
}

static bool run(lme_rendering *r, const lme_node *node, const lme_value *sequence, size_t depth,
                lme_error *err)
{
    lme_items items;
    if (!lme_items_of(r, node->loop.items->at, sequence, &items, err) ||
        (node->loop.condition != NULL && !filter_items(r, node, &items, err)))
        return false;
    if (items.len == 0) {
        lme_scope *outside = r->scope;
        r->scope = lme_scope_new(r, outside);
        bool fine = lme_execute(r, node->loop.otherwise, err);
        r->scope = outside;
        return fine;
    }
    lme_loop *loop = LME_NEW(r->arena, lme_loop);
    lme_scope *outside = node->loop.recursive ? lme_scope_keep(r) : r->scope;
    *loop = (lme_loop){.node = node, .outside = outside, .items = items, .depth = depth};
    return walk(r, loop, err);
}

bool lme_execute_for(lme_rendering *r, const lme_node *node, lme_error *err)
{
    lme_value sequence;
    return lme_evaluate(r, node->loop.items, &sequence, err) && run(r, node, &sequence, 0, err);
}

/* loop(items) in a loop marked `recursive`: its text with these items. */
bool lme_call_loop(lme_rendering *r, size_t at, const lme_loop *loop,
                   const lme_arguments *arguments, lme_value *result, lme_error *err)
{
    if (!loop->node->loop.recursive)
        return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                               "only a loop marked `recursive` can be called");
    if (arguments->positional.len != 1 || arguments->n_keywords > 0)
        return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                               "a recursive loop is called with one argument, its items");
    lme_scope *inside = r->scope;
    lme_builder *outer_out = r->out;
    lme_builder out = {.arena = r->arena};
    if (!lme_enter(r, at, err))
        return false;
    r->scope = loop->outside;
    r->out = &out;
    bool fine = run(r, loop->node, &arguments->positional.items[0], loop->depth + 1, err);
    r->scope = inside;
    r->out = outer_out;
    lme_leave(r);
    *result = lme_string(lme_builder_finish(&out));
    return fine;
}

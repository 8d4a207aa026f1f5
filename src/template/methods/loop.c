/* loop.cycle and loop.changed. */
#include "arguments.h"
#include "operators.h"
#include "things.h"

static bool cycle(const lme_invocation *use, lme_value *result, lme_error *err)
{
    const lme_loop *loop = lme_thing_of(&use->subject, LME_THING_LOOP);
    if (use->n_rest == 0)
        return lme_use_fail(use, err, "expected at least one value");
    *result = use->rest[loop->index % use->n_rest];
    return true;
}

const lme_callable lme_template_method_loop_cycle = {
    .name = "cycle",
    .summary = "one of the values in turn, a round of the loop each",
    .takes = LME_TAKES_REST,
    .kinds = 1u << LME_OPAQUE,
    .call = cycle,
};

static bool changed(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_loop *loop = lme_thing_of(&use->subject, LME_THING_LOOP);
    lme_value before = {.kind = LME_TUPLE,
                        .list = {loop->changed_value.items, loop->changed_value.len}};
    lme_value now = {.kind = LME_TUPLE, .list = {use->rest, use->n_rest}};
    bool same = false;
    if (loop->has_changed_value && !lme_equals(use->rendering, use->at, &before, &now, &same, err))
        return false;
    loop->has_changed_value = true;
    loop->changed_value = (lme_items){use->rest, use->n_rest};
    *result = lme_bool(!same);
    return true;
}

const lme_callable lme_template_method_loop_changed = {
    .name = "changed",
    .summary = "the values differ from those of the call before",
    .takes = LME_TAKES_REST,
    .kinds = 1u << LME_OPAQUE,
    .call = changed,
};

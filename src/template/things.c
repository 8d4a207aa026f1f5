/* Ranges, streams, views, namespaces, loops, macros: making them, their names and texts. */
#include "things.h"

#include <inttypes.h>

lme_value lme_thing_value(lme_arena *arena, lme_thing kind, void *thing)
{
    lme_handle *handle = LME_NEW(arena, lme_handle);
    handle->thing = thing;
    return (lme_value){.kind = LME_OPAQUE, .opaque = {.ptr = handle, .tag = (size_t)kind}};
}

void *lme_thing_of(const lme_value *v, lme_thing kind)
{
    if (v->kind != LME_OPAQUE || v->opaque.tag != (size_t)kind)
        return NULL;
    const lme_handle *handle = v->opaque.ptr;
    return handle->thing;
}

lme_value lme_bind(lme_arena *arena, lme_thing kind, const lme_callable *row, lme_value subject)
{
    lme_bound *bound = LME_NEW(arena, lme_bound);
    *bound = (lme_bound){.row = row, .subject = subject};
    return lme_thing_value(arena, kind, bound);
}

lme_value lme_stream_value(lme_arena *arena, lme_items items)
{
    lme_stream *stream = LME_NEW(arena, lme_stream);
    stream->items = items;
    return lme_thing_value(arena, LME_THING_STREAM, stream);
}

const char *lme_type_name(const lme_value *v)
{
    static const char *const things[] = {
        [LME_THING_RANGE] = "range",        [LME_THING_STREAM] = "sequence that is read once",
        [LME_THING_VIEW] = "view of a map", [LME_THING_NAMESPACE] = "namespace",
        [LME_THING_LOOP] = "loop",          [LME_THING_MACRO] = "macro",
        [LME_THING_METHOD] = "method",      [LME_THING_FUNCTION] = "function",
    };
    return v->kind == LME_OPAQUE ? things[v->opaque.tag] : lme_kind_name(v->kind);
}

static lme_str range_text(lme_arena *arena, const lme_range *range)
{
    if (range->step == 1)
        return lme_str_format(arena, "range(%" PRId64 ", %" PRId64 ")", range->start, range->stop);
    return lme_str_format(arena, "range(%" PRId64 ", %" PRId64 ", %" PRId64 ")", range->start,
                          range->stop, range->step);
}

static lme_str wrapped(lme_arena *arena, const char *before, const lme_value *v, const char *after)
{
    lme_builder text = {.arena = arena};
    lme_builder_add(&text, lme_str_from(before));
    lme_builder_add(&text, lme_value_repr(arena, v));
    lme_builder_add(&text, lme_str_from(after));
    return lme_builder_finish(&text);
}

bool lme_thing_text(lme_arena *arena, const lme_value *v, lme_str *text)
{
    const lme_handle *handle = v->opaque.ptr;
    switch ((lme_thing)v->opaque.tag) {
    case LME_THING_RANGE:
        *text = range_text(arena, handle->thing);
        return true;
    case LME_THING_VIEW: {
        const lme_view *view = handle->thing;
        lme_value list = {.kind = LME_LIST, .list = {view->items.items, view->items.len}};
        lme_str name = lme_str_format(arena, "%s(", view->name);
        *text = wrapped(arena, name.ptr, &list, ")");
        return true;
    }
    case LME_THING_NAMESPACE: {
        lme_namespace *space = handle->thing;
        lme_value map = lme_map_finish(&space->fields);
        *text = wrapped(arena, "<Namespace ", &map, ">");
        return true;
    }
    case LME_THING_LOOP: {
        const lme_loop *loop = handle->thing;
        *text = lme_str_format(arena, "<LoopContext %zu/%zu>", loop->index + 1, loop->items.len);
        return true;
    }
    case LME_THING_MACRO: {
        const lme_macro *macro = handle->thing;
        lme_value name = lme_string(macro->node->name);
        *text = wrapped(arena, "<Macro ", &name, ">");
        return true;
    }
    case LME_THING_STREAM:
    case LME_THING_METHOD:
    case LME_THING_FUNCTION:
        break;
    }
    return false;
}

static bool loop_item(lme_rendering *r, const lme_loop *loop, lme_str name, lme_value *value)
{
    if (lme_str_is(name, "previtem")) {
        *value = loop->index > 0
                     ? loop->items.items[loop->index - 1]
                     : lme_missing_because(r, LME_STR("the first round of a loop has no "
                                                      "loop.previtem"));
        return true;
    }
    if (lme_str_is(name, "nextitem")) {
        *value = loop->index + 1 < loop->items.len
                     ? loop->items.items[loop->index + 1]
                     : lme_missing_because(r, LME_STR("the last round of a loop has no "
                                                      "loop.nextitem"));
        return true;
    }
    return false;
}

static bool loop_attribute(lme_rendering *r, const lme_loop *loop, lme_str name, lme_value *value)
{
    size_t last = loop->items.len - 1;
    const struct {
        const char *name;
        size_t value;
    } numbers[] = {
        {"index", loop->index + 1},
        {"index0", loop->index},
        {"revindex", last - loop->index + 1},
        {"revindex0", last - loop->index},
        {"length", loop->items.len},
        {"depth", loop->depth + 1},
        {"depth0", loop->depth},
    };
    for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++) {
        if (lme_str_is(name, numbers[i].name)) {
            *value = lme_int((int64_t)numbers[i].value);
            return true;
        }
    }
    if (lme_str_is(name, "first"))
        *value = lme_bool(loop->index == 0);
    else if (lme_str_is(name, "last"))
        *value = lme_bool(loop->index == last);
    else
        return loop_item(r, loop, name, value);
    return true;
}

static bool macro_attribute(lme_rendering *r, const lme_macro_node *node, lme_str name,
                            lme_value *value)
{
    if (lme_str_is(name, "name")) {
        *value = lme_string(node->name);
    } else if (lme_str_is(name, "arguments")) {
        lme_list_builder names = {.arena = r->arena};
        for (size_t i = 0; i < node->n_parameters; i++)
            lme_list_add(&names, lme_string(node->parameters[i].name));
        *value = lme_list_finish(&names);
        value->kind = LME_TUPLE;
    } else if (lme_str_is(name, "catch_kwargs")) {
        *value = lme_bool(node->uses_kwargs);
    } else if (lme_str_is(name, "catch_varargs")) {
        *value = lme_bool(node->uses_varargs);
    } else if (lme_str_is(name, "caller")) {
        *value = lme_bool(node->uses_caller);
    } else {
        return false;
    }
    return true;
}

bool lme_thing_attribute(lme_rendering *r, const lme_value *v, lme_str name, lme_value *value)
{
    lme_namespace *space = lme_thing_of(v, LME_THING_NAMESPACE);
    if (space != NULL) {
        lme_value map = lme_map_finish(&space->fields);
        const lme_value *found = lme_value_get(&map, name);
        if (found != NULL)
            *value = *found;
        return found != NULL;
    }
    const lme_loop *loop = lme_thing_of(v, LME_THING_LOOP);
    if (loop != NULL)
        return loop_attribute(r, loop, name, value);
    const lme_macro *macro = lme_thing_of(v, LME_THING_MACRO);
    return macro != NULL && macro_attribute(r, macro->node, name, value);
}

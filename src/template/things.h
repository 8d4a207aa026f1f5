/* Values that only templates have (kind OPAQUE): what they are, how they are made and taken apart.
 * The handle in between lets a thing change although values are constant. */
#ifndef LMEVAL_TEMPLATE_THINGS_H
#define LMEVAL_TEMPLATE_THINGS_H

#include "ast.h"
#include "rendering.h"

typedef enum lme_thing {
    LME_THING_RANGE,
    LME_THING_STREAM,    /* what map, select, reverse ... give: can be read once */
    LME_THING_VIEW,      /* dict.keys(), .values(), .items() */
    LME_THING_NAMESPACE, /* the one thing that `set` can change inside */
    LME_THING_LOOP,
    LME_THING_MACRO,
    LME_THING_METHOD,   /* of a value, not yet called */
    LME_THING_FUNCTION, /* range, dict, ... */
} lme_thing;

typedef struct lme_handle {
    void *thing;
} lme_handle;

typedef struct lme_items {
    const lme_value *items;
    size_t len;
} lme_items;

typedef struct lme_range {
    int64_t start, stop, step;
    size_t len;
} lme_range;

typedef struct lme_stream {
    lme_items items; /* those not read yet */
} lme_stream;

typedef struct lme_view {
    const char *name; /* "dict_keys" */
    lme_items items;
} lme_view;

typedef struct lme_namespace {
    lme_map_builder fields;
} lme_namespace;

typedef struct lme_loop {
    const lme_node *node;
    lme_scope *outside; /* where the loop stands: a recursive call renders there */
    lme_items items;
    size_t index; /* from 0 */
    size_t depth; /* of recursion, from 0 */
    bool has_changed_value;
    lme_items changed_value;
} lme_loop;

typedef struct lme_macro {
    const lme_macro_node *node;
    size_t at;
    lme_scope *outside;
} lme_macro;

/* METHOD, FUNCTION */
typedef struct lme_bound {
    const lme_callable *row;
    lme_value subject;
} lme_bound;

lme_value lme_thing_value(lme_arena *arena, lme_thing kind, void *thing);

/* NULL when the value is no such thing. */
void *lme_thing_of(const lme_value *v, lme_thing kind);

lme_value lme_bind(lme_arena *arena, lme_thing kind, const lme_callable *row, lme_value subject);
lme_value lme_stream_value(lme_arena *arena, lme_items items);

/* "text", "range", ...: for messages. */
const char *lme_type_name(const lme_value *v);

/* Text of a range, view, namespace, loop or macro; false for things that have none. */
bool lme_thing_text(lme_arena *arena, const lme_value *v, lme_str *text);

/* loop.index, macro.name and their like; false when there is none of that name. */
bool lme_thing_attribute(lme_rendering *r, const lme_value *v, lme_str name, lme_value *value);

#endif

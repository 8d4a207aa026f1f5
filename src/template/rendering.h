/* The state of one rendering: where text goes, which names are set, what was spent, and what was
 * looked up in vain (values of kind UNDEFINED point into that list, so that the error comes where
 * such a value is used and can still say what it was). */
#ifndef LMEVAL_TEMPLATE_RENDERING_H
#define LMEVAL_TEMPLATE_RENDERING_H

#include "source.h"

#include <lmeval/regex.h>
#include <lmeval/value.h>

typedef struct lme_binding {
    lme_str name;
    lme_value value;
} lme_binding;

/* Names set in one body; a name that is not here is looked up in the parent. */
typedef struct lme_scope lme_scope;
struct lme_scope {
    lme_scope *parent;
    lme_binding *bindings;
    size_t len, capacity;
    bool is_kept; /* a macro or recursive loop made inside refers to it */
};

/* Something that was looked up and is not there. */
typedef struct lme_missing {
    lme_str name;
    lme_value owner; /* kind UNDEFINED: the name of a variable */
    lme_str why;     /* "" or the whole message */
} lme_missing;

typedef struct lme_pattern {
    lme_str text;
    lme_regex *regex;
} lme_pattern;

typedef struct lme_rendering {
    lme_arena *arena;
    const lme_source *source;
    const lme_value *variables; /* a map */
    lme_builder *out;           /* where printed text goes */
    lme_scope *scope;
    lme_value captured; /* text of the filter block or block set at hand */
    size_t steps, depth;
    size_t used_before; /* the arena's, when the rendering began */
    lme_missing *missing;
    size_t n_missing, missing_capacity;
    lme_pattern *patterns; /* of regex_replace, compiled once a rendering */
    size_t n_patterns, patterns_capacity;
} lme_rendering;

/* Counts work; LME_ERR_LIMIT when there was too much of it, or when it took too much memory. */
bool lme_tick(lme_rendering *r, size_t at, size_t steps, lme_error *err) LME_MUST_CHECK;

/* A level of evaluation down; every enter that returned true needs its leave. */
bool lme_enter(lme_rendering *r, size_t at, lme_error *err) LME_MUST_CHECK;
void lme_leave(lme_rendering *r);

/* LME_ERR_LIMIT when a text of so many bytes is longer than limits.h allows. */
bool lme_text_fits(lme_rendering *r, size_t at, size_t bytes, lme_error *err) LME_MUST_CHECK;

/* Appends to the output at hand. */
bool lme_put(lme_rendering *r, size_t at, lme_str text, lme_error *err) LME_MUST_CHECK;

/* n * size bytes for a result, after the steps for them were counted: NULL and an error when that
 * is too much. */
void *lme_room_for(lme_rendering *r, size_t at, size_t n, size_t size, lme_error *err);

lme_scope *lme_scope_new(lme_rendering *r, lme_scope *parent);
/* The scope of a loop's next round: the last one emptied, or a new one when that one is kept. */
lme_scope *lme_scope_next(lme_rendering *r, lme_scope *last);
/* The current scope for something that outlives it. */
lme_scope *lme_scope_keep(lme_rendering *r);
void lme_scope_set(lme_rendering *r, lme_scope *scope, lme_str name, lme_value value);

/* A name's value from the scopes, the variables, the functions; UNDEFINED when it has none. */
lme_value lme_name_value(lme_rendering *r, lme_str name);

/* UNDEFINED values: an attribute or item that `owner` lacks, and one with a message of its own. */
lme_value lme_missing_from(lme_rendering *r, const lme_value *owner, lme_str name);
lme_value lme_missing_because(lme_rendering *r, lme_str why);

/* What an inline `if` without `else` gives: it prints as nothing. */
lme_value lme_empty_undefined(void);
bool lme_is_strict(const lme_value *v); /* UNDEFINED, and using it is an error */

/* The error of using an UNDEFINED value. Returns false. */
bool lme_missing_fail(lme_rendering *r, size_t at, const lme_value *undefined, lme_error *err);

#endif

/* set: {column: template, ...}: columns made in order, each seeing those before it. A template that
 * is one {{ expression }} keeps its type; what is no text is a constant. */
#include "../settings.h"
#include "step.h"

#include <lmeval/template.h>

typedef struct column {
    lme_str name;
    lme_value constant;
    lme_template *made; /* NULL: the constant */
} column;

typedef struct set {
    column *columns;
    size_t n;
} set;

static bool prepare(lme_arena *arena, const lme_value *argument, const char *file, void **state,
                    lme_error *err)
{
    lme_place at = lme_place_of(file, argument);
    if (argument->kind != LME_MAP)
        return lme_fail(err, LME_ERR_TASK, &at, "set wants a map from column to template, got %s",
                        lme_kind_name(argument->kind));
    set *s = LME_NEW(arena, set);
    s->n = argument->map.len;
    s->columns = LME_ARRAY(arena, column, s->n);
    for (size_t i = 0; i < s->n; i++) {
        const lme_pair *pair = &argument->map.pairs[i];
        lme_place value_at = lme_place_of(file, &pair->value);
        s->columns[i].name = lme_value_str(arena, &pair->key);
        s->columns[i].constant = pair->value;
        if (pair->value.kind == LME_STRING &&
            !lme_template_compile(arena, pair->value.string, &value_at, &s->columns[i].made, err))
            return false;
    }
    *state = s;
    return true;
}

static bool apply(lme_arena *arena, const void *state, const lme_value *row, lme_list_builder *out,
                  lme_error *err)
{
    const set *s = state;
    lme_value made = *row;
    for (size_t i = 0; i < s->n; i++) {
        const column *c = &s->columns[i];
        lme_value value = c->constant;
        if (c->made != NULL && !lme_template_value(arena, c->made, &made, &value, err))
            return lme_while(err, "making the column %.*s", LME_STR_ARG(c->name));
        made = lme_value_with(arena, &made, c->name, value);
    }
    lme_list_add(out, made);
    return true;
}

const lme_step lme_step_set = {
    .name = "set",
    .summary = "makes columns, in order: `set: {column: template, ...}`",
    .prepare = prepare,
    .apply = apply,
};

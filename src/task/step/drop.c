/* drop: [column, ...]: the row without these columns. */
#include "../settings.h"
#include "step.h"

typedef struct drop {
    const lme_value *names; /* list of texts */
    const char *file;
} drop;

static bool prepare(lme_arena *arena, const lme_value *argument, const char *file, void **state,
                    lme_error *err)
{
    lme_place at = lme_place_of(file, argument);
    if (argument->kind != LME_LIST)
        return lme_fail(err, LME_ERR_TASK, &at, "drop wants a list of columns, got %s",
                        lme_kind_name(argument->kind));
    for (size_t i = 0; i < argument->list.len; i++) {
        const lme_value *name = &argument->list.items[i];
        lme_place name_at = lme_place_of(file, name);
        if (name->kind != LME_STRING)
            return lme_fail(err, LME_ERR_TASK, &name_at, "drop wants names of columns, got %s",
                            lme_kind_name(name->kind));
    }
    drop *d = LME_NEW(arena, drop);
    *d = (drop){argument, file};
    *state = d;
    return true;
}

static bool is_dropped(const drop *d, const lme_value *key)
{
    for (size_t i = 0; i < d->names->list.len; i++) {
        if (lme_value_equal(&d->names->list.items[i], key))
            return true;
    }
    return false;
}

static bool apply(lme_arena *arena, const void *state, const lme_value *row, lme_list_builder *out,
                  lme_error *err)
{
    const drop *d = state;
    for (size_t i = 0; i < d->names->list.len; i++) {
        const lme_value *name = &d->names->list.items[i];
        lme_place at = lme_place_of(d->file, name);
        if (lme_value_get(row, name->string) == NULL)
            return lme_step_missing_column(arena, name->string, row, &at, err);
    }
    lme_map_builder left = {.arena = arena};
    for (size_t i = 0; i < row->map.len; i++) {
        if (!is_dropped(d, &row->map.pairs[i].key))
            lme_map_add_pair(&left, row->map.pairs[i].key, row->map.pairs[i].value);
    }
    lme_list_add(out, lme_map_finish(&left));
    return true;
}

const lme_step lme_step_drop = {
    .name = "drop",
    .summary = "takes columns out: `drop: [column, ...]`",
    .prepare = prepare,
    .apply = apply,
};

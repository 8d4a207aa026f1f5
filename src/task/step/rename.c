/* rename: {old: new, ...}: columns under new names, in their places. */
#include "../settings.h"
#include "step.h"

typedef struct rename_step {
    const lme_value *names; /* map: old -> new, texts */
    const char *file;
} rename_step;

static bool prepare(lme_arena *arena, const lme_value *argument, const char *file, void **state,
                    lme_error *err)
{
    lme_place at = lme_place_of(file, argument);
    if (argument->kind != LME_MAP)
        return lme_fail(err, LME_ERR_TASK, &at, "rename wants a map from old to new name, got %s",
                        lme_kind_name(argument->kind));
    for (size_t i = 0; i < argument->map.len; i++) {
        const lme_pair *pair = &argument->map.pairs[i];
        lme_place pair_at = lme_place_of(file, &pair->key);
        if (pair->key.kind != LME_STRING || pair->value.kind != LME_STRING)
            return lme_fail(err, LME_ERR_TASK, &pair_at,
                            "rename wants names of columns, got %s: %s",
                            lme_kind_name(pair->key.kind), lme_kind_name(pair->value.kind));
        for (size_t j = 0; j < i; j++) {
            if (lme_value_equal(&argument->map.pairs[j].value, &pair->value))
                return lme_fail(err, LME_ERR_TASK, &pair_at,
                                "rename gives two columns the name \"%.*s\"",
                                LME_STR_ARG(pair->value.string));
        }
    }
    rename_step *r = LME_NEW(arena, rename_step);
    *r = (rename_step){argument, file};
    *state = r;
    return true;
}

static bool check_names(lme_arena *arena, const rename_step *r, const lme_value *row,
                        lme_error *err)
{
    for (size_t i = 0; i < r->names->map.len; i++) {
        const lme_pair *pair = &r->names->map.pairs[i];
        lme_place at = lme_place_of(r->file, &pair->key);
        if (lme_value_get(row, pair->key.string) == NULL)
            return lme_step_missing_column(arena, pair->key.string, row, &at, err);
        if (lme_value_get(row, pair->value.string) == NULL ||
            lme_value_get(r->names, pair->value.string) != NULL)
            continue;
        at = lme_place_of(r->file, &pair->value);
        lme_fail(err, LME_ERR_DATA, &at, "the row has a column \"%.*s\" already",
                 LME_STR_ARG(pair->value.string));
        return lme_hint(err, "drop it first");
    }
    return true;
}

static bool apply(lme_arena *arena, const void *state, const lme_value *row, lme_list_builder *out,
                  lme_error *err)
{
    const rename_step *r = state;
    if (!check_names(arena, r, row, err))
        return false;
    lme_map_builder renamed = {.arena = arena};
    for (size_t i = 0; i < row->map.len; i++) {
        const lme_pair *pair = &row->map.pairs[i];
        const lme_value *name =
            pair->key.kind == LME_STRING ? lme_value_get(r->names, pair->key.string) : NULL;
        lme_map_add_pair(&renamed, name != NULL ? *name : pair->key, pair->value);
    }
    lme_list_add(out, lme_map_finish(&renamed));
    return true;
}

const lme_step lme_step_rename = {
    .name = "rename",
    .summary = "gives columns new names, in their places: `rename: {old: new, ...}`",
    .prepare = prepare,
    .apply = apply,
};

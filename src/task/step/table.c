/* The steps of process_docs, read and applied. */
#include "../columns.h"
#include "../settings.h"
#include "step.h"

#define STEP(name) extern const lme_step lme_step_##name;
#include "list.h"
#undef STEP

#define STEP(name) &lme_step_##name,
static const lme_step *const kinds[] = {
#include "list.h"
};
#undef STEP
enum {
    N_KINDS = sizeof kinds / sizeof kinds[0]
};

const lme_step *const *lme_steps_all(size_t *n)
{
    *n = N_KINDS;
    return kinds;
}

static bool unknown_step(const lme_value *key, const char *file, lme_error *err)
{
    lme_str names[N_KINDS];
    lme_place at = lme_place_of(file, key);
    for (size_t i = 0; i < N_KINDS; i++)
        names[i] = lme_str_from(kinds[i]->name);
    lme_str nearest = lme_str_nearest(key->string, names, N_KINDS);
    lme_fail(err, LME_ERR_TASK, &at, "process_docs has no step \"%.*s\"", LME_STR_ARG(key->string));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "docs/task-format.md lists the steps");
}

static bool read_step(lme_arena *arena, const lme_value *entry, const char *file, lme_step_use *use,
                      lme_error *err)
{
    use->at = lme_place_of(file, entry);
    if (entry->kind != LME_MAP || entry->map.len != 1 ||
        entry->map.pairs[0].key.kind != LME_STRING) {
        lme_fail(err, LME_ERR_TASK, &use->at,
                 "a step of process_docs is a map with one key, got %s",
                 entry->kind == LME_MAP ? "map with another number of keys"
                                        : lme_kind_name(entry->kind));
        return lme_hint(err, "begin each step with a dash: - set: {column: \"{{ template }}\"}");
    }
    const lme_pair *pair = &entry->map.pairs[0];
    for (size_t i = 0; use->step == NULL && i < N_KINDS; i++) {
        if (lme_str_is(pair->key.string, kinds[i]->name))
            use->step = kinds[i];
    }
    if (use->step == NULL)
        return unknown_step(&pair->key, file, err);
    return use->step->prepare(arena, &pair->value, file, &use->state, err) ||
           lme_while(err, "reading the step %s of process_docs", use->step->name);
}

bool lme_steps_read(lme_arena *arena, const lme_value *list, const char *file, lme_steps *steps,
                    lme_error *err)
{
    lme_step_use *uses = LME_ARRAY(arena, lme_step_use, list->list.len);
    for (size_t i = 0; i < list->list.len; i++) {
        if (!read_step(arena, &list->list.items[i], file, &uses[i], err))
            return false;
    }
    *steps = (lme_steps){uses, list->list.len};
    return true;
}

bool lme_steps_change_count(const lme_steps *steps)
{
    for (size_t i = 0; i < steps->len; i++) {
        if (steps->items[i].step->changes_count)
            return true;
    }
    return false;
}

lme_steps lme_steps_begin(lme_arena *arena, const lme_steps *steps)
{
    lme_step_use *uses = LME_ARRAY(arena, lme_step_use, steps->len);
    for (size_t i = 0; i < steps->len; i++) {
        uses[i] = steps->items[i];
        if (uses[i].step->begin != NULL)
            uses[i].state = uses[i].step->begin(arena, uses[i].state);
    }
    return (lme_steps){uses, steps->len};
}

bool lme_steps_apply(lme_arena *arena, const lme_steps *steps, const lme_value *row,
                     lme_value *rows, lme_error *err)
{
    lme_list_builder one = {.arena = arena};
    lme_list_add(&one, *row);
    *rows = lme_list_finish(&one);
    for (size_t i = 0; i < steps->len; i++) {
        const lme_step_use *use = &steps->items[i];
        lme_list_builder out = {.arena = arena};
        for (size_t j = 0; j < rows->list.len; j++) {
            if (use->step->apply(arena, use->state, &rows->list.items[j], &out, err))
                continue;
            lme_place_error(err, &use->at);
            return lme_while(err, "applying step %zu of process_docs (%s)", i + 1, use->step->name);
        }
        *rows = lme_list_finish(&out);
    }
    return true;
}

bool lme_step_missing_column(lme_arena *arena, lme_str name, const lme_value *row,
                             const lme_place *at, lme_error *err)
{
    lme_str columns = lme_columns_text(arena, row);
    lme_str nearest = lme_columns_nearest(arena, row, name);
    lme_fail(err, LME_ERR_DATA, at, "the row has no column \"%.*s\"; it has %.*s",
             LME_STR_ARG(name), LME_STR_ARG(columns));
    return nearest.len > 0 && lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
}

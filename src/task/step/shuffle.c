/* shuffle: {column: name, seed: n}: the items of a list in another order. One generator goes
 * through all rows of a split, in their order, as a task's Python with a random.Random(n) would;
 * every pass over a split begins anew. */
#include "../settings.h"
#include "step.h"

#include <lmeval/random.h>

typedef struct shuffle {
    lme_place at;
    lme_str column;
    int64_t seed;
    lme_random *random; /* of the pass; NULL before it has begun */
} shuffle;

static bool unknown_key(const lme_value *key, const char *file, lme_error *err)
{
    lme_place at = lme_place_of(file, key);
    lme_fail(err, LME_ERR_TASK, &at, "shuffle has no key \"%.*s\"",
             LME_STR_ARG(key->kind == LME_STRING ? key->string : LME_STR("?")));
    return lme_hint(err, "its keys are column and seed");
}

static bool wrong_kind(const lme_value *value, const char *file, const char *expected,
                       lme_error *err)
{
    lme_place at = lme_place_of(file, value);
    return lme_fail(err, LME_ERR_TASK, &at, "shuffle wants %s, got %s", expected,
                    lme_kind_name(value->kind));
}

static bool read_pair(const lme_pair *pair, const char *file, shuffle *s, lme_error *err)
{
    const lme_value *value = &pair->value;
    bool is_text = pair->key.kind == LME_STRING;
    if (is_text && lme_str_is(pair->key.string, "column")) {
        if (value->kind != LME_STRING)
            return wrong_kind(value, file, "a column's name", err);
        s->column = value->string;
        return true;
    }
    if (!is_text || !lme_str_is(pair->key.string, "seed"))
        return unknown_key(&pair->key, file, err);
    if (value->kind != LME_INT)
        return wrong_kind(value, file, "an integer as seed", err);
    s->seed = value->integer;
    return true;
}

static bool prepare(lme_arena *arena, const lme_value *argument, const char *file, void **state,
                    lme_error *err)
{
    shuffle *s = LME_NEW(arena, shuffle);
    s->at = lme_place_of(file, argument);
    if (argument->kind != LME_MAP)
        return wrong_kind(argument, file, "a map with column and seed", err);
    for (size_t i = 0; i < argument->map.len; i++) {
        if (!read_pair(&argument->map.pairs[i], file, s, err))
            return false;
    }
    *state = s;
    return s->column.len > 0 ||
           lme_fail(err, LME_ERR_TASK, &s->at, "shuffle has no column, expected the name of one");
}

static void *begin(lme_arena *arena, const void *state)
{
    shuffle *s = LME_NEW(arena, shuffle);
    *s = *(const shuffle *)state;
    s->random = LME_NEW(arena, lme_random);
    lme_random_seed(s->random, s->seed);
    return s;
}

static bool apply(lme_arena *arena, const void *state, const lme_value *row, lme_list_builder *out,
                  lme_error *err)
{
    const shuffle *s = state;
    const lme_value *list = lme_value_get(row, s->column);
    if (list == NULL)
        return lme_step_missing_column(arena, s->column, row, &s->at, err);
    if (list->kind != LME_LIST)
        return lme_fail(err, LME_ERR_DATA, &s->at, "the column \"%.*s\" is %s, expected a list",
                        LME_STR_ARG(s->column), lme_kind_name(list->kind));
    size_t n = list->list.len;
    size_t *order = LME_ARRAY(arena, size_t, n);
    lme_list_builder shuffled = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        order[i] = i;
    lme_random_shuffle(s->random, order, n);
    for (size_t i = 0; i < n; i++)
        lme_list_add(&shuffled, list->list.items[order[i]]);
    lme_list_add(out, lme_value_with(arena, row, s->column, lme_list_finish(&shuffled)));
    return true;
}

const lme_step lme_step_shuffle = {
    .name = "shuffle",
    .summary = "puts a list's items in another order: `shuffle: {column: name, seed: 42}`",
    .prepare = prepare,
    .begin = begin,
    .apply = apply,
};

#include "rows.h"

static void free_arena(void *scratch)
{
    lme_arena_free(scratch);
}

bool lme_rows_open(lme_arena *arena, const lme_source *source, const lme_steps *steps,
                   lme_rows *rows, lme_error *err)
{
    *rows = (lme_rows){.steps = lme_steps_begin(arena, steps), .scratch = lme_arena_new()};
    lme_arena_on_free(arena, free_arena, rows->scratch);
    return lme_dataset_open(arena, source, &rows->dataset, err);
}

/* Reads rows until the steps leave something of one. */
static bool refill(lme_rows *rows, bool *end, lme_error *err)
{
    rows->at = 0;
    do {
        lme_value row;
        lme_arena_reset(rows->scratch);
        rows->made = lme_null();
        if (!lme_dataset_next(rows->scratch, rows->dataset, &row, end, err))
            return false;
        if (*end)
            return true;
        if (!lme_steps_apply(rows->scratch, &rows->steps, &row, &rows->made, err)) {
            lme_str file = lme_dataset_file(rows->dataset);
            return lme_while(err, "reading row %zu of %.*s", rows->n_read, LME_STR_ARG(file));
        }
        rows->n_read++;
    } while (rows->made.list.len == 0);
    return true;
}

static bool next_made(lme_rows *rows, const lme_value **row, bool *end, lme_error *err)
{
    *end = false;
    if (rows->made.kind != LME_LIST || rows->at == rows->made.list.len) {
        if (!refill(rows, end, err))
            return false;
        if (*end)
            return true;
    }
    *row = &rows->made.list.items[rows->at++];
    return true;
}

bool lme_rows_next(lme_arena *arena, lme_rows *rows, lme_value *row, bool *end, lme_error *err)
{
    const lme_value *made = NULL;
    if (!next_made(rows, &made, end, err))
        return false;
    if (!*end)
        *row = lme_value_copy(arena, made);
    return true;
}

bool lme_rows_skip(lme_rows *rows, bool *end, lme_error *err)
{
    const lme_value *row;
    return next_made(rows, &row, end, err);
}

bool lme_rows_count(lme_rows *rows, size_t *n, lme_error *err)
{
    const lme_value *row;
    bool end = false;
    *n = 0;
    for (;;) {
        if (!next_made(rows, &row, &end, err))
            return false;
        if (end)
            return true;
        (*n)++;
    }
}

/* A .parquet file: the room parquet reads it, this is its row among the readers. */
#include "reader.h"

#include <lmeval/parquet.h>

static const char *const no_keys[] = {NULL};

static bool parquet_open(lme_arena *arena, lme_str path, const lme_value *kwargs, void **state,
                         lme_error *err)
{
    (void)kwargs;
    lme_parquet *file;
    if (!lme_parquet_open(arena, lme_str_cstr(arena, path), &file, err))
        return false;
    *state = file;
    return true;
}

static bool parquet_next(lme_arena *arena, void *state, lme_value *row, bool *end, lme_error *err)
{
    return lme_parquet_next(arena, state, row, end, err);
}

static bool parquet_count(void *state, size_t *n, lme_error *err)
{
    (void)err;
    *n = lme_parquet_rows(state);
    return true;
}

static void parquet_close(void *state)
{
    lme_parquet_close(state);
}

const lme_reader lme_reader_parquet = {
    .name = "parquet",
    .ending = ".parquet",
    .summary = "Apache Parquet, as hubs store data sets",
    .keys = no_keys,
    .open = parquet_open,
    .next = parquet_next,
    .count = parquet_count,
    .close = parquet_close,
};

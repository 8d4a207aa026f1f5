/* The kinds of files that hold rows, in the order in which a folder is searched for them. */
#include "reader.h"
#include "stream.h"

#include <lmeval/hash.h>

#define READER(name) extern const lme_reader lme_reader_##name;
#include "list.h"
#undef READER

#define READER(name) &lme_reader_##name,
static const lme_reader *const readers[] = {
#include "list.h"
};
#undef READER
enum {
    N_READERS = sizeof readers / sizeof readers[0]
};

const lme_reader *const *lme_readers(size_t *n)
{
    *n = N_READERS;
    return readers;
}

const lme_reader *lme_reader_of(lme_str path)
{
    lme_str stem = lme_stream_stem(path);
    for (size_t i = 0; i < N_READERS; i++) {
        if (lme_str_ends(stem, lme_str_from(readers[i]->ending)))
            return readers[i];
    }
    return NULL;
}

const lme_reader *lme_reader_find(lme_str name)
{
    for (size_t i = 0; i < N_READERS; i++) {
        if (lme_str_is(name, readers[i]->name))
            return readers[i];
    }
    return NULL;
}

static bool twice(lme_str name, const lme_place *at, lme_error *err)
{
    lme_fail(err, LME_ERR_DATA, at, "the row has the column \"%.*s\" twice", LME_STR_ARG(name));
    return lme_hint(err, "which of the two is meant?");
}

/* Few columns are compared with each other; many go through a table. */
bool lme_reader_check_row(const lme_value *row, const lme_place *at, lme_error *err)
{
    enum {
        FEW = 16
    };
    if (row->kind != LME_MAP)
        return lme_reader_not_object(row, at, err);
    for (size_t i = 1; row->map.len <= FEW && i < row->map.len; i++) {
        for (size_t j = 0; j < i; j++) {
            if (lme_str_equal(row->map.pairs[i].key.string, row->map.pairs[j].key.string))
                return twice(row->map.pairs[i].key.string, at, err);
        }
    }
    if (row->map.len <= FEW)
        return true;
    lme_arena *scratch = lme_arena_new();
    lme_table *seen = lme_table_new(scratch);
    bool ok = true;
    for (size_t i = 0; ok && i < row->map.len; i++) {
        size_t other;
        lme_str name = row->map.pairs[i].key.string;
        ok = !lme_table_get(seen, name, &other) || twice(name, at, err);
        lme_table_set(seen, name, i);
    }
    lme_arena_free(scratch);
    return ok;
}

bool lme_reader_not_object(const lme_value *row, const lme_place *at, lme_error *err)
{
    lme_fail(err, LME_ERR_DATA, at, "a row is an object, got %s", lme_kind_name(row->kind));
    return lme_hint(err, "a row is {\"column\": value, ...}");
}

/* The kinds of files that hold rows, in the order in which a folder is searched for them. */
#include "reader.h"
#include "stream.h"

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

bool lme_reader_not_object(const lme_value *row, const lme_place *at, lme_error *err)
{
    lme_fail(err, LME_ERR_DATA, at, "a row is an object, got %s", lme_kind_name(row->kind));
    return lme_hint(err, "a row is {\"column\": value, ...}");
}

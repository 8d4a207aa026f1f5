/* A dataset: the files that hold a split, read one after another as one stream of rows, cut to a
 * slice. Buffers live in an arena of the dataset's own, so that a long file leaves nothing in the
 * caller's. */
#include "locate.h"
#include "slice.h"

#include <lmeval/dataset.h>
#include <lmeval/share.h>

struct lme_dataset {
    lme_arena *own;        /* file names */
    lme_arena *file_arena; /* buffers of the file being read */
    lme_located located;
    lme_value kwargs; /* map or null */
    size_t file;      /* which of the files is read */
    const lme_reader *reader;
    void *state; /* NULL: the file is not open */
    size_t from, to;
    size_t at; /* rows read, those before the slice included */
    bool has_count;
    size_t n_rows; /* of all files, without the slice */
};

static const lme_reader *reader_of(const lme_dataset *dataset, lme_str file)
{
    const lme_reader *reader = dataset->located.reader;
    const lme_reader *by_name = lme_reader_of(file);
    /* The builder json reads JSON lines too, so their own reader is used where the name tells. */
    if (reader == NULL || (by_name != NULL && lme_str_is(LME_STR("json"), reader->name)))
        return by_name;
    return reader;
}

static bool open_file(lme_dataset *dataset, lme_error *err)
{
    lme_str file = dataset->located.files[dataset->file];
    dataset->reader = reader_of(dataset, file);
    LME_BUG(dataset->reader == NULL, "a file without a reader was located");
    lme_arena_reset(dataset->file_arena);
    if (dataset->reader->open(dataset->file_arena, file, &dataset->kwargs, &dataset->state, err))
        return true;
    dataset->state = NULL;
    return false;
}

static void close_file(lme_dataset *dataset)
{
    if (dataset->state != NULL)
        dataset->reader->close(dataset->state);
    dataset->state = NULL;
}

void lme_dataset_close(lme_dataset *dataset)
{
    if (dataset == NULL || dataset->own == NULL)
        return;
    close_file(dataset);
    lme_arena_free(dataset->file_arena);
    lme_arena_free(dataset->own);
    dataset->own = dataset->file_arena = NULL;
}

static void close_at_arena(void *dataset)
{
    lme_dataset_close(dataset);
}

/* A path of a file that a reader knows by its ending. */
static bool locate_file(lme_arena *arena, const lme_source *source, lme_located *located,
                        lme_error *err)
{
    lme_trail trail = {.text = {.arena = arena}};
    located->files = LME_ARRAY(arena, lme_str, 1);
    located->n_files = 1;
    located->any_split = true;
    if (lme_locate_path(arena, source, source->path, lme_file_exists, &trail, &located->files[0]))
        return true;
    lme_str looked = lme_builder_finish(&trail.text);
    lme_fail(err, LME_ERR_DATA, NULL, "data file \"%.*s\" is not there; looked for%.*s",
             LME_STR_ARG(source->path), LME_STR_ARG(looked));
    return lme_hint(err, "a relative path starts at the current folder or at the task file's");
}

static bool locate(lme_arena *arena, const lme_source *source, lme_str split, lme_located *located,
                   lme_error *err)
{
    *located = (lme_located){.reader = lme_reader_find(source->path)};
    if (located->reader != NULL)
        return lme_locate_data_files(arena, source, split, located, err);
    if (lme_reader_of(source->path) != NULL)
        return locate_file(arena, source, located, err);
    return lme_locate_mirror(arena, source, split, located, err);
}

static bool check_readers(const lme_dataset *dataset, lme_error *err)
{
    for (size_t i = 0; i < dataset->located.n_files; i++) {
        lme_str file = dataset->located.files[i];
        if (reader_of(dataset, file) != NULL)
            continue;
        lme_fail(err, LME_ERR_DATA, NULL, "data file \"%.*s\" is of no known kind",
                 LME_STR_ARG(file));
        return lme_hint(err, "rows are read from .jsonl, .json, .csv, .tsv (also .gz and .zst of "
                             "them) and .parquet");
    }
    return true;
}

static bool count_rows(lme_dataset *dataset, lme_error *err)
{
    dataset->n_rows = dataset->located.n_total;
    dataset->has_count = dataset->n_rows > 0;
    if (dataset->has_count)
        return true;
    lme_arena *scratch = lme_arena_new();
    bool ok = true;
    for (size_t i = 0; ok && i < dataset->located.n_files; i++) {
        lme_str file = dataset->located.files[i];
        const lme_reader *reader = reader_of(dataset, file);
        void *state;
        size_t n = 0;
        lme_arena_reset(scratch);
        ok = reader->open(scratch, file, &dataset->kwargs, &state, err);
        if (!ok)
            break;
        ok = reader->count(state, &n, err);
        reader->close(state);
        dataset->n_rows += n;
    }
    lme_arena_free(scratch);
    dataset->has_count = ok;
    return ok;
}

static bool prepare(lme_dataset *dataset, const lme_source *source, lme_error *err)
{
    lme_slice slice;
    if (!lme_slice_read(source->split, &slice, err) ||
        !locate(dataset->own, source, slice.split, &dataset->located, err) ||
        !check_readers(dataset, err))
        return false;
    if (lme_slice_needs_count(&slice) && !count_rows(dataset, err))
        return false;
    lme_slice_resolve(&slice, dataset->n_rows, &dataset->from, &dataset->to);
    return open_file(dataset, err);
}

bool lme_dataset_open(lme_arena *arena, const lme_source *source, lme_dataset **dataset,
                      lme_error *err)
{
    lme_dataset *d = LME_NEW(arena, lme_dataset);
    d->own = lme_arena_new();
    d->file_arena = lme_arena_new();
    if (source->kwargs != NULL)
        d->kwargs = lme_value_copy(d->own, source->kwargs);
    if (!prepare(d, source, err)) {
        lme_dataset_close(d);
        return false;
    }
    lme_arena_on_free(arena, close_at_arena, d);
    *dataset = d;
    return true;
}

/* The next row of any file. */
static bool next_row(lme_arena *arena, lme_dataset *dataset, lme_value *row, bool *end,
                     lme_error *err)
{
    for (;;) {
        if (dataset->state == NULL && !open_file(dataset, err))
            return false;
        *end = false;
        if (!dataset->reader->next(arena, dataset->state, row, end, err))
            return false;
        if (!*end)
            return true;
        if (dataset->file + 1 == dataset->located.n_files)
            return true;
        close_file(dataset);
        dataset->file++;
    }
}

/* Rows before the slice are read and dropped. */
static bool skip_to_slice(lme_dataset *dataset, bool *end, lme_error *err)
{
    if (dataset->at >= dataset->from)
        return true;
    lme_arena *scratch = lme_arena_new();
    bool ok = true;
    while (ok && !*end && dataset->at < dataset->from) {
        lme_value row;
        lme_arena_reset(scratch);
        ok = next_row(scratch, dataset, &row, end, err);
        dataset->at++;
    }
    lme_arena_free(scratch);
    return ok;
}

bool lme_dataset_next(lme_arena *arena, lme_dataset *dataset, lme_value *row, bool *end,
                      lme_error *err)
{
    *end = false;
    if (!skip_to_slice(dataset, end, err))
        return false;
    if (*end || dataset->at >= dataset->to) {
        *end = true;
        return true;
    }
    if (!next_row(arena, dataset, row, end, err))
        return false;
    dataset->at += !*end;
    return true;
}

bool lme_dataset_count(lme_dataset *dataset, size_t *n, lme_error *err)
{
    if (!dataset->has_count && !count_rows(dataset, err))
        return false;
    size_t to = dataset->to < dataset->n_rows ? dataset->to : dataset->n_rows;
    *n = to > dataset->from ? to - dataset->from : 0;
    return true;
}

lme_str lme_dataset_file(const lme_dataset *dataset)
{
    return dataset->located.files[dataset->file];
}

bool lme_dataset_is_sample(const lme_dataset *dataset)
{
    return dataset->located.is_sample;
}

bool lme_dataset_any_split(const lme_dataset *dataset)
{
    return dataset->located.any_split;
}

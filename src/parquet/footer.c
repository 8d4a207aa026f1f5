/* The footer: parquet.thrift's FileMetaData, of which only what reading needs is kept. */
#include "schema.h"
#include "thrift.h"

#include <lmeval/limits.h>

static bool broken(const char *path, const char *what, lme_error *err)
{
    return lme_fail(err, LME_ERR_DATA, &(lme_place){.file = path}, "the Parquet file is broken: %s",
                    what);
}

/* LogicalType's TimeUnit: a union of empty structs. */
static int64_t read_unit(lme_thrift *t)
{
    static const int64_t per_second[] = {0, 1000, 1000000, 1000000000};
    int64_t unit = 0;
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f); lme_thrift_skip(t, &f)) {
        if (f.id >= 1 && f.id <= 3)
            unit = per_second[f.id];
    }
    return unit;
}

/* TimeType and TimestampType: 1 isAdjustedToUTC, 2 unit. */
static void read_time(lme_thrift *t, lme_element *element)
{
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        if (f.id == 1)
            element->is_utc = lme_thrift_bool(t, &f);
        else if (f.id == 2 && lme_thrift_struct(t, &f))
            element->units_per_second = read_unit(t);
        else
            lme_thrift_skip(t, &f);
    }
}

/* IntType: 1 bitWidth, 2 isSigned. */
static void read_integer(lme_thrift *t, lme_element *element)
{
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        if (f.id != 2)
            lme_thrift_skip(t, &f);
        else if (!lme_thrift_bool(t, &f))
            element->logical = LME_LOGICAL_UNSIGNED;
    }
}

/* LogicalType: a union, so one field. */
static void read_logical(lme_thrift *t, lme_element *element)
{
    static const lme_logical kinds[] = {
        [1] = LME_LOGICAL_TEXT,  [2] = LME_LOGICAL_MAP,       [3] = LME_LOGICAL_LIST,
        [4] = LME_LOGICAL_TEXT,  [5] = LME_LOGICAL_DECIMAL,   [6] = LME_LOGICAL_DATE,
        [7] = LME_LOGICAL_TIME,  [8] = LME_LOGICAL_TIMESTAMP, [11] = LME_LOGICAL_NULL,
        [12] = LME_LOGICAL_TEXT, [15] = LME_LOGICAL_FLOAT16,
    };
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        if (f.id >= 1 && (size_t)f.id < sizeof kinds / sizeof kinds[0] &&
            kinds[f.id] != LME_LOGICAL_NONE)
            element->logical = kinds[f.id];
        if ((f.id == 7 || f.id == 8) && lme_thrift_struct(t, &f))
            read_time(t, element);
        else if (f.id == 10 && lme_thrift_struct(t, &f))
            read_integer(t, element);
        else
            lme_thrift_skip(t, &f);
    }
}

/* ConvertedType, which older writers use and newer ones write beside the LogicalType. */
static void take_converted(lme_element *element, int64_t converted)
{
    static const struct {
        lme_logical logical;
        int64_t units_per_second;
    } kinds[] = {
        [0] = {LME_LOGICAL_TEXT, 0},
        [1] = {LME_LOGICAL_MAP, 0},
        [2] = {LME_LOGICAL_MAP, 0},
        [3] = {LME_LOGICAL_LIST, 0},
        [4] = {LME_LOGICAL_TEXT, 0},
        [5] = {LME_LOGICAL_DECIMAL, 0},
        [6] = {LME_LOGICAL_DATE, 0},
        [7] = {LME_LOGICAL_TIME, 1000},
        [8] = {LME_LOGICAL_TIME, 1000000},
        [9] = {LME_LOGICAL_TIMESTAMP, 1000},
        [10] = {LME_LOGICAL_TIMESTAMP, 1000000},
        [11] = {LME_LOGICAL_UNSIGNED, 0},
        [12] = {LME_LOGICAL_UNSIGNED, 0},
        [13] = {LME_LOGICAL_UNSIGNED, 0},
        [14] = {LME_LOGICAL_UNSIGNED, 0},
        [19] = {LME_LOGICAL_TEXT, 0},
    };
    if (element->logical != LME_LOGICAL_NONE || converted < 0 ||
        (size_t)converted >= sizeof kinds / sizeof kinds[0])
        return;
    element->logical = kinds[converted].logical;
    element->units_per_second = kinds[converted].units_per_second;
}

/* SchemaElement. */
static lme_element read_element(lme_thrift *t)
{
    lme_element element = {.physical = -1};
    int64_t converted = -1;
    const lme_thrift_slot slots[] = {
        {1, &element.physical},   {2, &element.fixed_size}, {3, &element.repetition},
        {5, &element.n_children}, {6, &converted},          {7, &element.scale},
    };
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        if (lme_thrift_take(t, &f, slots, sizeof slots / sizeof slots[0]))
            continue;
        if (f.id == 4)
            element.name = lme_thrift_binary(t, &f);
        else if (f.id == 10 && lme_thrift_struct(t, &f))
            read_logical(t, &element);
        else
            lme_thrift_skip(t, &f);
    }
    take_converted(&element, converted);
    return element;
}

/* ColumnMetaData. */
typedef struct chunk_fields {
    int64_t codec, n_values, size, data_page, dictionary_page;
} chunk_fields;

static void read_chunk_fields(lme_thrift *t, chunk_fields *c)
{
    const lme_thrift_slot slots[] = {
        {4, &c->codec},     {5, &c->n_values},         {7, &c->size},
        {9, &c->data_page}, {11, &c->dictionary_page},
    };
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        if (!lme_thrift_take(t, &f, slots, sizeof slots / sizeof slots[0]))
            lme_thrift_skip(t, &f);
    }
}

/* ColumnChunk. Its own file_path names another file; nobody writes that, and it is refused. */
static bool read_chunk(lme_thrift *t, uint64_t file_size, lme_chunk *chunk)
{
    chunk_fields c = {.dictionary_page = -1};
    bool has_path = false;
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        has_path = has_path || f.id == 1;
        if (f.id == 3 && lme_thrift_struct(t, &f))
            read_chunk_fields(t, &c);
        else
            lme_thrift_skip(t, &f);
    }
    /* Some writers give a dictionary_page_offset of 0 or one behind the data for "none". */
    int64_t from =
        c.dictionary_page > 0 && c.dictionary_page < c.data_page ? c.dictionary_page : c.data_page;
    if (has_path || from < 0 || c.size < 0 || c.n_values < 0 || (uint64_t)from > file_size ||
        (uint64_t)c.size > file_size - (uint64_t)from)
        return false;
    *chunk = (lme_chunk){(uint64_t)from, (uint64_t)c.size, (uint64_t)c.n_values, c.codec};
    return true;
}

typedef struct footer {
    lme_arena *arena;
    const char *path;
    uint64_t file_size;
    lme_parquet_schema *schema;
    bool has_groups;
    lme_error *err;
} footer;

static bool read_group(footer *r, lme_thrift *t, lme_chunk *chunks)
{
    size_t n = 0;
    for (lme_thrift_field f = {0}; lme_thrift_next(t, &f);) {
        if (f.id != 1) {
            lme_thrift_skip(t, &f);
            continue;
        }
        n = lme_thrift_list(t, &f, LME_THRIFT_STRUCT);
        if (n != r->schema->n_leaves)
            return broken(r->path, "a row group has another number of columns than the schema",
                          r->err);
        for (size_t i = 0; i < n; i++) {
            if (!read_chunk(t, r->file_size, &chunks[i]))
                return broken(r->path, "a column's pages lie outside the file", r->err);
        }
    }
    return (n == r->schema->n_leaves && !t->broken) ||
           broken(r->path, "a row group cannot be read", r->err);
}

static bool read_groups(footer *r, lme_thrift *t, const lme_thrift_field *field)
{
    size_t n = lme_thrift_list(t, field, LME_THRIFT_STRUCT);
    size_t n_leaves = r->schema->n_leaves;
    if (n_leaves == 0 || r->has_groups)
        return broken(r->path, "the row groups stand before the schema, or twice", r->err);
    r->has_groups = true;
    /* A chunk takes at least four bytes of the footer; memory is bounded by what was read. */
    if (n > (size_t)(t->end - t->at) / n_leaves)
        return broken(r->path, "there are more column chunks than the footer has bytes", r->err);
    lme_chunk *chunks = LME_ARRAY(r->arena, lme_chunk, n * n_leaves);
    r->schema->chunks = chunks;
    r->schema->n_groups = n;
    for (size_t i = 0; i < n; i++) {
        if (!read_group(r, t, chunks + i * n_leaves))
            return false;
    }
    return true;
}

static bool read_schema(footer *r, lme_thrift *t, const lme_thrift_field *field)
{
    size_t n = lme_thrift_list(t, field, LME_THRIFT_STRUCT);
    if (r->schema->n_leaves > 0)
        return broken(r->path, "it has two schemas", r->err);
    if (n > LME_LIMIT_PARQUET_COLUMNS)
        return broken(r->path, "it has more columns than any data set", r->err);
    lme_element *elements = LME_ARRAY(r->arena, lme_element, n);
    for (size_t i = 0; i < n; i++)
        elements[i] = read_element(t);
    if (t->broken)
        return broken(r->path, "its schema cannot be read", r->err);
    return lme_parquet_tree_make(r->arena, elements, n, r->path, r->schema, r->err);
}

bool lme_parquet_schema_read(lme_arena *arena, lme_str bytes, uint64_t file_size, const char *path,
                             lme_parquet_schema *schema, lme_error *err)
{
    lme_thrift t = {.at = (const unsigned char *)bytes.ptr};
    t.end = t.at + bytes.len;
    *schema = (lme_parquet_schema){0};
    footer r = {arena, path, file_size, schema, false, err};
    int64_t n_rows = -1;
    for (lme_thrift_field f = {0}; lme_thrift_next(&t, &f);) {
        if (f.id == 2 && !read_schema(&r, &t, &f))
            return false;
        if (f.id == 4 && !read_groups(&r, &t, &f))
            return false;
        if (f.id == 3)
            n_rows = lme_thrift_int(&t, &f);
        else if (f.id != 2 && f.id != 4)
            lme_thrift_skip(&t, &f);
    }
    if (t.broken || n_rows < 0 || schema->n_leaves == 0)
        return broken(path, "its footer cannot be read", err);
    if (n_rows > LME_LIMIT_PARQUET_ROWS)
        return lme_fail(err, LME_ERR_LIMIT, &(lme_place){.file = path},
                        "this Parquet file has %lld rows; at most %lld are read", (long long)n_rows,
                        (long long)LME_LIMIT_PARQUET_ROWS);
    schema->n_rows = (uint64_t)n_rows;
    return true;
}

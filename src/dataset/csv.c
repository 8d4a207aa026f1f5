/* CSV with a header. Columns are typed as pandas does it for the json and csv builders of the hub's
 * library: a column is whole numbers, numbers, true/false or text, decided over all of its rows;
 * empty fields and the usual words for "missing" are null, and whole numbers with a gap become
 * floats. The types take a pass over the file before the first row. */
#include "csv_records.h"
#include "reader.h"

#include <string.h>

#include <lmeval/hash.h>

enum {
    IS_INT = 1,
    IS_FLOAT = 2,
    IS_BOOL = 4,
    IS_BIG = 8 /* a whole number outside 64 bits */
};

typedef struct column {
    lme_str name;
    unsigned may_be; /* what every value so far can be */
    bool has_big;
    bool has_missing;
    lme_kind kind;
} column;

typedef struct csv {
    lme_csv_records records;
    column *columns;
    size_t n_columns;
    size_t n_rows; /* counted while the columns are typed */
} csv;

typedef struct csv_format {
    char delimiter;
    const lme_value *names; /* column_names: list, or NULL */
    bool has_header;
} csv_format;

static const char *const keys[] = {"delimiter", "sep", "column_names", "names", "header", NULL};

/* pandas' default na_values, and "". */
static const char *const missing_words[] = {
    "",     "#N/A", "#N/A N/A", "#NA",  "-1.#IND", "-1.#QNAN", "-NaN", "-nan", "1.#IND", "1.#QNAN",
    "<NA>", "N/A",  "NA",       "NULL", "NaN",     "None",     "n/a",  "nan",  "null",
};

static bool is_missing(lme_str s)
{
    /* Most fields can be told by their length or their first byte. */
    if (s.len > 9 || (s.len > 0 && strchr("#-1<Nn", s.ptr[0]) == NULL))
        return false;
    for (size_t i = 0; i < sizeof missing_words / sizeof missing_words[0]; i++) {
        if (lme_str_is(s, missing_words[i]))
            return true;
    }
    return false;
}

static lme_str trim(lme_str s)
{
    while (s.len > 0 && (s.ptr[0] == ' ' || s.ptr[0] == '\t'))
        s = lme_str_slice(s, 1, s.len);
    while (s.len > 0 && (s.ptr[s.len - 1] == ' ' || s.ptr[s.len - 1] == '\t'))
        s.len--;
    return s;
}

static size_t skip_digits(lme_str s, size_t at)
{
    while (at < s.len && s.ptr[at] >= '0' && s.ptr[at] <= '9')
        at++;
    return at;
}

static size_t skip_sign(lme_str s, size_t at)
{
    return at + (at < s.len && (s.ptr[at] == '+' || s.ptr[at] == '-'));
}

static bool is_int(lme_str s)
{
    size_t sign = skip_sign(s, 0);
    return s.len > sign && skip_digits(s, sign) == s.len;
}

/* Digits with a point and an exponent; no hex, no underscores, no words. */
static bool is_float(lme_str s)
{
    size_t start = skip_sign(s, 0);
    size_t at = skip_digits(s, start);
    size_t digits = at - start;
    if (at < s.len && s.ptr[at] == '.') {
        size_t fraction = skip_digits(s, at + 1);
        digits += fraction - at - 1;
        at = fraction;
    }
    if (digits == 0)
        return false;
    if (at < s.len && (s.ptr[at] == 'e' || s.ptr[at] == 'E')) {
        size_t exponent = skip_sign(s, at + 1);
        at = skip_digits(s, exponent);
        if (at == exponent)
            return false;
    }
    return at == s.len;
}

static bool is_true(lme_str s)
{
    return lme_str_is(s, "True") || lme_str_is(s, "TRUE") || lme_str_is(s, "true");
}

static bool is_bool(lme_str s)
{
    return is_true(s) || lme_str_is(s, "False") || lme_str_is(s, "FALSE") || lme_str_is(s, "false");
}

/* lme_str_to_int takes no plus sign. */
static bool to_int(lme_str s, int64_t *value)
{
    return lme_str_to_int(s.len > 0 && s.ptr[0] == '+' ? lme_str_slice(s, 1, s.len) : s, value);
}

static bool to_double(lme_str s, double *value)
{
    return lme_str_to_double(s.len > 0 && s.ptr[0] == '+' ? lme_str_slice(s, 1, s.len) : s, value);
}

static unsigned classify(lme_str field)
{
    lme_str number = trim(field);
    int64_t value;
    if (is_int(number))
        return IS_INT | IS_FLOAT | (to_int(number, &value) ? 0 : IS_BIG);
    if (is_float(number))
        return IS_FLOAT;
    return is_bool(field) ? IS_BOOL : 0;
}

static bool option_char(const lme_value *value, const char *file, char *c, lme_error *err)
{
    if (value->kind != LME_STRING || value->string.len != 1)
        return lme_fail(err, LME_ERR_TASK, &(lme_place){file, value->line, value->column},
                        "the delimiter of a csv file is %s, expected one character",
                        value->kind == LME_STRING ? "another text" : lme_kind_name(value->kind));
    *c = value->string.ptr[0];
    return true;
}

static const lme_value *option(const lme_value *kwargs, const char *name, const char *other)
{
    const lme_value *value = kwargs == NULL ? NULL : lme_value_find(kwargs, name);
    return value != NULL || kwargs == NULL ? value : lme_value_find(kwargs, other);
}

/* A name tells what stands between fields, unless the task does. */
static char usual_delimiter(lme_str path)
{
    return lme_str_ends(lme_stream_stem(path), LME_STR(".tsv")) ? '\t' : ',';
}

static bool read_format(lme_str path, const lme_value *kwargs, csv_format *format, lme_error *err)
{
    const lme_value *delimiter = option(kwargs, "delimiter", "sep");
    const lme_value *header = option(kwargs, "header", "header");
    *format = (csv_format){.delimiter = usual_delimiter(path)};
    format->names = option(kwargs, "column_names", "names");
    if (delimiter != NULL && !option_char(delimiter, NULL, &format->delimiter, err))
        return false;
    if (format->names != NULL && format->names->kind == LME_NULL)
        format->names = NULL;
    if (format->names != NULL && format->names->kind != LME_LIST)
        return lme_fail(err, LME_ERR_TASK, NULL, "column_names is a list of names, got %s",
                        lme_kind_name(format->names->kind));
    /* With names of its own a file has no header unless header says which row it is. */
    format->has_header = header == NULL ? format->names == NULL : header->kind == LME_INT;
    return true;
}

static bool set_names(lme_arena *arena, csv *s, lme_error *err)
{
    lme_place at = {.file = lme_stream_path(s->records.stream), .line = s->records.record_line};
    lme_table *seen = lme_table_new(arena);
    for (size_t i = 0; i < s->n_columns; i++) {
        lme_str name = s->columns[i].name;
        size_t other;
        if (lme_table_get(seen, name, &other))
            return lme_fail(err, LME_ERR_DATA, &at,
                            "columns %zu and %zu are both named \"%.*s\", expected different names",
                            other + 1, i + 1, LME_STR_ARG(name));
        lme_table_set(seen, name, i);
    }
    return true;
}

/* Names from the task, from the header, or the columns' numbers. */
static bool name_columns(lme_arena *arena, csv *s, const csv_format *format, lme_error *err)
{
    const lme_value *names = format->names;
    s->n_columns = names != NULL ? names->list.len : s->records.n_fields;
    s->columns = LME_ARRAY(arena, column, s->n_columns);
    for (size_t i = 0; i < s->n_columns; i++) {
        lme_str *name = &s->columns[i].name;
        if (names != NULL)
            *name = lme_value_str(arena, &names->list.items[i]);
        else if (!format->has_header)
            *name = lme_str_format(arena, "%zu", i);
        else if (s->records.fields[i].len == 0)
            *name = lme_str_format(arena, "Unnamed: %zu", i);
        else
            *name = lme_str_copy(arena, s->records.fields[i]);
    }
    return set_names(arena, s, err);
}

static bool check_width(const csv *s, lme_error *err)
{
    const lme_csv_records *r = &s->records;
    if (r->n_fields == s->n_columns)
        return true;
    lme_place at = {.file = lme_stream_path(r->stream), .line = r->record_line};
    lme_fail(err, LME_ERR_DATA, &at, "the row has %zu fields, expected %zu as in the header",
             r->n_fields, s->n_columns);
    return lme_hint(err, "a field that holds '%c' or a line end stands in \"quotes\"",
                    r->delimiter);
}

static void look_at(csv *s)
{
    for (size_t i = 0; i < s->n_columns; i++) {
        column *c = &s->columns[i];
        lme_str field = s->records.fields[i];
        if (is_missing(field)) {
            c->has_missing = true;
            continue;
        }
        unsigned is = classify(field);
        c->has_big = c->has_big || (is & IS_BIG) != 0;
        c->may_be &= is;
    }
}

static lme_kind decide(const column *c)
{
    if ((c->may_be & IS_INT) != 0 && c->has_big)
        return LME_STRING;
    if ((c->may_be & IS_INT) != 0 && !c->has_missing)
        return LME_INT;
    if ((c->may_be & IS_FLOAT) != 0)
        return LME_FLOAT;
    return (c->may_be & IS_BOOL) != 0 ? LME_BOOL : LME_STRING;
}

/* The pass over all rows that finds the columns' types. */
static bool type_columns(csv *s, bool first_is_row, lme_error *err)
{
    bool end = false;
    for (size_t i = 0; i < s->n_columns; i++)
        s->columns[i].may_be = IS_INT | IS_FLOAT | IS_BOOL;
    if (!first_is_row && !lme_csv_next(&s->records, &end, err))
        return false;
    while (!end) {
        if (!check_width(s, err))
            return false;
        look_at(s);
        s->n_rows++;
        if (!lme_csv_next(&s->records, &end, err))
            return false;
    }
    for (size_t i = 0; i < s->n_columns; i++)
        s->columns[i].kind = decide(&s->columns[i]);
    return true;
}

static bool read_columns(lme_arena *arena, csv *s, const csv_format *format, lme_error *err)
{
    bool end = false;
    if (!lme_csv_next(&s->records, &end, err))
        return false;
    if (end && format->names == NULL)
        return lme_fail(err, LME_ERR_DATA, &(lme_place){.file = lme_stream_path(s->records.stream)},
                        "the file is empty, expected a header with the columns' names");
    return name_columns(arena, s, format, err) &&
           (end || type_columns(s, !format->has_header, err));
}

static bool csv_open(lme_arena *arena, lme_str path, const lme_value *kwargs, void **state,
                     lme_error *err)
{
    csv *s = LME_NEW(arena, csv);
    csv_format format;
    bool end;
    if (!read_format(path, kwargs, &format, err) ||
        !lme_csv_open(arena, path, format.delimiter, &s->records, err))
        return false;
    bool ok = read_columns(arena, s, &format, err);
    lme_csv_close(&s->records);
    if (!ok || !lme_csv_open(arena, path, format.delimiter, &s->records, err))
        return false;
    *state = s;
    if (!format.has_header || lme_csv_next(&s->records, &end, err))
        return true;
    lme_csv_close(&s->records);
    return false;
}

static lme_value field_value(lme_arena *arena, const column *c, lme_str field)
{
    double number = 0;
    int64_t integer = 0;
    if (is_missing(field))
        return lme_null();
    if (c->kind == LME_INT && to_int(trim(field), &integer))
        return lme_int(integer);
    if (c->kind == LME_FLOAT && to_double(trim(field), &number))
        return lme_float(number);
    if (c->kind == LME_BOOL)
        return lme_bool(is_true(field));
    return lme_string(lme_str_copy(arena, field));
}

static bool csv_next(lme_arena *arena, void *state, lme_value *row, bool *end, lme_error *err)
{
    csv *s = state;
    if (!lme_csv_next(&s->records, end, err))
        return false;
    if (*end)
        return true;
    if (!check_width(s, err))
        return false;
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < s->n_columns; i++)
        lme_map_add(&map, lme_str_copy(arena, s->columns[i].name),
                    field_value(arena, &s->columns[i], s->records.fields[i]));
    *row = lme_map_finish(&map);
    return true;
}

static bool csv_count(void *state, size_t *n, lme_error *err)
{
    (void)err;
    *n = ((const csv *)state)->n_rows;
    return true;
}

static void csv_close(void *state)
{
    lme_csv_close(&((csv *)state)->records);
}

/* The same with tabs between the fields. */
const lme_reader lme_reader_tsv = {
    .name = "tsv",
    .ending = ".tsv",
    .summary = "tab-separated values with a header, typed by column",
    .keys = keys,
    .open = csv_open,
    .next = csv_next,
    .count = csv_count,
    .close = csv_close,
};

const lme_reader lme_reader_csv = {
    .name = "csv",
    .ending = ".csv",
    .summary = "comma-separated values with a header, typed by column",
    .keys = keys,
    .open = csv_open,
    .next = csv_next,
    .count = csv_count,
    .close = csv_close,
};

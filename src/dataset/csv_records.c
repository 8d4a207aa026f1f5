#include "csv_records.h"

#include <string.h>

#include <lmeval/limits.h>
#include <lmeval/unicode.h>

enum {
    CSV_READ_SIZE = 256 * 1024,
    CSV_END = -1
};

bool lme_csv_open(lme_arena *arena, lme_str path, char delimiter, lme_csv_records *records,
                  lme_error *err)
{
    *records = (lme_csv_records){
        .arena = arena,
        .delimiter = delimiter,
        .text = {.arena = arena},
        .line = 1,
        .column = 1,
    };
    records->bytes = lme_arena_alloc(arena, CSV_READ_SIZE);
    if (!lme_stream_open(arena, path, &records->stream, err))
        return false;
    return true;
}

static bool fill(lme_csv_records *r, lme_error *err)
{
    bool first = r->n_bytes == 0;
    r->at = 0;
    if (!lme_stream_read(r->stream, r->bytes, CSV_READ_SIZE, &r->n_bytes, err))
        return false;
    r->ended = r->n_bytes == 0;
    if (first && r->n_bytes >= 3 && memcmp(r->bytes, "\xEF\xBB\xBF", 3) == 0)
        r->at = 3;
    return true;
}

/* The next byte without taking it; CSV_END at the end. */
static bool peek(lme_csv_records *r, int *c, lme_error *err)
{
    if (r->at == r->n_bytes && !r->ended && !fill(r, err))
        return false;
    *c = r->at == r->n_bytes ? CSV_END : (unsigned char)r->bytes[r->at];
    return true;
}

static void take(lme_csv_records *r, int c)
{
    r->at++;
    if (c == '\n' || c == '\r') {
        r->line += !(c == '\n' && r->after_cr);
        r->column = 1;
    } else if ((c & 0xC0) != 0x80) {
        r->column++;
    }
    r->after_cr = c == '\r';
}

static lme_place place_of(const lme_csv_records *r, uint32_t line, uint32_t column)
{
    return (lme_place){.file = lme_stream_path(r->stream), .line = line, .column = column};
}

/* Takes everything up to a byte that means something: to a quote inside quotes, else to what ends a
 * field; at least to the end of what is read. */
static bool take_run(lme_csv_records *r, bool is_quoted, lme_error *err)
{
    const char *from = r->bytes + r->at;
    size_t most = r->n_bytes - r->at, n = 0;
    uint32_t width = 0;
    for (; n < most; n++) {
        char c = from[n];
        bool ends = is_quoted ? c == '"' : c == r->delimiter;
        if (ends || c == '\n' || c == '\r')
            break;
        width += ((unsigned char)c & 0xC0) != 0x80;
    }
    if (r->text.len + n > LME_LIMIT_ROW) {
        lme_place at = place_of(r, r->record_line, 0);
        lme_fail(err, LME_ERR_LIMIT, &at, "the row is longer than %u MiB", LME_LIMIT_ROW >> 20);
        return lme_hint(err, "is a quote missing that ends a field?");
    }
    lme_builder_add(&r->text, (lme_str){from, n});
    r->at += n;
    r->column += width;
    r->after_cr = r->after_cr && n == 0;
    return true;
}

/* A quoted field from behind its opening quote to behind its closing one. */
static bool read_quoted(lme_csv_records *r, lme_error *err)
{
    lme_place opened = place_of(r, r->line, r->column - 1);
    int c;
    for (;;) {
        if (!take_run(r, true, err) || !peek(r, &c, err))
            return false;
        if (c == CSV_END)
            return lme_fail(err, LME_ERR_DATA, &opened, "the quote that opens here is not closed");
        /* A quote, a line end, or the first byte of what is read next. */
        bool is_quote = c == '"';
        if (is_quote) {
            take(r, c);
            if (!peek(r, &c, err))
                return false;
            if (c != '"')
                break;
        }
        if (is_quote || c == '\n' || c == '\r') {
            take(r, c);
            lme_builder_char(&r->text, (char)c);
        }
    }
    if (c != CSV_END && c != (unsigned char)r->delimiter && c != '\r' && c != '\n') {
        lme_place at = place_of(r, r->line, r->column);
        lme_fail(err, LME_ERR_DATA, &at, "text after a closing quote, expected '%c' or a line end",
                 r->delimiter);
        return lme_hint(err, "a quote inside a quoted field is written twice: \"\"");
    }
    return true;
}

static bool read_plain(lme_csv_records *r, lme_error *err)
{
    int c;
    for (;;) {
        if (!take_run(r, false, err) || !peek(r, &c, err))
            return false;
        if (c == CSV_END || c == (unsigned char)r->delimiter || c == '\r' || c == '\n')
            return true;
    }
}

/* One field, without what ends it. The text may move while it grows, so only the length is kept
 * until the record is whole. */
static bool read_field(lme_csv_records *r, lme_error *err)
{
    int c;
    size_t from = r->text.len;
    if (!peek(r, &c, err))
        return false;
    if (c == '"') {
        take(r, c);
        if (!read_quoted(r, err))
            return false;
    } else if (!read_plain(r, err)) {
        return false;
    }
    if (r->n_fields == r->capacity) {
        size_t capacity = r->capacity == 0 ? 16 : 2 * r->capacity;
        r->fields = lme_arena_grow(r->arena, r->fields, r->capacity * sizeof *r->fields,
                                   capacity * sizeof *r->fields);
        r->capacity = capacity;
    }
    r->fields[r->n_fields++] = (lme_str){NULL, r->text.len - from};
    return true;
}

static bool set_texts(lme_csv_records *r, lme_error *err)
{
    lme_str text = {r->text.len > 0 ? r->text.ptr : "", r->text.len};
    if (!lme_utf8_valid(text)) {
        lme_place at = place_of(r, r->record_line, 0);
        lme_fail(err, LME_ERR_DATA, &at, "the row is not UTF-8");
        return lme_hint(err, "convert the file: iconv -f LATIN1 -t UTF-8");
    }
    for (size_t i = 0, from = 0; i < r->n_fields; i++) {
        r->fields[i].ptr = text.ptr + from;
        from += r->fields[i].len;
    }
    return true;
}

/* Takes line ends until something else comes. */
static bool skip_empty_lines(lme_csv_records *r, int *c, lme_error *err)
{
    for (;;) {
        if (!peek(r, c, err))
            return false;
        if (*c != '\r' && *c != '\n')
            return true;
        take(r, *c);
    }
}

bool lme_csv_next(lme_csv_records *r, bool *end, lme_error *err)
{
    int c;
    r->n_fields = 0;
    r->text.len = 0;
    if (!skip_empty_lines(r, &c, err))
        return false;
    *end = c == CSV_END;
    if (*end)
        return true;
    r->record_line = r->line;
    for (;;) {
        if (!read_field(r, err) || !peek(r, &c, err))
            return false;
        if (c != (unsigned char)r->delimiter)
            break;
        take(r, c);
    }
    return set_texts(r, err);
}

void lme_csv_close(lme_csv_records *records)
{
    lme_stream_close(records->stream);
}

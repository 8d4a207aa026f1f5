/* A .json file: an array of objects, an object with the array under "data" (or under the name in
 * dataset_kwargs.field), or, as many are, JSON lines under the wrong name. It is read whole. */
#include "jsonl.h"
#include "stream.h"

#include <lmeval/json.h>
#include <lmeval/limits.h>

typedef struct json {
    void *lines;    /* state of the JSON lines reader; NULL: `rows` is it */
    lme_value rows; /* list */
    size_t at;
    const char *path;
} json;

static const char *const keys[] = {"field", NULL};

enum {
    JSON_READ_SIZE = 1024 * 1024
};

static bool read_all(lme_arena *arena, lme_str path, lme_str *text, lme_error *err)
{
    lme_stream *stream;
    lme_builder all = {.arena = arena};
    size_t got = 1;
    bool ok = lme_stream_open(arena, path, &stream, err);
    if (!ok)
        return false;
    while (ok && got > 0) {
        if (all.len > LME_LIMIT_DATA_FILE) {
            ok = lme_fail(err, LME_ERR_LIMIT, &(lme_place){.file = lme_stream_path(stream)},
                          "the file is larger than %llu GiB, and a .json file is read whole",
                          LME_LIMIT_DATA_FILE >> 30);
            lme_hint(err, "write it as JSON lines (.jsonl), which are read one by one");
            break;
        }
        char *room = lme_builder_reserve(&all, JSON_READ_SIZE);
        ok = lme_stream_read(stream, room, JSON_READ_SIZE, &got, err);
        all.len += ok ? got : 0;
    }
    lme_stream_close(stream);
    lme_str whole = {all.ptr, all.len};
    *text =
        lme_str_starts(whole, LME_STR("\xEF\xBB\xBF")) ? lme_str_slice(whole, 3, whole.len) : whole;
    return ok;
}

static bool starts_with_object(lme_str text)
{
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        if (c != ' ' && c != '\t' && c != '\r' && c != '\n')
            return c == '{';
    }
    return false;
}

/* The list of rows inside the document. */
static bool find_rows(const lme_value *whole, const lme_value *kwargs, const lme_place *at,
                      lme_value *rows, lme_error *err)
{
    const lme_value *field = kwargs == NULL ? NULL : lme_value_find(kwargs, "field");
    lme_str name = field != NULL && field->kind == LME_STRING ? field->string : LME_STR("data");
    const lme_value *list = whole;
    if (field != NULL || whole->kind == LME_MAP)
        list = lme_value_get(whole, name);
    if (list == NULL) {
        lme_fail(err, LME_ERR_DATA, at, "the file has no list \"%.*s\" of rows", LME_STR_ARG(name));
        return lme_hint(err, "a .json file of rows is [{...}, ...] or {\"data\": [{...}, ...]}; "
                             "dataset_kwargs.field names another key");
    }
    if (list->kind != LME_LIST)
        return lme_fail(err, LME_ERR_DATA, at, "expected list of objects, got %s",
                        lme_kind_name(list->kind));
    *rows = *list;
    return true;
}

static bool json_open(lme_arena *arena, lme_str path, const lme_value *kwargs, void **state,
                      lme_error *err)
{
    json *s = LME_NEW(arena, json);
    lme_str text;
    lme_value whole;
    s->path = lme_str_cstr(arena, path);
    if (!read_all(arena, path, &text, err))
        return false;
    lme_place at = {.file = s->path, .line = 1, .column = 1};
    lme_error wrong = {0};
    *state = s;
    if (lme_json_read(arena, NULL, text, &at, &whole, &wrong))
        return find_rows(&whole, kwargs, &at, &s->rows, err);
    if (wrong.code == LME_ERR_DATA && starts_with_object(text)) {
        lme_value first;
        bool end;
        if (lme_jsonl_open(arena, path, NULL, &s->lines, NULL)) {
            if (lme_jsonl_next(arena, s->lines, &first, &end, NULL)) {
                lme_jsonl_close(s->lines);
                return lme_jsonl_open(arena, path, NULL, &s->lines, err);
            }
            lme_jsonl_close(s->lines);
        }
    }
    if (err != NULL)
        *err = wrong;
    return false;
}

static bool json_next(lme_arena *arena, void *state, lme_value *row, bool *end, lme_error *err)
{
    json *s = state;
    if (s->lines != NULL)
        return lme_jsonl_next(arena, s->lines, row, end, err);
    *end = s->at == s->rows.list.len;
    if (*end)
        return true;
    const lme_value *item = &s->rows.list.items[s->at++];
    if (!lme_reader_check_row(item, &(lme_place){.file = s->path}, err)) {
        return lme_while(err, "reading row %zu", s->at - 1);
    }
    *row = lme_value_copy(arena, item);
    return true;
}

static bool json_count(void *state, size_t *n, lme_error *err)
{
    json *s = state;
    if (s->lines != NULL)
        return lme_jsonl_count(s->lines, n, err);
    *n = s->rows.list.len;
    return true;
}

static void json_close(void *state)
{
    json *s = state;
    if (s->lines != NULL)
        lme_jsonl_close(s->lines);
}

const lme_reader lme_reader_json = {
    .name = "json",
    .ending = ".json",
    .summary = "a list of objects, or one under \"data\"",
    .keys = keys,
    .open = json_open,
    .next = json_next,
    .count = json_count,
    .close = json_close,
};

#include "score_files.h"

#include <lmeval/json.h>
#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/unicode.h>

static size_t count_lines(lme_str text)
{
    size_t n = 0;
    for (size_t i = 0; i < text.len; i++)
        n += text.ptr[i] == '\n';
    return n + (text.len > 0 && text.ptr[text.len - 1] != '\n' ? 1 : 0);
}

static bool wrong_field(const lme_value *value, const char *field, const lme_place *at,
                        lme_error *err)
{
    return lme_fail(err, LME_ERR_DATA, at, "field \"%s\" is %s, expected text or a list of texts",
                    field, lme_kind_name(value->kind));
}

static bool read_field(lme_arena *arena, const lme_value *row, const char *field,
                       const lme_place *at, lme_texts *texts, lme_error *err)
{
    const lme_value *value = row->kind == LME_MAP ? lme_value_find(row, field) : NULL;
    if (value == NULL) {
        lme_fail(err, LME_ERR_DATA, at, "the line has no field \"%s\"", field);
        return row->kind == LME_MAP && row->map.len > 0
                   ? lme_hint(err, "its first one is \"%.*s\"",
                              LME_STR_ARG(row->map.pairs[0].key.string))
                   : false;
    }
    bool is_list = value->kind == LME_LIST;
    const lme_value *items = is_list ? value->list.items : value;
    size_t n = is_list ? value->list.len : 1;
    if (n == 0)
        return lme_fail(err, LME_ERR_DATA, at, "field \"%s\" is an empty list", field);
    lme_str *strings = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++) {
        if (items[i].kind != LME_STRING)
            return wrong_field(is_list ? &items[i] : value, field, at, err);
        strings[i] = lme_rstrip(items[i].string);
    }
    *texts = (lme_texts){strings, n};
    return true;
}

typedef struct reading {
    lme_arena *arena;
    lme_json_reader *json;
    const char *field;
} reading;

static bool read_line(const reading *r, lme_str line, const lme_place *at, lme_texts *texts,
                      lme_error *err)
{
    if (r->field != NULL) {
        lme_value row;
        return lme_json_read(r->arena, r->json, line, at, &row, err) &&
               read_field(r->arena, &row, r->field, at, texts, err);
    }
    if (!lme_utf8_valid(line))
        return lme_fail(err, LME_ERR_DATA, at, "the line is not valid UTF-8");
    lme_str *one = LME_NEW(r->arena, lme_str);
    *one = lme_rstrip(line);
    *texts = (lme_texts){one, 1};
    return true;
}

static bool needs_field(const char *path, const char *field)
{
    return field == NULL && lme_str_ends(lme_str_from(path), LME_STR(".jsonl"));
}

bool lme_text_file_read(lme_arena *arena, const char *path, const char *field, lme_text_file *file,
                        lme_error *err)
{
    lme_str text;
    if (needs_field(path, field)) {
        lme_fail(err, LME_ERR_USAGE, NULL, "%s holds JSON lines: which field of them is the text?",
                 path);
        return lme_hint(err, "name it with --field");
    }
    if (!lme_file_read(arena, path, (size_t)LME_LIMIT_DATA_FILE, &text, err))
        return false;
    *file = (lme_text_file){.path = path};
    size_t n = count_lines(text);
    if (n == 0)
        return lme_fail(err, LME_ERR_DATA, &(lme_place){.file = path},
                        "the file is empty, expected a segment a line");
    file->lines = LME_ARRAY(arena, lme_texts, n);
    reading r = {.arena = arena, .json = lme_json_reader_new(), .field = field};
    bool ok = true;
    for (size_t at = 0; ok && at < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), at);
        end = end == SIZE_MAX ? text.len : end;
        lme_place place = {.file = path, .line = (uint32_t)file->n + 1, .column = 1};
        ok = read_line(&r, lme_str_slice(text, at, end), &place, &file->lines[file->n], err);
        file->n++;
        at = end + 1;
    }
    lme_json_reader_free(r.json);
    return ok;
}

/* The record as a table from what is matched, written as one line of JSON, to the answer. */
#include "replay.h"

#include <lmeval/hash.h>
#include <lmeval/json.h>
#include <lmeval/share.h>

#define MAX_RECORD (1u << 30) /* bytes of the file, which is held in memory */

struct lme_replay {
    lme_table *index;
    lme_recorded *entries;
    size_t len, capacity;
    lme_str model;
};

static void add_number(lme_list_builder *key, const lme_value *value)
{
    double number = 0.0;
    if (value != NULL && value->kind == LME_INT)
        number = (double)value->integer;
    else if (value != NULL && value->kind == LME_FLOAT)
        number = value->number;
    lme_list_add(key, value == NULL || value->kind == LME_NULL ? lme_null() : lme_float(number));
}

static const lme_value *either(const lme_value *body, const char *name, const char *other)
{
    const lme_value *value = lme_value_find(body, name);
    return value != NULL ? value : lme_value_find(body, other);
}

/* A list of one text is that text. */
static const lme_value *unwrapped(const lme_value *prompt)
{
    bool is_one = prompt != NULL && prompt->kind == LME_LIST && prompt->list.len == 1 &&
                  prompt->list.items[0].kind == LME_STRING;
    return is_one ? &prompt->list.items[0] : prompt;
}

/* `stop` is not in it: lm_eval sends the end-of-text token with it or not, by its concurrency. */
static lme_str key_of(lme_arena *arena, lme_str path, const lme_value *body)
{
    lme_list_builder key = {.arena = arena};
    lme_builder text = {.arena = arena};
    const lme_value *prompt = unwrapped(either(body, "prompt", "messages"));
    const lme_value *echo = lme_value_find(body, "echo");
    lme_list_add(&key, lme_string(path));
    lme_list_add(&key, prompt != NULL ? *prompt : lme_null());
    lme_list_add(&key, lme_bool(echo != NULL && lme_value_truth(echo)));
    add_number(&key, either(body, "max_tokens", "max_completion_tokens"));
    add_number(&key, lme_value_find(body, "temperature"));
    lme_value list = lme_list_finish(&key);
    lme_json_write(&text, &list, &(lme_json_style){.compact = true});
    return lme_builder_finish(&text);
}

static bool wrong_line(const lme_place *at, const char *what, lme_error *err)
{
    lme_fail(err, LME_ERR_DATA, at, "not a recorded exchange: %s", what);
    return lme_hint(err, "a line is {\"path\": ..., \"request\": \"JSON text\", \"status\": 200, "
                         "\"answer\": \"text\"}");
}

static void add_entry(lme_arena *arena, lme_replay *replay, lme_str key, lme_recorded entry)
{
    size_t index;
    if (lme_table_get(replay->index, key, &index)) {
        replay->entries[index] = entry;
        return;
    }
    if (replay->len == replay->capacity) {
        size_t capacity = replay->capacity == 0 ? 64 : 2 * replay->capacity;
        replay->entries =
            lme_arena_grow(arena, replay->entries, replay->len * sizeof *replay->entries,
                           capacity * sizeof *replay->entries);
        replay->capacity = capacity;
    }
    lme_table_set(replay->index, lme_str_copy(arena, key), replay->len);
    replay->entries[replay->len++] = entry;
}

/* What one line needs; passed on as one. */
typedef struct reading {
    lme_arena *arena, *scratch;
    lme_json_reader *reader;
    lme_replay *replay;
} reading;

static bool read_line(const reading *r, lme_str line, const lme_place *at, lme_error *err)
{
    lme_value exchange, body;
    if (!lme_json_read(r->scratch, r->reader, line, at, &exchange, err))
        return false;
    const lme_value *path = lme_value_find(&exchange, "path");
    const lme_value *request = lme_value_find(&exchange, "request");
    const lme_value *status = lme_value_find(&exchange, "status");
    const lme_value *answer = lme_value_find(&exchange, "answer");
    if (path == NULL || path->kind != LME_STRING)
        return wrong_line(at, "no \"path\"", err);
    if (request == NULL || request->kind != LME_STRING || request->string.len == 0)
        return true; /* a GET: the server answers these itself */
    if (status == NULL || status->kind != LME_INT || status->integer < 100 || status->integer > 599)
        return wrong_line(at, "no \"status\" from 100 to 599", err);
    if (answer == NULL || answer->kind != LME_STRING)
        return wrong_line(at, "no \"answer\" text", err);
    if (!lme_json_read(r->scratch, r->reader, request->string, at, &body, err))
        return lme_while(err, "reading the recorded request");
    const lme_value *model = lme_value_find(&body, "model");
    if (r->replay->model.len == 0 && model != NULL && model->kind == LME_STRING)
        r->replay->model = lme_str_copy(r->arena, model->string);
    add_entry(r->arena, r->replay, key_of(r->scratch, path->string, &body),
              (lme_recorded){(unsigned)status->integer, lme_str_copy(r->arena, answer->string)});
    return true;
}

static bool read_record(reading *r, const char *path, lme_error *err)
{
    lme_arena *file = lme_arena_new();
    lme_place at = {.file = path};
    lme_str text;
    bool ok = lme_file_read(file, path, MAX_RECORD, &text, err);
    for (size_t from = 0; ok && from < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), from);
        lme_str line = lme_str_slice(text, from, end);
        at.line++;
        from += line.len + 1;
        lme_arena_reset(r->scratch);
        ok = line.len == 0 || line.ptr[0] == '#' || read_line(r, line, &at, err);
    }
    lme_arena_free(file);
    return ok;
}

bool lme_replay_open(lme_arena *arena, const char *path, lme_replay **replay, lme_error *err)
{
    reading r = {.arena = arena,
                 .scratch = lme_arena_new(),
                 .reader = lme_json_reader_new(),
                 .replay = LME_NEW(arena, lme_replay)};
    r.replay->index = lme_table_new(arena);
    bool ok = read_record(&r, path, err);
    if (ok && r.replay->len == 0)
        ok = lme_fail(err, LME_ERR_DATA, &(lme_place){.file = path}, "holds no exchange");
    lme_json_reader_free(r.reader);
    lme_arena_free(r.scratch);
    *replay = r.replay;
    return ok;
}

lme_str lme_replay_model(const lme_replay *replay)
{
    return replay->model;
}

size_t lme_replay_len(const lme_replay *replay)
{
    return replay->len;
}

bool lme_replay_find(lme_arena *scratch, const lme_replay *replay, lme_str path,
                     const lme_value *body, lme_recorded *recorded)
{
    size_t index;
    if (!lme_table_get(replay->index, key_of(scratch, path, body), &index))
        return false;
    *recorded = replay->entries[index];
    return true;
}

/* One JSON object a line: the format of mirrors, and the one that streams in constant memory. */
#include "jsonl.h"

#include "stream.h"

#include <lmeval/json.h>
#include <lmeval/limits.h>
#include <lmeval/lines.h>

typedef struct jsonl {
    lme_stream *stream;
    lme_lines lines;
    lme_json_reader *reader;
} jsonl;

static const char *const no_keys[] = {NULL};

static bool is_blank(lme_str line)
{
    for (size_t i = 0; i < line.len; i++) {
        if (line.ptr[i] != ' ' && line.ptr[i] != '\t' && line.ptr[i] != '\r')
            return false;
    }
    return true;
}

static bool read_stream(void *context, char *to, size_t size, size_t *got, lme_error *err)
{
    return lme_stream_read(context, to, size, got, err);
}

bool lme_jsonl_open(lme_arena *arena, lme_str path, const lme_value *kwargs, void **state,
                    lme_error *err)
{
    (void)kwargs;
    jsonl *s = LME_NEW(arena, jsonl);
    if (!lme_stream_open(arena, path, &s->stream, err))
        return false;
    s->lines = (lme_lines){
        .read = read_stream,
        .context = s->stream,
        .path = lme_stream_path(s->stream),
        .most = LME_LIMIT_ROW,
        .what = "row",
        .holds = "a file of rows holds one JSON object a line",
        .drops_mark = true,
        .buffer = {.arena = arena},
    };
    s->reader = lme_json_reader_new();
    *state = s;
    return true;
}

static bool next_line(jsonl *s, lme_str *line, bool *end, lme_error *err)
{
    do {
        if (!lme_lines_next(&s->lines, line, end, err))
            return false;
    } while (!*end && is_blank(*line));
    return true;
}

bool lme_jsonl_next(lme_arena *arena, void *state, lme_value *row, bool *end, lme_error *err)
{
    jsonl *s = state;
    lme_str line;
    *end = false;
    if (!next_line(s, &line, end, err))
        return false;
    if (*end)
        return true;
    lme_place at = {.file = s->lines.path, .line = s->lines.number, .column = 1};
    lme_value value;
    if (!lme_json_read(arena, s->reader, line, &at, &value, err))
        return false;
    if (!lme_reader_check_row(&value, &at, err))
        return false;
    *row = value;
    return true;
}

bool lme_jsonl_count(void *state, size_t *n, lme_error *err)
{
    jsonl *s = state;
    lme_str line;
    bool end = false;
    *n = 0;
    for (;;) {
        if (!next_line(s, &line, &end, err))
            return false;
        if (end)
            return true;
        (*n)++;
    }
}

void lme_jsonl_close(void *state)
{
    jsonl *s = state;
    lme_stream_close(s->stream);
    lme_json_reader_free(s->reader);
}

const lme_reader lme_reader_jsonl = {
    .name = "jsonl",
    .ending = ".jsonl",
    .summary = "one JSON object a line",
    .keys = no_keys,
    .open = lme_jsonl_open,
    .next = lme_jsonl_next,
    .count = lme_jsonl_count,
    .close = lme_jsonl_close,
};

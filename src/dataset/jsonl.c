/* One JSON object a line: the format of mirrors, and the one that streams in constant memory. */
#include "jsonl.h"

#include "lines.h"

#include <lmeval/json.h>

typedef struct jsonl {
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

bool lme_jsonl_open(lme_arena *arena, lme_str path, const lme_value *kwargs, void **state,
                    lme_error *err)
{
    (void)kwargs;
    jsonl *s = LME_NEW(arena, jsonl);
    if (!lme_lines_open(arena, path, &s->lines, err))
        return false;
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
    lme_place at = {.file = lme_stream_path(s->lines.stream), .line = s->lines.line, .column = 1};
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
    lme_lines_close(&s->lines);
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

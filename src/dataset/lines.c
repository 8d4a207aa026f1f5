#include "lines.h"

#include <string.h>

#include <lmeval/limits.h>

enum {
    LINES_READ_SIZE = 256 * 1024 /* one read: large enough that calls cost nothing */
};

bool lme_lines_open(lme_arena *arena, lme_str path, lme_lines *lines, lme_error *err)
{
    *lines = (lme_lines){.buffer = {.arena = arena}};
    return lme_stream_open(arena, path, &lines->stream, err);
}

/* Makes room by moving what is left to the front, then reads. */
static bool fill(lme_lines *lines, lme_error *err)
{
    lme_builder *buffer = &lines->buffer;
    size_t left = buffer->len - lines->from;
    if (left > LME_LIMIT_ROW) {
        lme_place at = {.file = lme_stream_path(lines->stream), .line = lines->line + 1};
        lme_fail(err, LME_ERR_LIMIT, &at, "the row is longer than %u MiB", LME_LIMIT_ROW >> 20);
        return lme_hint(err, "a file of rows holds one JSON object a line");
    }
    if (lines->from > 0) {
        memmove(buffer->ptr, buffer->ptr + lines->from, left);
        buffer->len = left;
        lines->searched -= lines->from;
        lines->from = 0;
    }
    char *room = lme_builder_reserve(buffer, LINES_READ_SIZE);
    size_t got;
    if (!lme_stream_read(lines->stream, room, LINES_READ_SIZE, &got, err))
        return false;
    buffer->len += got;
    lines->ended = got == 0;
    return true;
}

static void drop_mark(lme_lines *lines)
{
    lme_str start = {lines->buffer.ptr, lines->buffer.len};
    if (lines->line == 0 && lines->from == 0 && lme_str_starts(start, LME_STR("\xEF\xBB\xBF")))
        lines->from = 3;
}

bool lme_lines_next(lme_lines *lines, lme_str *line, bool *end, lme_error *err)
{
    lme_builder *buffer = &lines->buffer;
    const char *newline = NULL;
    for (;;) {
        if (buffer->len > lines->searched)
            newline = memchr(buffer->ptr + lines->searched, '\n', buffer->len - lines->searched);
        if (newline != NULL || lines->ended)
            break;
        lines->searched = buffer->len;
        if (!fill(lines, err))
            return false;
    }
    drop_mark(lines);
    size_t to = newline != NULL ? (size_t)(newline - buffer->ptr) : buffer->len;
    if (newline == NULL && lines->from == to) {
        *end = true;
        return true;
    }
    *line = (lme_str){buffer->ptr + lines->from, to - lines->from};
    if (line->len > 0 && line->ptr[line->len - 1] == '\r')
        line->len--;
    lines->from = newline != NULL ? to + 1 : to;
    lines->searched = lines->from;
    lines->line++;
    return true;
}

void lme_lines_close(lme_lines *lines)
{
    lme_stream_close(lines->stream);
}

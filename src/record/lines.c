#include "lines.h"

#include <errno.h>
#include <string.h>
#include <sys/types.h>

#include <lmeval/limits.h>

enum {
    LINES_READ_SIZE = 256 * 1024 /* one read: large enough that calls cost nothing */
};

static bool fail_read(const char *path, lme_error *err)
{
    lme_place at = {.file = path};
    return lme_fail(err, LME_ERR_IO, &at, "cannot read: %s",
                    strerror(errno)); /* NOLINT(concurrency-mt-unsafe): one thread reports */
}

bool lme_record_lines_open(lme_arena *arena, const char *path, lme_record_lines *lines,
                           lme_error *err)
{
    *lines = (lme_record_lines){.path = path, .buffer = {.arena = arena}};
    lines->file = fopen(path, "rb");
    return lines->file != NULL || fail_read(path, err);
}

/* Moves what is left to the buffer's front, then reads. */
static bool fill(lme_record_lines *lines, lme_error *err)
{
    lme_builder *buffer = &lines->buffer;
    size_t left = buffer->len - lines->from;
    if (left > LME_LIMIT_SAMPLE_LINE) {
        lme_place at = {.file = lines->path, .line = lines->number + 1};
        lme_fail(err, LME_ERR_LIMIT, &at, "the line is longer than %u MiB",
                 LME_LIMIT_SAMPLE_LINE >> 20);
        return lme_hint(err, "a samples file holds one JSON object a line");
    }
    if (lines->from > 0) {
        memmove(buffer->ptr, buffer->ptr + lines->from, left);
        buffer->len = left;
        lines->searched -= lines->from;
        lines->offset += lines->from;
        lines->from = 0;
    }
    char *room = lme_builder_reserve(buffer, LINES_READ_SIZE);
    size_t got = fread(room, 1, LINES_READ_SIZE, lines->file);
    if (got == 0 && ferror(lines->file) != 0)
        return fail_read(lines->path, err);
    buffer->len += got;
    lines->ended = got == 0;
    return true;
}

bool lme_record_lines_next(lme_record_lines *lines, lme_str *line, lme_record_place *place,
                           bool *end, lme_error *err)
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
    size_t to = newline != NULL ? (size_t)(newline - buffer->ptr) : buffer->len;
    if (newline == NULL && lines->from == to) {
        *end = true;
        return true;
    }
    *line = (lme_str){buffer->ptr + lines->from, to - lines->from};
    if (line->len > 0 && line->ptr[line->len - 1] == '\r')
        line->len--;
    lines->is_open = newline == NULL;
    lines->number++;
    *place = (lme_record_place){lines->offset + lines->from, line->len, lines->number};
    lines->from = newline != NULL ? to + 1 : to;
    lines->searched = lines->from;
    return true;
}

bool lme_record_lines_read(lme_arena *arena, const lme_record_lines *lines,
                           const lme_record_place *place, lme_str *line, lme_error *err)
{
    char *bytes = LME_ARRAY(arena, char, place->size + 1);
    if (fseeko(lines->file, (off_t)place->offset, SEEK_SET) != 0)
        return fail_read(lines->path, err);
    if (fread(bytes, 1, place->size, lines->file) != place->size) {
        lme_place at = {.file = lines->path, .line = place->number};
        return lme_fail(err, LME_ERR_IO, &at, "the file has become shorter while it was read");
    }
    *line = (lme_str){bytes, place->size};
    return true;
}

void lme_record_lines_close(lme_record_lines *lines)
{
    if (lines->file != NULL)
        fclose(lines->file);
    lines->file = NULL;
}

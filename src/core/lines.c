#include <string.h>

#include <lmeval/lines.h>

enum {
    READ_SIZE = 256 * 1024 /* one read: large enough that calls cost nothing */
};

/* Makes room by moving what is left to the front, then reads. */
static bool fill(lme_lines *lines, lme_error *err)
{
    lme_builder *buffer = &lines->buffer;
    size_t left = buffer->len - lines->from;
    if (left > lines->most) {
        lme_place at = {.file = lines->path, .line = lines->number + 1};
        lme_fail(err, LME_ERR_LIMIT, &at, "the %s is longer than %zu MiB", lines->what,
                 lines->most >> 20);
        return lme_hint(err, "%s", lines->holds);
    }
    if (lines->from > 0) {
        memmove(buffer->ptr, buffer->ptr + lines->from, left);
        buffer->len = left;
        lines->searched -= lines->from;
        lines->offset += lines->from;
        lines->from = 0;
    }
    char *room = lme_builder_reserve(buffer, READ_SIZE);
    size_t got;
    if (!lines->read(lines->context, room, READ_SIZE, &got, err))
        return false;
    buffer->len += got;
    lines->ended = got == 0;
    return true;
}

static void drop_mark(lme_lines *lines)
{
    lme_str start = {lines->buffer.ptr, lines->buffer.len};
    if (lines->drops_mark && lines->number == 0 && lines->from == 0 &&
        lme_str_starts(start, LME_STR("\xEF\xBB\xBF")))
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
    lines->is_open = newline == NULL;
    lines->at = lines->offset + lines->from;
    lines->from = newline != NULL ? to + 1 : to;
    lines->searched = lines->from;
    lines->number++;
    return true;
}

/* Messages that point into a template. Line and column are counted here, from the offset that
 * tokens and nodes carry, because only a message needs them.
 */
#include "source.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/unicode.h>

enum {
    MOST_SHOWN = 48 /* bytes of source or of a name in a message */
};

/* The text up to `most` bytes, never half a character. */
static lme_str cut(lme_str text, size_t most)
{
    size_t at = 0;
    while (at < text.len) {
        size_t next = at;
        lme_codepoint_next(text, &next);
        if (next > most)
            break;
        at = next;
    }
    return lme_str_slice(text, 0, at);
}

lme_str lme_shown(lme_str text)
{
    return cut(text, MOST_SHOWN);
}

static lme_str rest_of_line(lme_str text, size_t offset)
{
    size_t end = lme_str_find(text, LME_STR("\n"), offset);
    return lme_str_slice(text, offset, end);
}

bool lme_source_fail(const lme_source *source, size_t offset, lme_code code, lme_error *err,
                     const char *format, ...)
{
    char what[1024]; /* with the place in front lme_fail cuts it, between two code points */
    va_list args;
    va_start(args, format);
    vsnprintf(what, sizeof what, format, args);
    va_end(args);

    lme_str before = lme_str_slice(source->text, 0, offset);
    uint32_t line = 1;
    size_t start = 0;
    for (size_t i = 0; i < before.len; i++) {
        if (before.ptr[i] == '\n') {
            line++;
            start = i + 1;
        }
    }
    size_t in_line = lme_codepoints(lme_str_slice(before, start, before.len));
    uint32_t column = (uint32_t)in_line + 1;

    lme_place place = {.file = NULL};
    if (source->at != NULL) {
        place = *source->at;
        if (place.line > 0)
            place.line += line - 1;
        if (line > 1) /* how far the file indents this line is not known here */
            place.column = 0;
        else if (place.column > 0)
            place.column += column - 1;
    }
    lme_str there = lme_rstrip(lme_shown(rest_of_line(source->text, offset)));
    if (there.len == 0)
        return lme_fail(err, code, &place, "template line %u, column %u: %s", line, column, what);
    return lme_fail(err, code, &place, "template line %u, column %u, at \"%.*s\": %s", line, column,
                    LME_STR_ARG(there), what);
}

/* Lines of a stream, one at a time in one buffer that grows to the longest of them. */
#ifndef LMEVAL_DATASET_LINES_H
#define LMEVAL_DATASET_LINES_H

#include "stream.h"

typedef struct lme_lines {
    lme_stream *stream;
    lme_builder buffer;
    size_t from;     /* where the next line starts in the buffer */
    size_t searched; /* no newline before this byte */
    bool ended;      /* the stream has no more bytes */
    uint32_t line;   /* number of the line last given, from 1 */
} lme_lines;

bool lme_lines_open(lme_arena *arena, lme_str path, lme_lines *lines,
                    lme_error *err) LME_MUST_CHECK;

/* Next line without its end (LF or CRLF); a byte order mark before the first one is dropped.
 *   line  valid until the next call
 *   end   set when there are no more
 * Errors: LME_ERR_LIMIT past LME_LIMIT_ROW bytes; those of the stream. */
bool lme_lines_next(lme_lines *lines, lme_str *line, bool *end, lme_error *err) LME_MUST_CHECK;

void lme_lines_close(lme_lines *lines);

#endif

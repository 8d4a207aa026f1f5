/* Lines of a samples file, with where each stands, so that one can be read again alone. */
#ifndef LMEVAL_RECORD_LINES_H
#define LMEVAL_RECORD_LINES_H

#include <stdio.h>

#include <lmeval/lines.h>
#include <lmeval/record.h>

enum {
    LME_RECORD_PIPELINES = 64 /* of one task; lm_eval's largest has 3 */
};

typedef struct lme_record_lines {
    FILE *file;
    lme_lines lines;
} lme_record_lines;

/*   path  borrowed; the buffer grows in arena to the longest line
 * Errors: LME_ERR_IO with the system's reason. */
bool lme_record_lines_open(lme_arena *arena, const char *path, lme_record_lines *lines,
                           lme_error *err) LME_MUST_CHECK;

/* Next line without its end (LF or CRLF).
 *   line   valid until the next call
 *   end    set when there are no more
 * Errors: LME_ERR_LIMIT past LME_LIMIT_SAMPLE_LINE bytes; LME_ERR_IO. */
bool lme_record_lines_next(lme_record_lines *lines, lme_str *line, lme_record_place *place,
                           bool *end, lme_error *err) LME_MUST_CHECK;

/* A line again, by its place; in arena. It moves in the file, so next() must not be called after
 * it. Errors: LME_ERR_IO when the file has become shorter or cannot be read. */
bool lme_record_lines_read(lme_arena *arena, const lme_record_lines *lines,
                           const lme_record_place *place, lme_str *line,
                           lme_error *err) LME_MUST_CHECK;

void lme_record_lines_close(lme_record_lines *lines); /* also of one that is not open */

#endif

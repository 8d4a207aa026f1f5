/* The files that `lmeval score` compares: a segment a line, plain or as a field of JSON lines. */
#ifndef LMEVAL_CLI_SCORE_FILES_H
#define LMEVAL_CLI_SCORE_FILES_H

#include <lmeval/str.h>

/* The texts of one line: one, or with a field that is a list, several. */
typedef struct lme_texts {
    const lme_str *items;
    size_t n;
} lme_texts;

typedef struct lme_text_file {
    const char *path;
    lme_texts *lines;
    size_t n;
} lme_text_file;

/* Reads a file whole. Blanks at a line's end are dropped, as sacrebleu does.
 *   field  of each line's JSON object; NULL: the line itself is the text
 * Errors: LME_ERR_IO; LME_ERR_DATA with file:line for what is no UTF-8, no JSON, lacks the field,
 * or has something else than text in it. */
bool lme_text_file_read(lme_arena *arena, const char *path, const char *field, lme_text_file *file,
                        lme_error *err) LME_MUST_CHECK;

#endif

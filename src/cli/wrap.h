/* Texts broken into lines that a terminal shows whole. */
#ifndef LMEVAL_CLI_WRAP_H
#define LMEVAL_CLI_WRAP_H

#include <lmeval/str.h>

enum {
    LME_WIDTH = 80 /* columns of the narrowest usual terminal; also of files, so texts are stable */
};

/* Adds the text, broken at blanks so that no line is wider than LME_WIDTH. A word, so a URL or a
 * path, is never broken: one that is wider stands on a line of its own. Newlines of the text stay.
 *   column  where the first line begins, in columns
 *   indent  blanks before each line that is added */
void lme_wrap(lme_builder *out, lme_str text, size_t column, size_t indent);

/* The text, cut with "..." where it would go beyond LME_WIDTH.
 *   column  where it begins */
void lme_cut(lme_builder *out, lme_str text, size_t column);

#endif

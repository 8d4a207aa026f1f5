/* Foreign texts (prompts, answers, names out of files) on a terminal: whole, and harmless. */
#ifndef LMEVAL_CLI_BLOCK_H
#define LMEVAL_CLI_BLOCK_H

#include <lmeval/str.h>

/* A text between bars, at most 80 columns wide: "|" where a line begins and where the text ends,
 * ":" where a long line goes on. What a terminal would act on is shown as an escape. */
void lme_block_write(lme_builder *out, lme_str text);

/* The text folded at blanks (at any character where there is none) to 80 columns, and a newline; no
 * bars, and its own newlines as escapes.
 *   indent  columns before each of its lines; the first one's are written already */
void lme_fold(lme_builder *out, lme_str text, size_t indent);

/* The text on one line, with what a terminal would act on as escapes: \n, \x1b; also what hides or
 * reorders characters (\u202e). The argument itself when there is nothing of it. */
lme_str lme_visible(lme_arena *arena, lme_str text);

#endif

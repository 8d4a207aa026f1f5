/* Whether output is coloured, and how. One place decides: --color WHEN (or $LMEVAL_COLOR), else
 * $NO_COLOR, else only what goes to a terminal that is not dumb. No colour says anything that the
 * words do not say too.
 */
#ifndef LMEVAL_CLI_COLOR_H
#define LMEVAL_CLI_COLOR_H

#include <stdio.h>

#include <lmeval/str.h>

typedef enum lme_color {
    LME_COLOR_GOOD,
    LME_COLOR_BAD,
    LME_COLOR_UNSURE,
} lme_color;

/* Takes "--color WHEN" or "--color=WHEN" out of argv, wherever it stands before "--".
 * Errors: LME_ERR_USAGE for another word than auto, always, never. */
bool lme_color_option(char **argv, lme_error *err) LME_MUST_CHECK;

bool lme_is_colored(FILE *to);

/* The text in that colour, between its escapes. */
lme_str lme_painted(lme_arena *arena, lme_str text, lme_color color);

/* The text, with the verdict that ends a line in its colour. */
lme_str lme_verdicts_painted(lme_arena *arena, lme_str text);

#endif

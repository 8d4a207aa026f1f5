/* What a person is told on stderr. */
#ifndef LMEVAL_CLI_SAY_H
#define LMEVAL_CLI_SAY_H

#include <lmeval/str.h>

/* "lmeval: TEXT" for a terminal of 80 columns: what a wide line goes on with stands four blanks in.
 * Newlines stay; what else a terminal would act on is shown as an escape. Lives as long as arena.
 */
lme_str lme_said(lme_arena *arena, lme_str text);

/* Says that. */
void lme_say(const char *format, ...) LME_PRINTF(1, 2);

#endif

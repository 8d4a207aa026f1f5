/* Where long output goes: through the user's pager on a terminal, else to stdout as it is. */
#ifndef LMEVAL_CLI_PAGER_H
#define LMEVAL_CLI_PAGER_H

#include <stdio.h>

#include <lmeval/str.h>

typedef struct lme_pager {
    FILE *out;
    const char *program; /* that reads it; NULL: none, it is stdout */
} lme_pager;

/* Starts $LMEVAL_PAGER, else $PAGER, else less, when stdout is a terminal; "" and "cat" mean none.
 *   paged  false: stdout in any case */
bool lme_pager_open(lme_arena *arena, bool paged, lme_pager *pager, lme_error *err) LME_MUST_CHECK;

/* Colours get through: to a terminal, and by less, unless $LESS does not let them. */
bool lme_pager_shows_colors(const lme_pager *pager);

/* Writes.
 *   closed  set when the reader left the pager: no error, but nothing more is read
 * Errors: LME_ERR_IO. */
bool lme_pager_write(const lme_pager *pager, lme_str text, bool *closed,
                     lme_error *err) LME_MUST_CHECK;

/* Waits until the reader has left. Errors: LME_ERR_IO when what was written did not arrive, or
 * there is no such pager. */
bool lme_pager_close(lme_pager *pager, lme_error *err) LME_MUST_CHECK;

/* All of these for one text. */
bool lme_page(lme_arena *arena, lme_str text, lme_error *err) LME_MUST_CHECK;

#endif

/* How far a run is, on stderr: one line that renews itself on a terminal, a line now and then
 * elsewhere. */
#ifndef LMEVAL_CLI_PROGRESS_H
#define LMEVAL_CLI_PROGRESS_H

#include <lmeval/run.h>

typedef struct lme_progress_view {
    bool terminal;
    bool shown;       /* a line stands on the terminal that must be wiped */
    double last_line; /* seconds into the task of the last plain line */
} lme_progress_view;

void lme_progress_begin(lme_progress_view *view);
void lme_progress_show(lme_progress_view *view, const lme_progress *progress);

/* Wipes the line, so that other text can follow; the task may go on after it. */
void lme_progress_end(lme_progress_view *view);

/* The line itself: "hellaswag 12/20 documents, 48 answers (12 kept), 310/s, 0:03 left, acc 0.45".
 */
lme_str lme_progress_line(lme_arena *arena, const lme_progress *progress);

/* As many of its parts, from the first on, as so many columns hold. */
lme_str lme_progress_fit(lme_str line, size_t columns);

#endif

#include "progress.h"

#include <math.h>
#include <stdio.h>
#include <unistd.h>

/* Plain lines in a log: often enough to see life, seldom enough to read. */
static const double plain_seconds = 10.0;

void lme_progress_begin(lme_progress_view *view)
{
    *view = (lme_progress_view){.terminal = isatty(STDERR_FILENO) == 1};
}

static void add_time_left(lme_builder *out, const lme_progress *p)
{
    if (p->n_docs_done == 0 || p->n_docs_done >= p->n_docs || p->seconds <= 0)
        return;
    double rest = (double)(p->n_docs - p->n_docs_done) * p->seconds / (double)p->n_docs_done;
    unsigned long seconds = (unsigned long)ceil(rest);
    if (seconds >= 3600)
        lme_builder_format(out, ", %lu:%02lu:%02lu left", seconds / 3600, seconds / 60 % 60,
                           seconds % 60);
    else
        lme_builder_format(out, ", %lu:%02lu left", seconds / 60, seconds % 60);
}

lme_str lme_progress_line(lme_arena *arena, const lme_progress *p)
{
    lme_builder out = {.arena = arena};
    lme_builder_format(&out, "%.*s %zu/%zu documents, %zu answers", LME_STR_ARG(p->task),
                       p->n_docs_done, p->n_docs, p->n_requests_done);
    if (p->n_from_journal > 0)
        lme_builder_format(&out, " (%zu kept)", p->n_from_journal);
    if (p->seconds > 0)
        lme_builder_format(&out, ", %.0f/s",
                           (double)(p->n_requests_done - p->n_from_journal) / p->seconds);
    add_time_left(&out, p);
    if (p->n_failed > 0)
        lme_builder_format(&out, ", %zu failed", p->n_failed);
    if (p->running != NULL) {
        lme_builder_format(&out, ", %.*s %.4f", LME_STR_ARG(p->running->metric), p->running->value);
        if (!isnan(p->running->stderr_value))
            lme_builder_format(&out, " \u00b1 %.4f", p->running->stderr_value);
    }
    return lme_builder_finish(&out);
}

void lme_progress_show(lme_progress_view *view, const lme_progress *progress)
{
    if (!view->terminal && progress->seconds - view->last_line < plain_seconds)
        return;
    lme_arena *arena = lme_arena_new();
    lme_str line = lme_progress_line(arena, progress);
    if (view->terminal)
        fprintf(stderr, "\r\033[K%.*s", LME_STR_ARG(line));
    else
        fprintf(stderr, "%.*s\n", LME_STR_ARG(line));
    fflush(stderr);
    view->shown = view->terminal;
    view->last_line = progress->seconds;
    lme_arena_free(arena);
}

void lme_progress_end(lme_progress_view *view)
{
    if (view->shown)
        fprintf(stderr, "\r\033[K");
    fflush(stderr);
    view->shown = false;
    view->last_line = 0;
}

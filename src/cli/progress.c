#include "progress.h"

#include "wrap.h"

#include <math.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <lmeval/unicode.h>

/* Plain lines in a log: often enough to see life, seldom enough to read. */
static const double plain_seconds = 10.0;
/* Answers a second that want two digits. */
static const double few = 9.5;

void lme_progress_begin(lme_progress_view *view)
{
    *view = (lme_progress_view){.terminal = isatty(STDERR_FILENO) == 1};
}

/* By the answers that had to be asked for; where these were not counted before, by documents. 0:
 * nothing is left, or it is not known. */
static double seconds_left(const lme_progress *p)
{
    double done = (double)(p->n_requests_done - p->n_from_journal), all = (double)p->n_to_ask;
    if (p->n_to_ask == 0) {
        done = (double)p->n_docs_done;
        all = (double)p->n_docs;
    }
    return done > 0 && done < all ? (all - done) * p->seconds / done : 0;
}

static void add_clock(lme_builder *out, double time)
{
    unsigned long seconds = (unsigned long)ceil(time);
    if (seconds >= 3600)
        lme_builder_format(out, "%lu:%02lu:%02lu", seconds / 3600, seconds / 60 % 60, seconds % 60);
    else
        lme_builder_format(out, "%lu:%02lu", seconds / 60, seconds % 60);
}

/* Of this task, and of the run where the tasks behind it go as it goes. */
static void add_time_left(lme_builder *out, const lme_progress *p)
{
    double rest = seconds_left(p);
    if (rest <= 0)
        return;
    lme_builder_add(out, LME_STR(", "));
    add_clock(out, rest);
    lme_builder_add(out, LME_STR(" left"));
    if (p->n_to_ask_later == 0 || p->n_to_ask == 0)
        return;
    double later = (double)p->n_to_ask_later;
    double done = (double)(p->n_requests_done - p->n_from_journal);
    lme_builder_add(out, LME_STR(" ("));
    add_clock(out, rest + later * p->seconds / done);
    lme_builder_add(out, LME_STR(" in all)"));
}

lme_str lme_progress_line(lme_arena *arena, const lme_progress *p)
{
    lme_builder out = {.arena = arena};
    lme_builder_format(&out, "%.*s %zu/%zu documents, %zu answer%s", LME_STR_ARG(p->task),
                       p->n_docs_done, p->n_docs, p->n_requests_done,
                       p->n_requests_done == 1 ? "" : "s");
    if (p->n_from_journal > 0)
        lme_builder_format(&out, " (%zu kept)", p->n_from_journal);
    double rate = (double)(p->n_requests_done - p->n_from_journal) / p->seconds;
    if (p->seconds > 0)
        lme_builder_format(&out, rate > 0 && rate < few ? ", %.2g/s" : ", %.0f/s", rate);
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

lme_str lme_progress_fit(lme_str line, size_t columns)
{
    while (lme_display_width(line) > columns) {
        size_t at = line.len - 1;
        while (at > 0 && line.ptr[at] != ',')
            at--;
        if (at == 0)
            return lme_utf8_cut(line, columns);
        line = lme_str_slice(line, 0, at);
    }
    return line;
}

static size_t columns_of_terminal(void)
{
    struct winsize size;
    bool told = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 1;
    return told ? size.ws_col : LME_WIDTH;
}

void lme_progress_show(lme_progress_view *view, const lme_progress *progress)
{
    if (!view->terminal && progress->seconds - view->last_line < plain_seconds)
        return;
    lme_arena *arena = lme_arena_new();
    lme_str line = lme_progress_line(arena, progress);
    /* A line that goes on in the next row cannot be wiped; the last column may begin one. */
    if (view->terminal)
        fprintf(stderr, "\r\033[K%.*s",
                LME_STR_ARG(lme_progress_fit(line, columns_of_terminal() - 1)));
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
}

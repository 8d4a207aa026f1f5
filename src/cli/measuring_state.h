/* What a measuring holds, for the files that take its steps. */
#ifndef LMEVAL_CLI_MEASURING_STATE_H
#define LMEVAL_CLI_MEASURING_STATE_H

#include "measuring.h"
#include "output.h"
#include "progress.h"
#include "server.h"

/* Everything a run holds; made in steps, closed in one place. */
struct lme_measuring {
    lme_arena *arena;
    lme_run_fields given;
    lme_opened_tasks opened;
    lme_connection connection;
    lme_profile profile;
    lme_str verified; /* of --verify-path; "" without it */
    lme_output *output;
    lme_run *run;
    lme_result *results;
    size_t n_results;
    struct lme_opening *opening; /* the line that waits for the first answers; NULL: none does */
    lme_progress_view view;
    bool said_crowded;
    double started, began; /* seconds since 1970, and of a clock that nobody sets */
    const char *const *command;
    size_t n_command;
    lme_run_work *work; /* the task under way; NULL: none */
    size_t task;        /* its place */
};
/* The steps of lme_measuring_connect. */
bool lme_measuring_open_tasks(lme_measuring *m, lme_error *err) LME_MUST_CHECK;
bool lme_measuring_find_server(lme_measuring *s, lme_error *err) LME_MUST_CHECK;

/* How a run with this journal is opened. In the measuring's arena. */
lme_run_options lme_measuring_options(lme_measuring *s, lme_str journal);

#endif

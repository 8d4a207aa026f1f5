/* What a run is going to ask, found out before.
 *
 * A dry run goes the way of a run up to its first question: options, task files, data, server,
 * probe, folder, journal; so what a run would stop at, it stops at. Then it counts the questions,
 * tries a few of them, and counts once more with the tokens that these had. Where the server cannot
 * be asked, the questions are counted in the form that most servers take. */
#include "command.h"
#include "forecast.h"
#include "measuring_state.h"
#include "opening.h"
#include "say.h"

#include <string.h>

#include <lmeval/share.h>

/* A folder that is not there is as good as an empty one. */
static bool open_folder(lme_measuring *m, lme_str folder, lme_error *err)
{
    const char *path = lme_str_cstr(m->arena, folder);
    bool is_there = lme_folder_exists(path);
    if (!is_there && lme_file_exists(path))
        return lme_fail(err, LME_ERR_IO, &(lme_place){.file = path},
                        "the output folder cannot be made: a file has its name");
    if (is_there && !m->given.fresh &&
        (!lme_output_open(m->arena, folder, &m->output, err) ||
         !lme_output_claim(m->arena, m->output, m->opened.tasks, m->opened.n, false, err)))
        return false;
    lme_run_options options =
        lme_measuring_options(m, lme_path_join(m->arena, folder, LME_STR("journal.db")));
    options.looks_only = true;
    return lme_run_open(&options, m->connection.endpoint, &m->run, err);
}

/* Questions are written as the first path that takes them asks; nothing is known of answers. */
static bool open_nowhere(lme_measuring *m, lme_error *err)
{
    lme_disconnect(&m->connection);
    bool chats = m->given.task.chat != LME_CHAT_NONE;
    lme_str named = lme_str_from(m->given.server.scoring);
    m->profile = (lme_profile){
        .model = lme_str_from(m->given.server.model),
        .server = LME_STR(""),
        .scoring_path = chats && lme_str_is(named, "auto") ? LME_STR("prompt_logprobs") : named,
        .scoring_caution = LME_STR(""),
        .chat_template = LME_STR(""),
    };
    if (!lme_connect_nowhere(m->arena, &m->given.server, &m->profile, LME_STR(""), &m->connection,
                             err))
        return false;
    lme_run_options options = lme_measuring_options(m, LME_STR(""));
    options.looks_only = true;
    options.cache = LME_STR("");
    return lme_run_open(&options, m->connection.endpoint, &m->run, err);
}

/* Whether it is the server that stands in the way, not what was asked of lmeval. */
static bool is_servers(const lme_error *err)
{
    return err->code == LME_ERR_NETWORK || err->code == LME_ERR_SERVER;
}

/* Asks some of the questions, and counts again with what they had. */
static bool try_some(lme_measuring *m, lme_forecasts *forecasts, lme_error *err)
{
    size_t n = m->opened.n;
    const lme_server_flags *server = &m->given.server;
    const lme_trial_options options = {
        .preflights = forecasts->tasks,
        .n_preflights = n,
        .concurrency = server->concurrency,
        .batch = server->batch,
        .n_questions = m->given.estimate_from,
    };
    lme_preflight *tasks = LME_ARRAY(m->arena, lme_preflight, n);
    if (!lme_run_try(m->arena, m->run, &options, &forecasts->trial, err))
        return lme_while(err, "trying some of the questions");
    for (size_t i = 0; i < n; i++)
        tasks[i] = (lme_preflight){
            .task = m->opened.tasks[i],
            .docs = m->opened.docs[i],
            .tokens_a_byte = lme_trial_tokens(&forecasts->trial, i),
        };
    if (!lme_run_preflight(m->arena, m->run, tasks, n, err))
        return false;
    forecasts->tasks = tasks;
    lme_forecasts_sum(forecasts);
    const lme_cost_options estimating = {
        .concurrency = server->concurrency,
        .max_rps = server->max_rps,
        .pace = forecasts->pace,
    };
    forecasts->cost = lme_cost_of(tasks, n, &forecasts->trial, &estimating);
    return true;
}

bool lme_measuring_foresee(lme_measuring *m, lme_str folder, lme_forecasts *forecasts,
                           lme_error *err)
{
    size_t n_questions = m->given.estimate_from;
    if (!open_folder(m, folder, err) ||
        !lme_measuring_count(m, forecasts, lme_trial_wanted(n_questions, m->opened.n), err))
        return false;
    forecasts->folder = folder;
    return lme_forecast_of(&forecasts->all).n_new == 0 || n_questions == 0 ||
           try_some(m, forecasts, err);
}

static bool print(const lme_measuring *m, const lme_forecasts *forecasts, lme_error *err)
{
    if (m->given.json) {
        lme_value value = lme_forecasts_value(m->arena, forecasts);
        return lme_print(lme_forecasts_json(m->arena, &value), err);
    }
    lme_str page = lme_forecasts_text(m->arena, forecasts);
    lme_str end = lme_forecasts_ending(m->arena, forecasts->reached, forecasts->trial.n_asked);
    return lme_print(lme_str_concat(m->arena, page, end), err);
}

bool lme_measuring_dry_run(lme_measuring *m, const char *folder, lme_error *err)
{
    lme_error unreached = {0};
    lme_forecasts forecasts;
    if (!lme_measuring_open_tasks(m, err))
        return false;
    bool reached = lme_measuring_find_server(m, &unreached);
    bool is_named = m->connection.endpoint != NULL;
    if (!reached && !is_servers(&unreached)) {
        *err = unreached;
        return false;
    }
    if (reached) {
        lme_str path = folder != NULL ? lme_str_from(folder) : lme_measuring_default_folder(m);
        return lme_measuring_foresee(m, path, &forecasts, err) && print(m, &forecasts, err);
    }
    if (!open_nowhere(m, err) || !lme_measuring_count(m, &forecasts, 0, err))
        return false;
    forecasts.reached = false;
    if (!print(m, &forecasts, err))
        return false;
    if (!is_named)
        return true;
    *err = unreached;
    return false;
}

/* The time is not asked for by a question of its own: the line waits for the first answers, two
 * seconds at most, while the run goes on. */
#include "opening.h"

#include "measuring_state.h"
#include "say.h"

enum {
    FEWEST = 16, /* answers that tell a time */
    ROUNDS = 2   /* of all that may be open: the first ones of a round say little */
};

static const double patience_s = 2;

bool lme_measuring_count(lme_measuring *m, lme_forecasts *forecasts, size_t n_wanted,
                         lme_error *err)
{
    lme_preflight *tasks = LME_ARRAY(m->arena, lme_preflight, m->opened.n);
    for (size_t i = 0; i < m->opened.n; i++)
        tasks[i] = (lme_preflight){
            .task = m->opened.tasks[i], .docs = m->opened.docs[i], .n_wanted = n_wanted};
    if (!lme_run_preflight(m->arena, m->run, tasks, m->opened.n, err))
        return false;
    *forecasts = (lme_forecasts){
        .given = &m->given,
        .tasks = tasks,
        .n_tasks = m->opened.n,
        .profile = &m->profile,
        .base_url = m->connection.base_url,
        .folder = LME_STR(""),
        .n_resumed = lme_run_resumed(m->run),
        .reached = true,
        .pace = lme_endpoint_pace(m->connection.endpoint, m->given.task.chat != LME_CHAT_NONE),
        .room = lme_endpoint_room(m->connection.endpoint),
    };
    lme_forecasts_sum(forecasts);
    return true;
}

/* Tokens as the answers had them; where none were counted, as the probe's prompts. */
static void count_tokens(const lme_measuring *m, lme_opening *opening)
{
    lme_traffic traffic = lme_endpoint_traffic(m->connection.endpoint);
    lme_forecasts *forecasts = &opening->forecasts;
    double bytes = traffic.prompt_bytes - opening->before.prompt_bytes;
    double tokens = traffic.prompt_tokens - opening->before.prompt_tokens;
    if (bytes <= 0)
        return;
    for (size_t i = 0; i < forecasts->n_tasks; i++) {
        for (size_t k = 0; k < LME_REQUEST_KINDS; k++) {
            lme_outlay *outlay = &forecasts->tasks[i].kinds[k].outlay;
            outlay->prompt_tokens = outlay->bytes * tokens / bytes;
        }
    }
    lme_forecasts_sum(forecasts);
}

static void say_opening(lme_measuring *m)
{
    const lme_opening *opening = m->opening;
    lme_str line = lme_forecasts_line(m->arena, &opening->forecasts);
    m->opening = NULL;
    lme_progress_end(&m->view);
    lme_say("%s%.*s", opening->who, LME_STR_ARG(line));
}

bool lme_measuring_forecast(lme_measuring *m, const char *who, lme_error *err)
{
    if (m->given.quiet || m->given.rescore)
        return true;
    lme_opening *opening = LME_NEW(m->arena, lme_opening);
    *opening = (lme_opening){.who = who};
    if (!lme_measuring_count(m, &opening->forecasts, 0, err))
        return lme_while(err, "counting what will be asked");
    if (lme_run_stopped(m->run))
        return true;
    opening->before = lme_endpoint_traffic(m->connection.endpoint);
    m->opening = opening;
    lme_forecast all = lme_forecast_of(&opening->forecasts.all);
    if (all.n_new == 0)
        say_opening(m);
    return true;
}

void lme_opening_heed(lme_measuring *m, const lme_progress *progress)
{
    lme_opening *opening = m->opening;
    bool over = progress == NULL;
    if (opening == NULL)
        return;
    if (!over)
        opening->seen = *progress;
    const lme_server_flags *server = &m->given.server;
    const lme_progress *seen = &opening->seen;
    size_t n_open = over ? 0 : lme_endpoint_in_flight(m->connection.endpoint) * server->batch;
    size_t wanted = ROUNDS * lme_endpoint_concurrency(m->connection.endpoint) * server->batch;
    const lme_first_answers first = {
        .task = m->task,
        .n_answered = seen->n_requests_done - seen->n_from_journal,
        .n_open = n_open,
        .seconds = seen->seconds,
    };
    if (!over && seen->seconds < patience_s &&
        first.n_answered < (wanted > FEWEST ? wanted : FEWEST))
        return;
    lme_forecasts *forecasts = &opening->forecasts;
    const lme_cost_options options = {
        .concurrency = server->concurrency, .max_rps = server->max_rps, .pace = forecasts->pace};
    forecasts->cost =
        lme_cost_by_first_answers(forecasts->tasks, forecasts->n_tasks, &first, &options);
    if (!forecasts->cost.known)
        return;
    count_tokens(m, opening);
    say_opening(m);
}

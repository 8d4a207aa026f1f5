#include "command.h"
#include "conditions.h"
#include "dispatch.h"
#include "measuring_state.h"
#include "opening.h"
#include "recall.h"
#include "say.h"
#include "unheeded.h"
#include "verify.h"
#include "write_out.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include <lmeval/hash.h>
#include <lmeval/run.h>
#include <lmeval/share.h>
#include <lmeval/task.h>

/* Set by SIGINT and SIGTERM, read by the run between answers. */
static volatile sig_atomic_t
    stop_asked; /* NOLINT(cppcoreguidelines-avoid-non-const-global-variables) */

static void ask_to_stop(int signal_number)
{
    if (stop_asked != 0)
        _exit(128 + signal_number);
    stop_asked = 1;
}

typedef lme_measuring state;

static double seconds_of(clockid_t clock)
{
    struct timespec time;
    clock_gettime(clock, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* What the command line asks to be told before anything is sent. */
static bool say_tasks(const state *s, lme_error *err)
{
    const lme_run_fields *given = &s->given;
    for (size_t i = 0; i < given->notes.n && !given->quiet; i++)
        lme_say("%s", given->notes.items[i]);
    if (given->show_config)
        lme_show_configs(s->arena, &s->opened);
    return !given->write_out || lme_write_out(s->arena, &given->task, given->server.demo, err);
}

static bool open_tasks(state *s, lme_error *err)
{
    return lme_task_flags_open(s->arena, &s->given.task, s->given.server.demo, &s->opened, err);
}

static lme_str run_url(const state *s)
{
    return s->given.server.demo ? LME_STR("demo") : s->connection.base_url;
}

/* --rescore: the server of the run whose answers are scored again, as its journal has it. */
static bool recall_server(state *s, lme_error *err)
{
    lme_arena *arena = s->arena;
    lme_str folder = lme_str_from(s->given.output_path);
    lme_str journal = lme_path_join(arena, folder, LME_STR("journal.db"));
    lme_str url;
    if (!lme_run_recorded(arena, journal, LME_STR(LME_CONDITION_SERVER), &url, err) ||
        !lme_run_recorded(arena, journal, LME_STR(LME_CONDITION_MODEL), &s->profile.model, err) ||
        !lme_run_recorded(arena, journal, LME_STR(LME_CONDITION_SOFTWARE), &s->profile.server,
                          err) ||
        !lme_run_recorded(arena, journal, LME_STR(LME_CONDITION_PATH), &s->profile.scoring_path,
                          err) ||
        !lme_recall_lengths(arena, journal, &s->profile, err))
        return false;
    if (url.len == 0) {
        lme_fail(err, LME_ERR_USAGE, &(lme_place){.file = folder.ptr},
                 "no answers of a run are here to score again (journal.db)");
        return lme_hint(err, "--output_path names the folder of a run; without --rescore the "
                             "tasks are asked");
    }
    s->given.server.demo = lme_str_is(url, "demo");
    return lme_connect_nowhere(arena, &s->given.server, &s->profile, url, &s->connection, err);
}

bool lme_measuring_find_server(lme_measuring *s, lme_error *err)
{
    unsigned needs = 0;
    if (s->given.rescore)
        return recall_server(s, err);
    for (size_t i = 0; i < s->opened.n; i++)
        needs |= lme_run_needs(s->opened.tasks[i]);
    if (!lme_connect(s->arena, &s->given.server, &s->connection, err))
        return false;
    if (!lme_endpoint_probe(s->arena, s->connection.endpoint, needs, &s->profile, err))
        return false;
    for (size_t i = 0; i < s->opened.n && s->profile.scoring_caution.len > 0; i++) {
        if (!lme_task_take_letters(s->arena, s->opened.tasks[i], err))
            return false;
    }
    return true;
}

static const char *think_end(const state *s)
{
    const char *token = s->given.server.think_end_token;
    return token != NULL ? token : "";
}

static bool verify(state *s, lme_error *err)
{
    lme_verification verification;
    s->verified = LME_STR("");
    if (s->given.verify_path == NULL)
        return true;
    if (!lme_verify_path(s->arena, &s->given, &s->connection, &s->profile, &verification, err))
        return false;
    s->verified = lme_verification_text(s->arena, &verification);
    lme_say("%.*s", LME_STR_ARG(s->verified));
    return true;
}

/* runs/<task>-<model>-<8 of the hash of what was asked>: the same command finds its folder again.
 */
lme_str lme_measuring_default_folder(const lme_measuring *m)
{
    lme_arena *arena = m->arena;
    const lme_run_fields *given = &m->given;
    lme_builder asked = {.arena = arena};
    for (size_t i = 0; i < m->opened.n; i++)
        lme_builder_format(&asked, "%.*s %.*s\n", LME_STR_ARG(m->opened.tasks[i]->file),
                           LME_STR_ARG(m->opened.tasks[i]->name));
    lme_str url = run_url(m);
    lme_str key = lme_task_flags_key(arena, &given->task);
    lme_builder_format(&asked, "%.*s\n%.*s\n%lld\n%.*s%s", LME_STR_ARG(url),
                       LME_STR_ARG(m->profile.model), (long long)given->server.request_seed,
                       LME_STR_ARG(key), think_end(m));
    if (given->server.max_length > 0 || given->server.truncate != NULL)
        lme_builder_format(&asked, "\n%zu %d", given->server.max_length,
                           given->server.truncate != NULL);
    lme_str hash = lme_sha256_hex(arena, lme_builder_finish(&asked));
    const lme_task_set *set = &m->opened.set;
    lme_str first = set->n_groups > 0 ? set->groups[0]->name : set->tasks[0]->name;
    bool has_more = given->task.tasks.n > 1 || (set->n_groups == 0 && set->n_tasks > 1);
    lme_str name =
        lme_str_format(arena, "%.*s%s-%.*s-%.8s", LME_STR_ARG(first), has_more ? "-and-more" : "",
                       LME_STR_ARG(m->profile.model), hash.ptr);
    lme_builder safe = {.arena = arena};
    for (size_t i = 0; i < name.len; i++) {
        bool special = strchr("<>:\"/|\\?*[] ", name.ptr[i]) != NULL;
        lme_builder_add(&safe, special ? LME_STR("_") : lme_str_slice(name, i, i + 1));
    }
    return lme_str_concat(arena, LME_STR("runs/"), lme_builder_finish(&safe));
}

static bool on_sample(void *context, const lme_sample *sample, lme_error *err)
{
    state *s = context;
    return lme_output_sample(s->output, sample, err);
}

/* What is finished can be read while the run goes on. */
static bool on_pause(void *context, lme_error *err)
{
    const state *s = context;
    return lme_output_flush(s->output, err);
}

static void on_progress(void *context, const lme_progress *progress)
{
    state *s = context;
    lme_say_crowded(s->connection.endpoint, &s->view, &s->said_crowded);
    lme_opening_heed(s, progress);
    if (!s->given.quiet)
        lme_progress_show(&s->view, progress);
}

static bool should_stop(void *context)
{
    (void)context;
    return stop_asked != 0;
}

lme_run_options lme_measuring_options(lme_measuring *s, lme_str journal)
{
    const lme_run_fields *given = &s->given;
    /* As many samples as the highest concurrency is worth; the run takes fewer while it is low. */
    const size_t highest = 512;
    size_t concurrency = given->server.concurrency;
    size_t window = 4 * (concurrency > 0 ? concurrency : highest);
    lme_str url = run_url(s);
    lme_asked asked = {given, &s->opened, url, &s->profile};
    lme_str length = lme_length_text(s->arena, &s->profile);
    lme_run_options options = {
        .journal = journal,
        .cache = lme_str_from(given->cache),
        .cache_drawn = given->cache_sampled,
        .answers_only = given->rescore,
        .tolerance_nats = given->resume_tolerance,
        .fingerprint = lme_str_format(
            s->arena, "%.*s %.*s %.*s%s%s%s%.*s", LME_STR_ARG(url), LME_STR_ARG(s->profile.model),
            LME_STR_ARG(s->profile.scoring_path), think_end(s)[0] != '\0' ? " " : "", think_end(s),
            length.len > 0 ? " " : "", LME_STR_ARG(length)),
        .scoring_path = s->profile.scoring_path,
        .scoring_caution = s->profile.scoring_caution,
        .fresh = s->given.fresh,
        .window = window < 8 ? 8 : window,
        .bootstrap_iters = s->given.bootstrap_iters,
        .on_sample = on_sample,
        .on_pause = on_pause,
        .on_progress = on_progress,
        .should_stop = should_stop,
        .context = s,
    };
    options.conditions = lme_conditions_make(s->arena, &asked, &options.n_conditions);
    return options;
}

static bool open_run(state *s, lme_str folder, lme_error *err)
{
    if (!lme_output_open(s->arena, folder, &s->output, err) ||
        !lme_output_claim(s->arena, s->output, s->opened.tasks, s->opened.n, s->given.fresh, err))
        return false;
    lme_run_options options = lme_measuring_options(s, lme_output_journal(s->arena, s->output));
    return lme_run_open(&options, s->connection.endpoint, &s->run, err);
}

/* Answers that are here already. */
static void say_kept(const state *s)
{
    size_t n = lme_run_resumed(s->run);
    lme_str folder = lme_output_folder(s->output);
    if (s->given.rescore)
        lme_say("scoring the %zu answers in %.*s again; nothing is asked", n, LME_STR_ARG(folder));
    else if (n > 0 && lme_run_was_finished(s->run))
        lme_say("this run is done: the %zu answers in %.*s are scored again\n"
                "  hint: --fresh asks everything anew",
                n, LME_STR_ARG(folder));
    else if (n > 0)
        lme_say("going on: %zu answers are in %.*s/journal.db", n, LME_STR_ARG(folder));
}

static void say_start(const state *s)
{
    lme_say_unheeded(s);
    if (s->profile.doubles_bos)
        lme_say("caution: the server begins prompts with the BOS twice, which the model never saw\n"
                "  hint: lmeval probe says where; the numbers are of such prompts");
    if (s->given.quiet)
        return;
    size_t n_docs = 0;
    for (size_t i = 0; i < s->opened.n; i++)
        n_docs += lme_docs_planned(s->opened.docs[i]);
    lme_str path = s->profile.scoring_path;
    lme_say("%.*s at %.*s", LME_STR_ARG(s->profile.model), LME_STR_ARG(s->connection.base_url));
    lme_say("%zu document%s%s%.*s%s", n_docs, n_docs == 1 ? "" : "s",
            path.len > 0 ? ", scored by " : "", LME_STR_ARG(path), path.len > 0 ? " (proved)" : "");
    say_kept(s);
}

static void heed_signals(void)
{
    struct sigaction action = {.sa_handler = ask_to_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
}

void lme_measuring_begin(lme_measuring *m, size_t task)
{
    m->task = task;
    lme_progress_begin(&m->view);
    lme_output_begin_task(m->output, m->opened.tasks[task]->name);
    lme_run_begin(m->arena, m->run, m->opened.tasks[task], m->opened.docs[task], &m->work);
}

bool lme_measuring_advance(lme_measuring *m, size_t n_docs, bool *over, lme_error *err)
{
    bool ok = lme_run_advance(m->work, n_docs, over, err);
    lme_progress_end(&m->view);
    if (ok)
        lme_opening_heed(m, NULL);
    return ok;
}

bool lme_measuring_end(lme_measuring *m, lme_error *err)
{
    lme_result *result = &m->results[m->task];
    if (!lme_run_result(m->work, m->arena, m->given.bootstrap_iters, result, err))
        return false;
    lme_run_leave(m->work);
    m->work = NULL;
    m->n_results++;
    return lme_output_end_task(m->arena, m->output, m->opened.tasks[m->task]->n_pipelines,
                               &result->hash, err);
}

static lme_results collect(const state *s)
{
    const lme_task_set *set = &s->opened.set;
    lme_group_result *groups = LME_ARRAY(s->arena, lme_group_result, set->n_groups);
    lme_task_set_summarize(s->arena, set, s->results, s->n_results, groups);
    return (lme_results){
        .info =
            {
                .model = s->profile.model,
                .base_url = run_url(s),
                .server = s->profile.server,
                .version = LME_STR(LMEVAL_VERSION),
                .limit = s->given.task.limit,
                .seed = s->given.server.request_seed,
                .fewshot_seed = s->given.task.fewshot_seed,
                .concurrency = s->given.server.concurrency,
                .bootstrap_iters = s->given.bootstrap_iters,
                .gen_kwargs = s->given.task.gen_kwargs_value,
                .system_instruction = lme_str_from(s->given.task.system_instruction),
                .chat = s->given.task.chat != LME_CHAT_NONE,
                .multi_turn = s->given.task.chat == LME_CHAT_MULTI_TURN,
                .demo = s->given.server.demo,
                .n_bos = s->profile.n_bos,
                .chat_template =
                    s->given.task.chat != LME_CHAT_NONE ? s->profile.chat_template : LME_STR(""),
                .max_length = s->profile.max_length,
                .truncates = s->profile.truncates,
            },
        .tasks = s->results,
        .n_tasks = s->n_results,
        .groups = groups,
        .n_groups = set->n_groups,
    };
}

/* Failed documents against --max-errors: the run is reported, and then counts as failed. */
static bool check_coverage(const state *s, lme_error *err)
{
    size_t n_failed = 0, n_docs = 0;
    for (size_t i = 0; i < s->n_results; i++) {
        n_failed += s->results[i].n_failed;
        n_docs += s->results[i].n_effective;
    }
    if ((double)n_failed <= lme_run_fields_allowed(&s->given, n_docs))
        return true;
    lme_fail(err, LME_ERR_COVERAGE, NULL,
             "%zu of %zu documents could not be scored; the numbers are of the others", n_failed,
             n_docs);
    return lme_hint(err,
                    "the reasons are in %.*s (\"failure\"); the same command asks only those "
                    "again; --max-errors N accepts up to N",
                    LME_STR_ARG(lme_output_folder(s->output)));
}

static void say_end(const lme_run_record *record, lme_str folder)
{
    lme_say_dispatch(record);
    lme_say("samples and results are in %.*s", LME_STR_ARG(folder));
}

bool lme_measuring_finish(lme_measuring *s, bool quietly, lme_error *err)
{
    lme_results results = collect(s);
    bool complete = !lme_run_stopped(s->run);
    lme_run_record record = {
        .command = s->command,
        .n_command = s->n_command,
        .started = s->started,
        .ended = seconds_of(CLOCK_REALTIME),
        .seconds = seconds_of(CLOCK_MONOTONIC) - s->began,
        .complete = complete,
        .profile = &s->profile,
        .traffic = lme_endpoint_traffic(s->connection.endpoint),
        .client = lme_endpoint_client_time(s->connection.endpoint),
        .n_resumed = lme_run_resumed(s->run),
        .n_cached = lme_run_cached(s->run),
        .rechecked = lme_run_rechecked(s->run),
        .verified = s->verified,
        .reworded = lme_endpoint_reworded(s->arena, s->connection.endpoint),
        .course = lme_endpoint_course(s->connection.endpoint),
        .concurrency = lme_endpoint_concurrency(s->connection.endpoint),
    };
    record.servers = lme_endpoint_servers(s->connection.endpoint, &record.n_servers);
    record.fingerprints = lme_endpoint_fingerprints(s->connection.endpoint, &record.n_fingerprints);
    if (!lme_output_finish(s->arena, s->output, &results, &record, err))
        return false;
    lme_str folder = lme_output_folder(s->output);
    if (!complete) {
        lme_fail(err, LME_ERR_STOPPED, NULL,
                 "stopped by a signal; what was answered is kept in %.*s", LME_STR_ARG(folder));
        return lme_hint(err, "the same command goes on where this one stopped");
    }
    if (!quietly && !s->given.task.predict_only &&
        !lme_print(lme_report_table(s->arena, &results, lme_prints_utf8()), err))
        return false;
    lme_say_cautions(&record, quietly ? folder : LME_STR(""));
    if (!quietly && !s->given.quiet)
        say_end(&record, folder);
    return check_coverage(s, err) && lme_run_finish(s->run, err);
}

lme_measuring *lme_measuring_new(lme_arena *arena, const lme_run_fields *given, char **command)
{
    lme_measuring *m = LME_NEW(arena, lme_measuring);
    *m = (lme_measuring){
        .arena = arena,
        .given = *given,
        .started = seconds_of(CLOCK_REALTIME),
        .began = seconds_of(CLOCK_MONOTONIC),
    };
    while (command[m->n_command] != NULL)
        m->n_command++;
    m->command = lme_network_command(arena, command, m->n_command);
    return m;
}

bool lme_measuring_open_tasks(lme_measuring *m, lme_error *err)
{
    return open_tasks(m, err) && say_tasks(m, err);
}

bool lme_measuring_connect(lme_measuring *m, lme_error *err)
{
    return lme_measuring_open_tasks(m, err) && lme_measuring_find_server(m, err) && verify(m, err);
}

bool lme_measuring_open(lme_measuring *m, lme_str folder, lme_error *err)
{
    if (!open_run(m, folder, err))
        return false;
    say_start(m);
    heed_signals();
    m->results = LME_ARRAY(m->arena, lme_result, m->opened.n);
    return true;
}

const lme_profile *lme_measuring_profile(const lme_measuring *m)
{
    return &m->profile;
}

lme_str lme_measuring_url(const lme_measuring *m)
{
    return m->connection.base_url;
}

size_t lme_measuring_n_tasks(const lme_measuring *m)
{
    return m->opened.n;
}

lme_str lme_measuring_task(const lme_measuring *m, size_t task)
{
    return m->opened.tasks[task]->name;
}

size_t lme_measuring_n_docs(const lme_measuring *m, size_t task)
{
    return lme_docs_planned(m->opened.docs[task]);
}

bool lme_measuring_so_far(const lme_measuring *m, lme_arena *arena, lme_result *result,
                          lme_error *err)
{
    return lme_run_result(m->work, arena, 0, result, err);
}

const char *lme_measuring_samples(const lme_measuring *m)
{
    return lme_output_samples(m->output);
}

bool lme_measuring_stopped(const lme_measuring *m)
{
    return lme_run_stopped(m->run);
}

void lme_measuring_close(lme_measuring *m)
{
    if (m == NULL)
        return;
    lme_run_leave(m->work);
    /* The endpoint goes before the run: it may hold requests that point into it. */
    lme_disconnect(&m->connection);
    lme_run_close(m->run);
    lme_output_close(m->output);
}

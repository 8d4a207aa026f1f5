/* lmeval run: tasks through a server, from the files on disk to the table on stdout. The steps are
 * in the order in which they can fail, cheapest first: options, task files, datasets, server,
 * probe; nothing is asked of a model before all of these hold.
 */
#include "../command.h"
#include "../dispatch.h"
#include "../output.h"
#include "../progress.h"
#include "../run_options.h"
#include "../server.h"
#include "../verify.h"
#include "../write_out.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <lmeval/hash.h>
#include <lmeval/run.h>
#include <lmeval/task.h>

/* Set by SIGINT and SIGTERM, read by the run between answers. */
static volatile sig_atomic_t
    stop_asked; /* NOLINT(cppcoreguidelines-avoid-non-const-global-variables) */

static void ask_to_stop(int signal_number)
{
    (void)signal_number;
    stop_asked = 1;
}

/* Everything a run holds; made in steps, closed in one place. */
typedef struct state {
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
    lme_progress_view view;
    double started;
    const char *const *command;
    size_t n_command;
} state;

static double wall_clock(void)
{
    struct timespec time;
    clock_gettime(CLOCK_REALTIME, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* What the command line asks to be told before anything is sent. */
static bool say_tasks(const state *s, lme_error *err)
{
    const lme_run_fields *given = &s->given;
    for (size_t i = 0; i < given->notes.n && !given->quiet; i++)
        fprintf(stderr, "lmeval: %s\n", given->notes.items[i]);
    if (given->show_config)
        lme_show_configs(s->arena, &s->opened);
    return !given->write_out || lme_write_out(s->arena, &given->task, given->server.demo, err);
}

static bool open_tasks(state *s, lme_error *err)
{
    return lme_task_flags_open(s->arena, &s->given.task, s->given.server.demo, &s->opened, err);
}

static bool find_server(state *s, lme_error *err)
{
    unsigned needs = 0;
    for (size_t i = 0; i < s->opened.n; i++)
        needs |= lme_run_needs(s->opened.tasks[i]);
    if (!lme_connect(s->arena, &s->given.server, &s->connection, err))
        return false;
    return lme_endpoint_probe(s->arena, s->connection.endpoint, needs, &s->profile, err);
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
    fprintf(stderr, "lmeval: %.*s\n", LME_STR_ARG(s->verified));
    return true;
}

/* runs/<task>-<model>-<8 of the hash of what was asked>: the same command finds its folder again.
 */
static lme_str default_folder(const state *s)
{
    lme_arena *arena = s->arena;
    const lme_run_fields *given = &s->given;
    lme_builder asked = {.arena = arena};
    for (size_t i = 0; i < s->opened.n; i++)
        lme_builder_format(&asked, "%.*s %.*s\n", LME_STR_ARG(s->opened.tasks[i]->file),
                           LME_STR_ARG(s->opened.tasks[i]->name));
    lme_str url = given->server.demo ? LME_STR("demo") : s->connection.base_url;
    lme_str key = lme_task_flags_key(arena, &given->task);
    lme_builder_format(&asked, "%.*s\n%.*s\n%lld\n%.*s%s", LME_STR_ARG(url),
                       LME_STR_ARG(s->profile.model), (long long)given->server.request_seed,
                       LME_STR_ARG(key), think_end(s));
    lme_str hash = lme_sha256_hex(arena, lme_builder_finish(&asked));
    const lme_task_set *set = &s->opened.set;
    lme_str first = set->n_groups > 0 ? set->groups[0]->name : set->tasks[0]->name;
    bool has_more = given->task.tasks.n > 1 || (set->n_groups == 0 && set->n_tasks > 1);
    lme_str name =
        lme_str_format(arena, "%.*s%s-%.*s-%.8s", LME_STR_ARG(first), has_more ? "-and-more" : "",
                       LME_STR_ARG(s->profile.model), hash.ptr);
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

static void on_progress(void *context, const lme_progress *progress)
{
    state *s = context;
    if (!s->given.quiet)
        lme_progress_show(&s->view, progress);
}

static bool should_stop(void *context)
{
    (void)context;
    return stop_asked != 0;
}

static bool open_run(state *s, lme_error *err)
{
    lme_str folder =
        s->given.output_path != NULL ? lme_str_from(s->given.output_path) : default_folder(s);
    if (!lme_output_open(s->arena, folder, &s->output, err))
        return false;
    /* As many samples as the highest concurrency is worth; the run takes fewer while it is low. */
    const size_t highest = 512;
    size_t concurrency = s->given.server.concurrency;
    size_t window = 4 * (concurrency > 0 ? concurrency : highest);
    lme_str url = s->given.server.demo ? LME_STR("demo") : s->connection.base_url;
    lme_run_options options = {
        .journal = lme_output_journal(s->arena, s->output),
        .fingerprint = lme_str_format(
            s->arena, "%.*s %.*s %.*s%s%s", LME_STR_ARG(url), LME_STR_ARG(s->profile.model),
            LME_STR_ARG(s->profile.scoring_path), think_end(s)[0] != '\0' ? " " : "", think_end(s)),
        .scoring_path = s->profile.scoring_path,
        .scoring_caution = s->profile.scoring_caution,
        .fresh = s->given.fresh,
        .window = window < 8 ? 8 : window,
        .bootstrap_iters = s->given.bootstrap_iters,
        .on_sample = on_sample,
        .on_progress = on_progress,
        .should_stop = should_stop,
        .context = s,
    };
    return lme_run_open(&options, s->connection.endpoint, &s->run, err);
}

static void say_start(const state *s)
{
    if (s->given.quiet)
        return;
    size_t n_docs = 0;
    for (size_t i = 0; i < s->opened.n; i++)
        n_docs += lme_docs_planned(s->opened.docs[i]);
    fprintf(stderr, "lmeval: %.*s at %.*s\nlmeval: %zu document%s", LME_STR_ARG(s->profile.model),
            LME_STR_ARG(s->connection.base_url), n_docs, n_docs == 1 ? "" : "s");
    if (s->profile.scoring_path.len > 0)
        fprintf(stderr, ", scored by %.*s (proved)", LME_STR_ARG(s->profile.scoring_path));
    fprintf(stderr, "\n");
    if (lme_run_resumed(s->run) > 0)
        fprintf(stderr, "lmeval: going on: %zu answers are in %.*s/journal.db\n",
                lme_run_resumed(s->run), LME_STR_ARG(lme_output_folder(s->output)));
}

static bool run_one(state *s, size_t i, lme_error *err)
{
    lme_result *result = &s->results[i];
    lme_progress_begin(&s->view);
    bool ok = lme_output_begin_task(s->output, s->opened.tasks[i]->name, err) &&
              lme_run_task(s->arena, s->run, s->opened.tasks[i], s->opened.docs[i], result, err);
    lme_progress_end(&s->view);
    if (!ok || !lme_output_end_task(s->arena, s->output, s->opened.tasks[i]->n_pipelines,
                                    &result->hash, err))
        return false;
    s->n_results++;
    return true;
}

static bool run_tasks(state *s, lme_error *err)
{
    struct sigaction action = {.sa_handler = ask_to_stop, .sa_flags = (int)SA_RESETHAND};
    sigemptyset(&action.sa_mask);
    sigaction(SIGINT, &action, NULL);
    sigaction(SIGTERM, &action, NULL);
    s->results = LME_ARRAY(s->arena, lme_result, s->opened.n);
    for (size_t i = 0; i < s->opened.n && !lme_run_stopped(s->run); i++) {
        if (!run_one(s, i, err))
            return false;
    }
    return true;
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
                .base_url = s->given.server.demo ? LME_STR("demo") : s->connection.base_url,
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
    if (record->reworded.len > 0)
        fprintf(stderr, "lmeval: the server refused parameters: %.*s\n",
                LME_STR_ARG(record->reworded));
    lme_say_dispatch(record);
    fprintf(stderr, "lmeval: samples and results are in %.*s\n", LME_STR_ARG(folder));
}

static bool finish(state *s, lme_error *err)
{
    lme_results results = collect(s);
    bool complete = !lme_run_stopped(s->run);
    lme_run_record record = {
        .command = s->command,
        .n_command = s->n_command,
        .started = s->started,
        .ended = wall_clock(),
        .complete = complete,
        .profile = &s->profile,
        .traffic = lme_endpoint_traffic(s->connection.endpoint),
        .n_resumed = lme_run_resumed(s->run),
        .verified = s->verified,
        .reworded = lme_endpoint_reworded(s->arena, s->connection.endpoint),
        .course = lme_endpoint_course(s->connection.endpoint),
        .concurrency = lme_endpoint_concurrency(s->connection.endpoint),
    };
    record.servers = lme_endpoint_servers(s->connection.endpoint, &record.n_servers);
    if (!lme_output_finish(s->arena, s->output, &results, &record, err))
        return false;
    lme_str folder = lme_output_folder(s->output);
    if (!complete) {
        lme_fail(err, LME_ERR_COVERAGE, NULL,
                 "stopped by a signal; what was answered is kept in %.*s", LME_STR_ARG(folder));
        return lme_hint(err, "the same command goes on where this one stopped");
    }
    if (!s->given.task.predict_only &&
        !lme_print(lme_report_table(s->arena, &results, lme_prints_utf8()), err))
        return false;
    if (!s->given.quiet)
        say_end(&record, folder);
    return check_coverage(s, err) && lme_run_finish(s->run, err);
}

static bool run_run(lme_arena *arena, char **argv, lme_error *err)
{
    state s = {.arena = arena, .given = lme_run_fields_default(), .started = wall_clock()};
    while (argv[s.n_command] != NULL)
        s.n_command++;
    s.command = lme_network_command(arena, argv, s.n_command);
    bool ok = lme_run_fields_read(arena, &s.given, argv, err) && open_tasks(&s, err) &&
              say_tasks(&s, err) && find_server(&s, err) && verify(&s, err) && open_run(&s, err);
    if (ok) {
        say_start(&s);
        ok = run_tasks(&s, err) && finish(&s, err);
    }
    /* The endpoint goes before the run: it may hold requests that point into it. */
    lme_disconnect(&s.connection);
    lme_run_close(s.run);
    lme_output_close(s.output);
    return ok;
}

const lme_command lme_command_run = {
    .name = "run",
    .summary = "measure a model on tasks (the default command)",
    .usage = "--task NAME|FILE.yaml [options]",
    .example = "  lmeval --task hellaswag --limit 20 --demo\n"
               "  lmeval --task hellaswag,gsm8k --data-dir DATA --base-url http://localhost:8000\n"
               "  lmeval --task my_task.yaml --output-path runs/base\n",
    .options = {lme_run_option_rows, LME_RUN_OPTION_ROWS},
    .run = run_run,
};

/* The loop: fill the window, send, wait, commit, hand out. Answers that come one behind the other
 * are committed together. */
#include "recheck.h"
#include "work.h"

#include <stdlib.h>
#include <time.h>
#include <unistd.h>

/* So many documents failing one after another mean that the server is gone, not that the
 * documents are bad. With five tries each this is minutes, not hours. */
enum {
    GIVE_UP_AFTER = 32,
    WAIT_MS = 100
};

double lme_run_now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

/* What --fresh would throw away is not there. */
static bool look_at_files(lme_run *run, lme_error *err)
{
    const lme_run_options *options = &run->options;
    lme_str journal = options->fresh ? LME_STR("") : options->journal;
    return lme_journal_look(journal, LME_JOURNAL_OF_RUN, &run->journal, err) &&
           (options->n_conditions == 0 ||
            lme_journal_agree(run->journal, options->conditions, options->n_conditions, err)) &&
           (options->cache.len == 0 ||
            lme_journal_look(options->cache, LME_JOURNAL_OF_CACHE, &run->cache, err));
}

static bool open_files(lme_run *run, lme_error *err)
{
    const lme_run_options *options = &run->options;
    if (options->looks_only)
        return look_at_files(run, err);
    if (!lme_journal_open(options->journal, LME_JOURNAL_OF_RUN, options->fresh, &run->journal, err))
        return false;
    if (options->n_conditions > 0 &&
        !lme_journal_agree(run->journal, options->conditions, options->n_conditions, err))
        return false;
    return options->cache.len == 0 ||
           lme_journal_open(options->cache, LME_JOURNAL_OF_CACHE, false, &run->cache, err);
}

bool lme_run_open(const lme_run_options *options, lme_endpoint *endpoint, lme_run **run,
                  lme_error *err)
{
    lme_run *made = calloc(1, sizeof *made);
    LME_BUG(made == NULL, "out of memory");
    *made = (lme_run){.options = *options, .endpoint = endpoint};
    made->options.window = options->window > 0 ? options->window : 32;
    if (!open_files(made, err)) {
        lme_run_close(made);
        return false;
    }
    lme_endpoint_on_return(endpoint, lme_recheck_return, made);
    *run = made;
    return true;
}

void lme_run_close(lme_run *run)
{
    if (run == NULL)
        return;
    lme_journal_close(run->journal);
    lme_journal_close(run->cache);
    lme_witnesses_free(&run->witnesses);
    lme_arena_free(run->asking);
    free(run);
}

size_t lme_run_resumed(const lme_run *run)
{
    return lme_journal_len(run->journal);
}

bool lme_run_was_finished(const lme_run *run)
{
    return lme_journal_is_finished(run->journal);
}

lme_rechecked lme_run_rechecked(const lme_run *run)
{
    lme_rechecked rechecked = {.n = run->n_witnesses_asked, .largest_nats = run->largest_nats};
    for (size_t i = 0; i < LME_REQUEST_KINDS; i++)
        rechecked.n += run->n_rechecked[i];
    return rechecked;
}

size_t lme_run_cached(const lme_run *run)
{
    return run->n_cached;
}

bool lme_run_recorded(lme_arena *arena, lme_str journal, lme_str name, lme_str *value,
                      lme_error *err)
{
    lme_journal *opened = NULL;
    bool found = false;
    *value = LME_STR("");
    if (access(lme_str_cstr(arena, journal), F_OK) != 0)
        return true;
    bool ok = lme_journal_open(journal, LME_JOURNAL_OF_RUN, false, &opened, err) &&
              lme_journal_condition(arena, opened, name, &found, value, err);
    lme_journal_close(opened);
    return ok;
}

bool lme_run_stopped(const lme_run *run)
{
    return run->stopped;
}

bool lme_run_finish(lme_run *run, lme_error *err)
{
    return lme_journal_finish(run->journal, err);
}

static unsigned kind_needed(const lme_task *task)
{
    switch (task->output) {
    case LME_OUTPUT_MULTIPLE_CHOICE:
    case LME_OUTPUT_LOGLIKELIHOOD:
        return 1u << LME_REQUEST_LOGLIKELIHOOD;
    case LME_OUTPUT_LOGLIKELIHOOD_ROLLING:
        return 1u << LME_REQUEST_ROLLING;
    case LME_OUTPUT_GENERATE_UNTIL:
        return 1u << LME_REQUEST_GENERATE;
    case LME_OUTPUT_KINDS:
        break;
    }
    LME_BUG(true, "unknown output kind");
}

unsigned lme_run_needs(const lme_task *task)
{
    unsigned without = lme_task_asks_unconditional(task) ? (unsigned)LME_NEED_UNCONDITIONAL : 0;
    unsigned alone = task->output == LME_OUTPUT_LOGLIKELIHOOD ? (unsigned)LME_NEED_ALONE : 0;
    return kind_needed(task) | alone | without |
           (task->chat != LME_CHAT_NONE ? (unsigned)LME_NEED_CHAT : 0);
}

static bool asks_texts(const lme_task *task)
{
    return (lme_run_needs(task) & (1u << LME_REQUEST_GENERATE)) != 0;
}

static void report_progress(lme_run_work *work, bool last)
{
    const lme_run_options *options = &work->run->options;
    double time = lme_run_now();
    if (options->on_progress == NULL || (!last && time - work->reported < WAIT_MS * 1e-3))
        return;
    work->reported = time;
    work->progress.seconds = time - work->started;
    lme_summary running;
    work->progress.running = lme_tally_running(&work->tally, &running) ? &running : NULL;
    options->on_progress(options->context, &work->progress);
    work->progress.running = NULL;
}

static bool should_stop(const lme_run_work *work)
{
    const lme_run_options *options = &work->run->options;
    return options->should_stop != NULL && options->should_stop(options->context);
}

static bool check_server(const lme_run_work *work, lme_error *err)
{
    if (work->n_failed_in_row < GIVE_UP_AFTER || work->run->options.answers_only)
        return true;
    lme_fail(err, LME_ERR_SERVER, NULL, "%zu documents failed one after another; the last: %.*s",
             work->n_failed_in_row, LME_STR_ARG(work->last_failure));
    return lme_hint(err, "look at the server, then start the same command again: what was answered "
                         "so far is kept");
}

static bool commit(const lme_run *run, lme_error *err)
{
    return lme_journal_commit(run->journal, err) &&
           (run->cache == NULL || lme_journal_commit(run->cache, err));
}

/* Takes the answers that are there; waits for some where all that came is safe. They are committed
 * when no further one is there, or twice as many as may be under way have gathered. */
static bool take_answers(lme_run_work *work, lme_error *err)
{
    const lme_run *run = work->run;
    size_t before = lme_journal_unsaved(run->journal);
    if (lme_endpoint_in_flight(run->endpoint) > 0 &&
        !lme_endpoint_wait(run->endpoint, before > 0 ? 0 : WAIT_MS, err))
        return false;
    if (work->broken) {
        *err = work->error;
        return false;
    }
    size_t now = lme_journal_unsaved(run->journal);
    size_t most = 2 * lme_endpoint_concurrency(run->endpoint);
    return (now > before && now < most) || commit(run, err);
}

/* One turn. Answers are committed before the samples that rest on them are handed out. */
static bool turn(lme_run_work *work, lme_error *err)
{
    if (!lme_work_fill(work, err) || !lme_work_send(work, err) || !take_answers(work, err) ||
        (lme_journal_unsaved(work->run->journal) == 0 && !lme_work_emit(work, err)))
        return false;
    report_progress(work, false);
    return check_server(work, err);
}

/* The first error counts; what came before it is kept. */
static bool walk(lme_run_work *work, lme_error *err)
{
    lme_run *run = work->run;
    while ((!work->no_more_docs && work->n_taken < work->n_to_take) || work->count > 0) {
        if (should_stop(work)) {
            run->stopped = true;
            break;
        }
        if (turn(work, err))
            continue;
        lme_error unsaved = {0};
        (void)commit(run, &unsaved);
        if (!run->stopped)
            return false;
        break;
    }
    if (!commit(run, err))
        return false;
    report_progress(work, true);
    return true;
}

static void open_window(lme_run_work *work, lme_arena *arena)
{
    work->slots = LME_ARRAY(arena, lme_slot, work->n_slots);
    for (size_t i = 0; i < work->n_slots; i++)
        work->slots[i].arena = lme_arena_new();
    work->failure_arena = lme_arena_new();
}

static void close_window(lme_run_work *work)
{
    for (size_t i = 0; i < work->n_slots; i++)
        lme_arena_free(work->slots[i].arena);
    lme_arena_free(work->failure_arena);
}

/* What the task's generations were asked without. */
static void keep_refused(const lme_run_work *work, lme_arena *arena, lme_result *result)
{
    size_t n;
    const lme_str *keys =
        lme_endpoint_refused(work->run->endpoint, work->task->chat != LME_CHAT_NONE, &n);
    lme_str *kept = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++)
        kept[i] = lme_str_copy(arena, keys[i]);
    result->refused = kept;
    result->n_refused = n;
}

bool lme_run_result(const lme_run_work *work, lme_arena *arena, size_t bootstrap_iters,
                    lme_result *result, lme_error *err)
{
    const lme_task *task = work->task;
    bool scores = !asks_texts(task);
    *result = (lme_result){
        .task = task->name,
        .alias = task->alias,
        .version = task->version,
        .config = task->config,
        .dataset = lme_docs_name(arena, work->docs),
        .sample_data = lme_docs_is_sample(work->docs),
        .n_shot = task->num_fewshot,
        .left_out = task->left_out,
        .n_left_out = task->n_left_out,
        .n_original = lme_docs_total(work->docs),
        .n_effective = lme_docs_planned(work->docs),
        .doc_ids = lme_docs_selected(work->docs),
        .n_failed = work->progress.n_failed,
        .n_straddling = work->n_straddling,
        .n_floored = work->n_floored,
        .n_cut = work->n_cut,
        .n_thoughts = work->tally.n_thoughts,
        .n_maybe_cut = lme_tally_maybe_cut(&work->tally),
        .n_longest_tokens = work->tally.longest.n_tokens,
        .n_no_choice = work->n_no_choice,
        .n_too_long = work->n_too_long,
        .n_truncated = work->n_truncated,
        .n_windowed = work->n_windowed,
        .n_prompt_tokens = work->n_prompt_tokens,
        .n_completion_tokens = work->n_completion_tokens,
        .finishes = work->finishes,
        .n_finishes = work->n_finishes,
        .n_aside = work->n_aside,
        .n_bounded = work->n_bounded,
        .n_unread = work->n_unread,
        .scoring_path = scores ? work->run->options.scoring_path : LME_STR(""),
        .scoring_caution = scores ? work->run->options.scoring_caution : LME_STR(""),
    };
    if (!scores)
        keep_refused(work, arena, result);
    if (!work->no_more_docs && work->n_taken < result->n_effective)
        result->n_effective = work->n_taken;
    return lme_tally_summarize(&work->tally, bootstrap_iters, &result->summaries,
                               &result->n_summaries, err);
}

/* As the preflight has it. */
static size_t to_ask(const lme_run *run, const lme_task *task)
{
    size_t n = 0;
    for (size_t i = 0; i < run->n_preflights; i++) {
        for (size_t k = 0; k < LME_REQUEST_KINDS && run->preflights[i].task == task; k++)
            n += run->preflights[i].kinds[k].n_new;
    }
    return n;
}

/* Of the tasks behind it, where they take the time that this one takes. */
static size_t to_ask_later(const lme_run *run, const lme_task *task)
{
    size_t n = 0;
    bool is_behind = false;
    for (size_t i = 0; i < run->n_preflights; i++) {
        const lme_task *other = run->preflights[i].task;
        if (is_behind && asks_texts(other) != asks_texts(task))
            return 0;
        n += is_behind ? to_ask(run, other) : 0;
        is_behind = is_behind || other == task;
    }
    return n;
}

void lme_run_begin(lme_arena *arena, lme_run *run, const lme_task *task, lme_docs *docs,
                   lme_run_work **begun)
{
    lme_run_work *work = LME_NEW(arena, lme_run_work);
    *work = (lme_run_work){
        .run = run,
        .task = task,
        .docs = docs,
        .n_slots = run->options.window,
        .started = lme_run_now(),
        .finish_arena = arena,
    };
    work->progress = (lme_progress){
        .task = task->name,
        .n_docs = lme_docs_planned(docs),
        .n_to_ask = to_ask(run, task),
        .n_to_ask_later = to_ask_later(run, task),
    };
    lme_tally_init(&work->tally, arena, task);
    open_window(work, arena);
    *begun = work;
}

bool lme_run_advance(lme_run_work *work, size_t n_docs, bool *over, lme_error *err)
{
    size_t left = SIZE_MAX - work->n_taken;
    work->n_to_take = work->n_taken + (n_docs < left ? n_docs : left);
    bool ok = walk(work, err);
    *over =
        work->run->stopped || work->no_more_docs || work->n_taken >= lme_docs_planned(work->docs);
    return ok;
}

void lme_run_leave(lme_run_work *work)
{
    if (work != NULL)
        close_window(work);
}

bool lme_run_task(lme_arena *arena, lme_run *run, const lme_task *task, lme_docs *docs,
                  lme_result *result, lme_error *err)
{
    lme_run_work *work;
    bool over;
    lme_run_begin(arena, run, task, docs, &work);
    bool ok = lme_run_advance(work, SIZE_MAX, &over, err) &&
              lme_run_result(work, arena, run->options.bootstrap_iters, result, err);
    lme_run_leave(work);
    return ok;
}

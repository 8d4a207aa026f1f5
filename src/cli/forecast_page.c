/* The page of --dry-run, for people. A number that nothing supports is not printed. */
#include "block.h"
#include "duration.h"
#include "forecast.h"
#include "wrap.h"

#include <math.h>

enum {
    NAME_WIDTH = 22, /* of a task, before its kind */
    TEXT_COLUMN = 11 /* where what a heading says begins */
};

static void add_entry(lme_builder *out, const char *heading, lme_str text)
{
    lme_builder_format(out, "%-*s", TEXT_COLUMN, heading);
    lme_wrap(out, text, TEXT_COLUMN, TEXT_COLUMN);
    lme_builder_char(out, '\n');
}

/* One kind of a task's questions. */
typedef struct row {
    lme_str name;
    lme_request_kind kind;
    size_t n_docs;
    const lme_forecast *forecast;
} row;

static void add_row(lme_builder *out, const row *r)
{
    lme_arena *arena = out->arena;
    const lme_forecast *f = r->forecast;
    bool is_long = r->name.len > NAME_WIDTH;
    double tokens = f->outlay.prompt_tokens;
    lme_str told = tokens > 0     ? lme_forecast_rounded(arena, tokens)
                   : f->n_new > 0 ? LME_STR("?")
                                  : LME_STR("0");
    if (is_long)
        lme_builder_format(out, "%.*s\n", LME_STR_ARG(r->name));
    lme_builder_format(out, "%-*.*s %-13s %9zu %9zu %9zu %10.*s\n", NAME_WIDTH,
                       is_long ? 0 : (int)r->name.len, r->name.ptr, lme_forecast_kind(r->kind),
                       r->n_docs, f->n_requests, f->n_new, LME_STR_ARG(told));
}

static void add_task(lme_builder *out, lme_str name, const lme_preflight *task)
{
    bool any = false;
    for (size_t k = 0; k < LME_REQUEST_KINDS; k++) {
        const row r = {name, (lme_request_kind)k, task->n_docs, &task->kinds[k]};
        if (r.forecast->n_requests == 0)
            continue;
        any = true;
        add_row(out, &r);
    }
    /* None of its documents can be asked. */
    if (!any)
        lme_builder_format(out, "%.*s: %zu documents, no questions\n", LME_STR_ARG(name),
                           task->n_docs);
}

static void add_sums(lme_builder *out, const lme_forecasts *f)
{
    for (size_t k = 0; k < LME_REQUEST_KINDS; k++) {
        row r = {LME_STR("all"), (lme_request_kind)k, 0, &f->all.kinds[k]};
        for (size_t i = 0; i < f->n_tasks; i++)
            r.n_docs += f->tasks[i].kinds[k].n_requests > 0 ? f->tasks[i].n_docs : 0;
        if (r.forecast->n_requests > 0)
            add_row(out, &r);
    }
}

static void add_table(lme_builder *out, const lme_forecasts *f)
{
    lme_builder_format(out, "%-*s %-13s %9s %9s %9s %10s\n", NAME_WIDTH, "task", "kind",
                       "documents", "questions", "to ask", "tokens");
    for (size_t i = 0; i < f->n_tasks; i++)
        add_task(out, lme_visible(out->arena, f->tasks[i].task->name), &f->tasks[i]);
    if (f->n_tasks > 1)
        add_sums(out, f);
    lme_builder_char(out, '\n');
}

static void add_server(lme_builder *out, const lme_forecasts *f)
{
    lme_arena *arena = out->arena;
    if (!f->reached) {
        add_entry(out, "server",
                  LME_STR("was not asked: documents and questions are counted alone, and answers "
                          "that are kept already are not known"));
        return;
    }
    add_entry(out, "server",
              lme_str_format(arena, "%.*s at %.*s",
                             LME_STR_ARG(lme_visible(arena, f->profile->model)),
                             LME_STR_ARG(lme_visible(arena, f->base_url))));
    if (f->profile->scoring_path.len > 0)
        add_entry(out, "scoring",
                  lme_str_format(arena, "%.*s (proved)", LME_STR_ARG(f->profile->scoring_path)));
    add_entry(out, "folder",
              f->n_resumed > 0 && !f->given->fresh
                  ? lme_str_format(arena, "%.*s, where %zu answers are kept",
                                   LME_STR_ARG(f->folder), f->n_resumed)
                  : lme_str_format(arena, "%.*s", LME_STR_ARG(f->folder)));
}

static void add_questions(lme_builder *out, const lme_forecasts *f)
{
    lme_forecast all = lme_forecast_of(&f->all);
    lme_builder text = {.arena = out->arena};
    lme_builder_format(&text, "%zu to ask", all.n_new);
    if (lme_forecast_same(&all) > 0)
        lme_builder_format(&text, "; %zu more ask the same as another", lme_forecast_same(&all));
    if (all.n_kept > 0)
        lme_builder_format(&text, "; %zu are answered already", all.n_kept);
    if (all.n_rechecked > 0)
        lme_builder_format(&text,
                           ", %zu of them are asked again to see whether the model is the "
                           "same",
                           all.n_rechecked);
    add_entry(out, "questions", lme_builder_finish(&text));
}

static bool is_batched(const lme_forecasts *f)
{
    return f->given->server.batch > 1;
}

static void add_sent(lme_builder *out, const lme_forecasts *f)
{
    lme_forecast all = lme_forecast_of(&f->all);
    lme_builder text = {.arena = out->arena};
    if (!f->reached) {
        add_entry(out, "requests", LME_STR("depend on how the server can be asked"));
        return;
    }
    lme_forecast_add_requests(&text, &all.outlay);
    lme_builder_add(&text, LME_STR(", retries apart"));
    if (all.outlay.n_most > all.outlay.n_least)
        lme_builder_add(&text, is_batched(f)
                                   ? LME_STR("; how full batches are, the answers' order decides")
                                   : LME_STR("; how many, the server's answers decide"));
    add_entry(out, "requests", lme_builder_finish(&text));
}

/* The prompts' tokens that were counted, in questions of the run. */
static double tokens_tried(const lme_forecasts *f)
{
    double tokens = 0;
    for (size_t i = 0; i < f->trial.n_tasks; i++)
        tokens += f->trial.tasks[i].prompt_tokens;
    return tokens;
}

/* What the estimate of tokens rests on. */
static void add_basis(lme_builder *out, const lme_forecasts *f, double bytes, double tokens)
{
    if (tokens_tried(f) > 0) {
        lme_builder_format(out, "%.3g bytes a token in the questions tried", bytes / tokens);
        return;
    }
    lme_builder_format(out, "%.3g bytes a token, as the server counted in %zu prompts of the probe",
                       1 / f->pace.tokens_a_byte, f->pace.n_counted);
    if (f->pace.tokens_a_prompt >= 0.5)
        lme_builder_format(out, ", and %.2g beside each text", f->pace.tokens_a_prompt);
}

static void add_tokens(lme_builder *out, const lme_forecasts *f)
{
    lme_arena *arena = out->arena;
    lme_forecast all = lme_forecast_of(&f->all);
    lme_builder text = {.arena = arena};
    double tokens = all.outlay.prompt_tokens;
    lme_str bytes = lme_forecast_rounded(arena, all.outlay.bytes);
    if (tokens > 0) {
        lme_builder_format(&text, "about %.*s of prompts, of %.*s bytes: ",
                           LME_STR_ARG(lme_forecast_rounded(arena, tokens)), LME_STR_ARG(bytes));
        add_basis(&text, f, all.outlay.bytes, tokens);
    } else {
        lme_builder_format(&text, "%s; the prompts have %.*s bytes",
                           !f->reached ? "not estimated: the server was not asked"
                           : all.outlay.n_most == 0
                               ? "none"
                               : "not estimated: the server does not count them",
                           LME_STR_ARG(bytes));
    }
    lme_builder_format(&text, "; at most %.*s generated",
                       LME_STR_ARG(lme_forecast_rounded(arena, all.outlay.most_generated)));
    add_entry(out, "tokens", lme_builder_finish(&text));
}

static void add_length(lme_builder *out, const lme_forecasts *f)
{
    lme_arena *arena = out->arena;
    lme_forecast all = lme_forecast_of(&f->all);
    if (all.outlay.longest <= 0)
        return;
    lme_str longest = lme_forecast_rounded(arena, all.outlay.longest);
    if (f->room == 0)
        add_entry(out, "length",
                  lme_str_format(arena,
                                 "the longest question has about %.*s tokens with its answer; the "
                                 "server does not tell how many it takes",
                                 LME_STR_ARG(longest)));
    else if (all.outlay.n_too_long == 0)
        add_entry(out, "length",
                  lme_str_format(arena,
                                 "the longest question has about %.*s tokens with its answer, and "
                                 "there is room for %zu",
                                 LME_STR_ARG(longest), f->room));
    else
        add_entry(out, "TOO LONG",
                  lme_str_format(arena,
                                 "about %zu question%s: there is room for %zu tokens, and the "
                                 "longest one has about %.*s with its answer; %s",
                                 all.outlay.n_too_long, all.outlay.n_too_long == 1 ? "" : "s",
                                 f->room, LME_STR_ARG(longest),
                                 f->profile->truncates
                                     ? "they are cut from their left (--truncate)"
                                     : "their documents fail, unless --truncate left cuts them"));
}

static size_t n_unanswered(const lme_trial *trial)
{
    size_t n = trial->n_asked;
    for (size_t i = 0; i < trial->n_waves; i++)
        n -= trial->waves[i].n_answered + trial->waves[i].n_failed;
    return n;
}

/* With what is open at once. */
static void add_open(lme_builder *out, const lme_forecasts *f)
{
    const lme_cost *e = &f->cost;
    if (isinf(e->seconds.high))
        lme_builder_format(out, "; %zu question%s tried had no answer in time",
                           n_unanswered(&f->trial), n_unanswered(&f->trial) == 1 ? "" : "s");
    else if (e->is_paced)
        lme_builder_format(out, ", by --max-rps %g", f->given->server.max_rps);
    else if (e->is_alone)
        lme_builder_add(out, LME_STR("; what several open at once bring was not tried: nothing, or "
                                     "all"));
    else if (e->open > 0)
        lme_builder_format(out, " with %zu request%s open", e->open, e->open == 1 ? "" : "s");
    else
        lme_builder_format(out,
                           " with --concurrency auto: it begins with 4 requests open, up to %zu "
                           "were tried",
                           e->most_tried);
}

/* Of runs that generate: how it is made up, and how long it may become. */
static void add_lengths(lme_builder *out, const lme_forecasts *f)
{
    lme_arena *arena = out->arena;
    const lme_cost *e = &f->cost;
    const lme_forecast *texts = &f->all.kinds[LME_REQUEST_GENERATE];
    double n = (double)(texts->n_new + texts->n_rechecked);
    if (n == 0)
        return;
    if (f->trial.guesses_texts)
        lme_builder_add(out, e->generated.low < e->generated.high
                                 ? LME_STR("; for answers as long as those tried, or up to their "
                                           "limit where these were cut")
                                 : LME_STR("; for answers as long as those tried"));
    else if (e->generated.low < e->generated.high)
        lme_builder_format(out, "; for answers of %.3g to %.3g tokens on average",
                           e->generated.low / n, e->generated.high / n);
    else
        lme_builder_format(out, "; for answers of %.3g tokens on average, as those tried",
                           e->generated.low / n);
    if (e->seconds_most > e->seconds.high && !isinf(e->seconds_most))
        lme_builder_format(out, "; %.*s if every one ran to its limit",
                           LME_STR_ARG(lme_duration(arena, e->seconds_most)));
}

static const char *why_untold(const lme_forecasts *f)
{
    if (!f->reached)
        return "not estimated: the server was not asked";
    if (lme_forecast_of(&f->all).n_new == 0)
        return "next to none: there is nothing new to ask";
    return f->trial.n_asked > 0 ? "not estimated: no question that was tried got an answer"
                                : "not estimated: no question of the run was tried";
}

static void add_time(lme_builder *out, const lme_forecasts *f)
{
    lme_builder text = {.arena = out->arena};
    if (f->cost.known) {
        lme_builder_add(&text, lme_duration_span(out->arena, f->cost.seconds));
        add_open(&text, f);
        add_lengths(&text, f);
    } else {
        lme_builder_add(&text, lme_str_from(why_untold(f)));
    }
    add_entry(out, "time", lme_builder_finish(&text));
}

static void add_tried(lme_builder *out, const lme_forecasts *f)
{
    const lme_trial *trial = &f->trial;
    lme_builder text = {.arena = out->arena};
    if (trial->n_asked == 0)
        return;
    lme_builder_format(&text, "%zu of the run's questions, in %.*s", trial->n_asked,
                       LME_STR_ARG(lme_duration(out->arena, trial->seconds)));
    if (trial->longest > 0)
        lme_builder_format(&text, "; answers were cut to one token, then to %lld at most",
                           (long long)trial->longest);
    if (trial->n_failed > 0)
        lme_builder_format(&text, "; %zu FAILED, the first by: %.*s", trial->n_failed,
                           LME_STR_ARG(lme_visible(out->arena, trial->failure)));
    add_entry(out, "tried", lme_builder_finish(&text));
}

static void add_unaskable(lme_builder *out, const lme_forecasts *f)
{
    if (f->all.n_unaskable == 0)
        return;
    add_entry(out, "CANNOT ASK",
              lme_str_format(out->arena, "%zu of %zu documents; the first, document %zu: %.*s",
                             f->all.n_unaskable, f->all.n_docs, f->all.first_unaskable,
                             LME_STR_ARG(lme_visible(out->arena, f->all.unaskable))));
}

lme_str lme_forecasts_text(lme_arena *arena, const lme_forecasts *f)
{
    lme_builder out = {.arena = arena};
    add_server(&out, f);
    lme_builder_char(&out, '\n');
    add_table(&out, f);
    add_questions(&out, f);
    add_sent(&out, f);
    add_tokens(&out, f);
    add_length(&out, f);
    add_unaskable(&out, f);
    add_time(&out, f);
    add_tried(&out, f);
    return lme_builder_finish(&out);
}

lme_str lme_forecasts_ending(lme_arena *arena, bool reached, size_t n_tried)
{
    if (!reached)
        return LME_STR("\nA dry run: nothing was sent, nothing written.\n");
    if (n_tried == 0)
        return LME_STR("\nA dry run: only the probe was sent, nothing written.\n");
    return lme_str_format(
        arena, "\nA dry run: the probe and %zu question%s were sent, nothing was written.\n",
        n_tried, n_tried == 1 ? "" : "s");
}

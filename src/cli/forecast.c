/* Sums and times, and the page that people read. A number that nothing supports is not printed. */
#include "forecast.h"

#include "block.h"
#include "wrap.h"

#include <math.h>

/* ---- sums ---- */

const char *lme_forecast_kind(lme_request_kind kind)
{
    switch (kind) {
    case LME_REQUEST_LOGLIKELIHOOD:
        return "loglikelihood";
    case LME_REQUEST_ROLLING:
        return "rolling";
    case LME_REQUEST_GENERATE:
        return "generation";
    case LME_REQUEST_KINDS:
        break;
    }
    LME_BUG(true, "unknown kind of request");
    return "";
}

static void add(lme_forecast *sum, const lme_forecast *one)
{
    sum->n_requests += one->n_requests;
    sum->n_kept += one->n_kept;
    sum->n_new += one->n_new;
    sum->n_unaskable += one->n_unaskable;
    sum->n_rechecked += one->n_rechecked;
    sum->outlay.n_least += one->outlay.n_least;
    sum->outlay.n_most += one->outlay.n_most;
    sum->outlay.bytes += one->outlay.bytes;
    sum->outlay.prompt_tokens += one->outlay.prompt_tokens;
    sum->outlay.most_generated += one->outlay.most_generated;
    sum->outlay.n_too_long += one->outlay.n_too_long;
    sum->outlay.longest = fmax(sum->outlay.longest, one->outlay.longest);
}

lme_forecast lme_forecast_of(const lme_preflight *preflight)
{
    lme_forecast sum = {0};
    for (size_t i = 0; i < LME_REQUEST_KINDS; i++)
        add(&sum, &preflight->kinds[i]);
    return sum;
}

size_t lme_forecast_same(const lme_forecast *f)
{
    return f->n_requests - f->n_kept - f->n_new - f->n_unaskable;
}

void lme_forecasts_sum(lme_forecasts *f)
{
    lme_preflight *all = &f->all;
    *all = (lme_preflight){.unaskable = LME_STR("")};
    for (size_t i = 0; i < f->n_tasks; i++) {
        const lme_preflight *one = &f->tasks[i];
        all->n_docs += one->n_docs;
        if (all->n_unaskable == 0 && one->n_unaskable > 0) {
            all->unaskable = one->unaskable;
            all->first_unaskable = one->first_unaskable;
        }
        all->n_unaskable += one->n_unaskable;
        for (size_t k = 0; k < LME_REQUEST_KINDS; k++)
            add(&all->kinds[k], &one->kinds[k]);
    }
}

/* ---- time ---- */

double lme_forecasts_seconds(const lme_forecasts *f)
{
    const lme_server_flags *server = &f->given->server;
    double n = (double)lme_forecast_of(&f->all).outlay.n_least, seconds = 0;
    if (server->max_rps > 0)
        seconds = n / server->max_rps;
    if (server->concurrency > 0)
        seconds = fmax(seconds, n * f->pace.quickest_s / (double)server->concurrency);
    return f->reached ? seconds : 0;
}

double lme_forecasts_longest(const lme_forecasts *f)
{
    const lme_server_flags *server = &f->given->server;
    double tokens = f->all.kinds[LME_REQUEST_GENERATE].outlay.most_generated;
    if (!f->reached || server->concurrency == 0)
        return 0;
    return tokens * f->pace.token_s / (double)server->concurrency;
}

/* "0 s", "0.25 s", "0:12", "2:07:30". */
static lme_str clock_of(lme_arena *arena, double seconds)
{
    const double nothing_seconds = 0.005, short_seconds = 9.5;
    if (seconds < nothing_seconds)
        return LME_STR("0 s");
    if (seconds < short_seconds)
        return lme_str_format(arena, "%.2g s", seconds);
    unsigned long s = (unsigned long)fmin(ceil(seconds), 1e15);
    if (s >= 3600)
        return lme_str_format(arena, "%lu:%02lu:%02lu", s / 3600, s / 60 % 60, s % 60);
    return lme_str_format(arena, "%lu:%02lu", s / 60, s % 60);
}

/* Three digits: "412", "41.2k", "31.2M". */
static lme_str rounded(lme_arena *arena, double n)
{
    static const char *const units[] = {"", "k", "M", "G", "T"};
    size_t unit = 0;
    while (n >= 999.5 && unit + 1 < sizeof units / sizeof units[0]) {
        n /= 1000;
        unit++;
    }
    int decimals = unit == 0 || n >= 99.95 ? 0 : n >= 9.995 ? 1 : 2;
    return lme_str_format(arena, "%.*f%s", decimals, n, units[unit]);
}

/* ---- the line ---- */

static void add_requests(lme_builder *out, const lme_outlay *outlay)
{
    lme_builder_format(out, "%zu", outlay->n_least);
    if (outlay->n_most > outlay->n_least)
        lme_builder_format(out, " to %zu", outlay->n_most);
    lme_builder_format(out, " request%s", outlay->n_most == 1 ? "" : "s");
}

lme_str lme_forecasts_line(lme_arena *arena, const lme_forecasts *f)
{
    lme_builder out = {.arena = arena};
    lme_forecast all = lme_forecast_of(&f->all);
    double seconds = lme_forecasts_seconds(f);
    double generated = f->all.kinds[LME_REQUEST_GENERATE].outlay.most_generated;
    add_requests(&out, &all.outlay);
    if (all.outlay.prompt_tokens > 0)
        lme_builder_format(&out, ", about %.*s prompt tokens",
                           LME_STR_ARG(rounded(arena, all.outlay.prompt_tokens)));
    if (generated > 0)
        lme_builder_format(&out, ", at most %.*s generated",
                           LME_STR_ARG(rounded(arena, generated)));
    if (seconds >= 1)
        lme_builder_format(&out, ", at least %.*s", LME_STR_ARG(clock_of(arena, seconds)));
    return lme_builder_finish(&out);
}

/* ---- the page ---- */

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
    lme_str told = tokens > 0 ? rounded(arena, tokens) : f->n_new > 0 ? LME_STR("?") : LME_STR("0");
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
    add_requests(&text, &all.outlay);
    lme_builder_add(&text, LME_STR(", retries apart"));
    if (all.outlay.n_most > all.outlay.n_least)
        lme_builder_add(&text, is_batched(f)
                                   ? LME_STR("; how full batches are, the answers' order decides")
                                   : LME_STR("; how many, the server's answers decide"));
    add_entry(out, "requests", lme_builder_finish(&text));
}

static void add_tokens(lme_builder *out, const lme_forecasts *f)
{
    lme_arena *arena = out->arena;
    lme_forecast all = lme_forecast_of(&f->all);
    lme_builder text = {.arena = arena};
    if (f->pace.tokens_a_byte > 0)
        lme_builder_format(&text,
                           "about %.*s of prompts, estimated from %.*s bytes by what the server "
                           "counted in %zu prompts of the probe: %.3g bytes a token",
                           LME_STR_ARG(rounded(arena, all.outlay.prompt_tokens)),
                           LME_STR_ARG(rounded(arena, all.outlay.bytes)), f->pace.n_counted,
                           1 / f->pace.tokens_a_byte);
    else
        lme_builder_format(&text, "not estimated: %s; the prompts have %.*s bytes",
                           f->reached ? "the server told too little of the tokens of the probe's "
                                        "prompts"
                                      : "the server was not asked",
                           LME_STR_ARG(rounded(arena, all.outlay.bytes)));
    if (f->pace.tokens_a_prompt >= 0.5)
        lme_builder_format(&text, ", and %.2g beside each text", f->pace.tokens_a_prompt);
    lme_builder_format(&text, "; at most %.*s generated",
                       LME_STR_ARG(rounded(arena, all.outlay.most_generated)));
    add_entry(out, "tokens", lme_builder_finish(&text));
}

static void add_length(lme_builder *out, const lme_forecasts *f)
{
    lme_arena *arena = out->arena;
    lme_forecast all = lme_forecast_of(&f->all);
    if (all.outlay.longest <= 0)
        return;
    lme_str longest = rounded(arena, all.outlay.longest);
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

static void add_time(lme_builder *out, const lme_forecasts *f)
{
    lme_arena *arena = out->arena;
    const lme_server_flags *server = &f->given->server;
    double seconds = lme_forecasts_seconds(f), longest = lme_forecasts_longest(f);
    lme_builder text = {.arena = arena};
    if (seconds <= 0 && server->concurrency == 0 && f->reached)
        lme_builder_add(&text, LME_STR("not estimated: --concurrency auto finds out while it runs "
                                       "how many requests are open at once"));
    else if (seconds <= 0)
        lme_builder_add(&text, f->reached ? LME_STR("not estimated: there is nothing to ask, or no "
                                                    "answer was timed")
                                          : LME_STR("not estimated: the server was not asked"));
    else if (server->max_rps > 0)
        lme_builder_format(&text, "at least %.*s, by --max-rps %g",
                           LME_STR_ARG(clock_of(arena, seconds)), server->max_rps);
    else
        lme_builder_format(&text,
                           "at least %.*s: %zu requests are open at once, and no answer to the "
                           "probe's tiny questions came within %.3g ms; progress tells the rest",
                           LME_STR_ARG(clock_of(arena, seconds)), server->concurrency,
                           f->pace.quickest_s * 1e3);
    if (longest > 0)
        lme_builder_format(&text,
                           "; with answers as long as they may be about %.*s, at the probe's %.3g "
                           "ms a token",
                           LME_STR_ARG(clock_of(arena, longest)), f->pace.token_s * 1e3);
    add_entry(out, "time", lme_builder_finish(&text));
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
    lme_builder_add(&out, f->reached
                              ? LME_STR("\nA dry run: only the probe was sent, nothing written.\n")
                              : LME_STR("\nA dry run: nothing was sent, nothing written.\n"));
    return lme_builder_finish(&out);
}

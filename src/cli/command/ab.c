/* lmeval ab: two models on the same documents, in turns, and did the other keep what the base has?
 * Two runs advance block by block; which goes first alternates, so that what drifts (a warm cache,
 * a busy host) hits both alike. Each is a run as any other, with its folder and journal.
 */
#include "../command.h"
#include "../comparison.h"
#include "../duration.h"
#include "../forecast.h"
#include "../gate_flags.h"
#include "../looks.h"

#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/hash.h>
#include <lmeval/metric.h>
#include <lmeval/share.h>

typedef struct fields {
    lme_run_fields run; /* first: the rows shared with `run` say where in it */
    const char *other_url, *other_model, *other_key_file, *format, *again;
    lme_option_list metrics;
    lme_gate_flags gates;
    size_t block;
    bool stop_early;
} fields;

#define RUN(name) offsetof(lme_run_fields, name)

static const lme_option rows[] = {
    {.name = "other-url",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, other_url),
     .arg = "URL",
     .help = "the other model's server (the base's)"},
    {.name = "other-model",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, other_model),
     .arg = "ID",
     .help = "model there (the first it lists)"},
    {.name = "other-api-key-file",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, other_key_file),
     .arg = "FILE",
     .help = "key there (the base's)"},
    {.name = "stop-early",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, stop_early),
     .help = "end a task when its verdicts are clear"},
    {.name = "metric",
     .kind = LME_OPTION_LIST,
     .offset = offsetof(fields, metrics),
     .arg = "METRIC",
     .help = "compare, judge and stop by these alone"},
    {.name = "format",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, format),
     .arg = "FORMAT",
     .help = "table (default), or another of lmeval list formats"},
    {.name = "aa",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, again),
     .arg = "RUN",
     .help = "the base once more: what the server alone changes"},
    {.name = "block",
     .kind = LME_OPTION_SIZE,
     .offset = offsetof(fields, block),
     .arg = "N",
     .help = "documents of one turn (32)",
     .min = 1,
     .max = 1e6},
    LME_GATE_OPTIONS(fields),
    {.name = "output-path",
     .letter = 'o',
     .kind = LME_OPTION_TEXT,
     .offset = RUN(output_path),
     .arg = "DIR",
     .help = "folder for both runs (runs/ab-TASK-...)"},
    {.name = "output",
     .kind = LME_OPTION_TEXT,
     .offset = RUN(output_path),
     .arg = "DIR",
     .is_alias = true},
    {.name = "fresh",
     .kind = LME_OPTION_FLAG,
     .offset = RUN(fresh),
     .help = "ask all again, even what broken-off runs have"},
    {.name = "cache",
     .kind = LME_OPTION_TEXT,
     .offset = RUN(cache),
     .arg = "FILE",
     .help = "share answers that are not drawn between runs"},
    {.name = "use-cache",
     .kind = LME_OPTION_TEXT,
     .offset = RUN(cache),
     .arg = "FILE",
     .is_alias = true},
    {.name = "cache-sampled",
     .kind = LME_OPTION_FLAG,
     .offset = RUN(cache_sampled),
     .help = "with --cache: drawn answers, too"},
    {.name = "max-errors",
     .kind = LME_OPTION_TEXT,
     .offset = RUN(max_errors),
     .arg = "N|P%",
     .help = "documents of a run that may fail (0)"},
    {.name = "bootstrap-iters",
     .kind = LME_OPTION_SIZE,
     .offset = RUN(bootstrap_iters),
     .arg = "N",
     .help = "for each run's standard errors (100000)"},
    LME_DRY_RUN_OPTIONS,
    {.name = "quiet",
     .letter = 'q',
     .kind = LME_OPTION_FLAG,
     .offset = RUN(quiet),
     .help = "no progress on stderr"},
    LME_TASK_OPTIONS(lme_run_fields),
    LME_SERVER_OPTIONS(lme_run_fields),
};

/* Both models under way. */
typedef struct pair {
    lme_arena *arena;
    const fields *given;
    lme_measuring *base, *other;
    lme_str folder;
    lme_compare_options options;
    lme_compare_early *early; /* with --stop-early one a task */
    lme_record *again;        /* what --aa names; NULL: nothing */
    lme_error uncovered;      /* too many documents of one of them failed; code LME_OK: not so */
    bool is_uncovered;
} pair;

static bool read_fields(lme_arena *arena, fields *given, char **argv, lme_error *err)
{
    lme_option_list operands = {0};
    const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};
    if (!lme_options_read(arena, &options, given, argv, &operands, err))
        return false;
    if (operands.n > 0) {
        lme_fail(err, LME_ERR_USAGE, NULL, "\"%s\" is not an option", operands.items[0]);
        return lme_hint(err, "tasks are named with --task, several with commas and no blanks");
    }
    if (given->run.server.demo)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--demo has one model: ab wants two (--base-url and --other-url)");
    bool json_wanted = strcmp(given->format, "json") == 0;
    if (given->run.dry_run && !json_wanted && strcmp(given->format, "table") != 0)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--dry-run compares nothing: its --format is table or json, got \"%s\"",
                        given->format);
    if (given->run.task.predict_only)
        return lme_fail(err, LME_ERR_USAGE, NULL, "--predict-only leaves nothing to compare");
    if (given->other_url == NULL && given->other_model == NULL) {
        lme_fail(err, LME_ERR_USAGE, NULL, "no other model is named");
        return lme_hint(err, "--other-url URL, --other-model ID at the same server, or both");
    }
    if (!lme_run_fields_check(arena, &given->run, err))
        return false;
    given->run.json = json_wanted;
    return true;
}

static lme_run_fields other_of(const fields *given)
{
    lme_run_fields other = given->run;
    if (given->other_url != NULL) {
        other.server.base_url = given->other_url;
        other.server.model = NULL;
        other.server.network.unix_socket = NULL;
    }
    if (given->other_model != NULL)
        other.server.model = given->other_model;
    if (given->other_key_file != NULL)
        other.server.api_key_file = given->other_key_file;
    other.notes.n = 0; /* said once */
    other.show_config = other.write_out = false;
    return other;
}

/* Before anything is measured: what compare would refuse at the end. */
static bool check_pair(const pair *p, lme_error *err)
{
    const lme_profile *a = lme_measuring_profile(p->base), *b = lme_measuring_profile(p->other);
    if (lme_str_equal(a->model, b->model) &&
        lme_str_equal(lme_measuring_url(p->base), lme_measuring_url(p->other))) {
        lme_fail(err, LME_ERR_USAGE, NULL, "base and other are one model at one server: %.*s",
                 LME_STR_ARG(a->model));
        return lme_hint(err, "for the server's own noise run it twice and name the second run with "
                             "--aa, here or of lmeval compare");
    }
    if (lme_str_equal(a->scoring_path, b->scoring_path))
        return true;
    lme_fail(err, LME_ERR_USAGE, NULL,
             "the base is scored by %.*s and the other by %.*s: that is not one measurement",
             LME_STR_ARG(a->scoring_path), LME_STR_ARG(b->scoring_path));
    return lme_hint(err, "--scoring PATH asks both for the same way; lmeval probe shows what each "
                         "server can do");
}

/* Before anything is measured, too: what it names is there. */
static bool open_again(pair *p, lme_error *err)
{
    const fields *given = p->given;
    if (given->again == NULL)
        return true;
    if (given->stop_early) {
        lme_fail(err, LME_ERR_USAGE, NULL,
                 "--aa does not go with --stop-early: a base that may end "
                 "early is not the same measurement as that run");
        return lme_hint(err, "lmeval compare --aa holds the finished runs against it");
    }
    p->again = LME_NEW(p->arena, lme_record);
    return lme_record_open(p->arena, given->again, NULL, p->again, err);
}

static bool connect_both(pair *p, lme_error *err)
{
    return (lme_measuring_connect(p->base, err) || lme_while(err, "looking at the base")) &&
           (lme_measuring_connect(p->other, err) || lme_while(err, "looking at the other model")) &&
           check_pair(p, err);
}

/* runs/ab-<the base's own name>-<8 of the hash of the other's> */
static lme_str folder_of(const pair *p)
{
    if (p->given->run.output_path != NULL)
        return lme_str_from(p->given->run.output_path);
    lme_arena *arena = p->arena;
    lme_str hash = lme_sha256_hex(arena, lme_measuring_default_folder(p->other));
    lme_str name = lme_measuring_default_folder(p->base);
    name = lme_str_slice(name, strlen("runs/"), SIZE_MAX);
    return lme_str_format(arena, "runs/ab-%.*s-%.8s", LME_STR_ARG(name), hash.ptr);
}

static lme_str folder_of_one(const pair *p, size_t which)
{
    return lme_path_join(p->arena, p->folder, which == 0 ? LME_STR("base") : LME_STR("other"));
}

static bool open_both(pair *p, lme_error *err)
{
    return lme_measuring_open(p->base, folder_of_one(p, 0), err) &&
           lme_measuring_open(p->other, folder_of_one(p, 1), err) &&
           lme_measuring_forecast(p->base, "base: ", err) &&
           lme_measuring_forecast(p->other, "other: ", err);
}

/* One block of both; over when there is no more, or a signal came. */
static bool take_turns(pair *p, bool other_first, size_t n_docs, bool *over, lme_error *err)
{
    lme_measuring *first = other_first ? p->other : p->base;
    lme_measuring *second = other_first ? p->base : p->other;
    bool over_second = false;
    if (!lme_measuring_advance(first, n_docs, over, err))
        return lme_while(err, first == p->base ? "asking the base" : "asking the other model");
    if (lme_measuring_stopped(first))
        return true;
    if (!lme_measuring_advance(second, n_docs, &over_second, err))
        return lme_while(err, second == p->base ? "asking the base" : "asking the other model");
    *over = *over || over_second;
    return true;
}

static void say_stopped(const pair *p, const lme_compare_early *taken)
{
    if (!p->given->run.quiet)
        fprintf(stderr, "lmeval: %.*s: clear after %zu of %zu documents\n",
                LME_STR_ARG(taken->task), taken->n_docs, taken->n_planned_docs);
}

/* The documents of one task, up to its end or a look at which all is clear. */
static bool walk_task(pair *p, size_t task, const lme_looks *looks, lme_error *err)
{
    size_t done = 0, look = 0;
    bool over = false, clear = false, other_first = task % 2 == 1;
    lme_compare_early taken;
    while (!over && !clear) {
        size_t left = lme_looks_docs(looks, look) - done;
        size_t n_docs = left < p->given->block ? left : p->given->block;
        if (!take_turns(p, other_first, n_docs, &over, err))
            return false;
        other_first = !other_first;
        done += n_docs;
        if (done < lme_looks_docs(looks, look) || look + 1 == looks->n || over)
            continue;
        taken = lme_looks_taken(looks, look, lme_measuring_task(p->base, task));
        if (!lme_looks_clear(p->base, p->other, &p->options, &taken, &clear, err))
            return false;
        look += clear ? 0 : 1;
    }
    taken = lme_looks_taken(looks, look, lme_measuring_task(p->base, task));
    if (p->given->stop_early)
        p->early[task] = taken;
    if (clear)
        say_stopped(p, &taken);
    return true;
}

static bool run_task(pair *p, size_t task, lme_error *err)
{
    size_t n_docs = lme_measuring_n_docs(p->base, task);
    lme_looks looks = {.n = 1, .n_docs = n_docs, .confidence = {p->options.confidence}};
    if (p->given->stop_early)
        looks = lme_looks_plan(n_docs, p->options.confidence);
    lme_measuring_begin(p->base, task);
    lme_measuring_begin(p->other, task);
    return walk_task(p, task, &looks, err) && lme_measuring_end(p->base, err) &&
           lme_measuring_end(p->other, err);
}

static bool is_stopped(const pair *p)
{
    return lme_measuring_stopped(p->base) || lme_measuring_stopped(p->other);
}

static bool run_tasks(pair *p, lme_error *err)
{
    size_t n = lme_measuring_n_tasks(p->base);
    p->early = LME_ARRAY(p->arena, lme_compare_early, n);
    for (size_t i = 0; i < n && !is_stopped(p); i++) {
        if (!run_task(p, i, err))
            return false;
    }
    p->options.early = p->early;
    p->options.n_early = p->given->stop_early ? n : 0;
    return true;
}

/* Failed documents are told at the end: the comparison is of the others. */
static bool finish_one(pair *p, lme_measuring *m, lme_error *err)
{
    lme_error failure = {0};
    if (is_stopped(p) && !lme_measuring_stopped(m))
        return true; /* it stands in the middle, too: no result yet */
    if (lme_measuring_finish(m, true, &failure))
        return true;
    if (failure.code != LME_ERR_COVERAGE || is_stopped(p)) {
        *err = failure;
        return false;
    }
    p->uncovered = failure;
    p->is_uncovered = true;
    return true;
}

static bool compare_both(pair *p, lme_compare_view *view, lme_error *err)
{
    lme_comparison *made = LME_NEW(p->arena, lme_comparison);
    lme_record *records = LME_ARRAY(p->arena, lme_record, 2);
    static const char *const names[] = {"base", "other"};
    for (size_t i = 0; i < 2; i++) {
        lme_str path = lme_path_join(p->arena, p->folder, lme_str_from(names[i]));
        if (!lme_record_open(p->arena, lme_str_cstr(p->arena, path), NULL, &records[i], err))
            return false;
    }
    if (!lme_compare_asked(p->arena, &records[0], &p->options, err))
        return false;
    lme_compare_runs(p->arena, &records[0], &records[1], &p->options, made);
    *view = (lme_compare_view){.comparisons = made, .n = 1, .utf8 = lme_prints_utf8()};
    if (made->n_obstacles > 0)
        return lme_comparison_refuse(p->arena, made, err);
    return p->again == NULL ||
           lme_comparison_noise(p->arena, &records[0], p->again, &p->options, &view->noise, err);
}

/* What the end of the runs says: the table, then thresholds, then what failed. */
static bool judge(pair *p, const lme_gate_rule *rules, size_t n_rules,
                  const lme_compare_format *format, lme_error *err)
{
    lme_compare_view view;
    if (!compare_both(p, &view, err) ||
        !lme_gates_match(p->arena, rules, n_rules, &view.comparisons[0], err) ||
        !lme_comparison_print(p->arena, format, &view, err))
        return false;
    if (!p->given->run.quiet)
        fprintf(stderr, "lmeval: both runs are in %.*s\n", LME_STR_ARG(p->folder));
    if (!lme_gate_flags_pass(p->arena, &p->given->gates, rules, n_rules, &view, err))
        return false;
    if (p->is_uncovered)
        *err = p->uncovered;
    return !p->is_uncovered;
}

/* ---- --dry-run ---- */

static lme_span plus(lme_span a, lme_span b)
{
    return (lme_span){a.low + b.low, a.high + b.high};
}

static lme_str pages(const pair *p, const lme_forecasts f[2], bool known, lme_span seconds)
{
    lme_builder out = {.arena = p->arena};
    static const char *const names[] = {"BASE", "OTHER"};
    for (size_t i = 0; i < 2; i++)
        lme_builder_format(&out, "%s\n%.*s\n", names[i],
                           LME_STR_ARG(lme_forecasts_text(p->arena, &f[i])));
    if (known)
        lme_builder_format(&out, "both       %.*s: they take turns%s\n",
                           LME_STR_ARG(lme_duration_span(p->arena, seconds)),
                           p->given->stop_early ? "; --stop-early may end sooner" : "");
    lme_builder_add(&out,
                    lme_forecasts_ending(p->arena, true, f[0].trial.n_asked + f[1].trial.n_asked));
    return lme_builder_finish(&out);
}

static lme_str json(const pair *p, const lme_forecasts f[2], bool known, lme_span seconds)
{
    lme_map_builder map = {.arena = p->arena};
    lme_map_add(&map, LME_STR("base"), lme_forecasts_value(p->arena, &f[0]));
    lme_map_add(&map, LME_STR("other"), lme_forecasts_value(p->arena, &f[1]));
    lme_map_add(&map, LME_STR("seconds_estimate"), lme_forecasts_span(p->arena, known, seconds));
    lme_value value = lme_map_finish(&map);
    return lme_forecasts_json(p->arena, &value);
}

static bool dry_run(pair *p, lme_error *err)
{
    lme_forecasts f[2];
    lme_measuring *const both[] = {p->base, p->other};
    for (size_t i = 0; i < 2; i++) {
        if (!lme_measuring_foresee(both[i], folder_of_one(p, i), &f[i], err))
            return lme_while(err, i == 0 ? "looking at the base" : "looking at the other model");
    }
    bool known = f[0].cost.known && f[1].cost.known;
    lme_span seconds = plus(f[0].cost.seconds, f[1].cost.seconds);
    return lme_print(p->given->run.json ? json(p, f, known, seconds) : pages(p, f, known, seconds),
                     err);
}

static bool measure(pair *p, const lme_gate_rule *rules, size_t n_rules,
                    const lme_compare_format *format, lme_error *err)
{
    return open_both(p, err) && run_tasks(p, err) && finish_one(p, p->base, err) &&
           finish_one(p, p->other, err) && judge(p, rules, n_rules, format, err);
}

static bool run_ab(lme_arena *arena, char **argv, lme_error *err)
{
    fields given = {
        .run = lme_run_fields_default(),
        .format = "table",
        .gates = LME_GATE_DEFAULTS,
        .block = 32,
    };
    const lme_compare_format *format;
    const lme_gate_rule *rules;
    size_t n_rules;
    if (!read_fields(arena, &given, argv, err) ||
        !lme_comparison_format(arena, given.format, &format, err) ||
        !lme_gate_flags_read(arena, &given.gates, &rules, &n_rules, err))
        return false;
    lme_run_fields other = other_of(&given);
    pair p = {
        .arena = arena,
        .given = &given,
        .base = lme_measuring_new(arena, &given.run, argv),
        .other = lme_measuring_new(arena, &other, argv),
        .options =
            {
                .theta = lme_gate_flags_theta(&given.gates),
                .confidence = given.gates.confidence,
                .metrics = lme_option_texts(arena, &given.metrics),
                .n_metrics = given.metrics.n,
            },
    };
    bool ok = open_again(&p, err) && connect_both(&p, err);
    if (ok) {
        p.folder = folder_of(&p);
        ok = given.run.dry_run ? dry_run(&p, err) : measure(&p, rules, n_rules, format, err);
    }
    lme_measuring_close(p.base);
    lme_measuring_close(p.other);
    return ok;
}

const lme_command lme_command_ab = {
    .name = "ab",
    .summary = "measure two models in turns on the same documents, and compare",
    .usage = "--task NAME --base-url URL --other-url URL [options]",
    .example = "  lmeval ab --task hellaswag -u http://localhost:8000 \\\n"
               "      --other-url http://localhost:8001\n"
               "  lmeval ab --task gsm8k -u URL --model base --other-model w4a16 \\\n"
               "      --min-recovery 99 --stop-early\n",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_ab,
};

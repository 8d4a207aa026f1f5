/* lmeval compare: did the other model keep what the base has? */
#include "../block.h"
#include "../color.h"
#include "../command.h"

#include <math.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/compare.h>
#include <lmeval/share.h>

typedef struct fields {
    const char *format;
    const char *cluster;
    const char *again;
    const char *gates;
    const char *junit;
    lme_option_list tasks;
    lme_option_list metrics;
    double min_recovery, confidence, max_drop, max_flips;
    bool point;
    bool force;
} fields;

static const lme_option rows[] = {
    {.name = "format",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, format),
     .arg = "FORMAT",
     .help = "table (default), card, markdown, json or csv"},
    {.name = "task",
     .letter = 't',
     .kind = LME_OPTION_LIST,
     .offset = offsetof(fields, tasks),
     .arg = "TASK",
     .help = "only these tasks"},
    {.name = "tasks",
     .kind = LME_OPTION_LIST,
     .offset = offsetof(fields, tasks),
     .arg = "TASK",
     .help = "",
     .is_alias = true},
    {.name = "metric",
     .letter = 'm',
     .kind = LME_OPTION_LIST,
     .offset = offsetof(fields, metrics),
     .arg = "METRIC",
     .help = "only these metrics"},
    {.name = "cluster",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, cluster),
     .arg = "COLUMN",
     .help = "documents equal there belong together"},
    {.name = "aa",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, again),
     .arg = "RUN",
     .help = "the base once more: what the server alone changes"},
    {.name = "confidence",
     .kind = LME_OPTION_NUMBER,
     .offset = offsetof(fields, confidence),
     .arg = "SHARE",
     .help = "of intervals and verdicts (0.95)",
     .min = 0.5,
     .max = 0.9999},
    {.name = "min-recovery",
     .kind = LME_OPTION_NUMBER,
     .offset = offsetof(fields, min_recovery),
     .arg = "PERCENT",
     .help = "exit 1 unless it is shown that so much is kept",
     .min = 1,
     .max = 200},
    {.name = "max-drop",
     .kind = LME_OPTION_NUMBER,
     .offset = offsetof(fields, max_drop),
     .arg = "POINTS",
     .help = "exit 1 unless it is shown that no more is lost",
     .min = 0,
     .max = 1e9},
    {.name = "max-flips",
     .kind = LME_OPTION_NUMBER,
     .offset = offsetof(fields, max_flips),
     .arg = "PERCENT",
     .help = "exit 1 unless it is shown that no more flip",
     .min = 0,
     .max = 100},
    {.name = "gates",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, gates),
     .arg = "FILE",
     .help = "YAML with these thresholds, also for single tasks"},
    {.name = "junit",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, junit),
     .arg = "FILE",
     .help = "write the thresholds' results as JUnit XML"},
    {.name = "point",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, point),
     .help = "let the numbers themselves pass, without proof"},
    {.name = "force",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, force),
     .help = "compare runs that are not comparable, and say so"},
};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

static lme_str *texts_of(lme_arena *arena, const lme_option_list *list)
{
    lme_str *texts = LME_ARRAY(arena, lme_str, list->n);
    for (size_t i = 0; i < list->n; i++)
        texts[i] = lme_str_from(list->items[i]);
    return texts;
}

static bool find_format(lme_arena *arena, const char *name, const lme_compare_format **format,
                        lme_error *err)
{
    *format = lme_compare_format_find(lme_str_from(name));
    if (*format != NULL)
        return true;
    size_t n;
    const lme_compare_format *const *all = lme_compare_format_all(&n);
    lme_str *names = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++)
        names[i] = lme_str_from(all[i]->name);
    lme_str nearest = lme_str_nearest(lme_str_from(name), names, n);
    lme_fail(err, LME_ERR_USAGE, NULL, "unknown format \"%s\"", name);
    if (nearest.len > 0)
        return lme_hint(err, "did you mean --format %.*s?", LME_STR_ARG(nearest));
    return lme_hint(err, "table, card, markdown, json and csv are known");
}

static lme_compare_options compare_options(lme_arena *arena, const fields *given)
{
    return (lme_compare_options){
        .theta = isnan(given->min_recovery) ? 0.99 : given->min_recovery / 100.0,
        .confidence = given->confidence,
        .tasks = texts_of(arena, &given->tasks),
        .n_tasks = given->tasks.n,
        .metrics = texts_of(arena, &given->metrics),
        .n_metrics = given->metrics.n,
    };
}

/* The whole list on stderr; what --force would override comes before the error itself. */
static bool refuse(lme_arena *arena, const lme_comparison *comparison, lme_error *err)
{
    lme_builder lines = {.arena = arena};
    for (size_t i = 0; i < comparison->n_obstacles; i++) {
        lme_builder_add(&lines, LME_STR("  "));
        lme_fold(&lines, comparison->obstacles[i], 4);
    }
    for (size_t i = 0; i < comparison->n_notes; i++) {
        lme_str note = lme_str_format(arena, "note: %.*s", LME_STR_ARG(comparison->notes[i]));
        lme_builder_add(&lines, LME_STR("  "));
        lme_fold(&lines, note, 4);
    }
    lme_str text = lme_builder_finish(&lines);
    fprintf(stderr, "%.*s", LME_STR_ARG(text));
    lme_fail(err, LME_ERR_USAGE, NULL, "%.*s and %.*s are not comparable",
             LME_STR_ARG(comparison->base->name), LME_STR_ARG(comparison->other->name));
    if (comparison->n_rows == 0)
        return false;
    return lme_hint(err, "--force compares them all the same and says so");
}

/* A against A. It is the same model by the user's word; the rest must be the same measurement. */
static bool measure_noise(lme_arena *arena, const fields *given, const lme_record *base,
                          const lme_comparison **noise, lme_error *err)
{
    if (given->again == NULL)
        return true;
    lme_record *again = LME_NEW(arena, lme_record);
    lme_comparison *made = LME_NEW(arena, lme_comparison);
    if (!lme_record_open(arena, given->again, given->cluster, again, err))
        return false;
    if (lme_file_same(base->path, again->path)) {
        lme_fail(err, LME_ERR_USAGE, NULL, "--aa %s is the base itself: no noise to see",
                 given->again);
        return lme_hint(err, "run the base once more into another folder and name that one");
    }
    lme_compare_options asked = compare_options(arena, given);
    lme_compare_runs(arena, base, again, &asked, made);
    *noise = made;
    return made->n_obstacles == 0 || refuse(arena, made, err);
}

static bool fail_itself(const char *path, lme_error *err)
{
    lme_fail(err, LME_ERR_USAGE, NULL, "%s is the base itself: nothing is lost against oneself",
             path);
    return lme_hint(err, "name the other model's run; for the server's own noise run the base once "
                         "more and name that with --aa");
}

static bool compare_all(lme_arena *arena, const fields *given, const lme_option_list *paths,
                        lme_compare_view *view, lme_error *err)
{
    lme_record *records = LME_ARRAY(arena, lme_record, paths->n);
    for (size_t i = 0; i < paths->n; i++) {
        if (!lme_record_open(arena, paths->items[i], given->cluster, &records[i], err))
            return false;
        if (i > 0 && lme_file_same(records[0].path, records[i].path))
            return fail_itself(paths->items[i], err);
    }
    lme_compare_options asked = compare_options(arena, given);
    if (!lme_compare_asked(arena, &records[0], &asked, err))
        return false;
    lme_comparison *made = LME_ARRAY(arena, lme_comparison, paths->n - 1);
    for (size_t i = 0; i + 1 < paths->n; i++) {
        lme_compare_runs(arena, &records[0], &records[i + 1], &asked, &made[i]);
        if (made[i].n_obstacles > 0 && (!given->force || made[i].n_rows == 0))
            return refuse(arena, &made[i], err);
        made[i].forced = made[i].n_obstacles > 0;
    }
    *view = (lme_compare_view){.comparisons = made, .n = paths->n - 1, .utf8 = lme_prints_utf8()};
    return measure_noise(arena, given, &records[0], &view->noise, err);
}

static bool read_rules(lme_arena *arena, const fields *given, const lme_gate_rule **rules,
                       size_t *n_rules, lme_error *err)
{
    lme_gate_rule *one = LME_NEW(arena, lme_gate_rule);
    one->gates = (lme_gates){
        .min_recovery = given->min_recovery / 100.0,
        .max_drop = given->max_drop,
        .max_flips = given->max_flips / 100.0,
        .confidence = given->confidence,
        .point = given->point,
    };
    *rules = one;
    *n_rules = 1;
    return given->gates == NULL ||
           lme_gates_read(arena, given->gates, &one->gates, rules, n_rules, err);
}

static bool wants_gates(const fields *given)
{
    return given->gates != NULL || !isnan(given->min_recovery) || !isnan(given->max_drop) ||
           !isnan(given->max_flips);
}

static bool print_comparison(lme_arena *arena, const lme_compare_format *format,
                             const lme_compare_view *view, lme_error *err)
{
    lme_str text = format->write(arena, view);
    if (format->for_terminals && lme_is_colored(stdout))
        text = lme_verdicts_painted(arena, text);
    return lme_print(text, err);
}

/* The sentences on stderr. Returns how many are not met. */
static size_t print_failures(lme_arena *arena, const lme_gate_suite *suite)
{
    size_t n;
    lme_str text = lme_gates_failures(arena, suite->results, suite->n, &n);
    fprintf(stderr, "%.*s", LME_STR_ARG(text));
    return n;
}

/* A file of thresholds that holds nothing to anything is a mistake, not a pass. */
static bool fail_no_gate(const fields *given, const lme_comparison *comparison, lme_error *err)
{
    lme_fail(err, LME_ERR_USAGE, NULL, "no threshold applies to %.*s against %.*s",
             LME_STR_ARG(comparison->other->name), LME_STR_ARG(comparison->base->name));
    return lme_hint(err, "%s must hold min_recovery, max_drop or max_flips, for all or a task",
                    given->gates);
}

static bool pass_gates(lme_arena *arena, const fields *given, const lme_gate_rule *rules,
                       size_t n_rules, const lme_compare_view *view, lme_error *err)
{
    lme_gate_suite *suites = LME_ARRAY(arena, lme_gate_suite, view->n);
    size_t n = 0;
    for (size_t i = 0; i < view->n; i++) {
        suites[i].comparison = &view->comparisons[i];
        suites[i].results =
            lme_gates_check(arena, rules, n_rules, &view->comparisons[i], &suites[i].n);
        if (suites[i].n == 0 && wants_gates(given))
            return fail_no_gate(given, &view->comparisons[i], err);
        n += print_failures(arena, &suites[i]);
    }
    if (given->junit != NULL &&
        !lme_file_write(given->junit, lme_gates_junit(arena, suites, view->n), err))
        return false;
    return n == 0 ||
           lme_fail(err, LME_ERR_GATE, NULL, "%zu threshold%s not met", n, n == 1 ? "" : "s");
}

static bool run_compare(lme_arena *arena, char **argv, lme_error *err)
{
    fields given = {
        .format = "table",
        .confidence = 0.95,
        .min_recovery = (double)NAN,
        .max_drop = (double)NAN,
        .max_flips = (double)NAN,
    };
    lme_option_list paths = {0};
    const lme_compare_format *format;
    lme_compare_view view = {0};
    if (!lme_options_read(arena, &options, &given, argv, &paths, err) ||
        !find_format(arena, given.format, &format, err))
        return false;
    if (paths.n < 2) {
        lme_fail(err, LME_ERR_USAGE, NULL, "compare wants a base and at least one other run");
        return lme_hint(err, "lmeval compare runs/base runs/w4a16");
    }
    if (given.junit != NULL && !wants_gates(&given)) {
        lme_fail(err, LME_ERR_USAGE, NULL, "--junit has no thresholds to report");
        return lme_hint(err, "add --min-recovery, --max-drop, --max-flips or --gates FILE");
    }
    const lme_gate_rule *rules;
    size_t n_rules;
    return read_rules(arena, &given, &rules, &n_rules, err) &&
           compare_all(arena, &given, &paths, &view, err) &&
           lme_gates_match(arena, rules, n_rules, &view.comparisons[0], err) &&
           print_comparison(arena, format, &view, err) &&
           pass_gates(arena, &given, rules, n_rules, &view, err);
}

const lme_command lme_command_compare = {
    .name = "compare",
    .summary = "did another model keep what the base has, and how sure is that",
    .usage = "BASE OTHER [OTHER...]",
    .example = "  lmeval compare runs/base runs/w4a16\n"
               "  lmeval compare runs/base runs/w4a16 --min-recovery 99\n"
               "  lmeval compare runs/base runs/w8a8 runs/w4a16 --format card\n",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_compare,
};

/* lmeval compare: did the other model keep what the base has? */
#include "../command.h"
#include "../comparison.h"
#include "../gate_flags.h"
#include "../only_tasks.h"

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
    lme_option_list tasks;
    lme_option_list metrics;
    lme_gate_flags gates;
    bool force;
} fields;

static const lme_option rows[] = {
    {.name = "format",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, format),
     .arg = "FORMAT",
     .help = "table (default), or another of lmeval list formats"},
    LME_ONLY_TASKS_OPTIONS(fields),
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
    LME_GATE_OPTIONS(fields),
    {.name = "force",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, force),
     .help = "compare runs that are not comparable, and say so"},
};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

static lme_compare_options compare_options(lme_arena *arena, const fields *given)
{
    return (lme_compare_options){
        .theta = lme_gate_flags_theta(&given->gates),
        .confidence = given->gates.confidence,
        .tasks = lme_option_texts(arena, &given->tasks),
        .n_tasks = given->tasks.n,
        .metrics = lme_option_texts(arena, &given->metrics),
        .n_metrics = given->metrics.n,
    };
}

static bool measure_noise(lme_arena *arena, const fields *given, const lme_record *base,
                          const lme_comparison **noise, lme_error *err)
{
    if (given->again == NULL)
        return true;
    lme_record *again = LME_NEW(arena, lme_record);
    lme_compare_options asked = compare_options(arena, given);
    return lme_record_open(arena, given->again, given->cluster, again, err) &&
           lme_comparison_noise(arena, base, again, &asked, noise, err);
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
            return lme_comparison_refuse(arena, &made[i], err);
        made[i].forced = made[i].n_obstacles > 0;
    }
    *view = (lme_compare_view){.comparisons = made, .n = paths->n - 1, .utf8 = lme_prints_utf8()};
    return measure_noise(arena, given, &records[0], &view->noise, err);
}

static bool run_compare(lme_arena *arena, char **argv, lme_error *err)
{
    fields given = {.format = "table", .gates = LME_GATE_DEFAULTS};
    lme_option_list paths = {0};
    const lme_compare_format *format;
    lme_compare_view view = {0};
    if (!lme_options_read(arena, &options, &given, argv, &paths, err) ||
        !lme_comparison_format(arena, given.format, &format, err))
        return false;
    if (paths.n < 2) {
        lme_fail(err, LME_ERR_USAGE, NULL, "compare wants a base and at least one other run");
        return lme_hint(err, "lmeval compare runs/base runs/w4a16");
    }
    const lme_gate_rule *rules;
    size_t n_rules;
    return lme_gate_flags_read(arena, &given.gates, &rules, &n_rules, err) &&
           compare_all(arena, &given, &paths, &view, err) &&
           lme_gates_match(arena, rules, n_rules, &view.comparisons[0], err) &&
           lme_comparison_print(arena, format, &view, err) &&
           lme_gate_flags_pass(arena, &given.gates, rules, n_rules, &view, err);
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

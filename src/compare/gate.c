/* Thresholds for builds: what is not shown to hold does not pass. */
#include "columns.h"
#include "row.h"

#include <math.h>

#include <lmeval/shown.h>

typedef struct checking {
    lme_arena *arena;
    lme_gates gates; /* of the row's task */
    lme_gate_result *results;
    size_t n, capacity;
} checking;

static void add(checking *c, const lme_comparison_row *row, const char *gate, bool met,
                lme_str text)
{
    if (c->n == c->capacity) {
        size_t more = c->capacity == 0 ? 16 : c->capacity * 2;
        c->results = lme_arena_grow(c->arena, c->results, c->capacity * sizeof c->results[0],
                                    more * sizeof c->results[0]);
        c->capacity = more;
    }
    lme_str label = lme_shown_label(c->arena, row);
    c->results[c->n++] = (lme_gate_result){
        .row = row,
        .gate = gate,
        .met = met,
        .text = lme_str_format(c->arena, "%.*s: %.*s", LME_STR_ARG(label), LME_STR_ARG(text)),
    };
}

/* "is at least 99 %", or why it does not pass. */
static const char *state_of(const lme_gates *g, bool met)
{
    if (met)
        return "is";
    return g->point ? "is not" : "is not shown to be";
}

static void check_recovery(checking *c, const lme_comparison_row *row)
{
    const lme_gates *g = &c->gates;
    double alpha = 1.0 - g->confidence;
    bool met = g->point ? row->recovery.value >= g->min_recovery
                        : lme_row_kept(row, g->min_recovery).p < alpha;
    met = met && !isnan(row->recovery.value);
    lme_str asked = lme_shown_percent(c->arena, g->min_recovery);
    lme_str recovery = lme_shown_recovery(c->arena, &row->recovery, &row->recovery_interval);
    add(c, row, "min-recovery", met,
        lme_str_format(c->arena, "recovery %.*s %% %s at least %.*s %%", LME_STR_ARG(recovery),
                       state_of(g, met), LME_STR_ARG(asked)));
}

/* Other - base in the metric's sense of better. */
static double gain_of(const lme_comparison_row *row)
{
    return row->higher_is_better ? row->difference.value : -row->difference.value;
}

static void check_drop(checking *c, const lme_comparison_row *row)
{
    const lme_gates *g = &c->gates;
    /* one-sided at the confidence: the low end of a two-sided interval with twice the error */
    lme_interval i = lme_row_gain(row, 2.0 * g->confidence - 1.0);
    double worst = g->point ? gain_of(row) : i.low;
    double allowed = row->is_share ? g->max_drop / 100.0 : g->max_drop;
    bool met = worst >= -allowed - 1e-12; /* 1 point is not 0.01 to the last digit */
    lme_str asked = lme_shown_value(c->arena, allowed, row->is_share);
    lme_str difference = lme_shown_difference(c->arena, row);
    add(c, row, "max-drop", met,
        lme_str_format(c->arena, "difference %.*s %s a drop of at most %.*s",
                       LME_STR_ARG(difference), state_of(g, met), LME_STR_ARG(asked)));
}

static void check_flips(checking *c, const lme_comparison_row *row)
{
    const lme_gates *g = &c->gates;
    double k = (double)(row->flips.lost + row->flips.gained), n = (double)row->flips.n;
    double worst = g->point ? k / n : lme_stats_wilson(k, n, 2.0 * g->confidence - 1.0).high;
    bool met = worst <= g->max_flips;
    lme_str asked = lme_shown_percent(c->arena, g->max_flips);
    add(c, row, "max-flips", met,
        lme_str_format(c->arena, "a flip rate of %.1f %% %s at most %.*s %%", 100.0 * k / n,
                       state_of(g, met), LME_STR_ARG(asked)));
}

typedef struct gate {
    const char *name;
    size_t offset; /* of the threshold in lme_gates */
    void (*check)(checking *c, const lme_comparison_row *row);
} gate;

static const gate all_gates[] = {
    {"min-recovery", offsetof(lme_gates, min_recovery), check_recovery},
    {"max-drop", offsetof(lme_gates, max_drop), check_drop},
    {"max-flips", offsetof(lme_gates, max_flips), check_flips},
};

static void check_row(checking *c, const lme_comparison_row *row)
{
    for (size_t i = 0; i < sizeof all_gates / sizeof all_gates[0]; i++) {
        const gate *g = &all_gates[i];
        const void *threshold = (const char *)&c->gates + g->offset;
        if (isnan(*(const double *)threshold))
            continue;
        if (row->unsupported == NULL)
            g->check(c, row);
        else
            add(c, row, g->name, false,
                lme_str_format(c->arena, "cannot be checked: %s", row->unsupported));
    }
}

/* A group's row is held to a rule of its own name alone. */
static const lme_gates *gates_of(const lme_gate_rule *rules, size_t n,
                                 const lme_comparison_row *row)
{
    const lme_gates *general = NULL;
    for (size_t i = 0; i < n; i++) {
        if (lme_str_equal(rules[i].task, row->task))
            return &rules[i].gates;
        general = rules[i].task.len == 0 ? &rules[i].gates : general;
    }
    return row->is_average ? NULL : general;
}

static void check_rows(checking *c, const lme_gate_rule *rules, size_t n_rules,
                       const lme_comparison_row *rows, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const lme_gates *gates = gates_of(rules, n_rules, &rows[i]);
        if (gates == NULL)
            continue;
        c->gates = *gates;
        if (rows[i].is_early) /* no less sure than the looks want it */
            c->gates.confidence = fmax(gates->confidence, rows[i].confidence);
        check_row(c, &rows[i]);
    }
}

const lme_gate_result *lme_gates_check(lme_arena *arena, const lme_gate_rule *rules, size_t n_rules,
                                       const lme_comparison *comparison, size_t *n_results)
{
    checking c = {.arena = arena};
    check_rows(&c, rules, n_rules, comparison->rows, comparison->n_rows);
    check_rows(&c, rules, n_rules, comparison->missing, comparison->n_missing);
    *n_results = c.n;
    return c.results;
}

/* The tasks and groups that have rows, in common or missing. */
static lme_str *tasks_of(lme_arena *arena, const lme_comparison *comparison, size_t *n)
{
    lme_str *tasks = LME_ARRAY(arena, lme_str, comparison->n_rows + comparison->n_missing);
    *n = 0;
    for (size_t i = 0; i < comparison->n_rows; i++)
        tasks[(*n)++] = comparison->rows[i].task;
    for (size_t i = 0; i < comparison->n_missing; i++)
        tasks[(*n)++] = comparison->missing[i].task;
    return tasks;
}

static bool holds(const lme_str *names, size_t n, lme_str name)
{
    for (size_t i = 0; i < n; i++) {
        if (lme_str_equal(names[i], name))
            return true;
    }
    return false;
}

bool lme_gates_match(lme_arena *arena, const lme_gate_rule *rules, size_t n_rules,
                     const lme_comparison *comparison, lme_error *err)
{
    size_t n;
    const lme_str *tasks = tasks_of(arena, comparison, &n);
    const lme_compare_options *options = &comparison->options;
    bool is_part = options->n_tasks > 0 || options->n_metrics > 0;
    for (size_t i = 0; i < n_rules; i++) {
        lme_str name = rules[i].task;
        /* a file for all tasks is of use when one is looked at */
        if (name.len == 0 || holds(tasks, n, name) ||
            (is_part && lme_record_find_task(comparison->base, name) != NULL))
            continue;
        lme_fail(err, LME_ERR_TASK, &rules[i].at,
                 "thresholds for the task \"%.*s\", of which nothing is compared",
                 LME_STR_ARG(name));
        lme_str nearest = lme_str_nearest(name, tasks, n);
        if (nearest.len > 0)
            return lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
        return lme_hint(err, "the base has not run it");
    }
    return true;
}

lme_str lme_gates_failures(lme_arena *arena, const lme_gate_result *results, size_t n,
                           size_t *n_failed)
{
    lme_builder out = {.arena = arena};
    *n_failed = 0;
    for (size_t i = 0; i < n; i++) {
        if (results[i].met)
            continue;
        lme_sentence_write(&out, results[i].text, 2);
        ++*n_failed;
    }
    return lme_builder_finish(&out);
}

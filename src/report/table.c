/* The table that a person reads, and the notes below it: what makes its numbers mean less than they
 * seem to. */
#include "grid.h"
#include "hierarchy.h"
#include "order.h"

#include <math.h>

#include <lmeval/report.h>
#include <lmeval/unicode.h>

enum {
    NOTE_WIDTH = 80
};

enum {
    COLUMN_TASK,
    COLUMN_VERSION,
    COLUMN_FILTER,
    COLUMN_SHOTS,
    COLUMN_METRIC,
    COLUMN_ARROW,
    COLUMN_VALUE,
    COLUMN_SIGN,
    COLUMN_STDERR,
    N_COLUMNS
};

static const char *const headers[N_COLUMNS] = {"", "Version", "Filter", "n-shot", "Metric",
                                               "", "Value",   "",       "Stderr"};

static void set_version(lme_arena *arena, lme_grid_column *column, size_t row,
                        const lme_value *version)
{
    if (version->kind == LME_INT)
        column->cells[row] = lme_cell_number(arena, (double)version->integer);
    else if (version->kind == LME_FLOAT)
        column->cells[row] = lme_cell_number(arena, version->number);
    else if (version->kind == LME_NULL)
        lme_grid_set(arena, column, row, LME_STR("Yaml"));
    else
        lme_grid_set(arena, column, row, lme_value_str(arena, version));
}

/* What the rows of a task or group have in common. */
typedef struct line {
    lme_str name; /* indented by the groups around it */
    lme_value version;
    bool has_shots;
    size_t n_shot;
    const lme_direction *directions;
    size_t n_directions;
    const lme_summary **summaries; /* n_summaries */
    size_t n_summaries;
} line;

typedef struct table {
    lme_arena *arena;
    const lme_results *results;
    const lme_group_facts *facts; /* of each group */
    bool utf8;
    lme_grid_column columns[N_COLUMNS];
    size_t row;
} table;

static lme_str indented(lme_arena *arena, lme_str name, size_t depth)
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < depth; i++)
        lme_builder_char(&out, ' ');
    lme_builder_add(&out, depth > 0 ? LME_STR("- ") : LME_STR(""));
    lme_builder_add(&out, name);
    return lme_builder_finish(&out);
}

static line line_of(const table *t, const lme_shown *shown)
{
    lme_arena *arena = t->arena;
    if (shown->task != NULL) {
        const lme_result *task = shown->task;
        line l = {.name = indented(arena, lme_result_alias(task), shown->depth),
                  .version = task->version,
                  .has_shots = true,
                  .n_shot = task->n_shot,
                  .summaries = lme_summaries_by_key(arena, task->summaries, task->n_summaries),
                  .n_summaries = task->n_summaries};
        l.directions = lme_task_directions(arena, task, &l.n_directions);
        return l;
    }
    const lme_group_result *group = shown->group;
    const lme_group_facts *facts = &t->facts[group - t->results->groups];
    return (line){.name = indented(arena, group->alias, shown->depth),
                  .version = lme_string(group->version),
                  .has_shots = facts->has_shots,
                  .n_shot = facts->n_shot,
                  .directions = facts->directions,
                  .n_directions = facts->n_directions,
                  .summaries = lme_summaries_by_key(arena, group->summaries, group->n_summaries),
                  .n_summaries = group->n_summaries};
}

/* Nothing where the members of a group do not agree. */
static lme_str arrow(const line *l, lme_str metric, bool utf8)
{
    size_t at = 0;
    while (at < l->n_directions && !lme_str_equal(l->directions[at].metric, metric))
        at++;
    if (at == l->n_directions || !l->directions[at].agreed)
        return LME_STR("");
    if (utf8)
        return l->directions[at].higher_is_better ? LME_STR("↑") : LME_STR("↓");
    return l->directions[at].higher_is_better ? LME_STR("^") : LME_STR("v");
}

static void set_shots(lme_arena *arena, lme_grid_column *column, size_t row, const line *l)
{
    if (l->has_shots)
        lme_grid_set(arena, column, row, lme_str_format(arena, "%zu", l->n_shot));
    else
        column->cells[row] = lme_cell_text(arena, LME_STR(""));
}

/* One row; the task or group is named in its first one only. */
static void add_row(table *t, const line *l, const lme_summary *summary, bool is_first)
{
    lme_arena *arena = t->arena;
    lme_grid_column *columns = t->columns;
    size_t row = t->row++;
    columns[COLUMN_TASK].cells[row] = lme_cell_text(arena, is_first ? l->name : LME_STR(""));
    if (is_first)
        set_version(arena, &columns[COLUMN_VERSION], row, &l->version);
    else
        columns[COLUMN_VERSION].cells[row] = lme_cell_text(arena, LME_STR(""));
    columns[COLUMN_FILTER].cells[row] = lme_cell_text(arena, summary->pipeline);
    set_shots(arena, &columns[COLUMN_SHOTS], row, l);
    columns[COLUMN_METRIC].cells[row] = lme_cell_text(arena, summary->metric);
    columns[COLUMN_ARROW].cells[row] = lme_cell_text(arena, arrow(l, summary->metric, t->utf8));
    lme_grid_set(arena, &columns[COLUMN_VALUE], row, lme_str_format(arena, "%.4f", summary->value));
    columns[COLUMN_SIGN].cells[row] = lme_cell_text(arena, t->utf8 ? LME_STR("±") : LME_STR("+-"));
    lme_grid_set(arena, &columns[COLUMN_STDERR], row,
                 isnan(summary->stderr_value)
                     ? LME_STR("   N/A")
                     : lme_str_format(arena, "%.4f", summary->stderr_value));
}

static void write_grid(lme_builder *out, const lme_results *results, bool only_groups, bool utf8)
{
    size_t n, n_rows = 0;
    table t = {.arena = out->arena, .results = results, .utf8 = utf8};
    t.facts = lme_groups_facts(t.arena, results);
    const lme_shown *shown = lme_results_shown(t.arena, results, only_groups, &n);
    for (size_t i = 0; i < n; i++)
        n_rows += shown[i].task != NULL ? shown[i].task->n_summaries : shown[i].group->n_summaries;
    for (size_t c = 0; c < N_COLUMNS; c++)
        t.columns[c] = (lme_grid_column){
            .header = lme_str_from(headers[c]),
            .cells = LME_ARRAY(t.arena, lme_cell, n_rows),
        };
    t.columns[COLUMN_TASK].header = only_groups ? LME_STR("Groups") : LME_STR("Tasks");
    for (size_t i = 0; i < n; i++) {
        line l = line_of(&t, &shown[i]);
        for (size_t s = 0; s < l.n_summaries; s++)
            add_row(&t, &l, l.summaries[s], s == 0);
    }
    lme_grid_write(out, t.columns, N_COLUMNS, n_rows);
}

/* The second table: groups that have numbers of their own. */
static void write_groups(lme_builder *out, const lme_results *results, bool utf8)
{
    bool any = false;
    for (size_t i = 0; i < results->n_groups; i++)
        any = any || results->groups[i].has_aggregates;
    if (!any)
        return;
    lme_builder_char(out, '\n');
    write_grid(out, results, true, utf8);
}

/* Writes "note: TASK: TEXT", broken at blanks so that no line is wider than a terminal; every line
 * begins with "note: ". */
static void write_note(lme_builder *out, lme_str task, lme_str text)
{
    lme_str rest = lme_str_format(out->arena, "%.*s: %.*s", LME_STR_ARG(task), LME_STR_ARG(text));
    const char *start = "note: ";
    while (rest.len > 0) {
        size_t room = NOTE_WIDTH - lme_str_from(start).len, end = 0, width = 0;
        while (end < rest.len) {
            size_t blank = lme_str_find(rest, LME_STR(" "), end + 1);
            blank = blank == SIZE_MAX ? rest.len : blank;
            width += lme_display_width(lme_str_slice(rest, end, blank));
            if (width > room && end > 0)
                break;
            end = blank;
        }
        lme_builder_format(out, "%s%.*s\n", start, (int)end, rest.ptr);
        rest = lme_lstrip(lme_str_slice(rest, end, rest.len));
        start = "note:   ";
    }
}

/* Generations that a task asks for: documents times repeats. */
static size_t n_generations(const lme_result *task)
{
    const lme_value *repeats = lme_value_find(&task->config, "repeats");
    size_t n = repeats != NULL && repeats->kind == LME_INT && repeats->integer > 1
                   ? (size_t)repeats->integer
                   : 1;
    return task->n_effective * n;
}

/* The pipelines of a task, each once: summaries come pipeline by pipeline. */
static bool begins_pipeline(const lme_result *task, size_t i)
{
    return i == 0 || !lme_str_equal(task->summaries[i - 1].pipeline, task->summaries[i].pipeline);
}

static void write_score_notes(lme_builder *out, const lme_result *task)
{
    lme_arena *arena = out->arena;
    lme_str name = lme_result_alias(task);
    for (size_t i = 0; i < task->n_left_out; i++)
        write_note(out, name,
                   lme_str_format(arena, "%.*s cannot score what was asked and is left out",
                                  LME_STR_ARG(task->left_out[i])));
    for (size_t i = 0; i < task->n_summaries; i++) {
        const lme_summary *s = &task->summaries[i];
        if (s->extracts && s->n_unextracted > 0 && begins_pipeline(task, i))
            write_note(out, name,
                       lme_str_format(arena, "%.*s found nothing to extract in %zu of %zu answers",
                                      LME_STR_ARG(s->pipeline), s->n_unextracted, s->n_docs));
        if (s->cluster.len > 0 && !isnan(s->cluster_stderr))
            write_note(out, name,
                       lme_str_format(arena,
                                      "%.*s,%.*s: standard error %.4f by the %zu clusters of %.*s",
                                      LME_STR_ARG(s->metric), LME_STR_ARG(s->pipeline),
                                      s->cluster_stderr, s->n_clusters, LME_STR_ARG(s->cluster)));
        if (s->remark != NULL)
            write_note(out, name,
                       lme_str_format(arena, "%.*s,%.*s is no number: %s", LME_STR_ARG(s->metric),
                                      LME_STR_ARG(s->pipeline), s->remark));
    }
}

static void write_scoring_notes(lme_builder *out, const lme_result *task)
{
    lme_arena *arena = out->arena;
    lme_str name = lme_result_alias(task);
    if (task->scoring_caution.len > 0)
        write_note(out, name,
                   lme_str_format(arena, "scored by %.*s: %.*s", LME_STR_ARG(task->scoring_path),
                                  LME_STR_ARG(task->scoring_caution)));
    if (task->n_aside > 0)
        write_note(out, name,
                   lme_str_format(arena, "%.*s left %zu requests to the ordinary path",
                                  LME_STR_ARG(task->scoring_path), task->n_aside));
    if (task->n_unread > 0)
        write_note(out, name,
                   lme_str_format(arena,
                                  "%zu of %zu answers name none of the letters and count as wrong",
                                  task->n_unread, task->n_effective));
    if (task->n_bounded > 0)
        write_note(out, name,
                   lme_str_format(arena,
                                  "%zu choices were not among the tokens that the server tells: "
                                  "they have an upper bound for a value",
                                  task->n_bounded));
}

static void write_length_notes(lme_builder *out, const lme_result *task)
{
    lme_arena *arena = out->arena;
    lme_str name = lme_result_alias(task);
    if (task->n_too_long > 0)
        write_note(out, name,
                   lme_str_format(arena, "%zu of the failed documents %s longer than the context",
                                  task->n_too_long, task->n_too_long == 1 ? "is" : "are"));
    if (task->n_maybe_cut > 0)
        write_note(out, name,
                   lme_str_format(arena,
                                  "%zu prompts of very different lengths have %zu tokens each by "
                                  "the server's count, and none has more: it seems to cut them "
                                  "without a word; give it a longer context",
                                  task->n_maybe_cut, task->n_longest_tokens));
    if (task->n_truncated > 0)
        write_note(out, name,
                   lme_str_format(arena, "%zu prompt%s cut from the left (--truncate)",
                                  task->n_truncated, task->n_truncated == 1 ? " was" : "s were"));
    if (task->n_windowed > 0)
        write_note(out, name,
                   lme_str_format(arena, "%zu text%s scored in windows (docs/scoring.md)",
                                  task->n_windowed, task->n_windowed == 1 ? " was" : "s were"));
}

/* Answers that the model did not end itself. */
static void write_finish_notes(lme_builder *out, const lme_result *task)
{
    static const char *const ends[][2] = {
        {"content_filter", "were cut by a content filter"},
        {"tool_calls", "call a tool and are empty or partly so"},
        {"function_call", "call a function and are empty or partly so"},
    };
    for (size_t i = 0; i < task->n_finishes; i++) {
        for (size_t k = 0; k < sizeof ends / sizeof ends[0]; k++) {
            if (lme_str_is(task->finishes[i].reason, ends[k][0]))
                write_note(out, lme_result_alias(task),
                           lme_str_format(out->arena, "%zu of %zu answers %s (finish_reason %s)",
                                          task->finishes[i].n, n_generations(task), ends[k][1],
                                          ends[k][0]));
        }
    }
}

static void write_notes(lme_builder *out, const lme_result *task)
{
    lme_arena *arena = out->arena;
    lme_str name = lme_result_alias(task);
    size_t asked = n_generations(task);
    if (task->sample_data)
        write_note(out, name,
                   lme_str_format(arena, "sample data written for lmeval, not the %.*s benchmark",
                                  LME_STR_ARG(task->task)));
    if (task->n_failed > 0)
        write_note(out, name,
                   lme_str_format(arena, "%zu of %zu documents failed and are not in the score",
                                  task->n_failed, task->n_effective));
    write_length_notes(out, task);
    if (task->n_no_choice > 0)
        write_note(out, name,
                   lme_str_format(arena,
                                  "%zu document%s a right answer that is none of the choices",
                                  task->n_no_choice, task->n_no_choice == 1 ? " names" : "s name"));
    if (task->n_cut * 100 > asked)
        write_note(out, name,
                   lme_str_format(arena,
                                  "%zu of %zu answers were cut at the token limit (max_gen_toks)",
                                  task->n_cut, asked));
    write_finish_notes(out, task);
    if (task->n_thoughts > 0)
        write_note(out, name,
                   lme_str_format(arena,
                                  "%zu of %zu answers hold what the model thought, up to </think>: "
                                  "it is searched, too (--think-end-token leaves it out)",
                                  task->n_thoughts, asked));
    for (size_t i = 0; i < task->n_refused; i++)
        write_note(out, name,
                   lme_str_format(arena, "the server refused %.*s: answers were made with its own",
                                  LME_STR_ARG(task->refused[i])));
    if (task->n_straddling > 0)
        write_note(out, name,
                   lme_str_format(arena,
                                  "%zu requests have a token across the end of the prompt "
                                  "(docs/scoring.md)",
                                  task->n_straddling));
    if (task->n_floored > 0)
        write_note(out, name,
                   lme_str_format(arena,
                                  "%zu answers rest on a log-probability that the server does not "
                                  "tell (below its floor)",
                                  task->n_floored));
    write_scoring_notes(out, task);
    write_score_notes(out, task);
}

/* Its tasks, those of the groups in it included.
 *   n_unscored  of them: no document of theirs could be scored */
static size_t n_tasks_of(const lme_results *results, const lme_group_result *group,
                         size_t *n_unscored)
{
    size_t n = 0;
    for (size_t m = 0; m < group->n_members; m++) {
        for (size_t i = 0; i < results->n_tasks; i++) {
            if (!lme_str_equal(results->tasks[i].task, group->members[m]))
                continue;
            n++;
            *n_unscored += results->tasks[i].n_summaries == 0;
        }
        for (size_t i = 0; i < results->n_groups; i++) {
            if (lme_str_equal(results->groups[i].name, group->members[m]))
                n += n_tasks_of(results, &results->groups[i], n_unscored);
        }
    }
    return n;
}

/* A mean over fewer tasks is of something else than the group's name says. */
static void write_group_note(lme_builder *out, const lme_results *results,
                             const lme_group_result *group)
{
    size_t n_unscored = 0;
    size_t n = group->has_aggregates ? n_tasks_of(results, group, &n_unscored) : 0;
    if (n_unscored == 0)
        return;
    write_note(out, group->alias.len > 0 ? group->alias : group->name,
               lme_str_format(out->arena,
                              "%zu of its %zu tasks %s no score: its value is of the %s",
                              n_unscored, n, n_unscored == 1 ? "has" : "have",
                              n - n_unscored == 1 ? "other one" : "others"));
}

lme_str lme_report_table(lme_arena *arena, const lme_results *results, bool utf8)
{
    lme_builder out = {.arena = arena};
    write_grid(&out, results, false, utf8);
    write_groups(&out, results, utf8);
    for (size_t i = 0; i < results->n_tasks; i++)
        write_notes(&out, &results->tasks[i]);
    for (size_t i = 0; i < results->n_groups; i++)
        write_group_note(&out, results, &results->groups[i]);
    return lme_builder_finish(&out);
}

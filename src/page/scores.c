/* What each run scored: a table whose rows have their error bars beside them. */
#include "axis.h"
#include "markup.h"
#include "tree.h"
#include "view.h"

#include <math.h>

#include <lmeval/shown.h>

enum {
    TICKS = 4
};

static const double INTERVAL = 0.95;
static const lme_axis SHARES = {0.0, 1.0, 0.25};

/* One line of the table. */
typedef struct entry {
    lme_str metric; /* as it is shown, with its pipeline */
    size_t run;
    double value, error, low, high;
    bool is_share, higher_is_better;
} entry;

typedef struct entries {
    entry *items;
    size_t n;
} entries;

static void fill_interval(entry *e)
{
    lme_estimate estimate = {e->value, e->error, (double)INFINITY};
    lme_interval made = lme_stats_interval(&estimate, INTERVAL);
    e->low = made.low;
    e->high = made.high;
}

/* results.json of this program has intervals that hold near 0 and 1, too. */
static void find_interval(const lme_record *record, lme_str task, lme_str key, entry *e)
{
    const lme_str path[] = {LME_STR("lmeval"),     LME_STR("tasks"), task, LME_STR("scores"), key,
                            LME_STR("interval_95")};
    const lme_value *v = lme_tree_at(&record->tree, path, sizeof path / sizeof path[0]);
    fill_interval(e);
    if (v == NULL || v->kind != LME_LIST || v->list.len != 2)
        return;
    double low = lme_tree_number(&v->list.items[0]), high = lme_tree_number(&v->list.items[1]);
    if (isfinite(low) && isfinite(high)) {
        e->low = low;
        e->high = high;
    }
}

/* A metric in all runs, in their order. */
static void add_metric(const lme_view *view, const lme_view_task *task,
                       const lme_record_score *score, entries *list)
{
    lme_arena *arena = view->arena;
    bool is_share = true;
    size_t first = list->n;
    lme_str key = lme_str_format(arena, "%.*s,%.*s", LME_STR_ARG(score->metric),
                                 LME_STR_ARG(score->pipeline));
    for (size_t i = 0; i < view->page->n_records; i++) {
        const lme_record_score *of =
            task->runs[i] == NULL
                ? NULL
                : lme_record_find_score(task->runs[i], score->metric, score->pipeline);
        if (of == NULL)
            continue;
        entry *e = &list->items[list->n++];
        *e = (entry){
            .metric = lme_view_metric(arena, score->metric, score->pipeline),
            .run = i,
            .value = of->value,
            .error = of->stderr_value,
            .higher_is_better = of->higher_is_better,
        };
        find_interval(&view->page->records[i], task->name, key, e);
        is_share = is_share && lme_view_is_share(task->runs[i], of);
    }
    for (size_t i = first; i < list->n; i++)
        list->items[i].is_share = is_share;
}

static lme_axis axis_of(const entry *items, size_t n)
{
    if (items[0].is_share)
        return SHARES;
    double low = (double)INFINITY, high = -(double)INFINITY;
    for (size_t i = 0; i < n; i++) {
        low = fmin(low, isnan(items[i].low) ? items[i].value : items[i].low);
        high = fmax(high, isnan(items[i].high) ? items[i].value : items[i].high);
    }
    return lme_axis_make(low > 0.0 && low < high * 0.7 ? 0.0 : low, high, TICKS);
}

static lme_str interval_text(lme_arena *arena, const entry *e)
{
    if (isnan(e->low) || isnan(e->high))
        return LME_STR("-");
    lme_str low = lme_shown_value(arena, e->low, e->is_share);
    lme_str high = lme_shown_value(arena, e->high, e->is_share);
    return lme_str_format(arena, "%.*s to %.*s", LME_STR_ARG(low), LME_STR_ARG(high));
}

/*   again, last  of a metric's rows: not the first, the last */
static void write_entry(const lme_view *view, const entry *e, const lme_axis *axis, bool again,
                        bool last, lme_builder *out)
{
    lme_arena *arena = view->arena;
    lme_str run = view->labels[e->run], value = lme_shown_value(arena, e->value, e->is_share);
    lme_str interval = interval_text(arena, e);
    LME_PUT(out,
            "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\" class=\"%\">%%</th>"
            "<td role=\"cell\" data-label=\"run\" class=\"run\">%</td>"
            "<td role=\"cell\" data-label=\"value\" class=\"number strong\">%</td>"
            "<td role=\"cell\" data-label=\"stderr\" class=\"number\">%</td>"
            "<td role=\"cell\" data-label=\"95 &percnt; interval\" class=\"number\">%</td>"
            "<td role=\"cell\" class=\"drawing\">",
            again ? LME_STR("again") : LME_STR("first"), e->metric,
            e->higher_is_better ? LME_STR("") : LME_STR(" (lower is better)"), run, value,
            isnan(e->error) ? LME_STR("-") : lme_shown_value(arena, e->error, e->is_share),
            interval);
    lme_axis_mark mark = {
        .value = e->value,
        .low = e->low,
        .high = e->high,
        .style = e->run == 0 && view->page->n_records > 1 ? "point base" : "point",
        .label = lme_str_format(arena, "%.*s, %.*s: %.*s, interval %.*s", LME_STR_ARG(e->metric),
                                LME_STR_ARG(run), LME_STR_ARG(value), LME_STR_ARG(interval)),
    };
    lme_axis_draw(out, axis, &mark);
    if (last && !e->is_share)
        lme_axis_labels(out, axis, 1.0, LME_STR(""));
    lme_builder_add(out, LME_STR("</td></tr>\n"));
}

/* A heading over the rows of one task, then its rows; entries of one metric share an axis. */
static void write_body(const lme_view *view, lme_str title, lme_str remark, const entries *list,
                       lme_builder *out)
{
    bool any_share = false;
    for (size_t i = 0; i < list->n; i++)
        any_share = any_share || list->items[i].is_share;
    LME_PUT(out,
            "<tbody role=\"rowgroup\"><tr role=\"row\" class=\"heading\">"
            "<th scope=\"rowgroup\" role=\"rowheader\" colspan=\"5\">% "
            "<span class=\"remark\">%</span></th><td role=\"cell\" class=\"drawing\">",
            title, remark);
    if (any_share)
        lme_axis_labels(out, &SHARES, 100.0, LME_STR(" %"));
    lme_builder_add(out, LME_STR("</td></tr>\n"));
    for (size_t i = 0; i < list->n;) {
        size_t end = i + 1;
        while (end < list->n && lme_str_equal(list->items[end].metric, list->items[i].metric))
            end++;
        lme_axis axis = axis_of(&list->items[i], end - i);
        for (size_t first = i; i < end; i++)
            write_entry(view, &list->items[i], &axis, i > first, i + 1 == end, out);
    }
    lme_builder_add(out, LME_STR("</tbody>\n"));
}

static const char *const columns[] = {"metric", "run", "value", "stderr", "95 % interval", ""};

static void begin_table(const lme_view *view, lme_str caption, lme_builder *out)
{
    lme_page_table_begin(out, view->page->n_records > 1 ? "bars" : "bars one", caption, columns,
                         sizeof columns / sizeof columns[0]);
}

static lme_str task_remark(const lme_view *view, const lme_view_task *task)
{
    lme_arena *arena = view->arena;
    const lme_record *record = &view->page->records[task->lead];
    const lme_str path[] = {LME_STR("n-samples"), task->name, LME_STR("effective")};
    double n = lme_tree_number(lme_tree_at(&record->tree, path, 3));
    const lme_record_task *lead = task->runs[task->lead];
    lme_builder out = {.arena = arena};
    if (isfinite(n))
        lme_builder_format(&out, "%.0f documents", n);
    if (lead->n_shot >= 0)
        lme_builder_format(&out, "%s%lld-shot", out.len > 0 ? ", " : "", (long long)lead->n_shot);
    if (lead->sample_data)
        lme_builder_format(&out, "%ssample data", out.len > 0 ? ", " : "");
    return lme_builder_finish(&out);
}

void lme_page_scores(const lme_view *view, lme_builder *out)
{
    lme_builder bodies = {.arena = view->arena};
    for (size_t i = 0; i < view->n_tasks; i++) {
        const lme_view_task *task = &view->tasks[i];
        const lme_record_task *lead = task->runs[task->lead];
        entries list = {LME_ARRAY(view->arena, entry, lead->n_scores * view->page->n_records), 0};
        for (size_t k = 0; k < lead->n_scores; k++)
            add_metric(view, task, &lead->scores[k], &list);
        if (list.n > 0)
            write_body(view, task->name, task_remark(view, task), &list, &bodies);
    }
    if (bodies.len == 0)
        return;
    lme_builder_add(out, LME_STR("<section id=\"scores\" aria-labelledby=\"h-scores\">\n"
                                 "<h2 id=\"h-scores\">Scores</h2>\n"));
    begin_table(view, LME_STR("Each task's metrics with their standard errors"), out);
    lme_builder_add(out, lme_builder_finish(&bodies));
    lme_page_table_end(out);
    lme_builder_add(out, LME_STR("</section>\n"));
}

/* ---- groups ---------------------------------------------------------------------------------- */

/* A group's number is a mean of its tasks' numbers: in percent when theirs are. */
static bool is_share_of_tasks(const lme_record *record, lme_str metric, lme_str pipeline)
{
    bool any = false;
    for (size_t i = 0; i < record->n_tasks; i++) {
        const lme_record_task *task = &record->tasks[i];
        const lme_record_score *score = lme_record_find_score(task, metric, pipeline);
        if (score == NULL)
            continue;
        if (!lme_view_is_share(task, score))
            return false;
        any = true;
    }
    return any;
}

/* "acc_stderr,none" of "acc,none" */
static lme_str error_key(lme_arena *arena, lme_str key, size_t comma)
{
    return lme_str_format(arena, "%.*s_stderr%.*s", (int)comma, key.ptr, (int)(key.len - comma),
                          key.ptr + comma);
}

static void add_group_metric(const lme_view *view, lme_str group, lme_str key, entries *list)
{
    lme_arena *arena = view->arena;
    size_t comma = lme_str_find(key, LME_STR(","), 0);
    lme_str metric = lme_str_slice(key, 0, comma);
    lme_str pipeline = lme_str_slice(key, comma + 1, key.len);
    for (size_t i = 0; i < view->page->n_records; i++) {
        const lme_record *record = &view->page->records[i];
        const lme_str path[] = {LME_STR("groups"), group, key};
        const lme_str error_path[] = {path[0], group, error_key(arena, key, comma)};
        double value = lme_tree_number(lme_tree_at(&record->tree, path, 3));
        if (isnan(value))
            continue;
        entry *e = &list->items[list->n++];
        *e = (entry){
            .metric = lme_view_metric(arena, metric, pipeline),
            .run = i,
            .value = value,
            .error = lme_tree_number(lme_tree_at(&record->tree, error_path, 3)),
            .is_share = is_share_of_tasks(record, metric, pipeline),
            .higher_is_better = true,
        };
        fill_interval(e);
    }
}

static void write_group(const lme_view *view, lme_str name, const lme_value *keys, lme_builder *out)
{
    entries list = {LME_ARRAY(view->arena, entry, keys->map.len * view->page->n_records), 0};
    for (size_t i = 0; i < keys->map.len; i++) {
        if (keys->map.pairs[i].key.kind != LME_STRING)
            continue;
        lme_str key = keys->map.pairs[i].key.string;
        size_t comma = lme_str_find(key, LME_STR(","), 0);
        if (comma != SIZE_MAX && !lme_str_ends(lme_str_slice(key, 0, comma), LME_STR("_stderr")))
            add_group_metric(view, name, key, &list);
    }
    const lme_str path[] = {LME_STR("group_subtasks"), name};
    const lme_value *members = lme_tree_at(&view->page->records[0].tree, path, 2);
    lme_str remark = LME_STR("");
    if (members != NULL && members->kind == LME_LIST)
        remark = lme_str_format(view->arena, "%zu members", members->list.len);
    if (list.n > 0)
        write_body(view, name, remark, &list, out);
}

void lme_page_groups(const lme_view *view, lme_builder *out)
{
    const lme_value *groups = lme_value_find(&view->page->records[0].tree, "groups");
    if (groups == NULL || groups->kind != LME_MAP || groups->map.len == 0)
        return;
    lme_builder_add(out, LME_STR("<section id=\"groups\" aria-labelledby=\"h-groups\">\n"
                                 "<h2 id=\"h-groups\">Groups</h2>\n"));
    begin_table(view, LME_STR("Groups of tasks, as their files average them"), out);
    for (size_t i = 0; i < groups->map.len; i++) {
        const lme_pair *pair = &groups->map.pairs[i];
        if (pair->key.kind == LME_STRING && pair->value.kind == LME_MAP)
            write_group(view, pair->key.string, &pair->value, out);
    }
    lme_page_table_end(out);
    lme_builder_add(out, LME_STR("</section>\n"));
}

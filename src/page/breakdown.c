/* Scores by the values of the rows' columns: where a mean hides that one topic is much worse. */
#include "axis.h"
#include "markup.h"
#include "survey.h"

#include <math.h>
#include <stdlib.h>

#include <lmeval/shown.h>

enum {
    MOST_TABLES = 4, /* of one task */
    TICKS = 4
};

static lme_estimate estimate_of(const lme_survey_value *value, size_t run)
{
    double n = (double)value->n[run];
    lme_estimate e = {(double)NAN, (double)NAN, n - 1.0};
    if (value->n[run] == 0)
        return e;
    e.value = value->sum[run] / n;
    double variance = (value->square[run] - n * e.value * e.value) / (n - 1.0);
    if (value->n[run] > 1)
        e.stderr_value = sqrt(fmax(variance, 0.0) / n);
    return e;
}

/* Shares: Wilson's, which is right at 0 and 1; for scores between it is wider than need be. */
static lme_interval interval_of(const lme_survey_value *value, size_t run, bool is_share)
{
    double n = (double)value->n[run];
    lme_estimate e = estimate_of(value, run);
    if (value->n[run] == 0)
        return (lme_interval){(double)NAN, (double)NAN};
    return is_share ? lme_stats_wilson(value->sum[run], n, 0.95) : lme_stats_interval(&e, 0.95);
}

static int by_text(const void *a, const void *b)
{
    const lme_survey_value *x = *(const lme_survey_value *const *)a;
    const lme_survey_value *y = *(const lme_survey_value *const *)b;
    return lme_str_compare(x->text, y->text);
}

static lme_axis axis_of(const lme_view *view, const lme_survey_column *column, bool is_share)
{
    double low = (double)INFINITY, high = -(double)INFINITY;
    if (is_share)
        return (lme_axis){0.0, 1.0, 0.25};
    for (size_t i = 0; i < column->n_values; i++) {
        for (size_t r = 0; r < view->page->n_records; r++) {
            lme_interval ends = interval_of(&column->values[i], r, is_share);
            double value = estimate_of(&column->values[i], r).value;
            low = fmin(low, isnan(ends.low) ? value : ends.low);
            high = fmax(high, isnan(ends.high) ? value : ends.high);
        }
    }
    return lme_axis_make(low, high, TICKS);
}

static void write_value(const lme_view *view, const lme_view_task *task,
                        const lme_survey_value *value, const lme_axis *axis, lme_builder *out)
{
    lme_arena *arena = view->arena;
    bool is_share = task->headlines[task->lead].is_share;
    for (size_t r = 0; r < view->page->n_records; r++) {
        if (value->n[r] == 0)
            continue;
        lme_estimate e = estimate_of(value, r);
        lme_interval ends = interval_of(value, r, is_share);
        lme_str shown = lme_shown_value(arena, e.value, is_share);
        LME_PUT(out,
                "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%</th>"
                "<td role=\"cell\" data-label=\"run\" class=\"run\">%</td>"
                "<td role=\"cell\" data-label=\"documents\" class=\"number\">%</td>"
                "<td role=\"cell\" data-label=\"value\" class=\"number strong\">%</td>"
                "<td role=\"cell\" data-label=\"95 &percnt; interval\" class=\"number\">% to %</td>"
                "<td role=\"cell\" class=\"drawing\">",
                value->text, view->labels[r], lme_str_format(arena, "%zu", value->n[r]), shown,
                lme_shown_value(arena, ends.low, is_share),
                lme_shown_value(arena, ends.high, is_share));
        lme_axis_mark mark = {
            .value = e.value,
            .low = ends.low,
            .high = ends.high,
            .style = r == 0 && view->page->n_records > 1 ? "point base" : "point",
            .label = lme_str_format(arena, "%.*s, %.*s: %.*s", LME_STR_ARG(value->text),
                                    LME_STR_ARG(view->labels[r]), LME_STR_ARG(shown)),
        };
        lme_axis_draw(out, axis, &mark);
        lme_builder_add(out, LME_STR("</td></tr>\n"));
    }
}

static void write_column(const lme_view *view, const lme_view_task *task,
                         const lme_survey_column *column, lme_builder *out)
{
    static const char *const columns[] = {"value of the column", "run", "documents", "mean",
                                          "95 % interval",       ""};
    const lme_headline *headline = &task->headlines[task->lead];
    const lme_survey_value **sorted =
        LME_ARRAY(view->arena, const lme_survey_value *, column->n_values);
    for (size_t i = 0; i < column->n_values; i++)
        sorted[i] = &column->values[i];
    qsort(sorted, column->n_values, sizeof(const lme_survey_value *), by_text);
    lme_axis axis = axis_of(view, column, headline->is_share);
    LME_PUT(out,
            "<details class=\"breakdown\"><summary>% by <code>%</code> "
            "<span class=\"remark\">%, % values</span></summary>\n",
            task->name, column->name, headline->metric,
            lme_str_format(view->arena, "%zu", column->n_values));
    lme_page_table_begin(out, view->page->n_records > 1 ? "bars" : "bars one",
                         lme_str_format(view->arena, "%.*s: %.*s by %.*s", LME_STR_ARG(task->name),
                                        LME_STR_ARG(headline->metric), LME_STR_ARG(column->name)),
                         columns, sizeof columns / sizeof columns[0]);
    lme_builder_add(out, LME_STR("<tbody role=\"rowgroup\"><tr role=\"row\" class=\"scale\">"
                                 "<td role=\"cell\" colspan=\"5\"></td>"
                                 "<td role=\"cell\" class=\"drawing\">"));
    lme_axis_labels(out, &axis, headline->is_share ? 100.0 : 1.0,
                    headline->is_share ? LME_STR(" %") : LME_STR(""));
    lme_builder_add(out, LME_STR("</td></tr>\n"));
    for (size_t i = 0; i < column->n_values; i++)
        write_value(view, task, sorted[i], &axis, out);
    lme_builder_add(out, LME_STR("</tbody>\n"));
    lme_page_table_end(out);
    lme_builder_add(out, LME_STR("</details>\n"));
}

/* The task's columns that are worth a table; returns how many were written. */
static size_t write_task(const lme_view *view, size_t index, const lme_survey *survey,
                         lme_builder *out)
{
    const lme_view_task *task = &view->tasks[index];
    size_t n_documents = task->runs[task->lead]->n_documents, n = 0;
    if (task->headlines[task->lead].pipeline == NULL)
        return 0;
    for (size_t i = 0; i < survey->n_columns && n < MOST_TABLES; i++) {
        if (!lme_survey_divides(&survey->columns[i], n_documents))
            continue;
        write_column(view, task, &survey->columns[i], out);
        n++;
    }
    return n;
}

void lme_page_breakdown(const lme_view *view, const lme_survey *surveys, lme_builder *out)
{
    lme_builder tables = {.arena = view->arena};
    size_t n = 0;
    for (size_t i = 0; i < view->n_tasks; i++)
        n += write_task(view, i, &surveys[i], &tables);
    if (n == 0)
        return;
    lme_builder_add(out, LME_STR("<section id=\"breakdown\" aria-labelledby=\"h-breakdown\">\n"
                                 "<h2 id=\"h-breakdown\">Breakdown</h2>\n"
                                 "<p>Scores by those columns of the rows that have few values. "
                                 "Many intervals side by side: one in twenty misses by chance.</p>"
                                 "\n"));
    lme_builder_add(out, lme_builder_finish(&tables));
    lme_builder_add(out, LME_STR("</section>\n"));
}

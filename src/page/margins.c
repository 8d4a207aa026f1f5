/* How sure the models were: histograms of the target's log-probability over the best other's. */
#include "axis.h"
#include "markup.h"
#include "survey.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

enum {
    BINS = 24,
    HEIGHT = 96, /* pixels of a drawing */
    TICKS = 6
};

static int by_value(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;
    return (x > y) - (x < y);
}

/* Wide enough for all but one in a hundred margins, and even around 0. */
static lme_axis margin_axis(const lme_view *view, const lme_survey *survey)
{
    size_t n = 0;
    for (size_t i = 0; i < view->page->n_records; i++)
        n += survey->n_margins[i];
    double *sizes = LME_ARRAY(view->arena, double, n);
    n = 0;
    for (size_t i = 0; i < view->page->n_records; i++) {
        for (size_t k = 0; k < survey->n_margins[i]; k++)
            sizes[n++] = fabs(survey->margins[i][k]);
    }
    qsort(sizes, n, sizeof sizes[0], by_value);
    double end = n == 0 ? 1.0 : sizes[n - 1 - n / 100];
    lme_axis half = lme_axis_make(0.0, end > 0.0 ? end : 1.0, TICKS / 2);
    return (lme_axis){-half.high, half.high, half.step};
}

static size_t bin_of(const lme_axis *axis, double margin)
{
    double at = (margin - axis->low) / (axis->high - axis->low) * BINS;
    return at < 0.0 ? 0 : at >= BINS ? BINS - 1 : (size_t)at;
}

/* Exact in the middle, where 0 is. */
static double edge_of(const lme_axis *axis, size_t bin)
{
    return axis->high * (2.0 * (double)bin / BINS - 1.0);
}

static void count(const lme_axis *axis, const lme_survey *survey, size_t run, size_t *bins)
{
    memset(bins, 0, BINS * sizeof bins[0]);
    for (size_t i = 0; i < survey->n_margins[run]; i++)
        bins[bin_of(axis, survey->margins[run][i])]++;
}

static void draw(lme_builder *out, const lme_axis *axis, const size_t *bins, double most,
                 lme_str label)
{
    lme_builder_format(out, "<svg class=\"histogram\" width=\"100%%\" height=\"%d\" role=\"img\">",
                       HEIGHT);
    LME_PUT(out, "<title>%</title>", label);
    lme_axis_grid(out, axis, HEIGHT);
    for (size_t i = 0; i < BINS; i++) {
        double height = (HEIGHT - 4) * (double)bins[i] / most;
        if (bins[i] == 0)
            continue;
        lme_builder_format(out,
                           "<rect class=\"%s\" x=\"%.3f%%\" width=\"%.3f%%\" y=\"%.1f\" "
                           "height=\"%.1f\"/>",
                           i < BINS / 2 ? "lost" : "gained", 100.0 * (double)i / BINS + 0.2,
                           100.0 / BINS - 0.4, HEIGHT - fmax(height, 1.0), fmax(height, 1.0));
    }
    lme_builder_format(
        out, "<line class=\"zero\" x1=\"50%%\" x2=\"50%%\" y1=\"0\" y2=\"%d\"/></svg>", HEIGHT);
}

static size_t wrong_of(const lme_survey *survey, size_t run)
{
    size_t n = 0;
    for (size_t i = 0; i < survey->n_margins[run]; i++)
        n += survey->margins[run][i] <= 0.0 ? 1 : 0;
    return n;
}

static double median_of(const lme_view *view, const lme_survey *survey, size_t run)
{
    size_t n = survey->n_margins[run];
    double *sorted = LME_ARRAY(view->arena, double, n);
    memcpy(sorted, survey->margins[run], n * sizeof sorted[0]);
    qsort(sorted, n, sizeof sorted[0], by_value);
    return n % 2 == 1 ? sorted[n / 2] : (sorted[n / 2 - 1] + sorted[n / 2]) / 2.0;
}

static lme_str describe(const lme_view *view, const lme_survey *survey, size_t run)
{
    return lme_str_format(
        view->arena, "%zu documents, %zu with a margin of 0 or below, median %+.2f nats",
        survey->n_margins[run], wrong_of(survey, run), median_of(view, survey, run));
}

/* The same numbers to read. */
static void write_table(const lme_view *view, const lme_view_task *task, const lme_survey *survey,
                        const lme_axis *axis, lme_builder *out)
{
    size_t n_runs = view->page->n_records;
    const char **columns = LME_ARRAY(view->arena, const char *, n_runs + 1);
    size_t(*bins)[BINS] = lme_arena_array(view->arena, n_runs, sizeof *bins);
    size_t n = 0;
    columns[n++] = "margin, nats";
    for (size_t i = 0; i < n_runs; i++) {
        if (survey->n_margins[i] == 0)
            continue;
        count(axis, survey, i, bins[n - 1]);
        columns[n++] = lme_str_cstr(view->arena, view->labels[i]);
    }
    lme_builder_add(out, LME_STR("<details class=\"numbers\"><summary>The numbers</summary>\n"));
    lme_page_table_begin(
        out, "plain",
        lme_str_format(view->arena, "Documents by margin, %.*s", LME_STR_ARG(task->name)), columns,
        n);
    lme_builder_add(out, LME_STR("<tbody role=\"rowgroup\">\n"));
    for (size_t b = 0; b < BINS; b++) {
        double from = edge_of(axis, b), to = edge_of(axis, b + 1);
        lme_str range = b == 0          ? lme_str_format(view->arena, "below %+.4g", to)
                        : b == BINS - 1 ? lme_str_format(view->arena, "from %+.4g", from)
                                        : lme_str_format(view->arena, "%+.4g to %+.4g", from, to);
        LME_PUT(out, "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%</th>", range);
        for (size_t i = 0; i + 1 < n; i++)
            lme_builder_format(out, "<td role=\"cell\" class=\"number\">%zu</td>", bins[i][b]);
        lme_builder_add(out, LME_STR("</tr>\n"));
    }
    lme_builder_add(out, LME_STR("</tbody>\n"));
    lme_page_table_end(out);
    lme_builder_add(out, LME_STR("</details>\n"));
}

static void write_task(const lme_view *view, const lme_view_task *task, const lme_survey *survey,
                       lme_builder *out)
{
    size_t bins[BINS];
    double most = 1.0;
    lme_axis axis = margin_axis(view, survey);
    for (size_t i = 0; i < view->page->n_records; i++) {
        count(&axis, survey, i, bins);
        for (size_t b = 0; b < BINS; b++)
            most = fmax(most, (double)bins[b]);
    }
    LME_PUT(out, "<h3>%</h3>\n<div class=\"pair\">\n", task->name);
    for (size_t i = 0; i < view->page->n_records; i++) {
        if (survey->n_margins[i] == 0)
            continue;
        count(&axis, survey, i, bins);
        lme_str text = describe(view, survey, i);
        LME_PUT(out, "<figure><figcaption><strong>%</strong> %</figcaption>\n", view->labels[i],
                text);
        draw(out, &axis, bins, most,
             lme_str_format(view->arena, "Margins of %.*s, %.*s: %.*s",
                            LME_STR_ARG(view->labels[i]), LME_STR_ARG(task->name),
                            LME_STR_ARG(text)));
        lme_axis_labels(out, &axis, 1.0, LME_STR(""));
        lme_builder_add(out, LME_STR("</figure>\n"));
    }
    lme_builder_add(out, LME_STR("</div>\n"));
    write_table(view, task, survey, &axis, out);
}

static bool has_margins(const lme_view *view, const lme_survey *survey)
{
    for (size_t i = 0; i < view->page->n_records; i++) {
        if (survey->n_margins[i] > 0)
            return true;
    }
    return false;
}

void lme_page_margins(const lme_view *view, const lme_survey *surveys, lme_builder *out)
{
    bool any = false;
    for (size_t i = 0; i < view->n_tasks; i++)
        any = any || has_margins(view, &surveys[i]);
    if (!any)
        return;
    lme_builder_add(
        out,
        LME_STR("<section id=\"margins\" aria-labelledby=\"h-margins\">\n"
                "<h2 id=\"h-margins\">Margins</h2>\n"
                "<p>The log-probability of the right choice less that of the best other one, in "
                "nats: above 0 the choice is right, near 0 a small change of the model turns it. "
                "The outermost bars hold all that lies beyond.</p>\n"));
    for (size_t i = 0; i < view->n_tasks; i++) {
        if (has_margins(view, &surveys[i]))
            write_task(view, &view->tasks[i], &surveys[i], out);
    }
    lme_builder_add(out, LME_STR("</section>\n"));
}

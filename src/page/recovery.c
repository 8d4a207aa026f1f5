/* What the other runs kept of the base: recovery as a forest plot, then what moved. */
#include "axis.h"
#include "markup.h"
#include "view.h"

#include <math.h>

#include <lmeval/shown.h>

enum {
    TICKS = 5
};

/* How far the drawing goes at most: for values, and for ends of intervals, which may be anywhere
 * when a base is near 0; what goes on beyond has an arrow. */
static const double VALUE_LEAST = 0.0, VALUE_MOST = 2.0;
static const double END_LEAST = 0.8, END_MOST = 1.2;

static bool is_shown(const lme_comparison *c)
{
    return c->n_rows > 0 && (c->n_obstacles == 0 || c->forced);
}

static void widen(double value, double least, double most, double *low, double *high)
{
    if (!isfinite(value))
        return;
    *low = fmin(*low, fmax(value, least));
    *high = fmax(*high, fmin(value, most));
}

/* One axis for all comparisons, so that runs can be seen against each other. */
static lme_axis recovery_axis(const lme_view *view)
{
    double low = 0.98, high = 1.01;
    for (size_t i = 0; i + 1 < view->page->n_records; i++) {
        const lme_comparison *c = &view->page->comparisons[i];
        widen(c->options.theta, VALUE_LEAST, VALUE_MOST, &low, &high);
        for (size_t k = 0; is_shown(c) && k < c->n_rows; k++) {
            if (c->rows[k].unsupported != NULL)
                continue;
            widen(c->rows[k].recovery.value, VALUE_LEAST, VALUE_MOST, &low, &high);
            widen(c->rows[k].recovery_interval.low, END_LEAST, END_MOST, &low, &high);
            widen(c->rows[k].recovery_interval.high, END_LEAST, END_MOST, &low, &high);
        }
    }
    return lme_axis_make(low, high, TICKS);
}

static const char *verdict_style(lme_verdict verdict)
{
    return verdict == LME_VERDICT_RECOVERED  ? "verdict good"
           : verdict == LME_VERDICT_DEGRADED ? "verdict bad"
                                             : "verdict";
}

static void write_row(const lme_view *view, const lme_comparison *c, const lme_comparison_row *row,
                      const lme_axis *axis, lme_builder *out)
{
    lme_arena *arena = view->arena;
    bool judged = row->unsupported == NULL;
    lme_str recovery =
        judged ? lme_shown_recovery(arena, &row->recovery, &row->recovery_interval) : LME_STR("-");
    lme_str label = lme_shown_label(arena, row);
    LME_PUT(out,
            "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%</th>"
            "<td role=\"cell\" data-label=\"base\" class=\"number\">%</td>"
            "<td role=\"cell\" data-label=\"other\" class=\"number\">%</td>"
            "<td role=\"cell\" data-label=\"difference\" class=\"number\">%</td>"
            "<td role=\"cell\" data-label=\"recovery &percnt;\" class=\"number strong\">%</td>"
            "<td role=\"cell\" class=\"drawing\">",
            label, lme_shown_estimate(arena, &row->base, row->is_share, true),
            lme_shown_estimate(arena, &row->other, row->is_share, true),
            lme_shown_difference(arena, row), recovery);
    const double references[] = {1.0, c->options.theta};
    lme_axis_mark mark = {
        .value = judged ? row->recovery.value : (double)NAN,
        .low = row->recovery_interval.low,
        .high = row->recovery_interval.high,
        .references = references,
        .n_references = 2,
        .style = row->is_average ? "point average" : "point",
        .label = lme_str_format(arena, "%.*s: recovery %.*s percent", LME_STR_ARG(label),
                                LME_STR_ARG(recovery)),
    };
    if (judged)
        lme_axis_draw(out, axis, &mark);
    LME_PUT(out, "</td><td role=\"cell\" data-label=\"p (Holm)\" class=\"number\">%</td>",
            judged ? lme_shown_p(arena, row->pairs != NULL ? row->p_adjusted : row->p)
                   : LME_STR("-"));
    LME_PUT(out, "<td role=\"cell\" data-label=\"verdict\"><span class=\"%\">%</span></td></tr>\n",
            lme_str_from(verdict_style(row->verdict)),
            judged ? lme_str_from(lme_verdict_name(row->verdict)) : LME_STR("not judged"));
}

static void write_sentences(const lme_view *view, const lme_comparison *c, lme_builder *out)
{
    lme_builder_add(out, LME_STR("<ul class=\"sentences\">\n"));
    for (size_t i = 0; i < c->n_rows; i++)
        LME_PUT(out, "<li>%</li>\n", lme_verdict_sentence(view->arena, &c->rows[i], &c->options));
    for (size_t i = 0; i < c->n_missing; i++)
        LME_PUT(out, "<li>%: %.</li>\n", lme_shown_label(view->arena, &c->missing[i]),
                lme_str_from(c->missing[i].unsupported));
    for (size_t i = 0; i < c->n_notes; i++)
        LME_PUT(out, "<li>Note: %.</li>\n", c->notes[i]);
    lme_builder_add(out, LME_STR("</ul>\n"));
}

static void write_obstacles(const lme_comparison *c, lme_builder *out)
{
    if (c->n_obstacles == 0)
        return;
    LME_PUT(out, "<div class=\"warning\" role=\"note\"><p><strong>Not comparable%</strong></p><ul>",
            c->forced ? LME_STR(", compared all the same") : LME_STR(""));
    for (size_t i = 0; i < c->n_obstacles; i++)
        LME_PUT(out, "<li>%</li>", c->obstacles[i]);
    lme_builder_add(out, LME_STR("</ul></div>\n"));
}

static void write_comparison(const lme_view *view, size_t other, const lme_axis *axis,
                             lme_builder *out)
{
    const lme_comparison *c = &view->page->comparisons[other - 1];
    lme_arena *arena = view->arena;
    lme_str title = lme_str_format(arena, "%.*s against %.*s", LME_STR_ARG(view->labels[other]),
                                   LME_STR_ARG(view->labels[0]));
    LME_PUT(out, "<h3>%</h3>\n", title);
    write_obstacles(c, out);
    if (!is_shown(c))
        return;
    lme_str confidence = lme_shown_percent(arena, c->options.confidence);
    const char *const columns[] = {
        "metric",
        "base",
        "other",
        lme_str_format(arena, "difference [%.*s %%]", LME_STR_ARG(confidence)).ptr,
        lme_str_format(arena, "recovery %% [%.*s %%]", LME_STR_ARG(confidence)).ptr,
        "",
        "p (Holm)",
        "verdict"};
    lme_page_table_begin(out, "bars forest",
                         lme_str_format(arena, "Recovery of %.*s", LME_STR_ARG(title)), columns,
                         sizeof columns / sizeof columns[0]);
    lme_builder_add(out, LME_STR("<tbody role=\"rowgroup\"><tr role=\"row\" class=\"scale\">"
                                 "<td role=\"cell\" colspan=\"5\"></td>"
                                 "<td role=\"cell\" class=\"drawing\">"));
    lme_axis_labels(out, axis, 100.0, LME_STR(" %"));
    lme_builder_add(out, LME_STR("</td><td role=\"cell\" colspan=\"2\"></td></tr>\n"));
    for (size_t i = 0; i < c->n_rows; i++)
        write_row(view, c, &c->rows[i], axis, out);
    lme_builder_add(out, LME_STR("</tbody>\n"));
    lme_page_table_end(out);
    write_sentences(view, c, out);
}

void lme_page_recovery(const lme_view *view, lme_builder *out)
{
    if (view->page->n_records < 2)
        return;
    const lme_comparison *first = &view->page->comparisons[0];
    lme_axis axis = recovery_axis(view);
    lme_builder_add(out, LME_STR("<section id=\"recovery\" aria-labelledby=\"h-recovery\">\n"
                                 "<h2 id=\"h-recovery\">Recovery</h2>\n"));
    LME_PUT(out,
            "<p>The same documents, paired. The solid line is the base's own score "
            "(100&#8239;&percnt;), "
            "the dashed line the recovery asked for (%&#8239;&percnt;).</p>\n",
            lme_shown_percent(view->arena, first->options.theta));
    for (size_t i = 1; i < view->page->n_records; i++)
        write_comparison(view, i, &axis, out);
    lme_builder_add(out, LME_STR("</section>\n"));
}

/* ---- flips ----------------------------------------------------------------------------------- */

static bool has_flips(const lme_comparison_row *row)
{
    return row->unsupported == NULL && row->pairs != NULL;
}

/* Lost to the left of the middle, gained to the right. */
static void draw_flips(lme_builder *out, const lme_comparison_row *row, double most)
{
    double n = (double)row->flips.n;
    double lost = 50.0 * (double)row->flips.lost / n / most;
    double gained = 50.0 * (double)row->flips.gained / n / most;
    lme_builder_format(
        out,
        "<svg class=\"mark\" width=\"100%%\" height=\"22\" role=\"img\"><title>%zu lost, %zu "
        "gained of %zu</title><rect class=\"lost\" x=\"%.2f%%\" y=\"6\" width=\"%.2f%%\" "
        "height=\"10\"/><rect class=\"gained\" x=\"50%%\" y=\"6\" width=\"%.2f%%\" height=\"10\"/>"
        "<line class=\"zero\" x1=\"50%%\" x2=\"50%%\" y1=\"0\" y2=\"22\"/></svg>",
        row->flips.lost, row->flips.gained, row->flips.n, 50.0 - lost, lost, gained);
}

static void write_flip(const lme_view *view, size_t other, const lme_comparison_row *row,
                       double most, lme_builder *out)
{
    lme_arena *arena = view->arena;
    double moved = (double)(row->flips.lost + row->flips.gained) / (double)row->flips.n;
    LME_PUT(out,
            "<tr role=\"row\"><th scope=\"row\" role=\"rowheader\">%</th>"
            "<td role=\"cell\" data-label=\"run\" class=\"run\">%</td>"
            "<td role=\"cell\" data-label=\"lost\" class=\"number\">%</td>"
            "<td role=\"cell\" data-label=\"gained\" class=\"number\">%</td>"
            "<td role=\"cell\" data-label=\"of\" class=\"number\">%</td>"
            "<td role=\"cell\" data-label=\"flips &percnt;\" class=\"number strong\">%</td>"
            "<td role=\"cell\" class=\"drawing\">",
            lme_shown_label(arena, row), view->labels[other],
            lme_str_format(arena, "%zu", row->flips.lost),
            lme_str_format(arena, "%zu", row->flips.gained),
            lme_str_format(arena, "%zu", row->flips.n), lme_shown_value(arena, moved, true));
    draw_flips(out, row, most);
    lme_builder_add(out, LME_STR("</td></tr>\n"));
}

/* The largest share that moved to one side: the drawings' end. 0: there is nothing to draw. */
static double most_moved(const lme_view *view, size_t *n)
{
    double most = 0.0;
    *n = 0;
    for (size_t i = 0; i + 1 < view->page->n_records; i++) {
        const lme_comparison *c = &view->page->comparisons[i];
        for (size_t k = 0; is_shown(c) && k < c->n_rows; k++) {
            const lme_flips *flips = &c->rows[k].flips;
            if (!has_flips(&c->rows[k]) || flips->n == 0)
                continue;
            double larger = (double)(flips->lost > flips->gained ? flips->lost : flips->gained);
            most = fmax(most, larger / (double)flips->n);
            (*n)++;
        }
    }
    return most > 0.0 ? most : 1.0;
}

void lme_page_flips(const lme_view *view, lme_builder *out)
{
    static const char *const columns[] = {"metric",    "run",     "lost",         "gained",
                                          "documents", "flips %", "lost | gained"};
    size_t n;
    if (view->page->n_records < 2)
        return;
    double most = most_moved(view, &n);
    if (n == 0)
        return;
    lme_builder_add(out, LME_STR("<section id=\"flips\" aria-labelledby=\"h-flips\">\n"
                                 "<h2 id=\"h-flips\">Flips</h2>\n"
                                 "<p>Documents that the other run scores worse (lost) or better "
                                 "(gained) than the base. Equal averages can hide many.</p>\n"));
    lme_page_table_begin(out, "bars", LME_STR("What moved"), columns,
                         sizeof columns / sizeof columns[0]);
    lme_builder_add(out, LME_STR("<tbody role=\"rowgroup\">\n"));
    for (size_t i = 1; i < view->page->n_records; i++) {
        const lme_comparison *c = &view->page->comparisons[i - 1];
        for (size_t k = 0; is_shown(c) && k < c->n_rows; k++) {
            if (has_flips(&c->rows[k]) && c->rows[k].flips.n > 0)
                write_flip(view, i, &c->rows[k], most, out);
        }
    }
    lme_builder_add(out, LME_STR("</tbody>\n"));
    lme_page_table_end(out);
    lme_builder_add(out, LME_STR("</section>\n"));
}

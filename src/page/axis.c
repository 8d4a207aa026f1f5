#include "axis.h"

#include "markup.h"

#include <math.h>

enum {
    MARK_HEIGHT = 22, /* pixels of a drawing in a table's row */
    MIDDLE = MARK_HEIGHT / 2,
    CAP = 4, /* half of an error bar's end */
    MAX_TICKS = 40
};

static double nice_step(double range, int ticks)
{
    double raw = range / ticks;
    double unit = pow(10.0, floor(log10(raw)));
    double times = raw / unit;
    return (times <= 1.0 ? 1.0 : times <= 2.0 ? 2.0 : times <= 5.0 ? 5.0 : 10.0) * unit;
}

lme_axis lme_axis_make(double low, double high, int ticks)
{
    if (!isfinite(low) || !isfinite(high) || !isfinite(high - low))
        return (lme_axis){0.0, 1.0, 0.25};
    double least = fmax(fmax(fabs(low), fabs(high)) * 1e-6, 1e-9);
    if (high - low < least) {
        low -= least;
        high += least;
    }
    double step = nice_step(high - low, ticks);
    return (lme_axis){floor(low / step + 1e-9) * step, ceil(high / step - 1e-9) * step, step};
}

double lme_axis_at(const lme_axis *axis, double value)
{
    double at = 100.0 * (value - axis->low) / (axis->high - axis->low);
    return at < 0.0 ? 0.0 : at > 100.0 ? 100.0 : at;
}

static int tick_count(const lme_axis *axis)
{
    double n = (axis->high - axis->low) / axis->step + 1e-6;
    return n > MAX_TICKS ? MAX_TICKS : (int)n;
}

void lme_axis_grid(lme_builder *out, const lme_axis *axis, int height)
{
    for (int i = 0, n = tick_count(axis); i <= n; i++) {
        double at = lme_axis_at(axis, axis->low + i * axis->step);
        lme_builder_format(out,
                           "<line class=\"grid\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"0\" y2=\"%d\"/>",
                           at, at, height);
    }
}

void lme_axis_labels(lme_builder *out, const lme_axis *axis, double scale, lme_str unit)
{
    lme_builder_add(out, LME_STR("<svg class=\"axis\" width=\"100%\" height=\"14\" "
                                 "aria-hidden=\"true\" focusable=\"false\">"));
    for (int i = 0, n = tick_count(axis); i <= n; i++) {
        double value = axis->low + i * axis->step;
        lme_builder_format(out, "<text x=\"%.2f%%\" y=\"11\" text-anchor=\"%s\">%.6g",
                           lme_axis_at(axis, value),
                           i == 0   ? "start"
                           : i == n ? "end"
                                    : "middle",
                           fabs(value) < 1e-9 * axis->step ? 0.0 : value * scale);
        if (i == n)
            lme_page_text(out, unit);
        lme_builder_add(out, LME_STR("</text>"));
    }
    lme_builder_add(out, LME_STR("</svg>"));
}

static void draw_interval(lme_builder *out, const lme_axis *axis, double low, double high)
{
    double from = lme_axis_at(axis, low), to = lme_axis_at(axis, high);
    lme_builder_format(out, "<line class=\"bar\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%d\" y2=\"%d\"/>",
                       from, to, MIDDLE, MIDDLE);
    const double ends[] = {low, high};
    for (size_t i = 0; i < 2; i++) {
        bool is_beyond = ends[i] < axis->low || ends[i] > axis->high;
        double at = lme_axis_at(axis, ends[i]);
        if (is_beyond) { /* an arrow: it goes on */
            lme_builder_format(out,
                               "<svg x=\"%.2f%%\"><path class=\"bar\" d=\"M%d %dL0 %dL%d %d\"/>"
                               "</svg>",
                               at, i == 0 ? CAP : -CAP, MIDDLE - CAP, MIDDLE, i == 0 ? CAP : -CAP,
                               MIDDLE + CAP);
            continue;
        }
        lme_builder_format(out,
                           "<line class=\"bar\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"%d\" y2=\"%d\"/>",
                           at, at, MIDDLE - CAP, MIDDLE + CAP);
    }
}

void lme_axis_draw(lme_builder *out, const lme_axis *axis, const lme_axis_mark *mark)
{
    lme_builder_format(out, "<svg class=\"mark\" width=\"100%%\" height=\"%d\" role=\"img\">",
                       MARK_HEIGHT);
    LME_PUT(out, "<title>%</title>", mark->label);
    lme_axis_grid(out, axis, MARK_HEIGHT);
    for (size_t i = 0; i < mark->n_references; i++) {
        double at = lme_axis_at(axis, mark->references[i]);
        lme_builder_format(out,
                           "<line class=\"%s\" x1=\"%.2f%%\" x2=\"%.2f%%\" y1=\"0\" y2=\"%d\"/>",
                           i == 0 ? "zero" : "threshold", at, at, MARK_HEIGHT);
    }
    if (isfinite(mark->value)) {
        if (!isnan(mark->low) && !isnan(mark->high))
            draw_interval(out, axis, mark->low, mark->high);
        if (mark->value >= axis->low && mark->value <= axis->high)
            lme_builder_format(out, "<circle class=\"%s\" cx=\"%.2f%%\" cy=\"%d\" r=\"4\"/>",
                               mark->style != NULL ? mark->style : "point",
                               lme_axis_at(axis, mark->value), MIDDLE);
    }
    lme_builder_add(out, LME_STR("</svg>"));
}

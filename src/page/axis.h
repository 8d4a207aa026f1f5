/* Drawings that are as wide as their place: SVG whose horizontal coordinates are percent, so that
 * marks and text keep their size on a phone and on paper. */
#ifndef LMEVAL_PAGE_AXIS_H
#define LMEVAL_PAGE_AXIS_H

#include <lmeval/str.h>

typedef struct lme_axis {
    double low, high; /* ends, in the unit of the values; low < high */
    double step;      /* between ticks, of which one is at `low` */
} lme_axis;

/* From low to high, rounded outwards to ticks of 1, 2 or 5 times a power of ten, about `ticks` of
 * them. Equal or not finite ends give an axis around them that can be drawn. */
lme_axis lme_axis_make(double low, double high, int ticks);

double lme_axis_at(const lme_axis *axis, double value); /* percent of the width, 0 ... 100 */

/* The axis' numbers: an SVG of its own, for the eye only.
 *   scale  what values are shown times: 100 for shares
 *   unit   behind the last number, "" for none */
void lme_axis_labels(lme_builder *out, const lme_axis *axis, double scale, lme_str unit);

/* Grid lines for a drawing `height` pixels high. */
void lme_axis_grid(lme_builder *out, const lme_axis *axis, int height);

/* A value with its interval; NAN ends: none. `label` is the drawing's title, for screen readers. */
typedef struct lme_axis_mark {
    double value, low, high;
    const double *references; /* n_references values that lines are drawn at; the first is solid */
    size_t n_references;
    const char *style; /* class of the mark; NULL: none */
    lme_str label;
} lme_axis_mark;

void lme_axis_draw(lme_builder *out, const lme_axis *axis, const lme_axis_mark *mark);

#endif

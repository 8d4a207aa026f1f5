/* For people at a terminal: what was scored, what was kept, what that means. 80 columns. */
#include "../columns.h"

#include <math.h>

#include <lmeval/shown.h>

typedef void fill_row(lme_arena *arena, const lme_compare_view *view, const lme_comparison_row *row,
                      lme_str *cells);

static void scores(lme_arena *arena, const lme_compare_view *view, const lme_comparison_row *row,
                   lme_str *cells)
{
    cells[0] = lme_str_format(arena, row->is_average ? "%zu tasks" : "%zu", row->n);
    cells[1] = lme_shown_estimate(arena, &row->base, row->is_share, view->utf8);
    cells[2] = lme_shown_estimate(arena, &row->other, row->is_share, view->utf8);
    cells[3] = lme_shown_difference(arena, row);
}

static bool is_judged(const lme_comparison_row *row)
{
    return row->unsupported == NULL;
}

static void kept(lme_arena *arena, const lme_compare_view *view, const lme_comparison_row *row,
                 lme_str *cells)
{
    (void)view;
    double flips = (double)(row->flips.lost + row->flips.gained) / (double)row->flips.n;
    cells[0] = lme_shown_recovery(arena, &row->recovery, &row->recovery_interval);
    cells[1] = lme_str_format(arena, "%zu", row->flips.lost);
    cells[2] = lme_str_format(arena, "%zu", row->flips.gained);
    cells[3] = lme_shown_value(arena, flips, true);
    cells[4] = lme_shown_p(arena, row->pairs != NULL ? row->p_adjusted : row->p);
}

static void meaning(lme_arena *arena, const lme_compare_view *view, const lme_comparison_row *row,
                    lme_str *cells)
{
    (void)view;
    cells[0] = lme_shown_recovery(arena, &row->recovery_above_chance,
                                  &row->recovery_above_chance_interval);
    cells[1] = lme_shown_value(arena, row->detectable, row->is_share);
    cells[2] = lme_str_from(lme_verdict_name(row->verdict));
}

enum {
    MAX_COLUMNS = 6
};

typedef struct part {
    const char *headers[MAX_COLUMNS]; /* without the label's */
    size_t n;
    fill_row *fill;
    bool judged_only;
} part;

static const part parts[] = {
    {{"n", "base", "other", "other - base [%s %%]"}, 4, scores, false},
    {{"recovery %% [%s %%]", "lost", "gained", "flips %%", "p (Holm)"}, 5, kept, true},
    {{"above chance %% [%s %%]", "detects", "verdict"}, 3, meaning, true},
};

/* "%s" is the confidence, "%%" a percent sign. */
static lme_str header(lme_arena *arena, const char *text, double confidence)
{
    lme_str made = lme_str_replace(arena, lme_str_from(text), LME_STR("%s"),
                                   lme_shown_percent(arena, confidence));
    return lme_str_replace(arena, made, LME_STR("%%"), LME_STR("%"));
}

static void write_part(lme_arena *arena, const lme_compare_view *view, const lme_comparison *c,
                       const part *p, lme_builder *out)
{
    lme_str *cells = LME_ARRAY(arena, lme_str, (c->n_rows + 1) * (p->n + 1));
    cells[0] = LME_STR("");
    for (size_t i = 0; i < p->n; i++)
        cells[i + 1] = header(arena, p->headers[i], c->options.confidence);
    size_t n_rows = 1;
    for (size_t i = 0; i < c->n_rows; i++) {
        if (p->judged_only && !is_judged(&c->rows[i]))
            continue;
        lme_str *row = cells + n_rows * (p->n + 1);
        row[0] = lme_shown_label(arena, &c->rows[i]);
        p->fill(arena, view, &c->rows[i], row + 1);
        n_rows++;
    }
    if (n_rows == 1)
        return;
    lme_columns table = {cells, n_rows, p->n + 1};
    lme_columns_write(arena, &table, out);
    lme_builder_char(out, '\n');
}

static void write_comparison(lme_arena *arena, const lme_compare_view *view,
                             const lme_comparison *c, lme_builder *out)
{
    lme_builder_format(out, "base   %.*s\n", LME_STR_ARG(lme_shown_record(arena, c->base)));
    lme_builder_format(out, "other  %.*s\n\n", LME_STR_ARG(lme_shown_record(arena, c->other)));
    if (c->forced) {
        lme_builder_add(out, LME_STR("NOT COMPARABLE, compared with --force:\n"));
        for (size_t i = 0; i < c->n_obstacles; i++)
            lme_sentence_write(out, lme_str_format(arena, "- %.*s", LME_STR_ARG(c->obstacles[i])),
                               2);
        lme_builder_char(out, '\n');
    }
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++)
        write_part(arena, view, c, &parts[i], out);
    for (size_t i = 0; i < c->n_rows; i++)
        lme_sentence_write(out, lme_verdict_sentence(arena, &c->rows[i], &c->options), 2);
    for (size_t i = 0; i < c->n_rows; i++) {
        lme_str noise = lme_noise_sentence(arena, &c->rows[i], view->noise, c->options.confidence);
        if (noise.len > 0)
            lme_sentence_write(out, noise, 2);
    }
    for (size_t i = 0; i < c->n_notes; i++)
        lme_sentence_write(out, lme_str_format(arena, "Note: %.*s.", LME_STR_ARG(c->notes[i])), 2);
}

static lme_str write(lme_arena *arena, const lme_compare_view *view)
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < view->n; i++) {
        if (i > 0)
            lme_builder_char(&out, '\n');
        write_comparison(arena, view, &view->comparisons[i], &out);
    }
    return lme_builder_finish(&out);
}

const lme_compare_format lme_compare_format_table = {
    .name = "table",
    .summary = "for a terminal, 80 columns",
    .write = write,
    .for_terminals = true,
};

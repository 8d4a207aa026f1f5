/* Thresholds for builds: what is not shown to hold does not pass. */
#include "shown.h"

#include <math.h>

typedef struct checking {
    lme_arena *arena;
    const lme_gates *gates;
    lme_builder *failures;
    size_t n;
} checking;

static void fail(checking *c, const lme_comparison_row *row, lme_str what)
{
    lme_str label = lme_shown_label(c->arena, row);
    lme_builder_format(c->failures, "%.*s: %.*s\n", LME_STR_ARG(label), LME_STR_ARG(what));
    c->n++;
}

static const char *shown_to(const lme_gates *gates)
{
    return gates->point ? "is" : "is not shown to be";
}

static void check_recovery(checking *c, const lme_comparison_row *row)
{
    const lme_gates *g = c->gates;
    if (isnan(g->min_recovery))
        return;
    double alpha = 1.0 - g->confidence;
    bool met = g->point ? row->recovery.value >= g->min_recovery
                        : lme_stats_noninferiority(row->pairs, g->min_recovery, 0.0).p < alpha;
    if (met && !isnan(row->recovery.value))
        return;
    lme_str asked = lme_shown_percent(c->arena, g->min_recovery);
    lme_str recovery = lme_shown_recovery(c->arena, &row->recovery, &row->recovery_interval);
    fail(c, row,
         g->point ? lme_str_format(c->arena, "recovery %.*s %% is below %.*s %%",
                                   LME_STR_ARG(recovery), LME_STR_ARG(asked))
                  : lme_str_format(c->arena, "recovery %.*s %% %s at least %.*s %%",
                                   LME_STR_ARG(recovery), shown_to(g), LME_STR_ARG(asked)));
}

static void check_drop(checking *c, const lme_comparison_row *row)
{
    const lme_gates *g = c->gates;
    if (isnan(g->max_drop))
        return;
    /* one-sided at the confidence: the low end of a two-sided interval with twice the error */
    lme_interval i = lme_stats_difference_interval(row->pairs, 2.0 * g->confidence - 1.0);
    double worst = g->point ? lme_stats_difference(row->pairs).value : i.low;
    double allowed = row->is_share ? g->max_drop / 100.0 : g->max_drop;
    if (worst >= -allowed - 1e-12) /* 1 point is not 0.01 to the last digit */
        return;
    lme_str asked = lme_shown_value(c->arena, allowed, row->is_share);
    lme_str difference = lme_shown_difference(c->arena, row);
    fail(c, row,
         lme_str_format(c->arena, "difference %.*s: a drop of at most %.*s %s",
                        LME_STR_ARG(difference), LME_STR_ARG(asked),
                        g->point ? "is exceeded" : "is not shown"));
}

static void check_flips(checking *c, const lme_comparison_row *row)
{
    const lme_gates *g = c->gates;
    if (isnan(g->max_flips))
        return;
    double k = (double)(row->flips.lost + row->flips.gained), n = (double)row->flips.n;
    double worst = g->point ? k / n : lme_stats_wilson(k, n, 2.0 * g->confidence - 1.0).high;
    if (worst <= g->max_flips)
        return;
    lme_str asked = lme_shown_percent(c->arena, g->max_flips);
    fail(c, row,
         lme_str_format(c->arena, "%.1f %% of the answers flipped: at most %.*s %% %s",
                        100.0 * k / n, LME_STR_ARG(asked),
                        g->point ? "is exceeded" : "is not shown"));
}

size_t lme_gates_check(lme_arena *arena, const lme_gates *gates, const lme_comparison *comparison,
                       lme_builder *failures)
{
    checking c = {.arena = arena, .gates = gates, .failures = failures};
    for (size_t i = 0; i < comparison->n_rows; i++) {
        const lme_comparison_row *row = &comparison->rows[i];
        if (row->pairs == NULL) {
            if (row->unsupported != NULL)
                fail(&c, row, lme_str_format(arena, "cannot be checked: %s", row->unsupported));
            continue;
        }
        check_recovery(&c, row);
        check_drop(&c, row);
        check_flips(&c, row);
    }
    return c.n;
}

/* The server's own noise: the same model asked twice. */
#include <lmeval/shown.h>

const lme_comparison_row *lme_noise_row(const lme_comparison *noise, const lme_comparison_row *row)
{
    for (size_t i = 0; noise != NULL && i < noise->n_rows; i++) {
        const lme_comparison_row *same = &noise->rows[i];
        if (same->pairs != NULL && row->pairs != NULL && lme_str_equal(same->task, row->task) &&
            lme_str_equal(same->metric, row->metric) &&
            lme_str_equal(same->pipeline, row->pipeline))
            return same;
    }
    return NULL;
}

lme_str lme_noise_sentence(lme_arena *arena, const lme_comparison_row *row,
                           const lme_comparison *noise, double confidence)
{
    const lme_comparison_row *same = lme_noise_row(noise, row);
    if (same == NULL)
        return LME_STR("");
    lme_noise_floor floor = lme_stats_noise_floor(&same->flips, &row->flips, confidence);
    lme_str label = lme_shown_label(arena, row);
    double flips = floor.rate + floor.excess;
    return lme_str_format(
        arena,
        "%.*s: %.1f %% of the answers flipped; the base against itself flips %.1f %% "
        "[%.1f, %.1f], which leaves %.1f [%.1f, %.1f] to the other model (p %.*s).",
        LME_STR_ARG(label), 100.0 * flips, 100.0 * floor.rate, 100.0 * floor.rate_interval.low,
        100.0 * floor.rate_interval.high, 100.0 * floor.excess, 100.0 * floor.excess_interval.low,
        100.0 * floor.excess_interval.high, LME_STR_ARG(lme_shown_p(arena, floor.p)));
}

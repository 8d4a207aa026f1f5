/* Everything, for programs: shares as shares, null where there is no number. */
#include <math.h>

#include <lmeval/compare.h>
#include <lmeval/json.h>

static void add(lme_map_builder *map, const char *key, lme_value value)
{
    lme_map_add(map, lme_str_from(key), value);
}

static lme_value number(double value)
{
    return isfinite(value) ? lme_float(value) : lme_null();
}

static lme_value estimate(lme_arena *arena, const lme_estimate *e, const lme_interval *i)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "value", number(e->value));
    add(&map, "stderr", number(e->stderr_value));
    if (i != NULL) {
        add(&map, "low", number(i->low));
        add(&map, "high", number(i->high));
    }
    return lme_map_finish(&map);
}

static void add_judgement(lme_arena *arena, const lme_comparison_row *row, lme_map_builder *map)
{
    add(map, "difference", estimate(arena, &row->difference, &row->difference_interval));
    add(map, "recovery", estimate(arena, &row->recovery, &row->recovery_interval));
    add(map, "chance", number(row->chance));
    add(map, "recovery_above_chance",
        estimate(arena, &row->recovery_above_chance, &row->recovery_above_chance_interval));
    add(map, "lost", lme_int((int64_t)row->flips.lost));
    add(map, "gained", lme_int((int64_t)row->flips.gained));
    double n = (double)row->flips.n, k = (double)(row->flips.lost + row->flips.gained);
    add(map, "flip_rate",
        estimate(arena, &(lme_estimate){k / n, (double)NAN, (double)NAN}, &row->flip_rate));
    add(map, "p", number(row->p));
    add(map, "p_holm", number(row->p_adjusted));
    add(map, "detectable", number(row->detectable));
    add(map, "p_not_kept", number(row->kept.p));
    add(map, "verdict", lme_string(lme_str_from(lme_verdict_name(row->verdict))));
    add(map, "n_needed", row->verdict == LME_VERDICT_UNCLEAR ? number(row->n_needed) : lme_null());
}

static lme_value noise_of(lme_arena *arena, const lme_comparison_row *same,
                          const lme_comparison_row *row, double confidence)
{
    if (same == NULL)
        return lme_null();
    lme_noise_floor floor = lme_stats_noise_floor(&same->flips, &row->flips, confidence);
    lme_map_builder map = {.arena = arena};
    add(&map, "n", lme_int((int64_t)same->flips.n));
    add(&map, "flip_rate",
        estimate(arena, &(lme_estimate){floor.rate, (double)NAN, (double)NAN},
                 &floor.rate_interval));
    add(&map, "excess",
        estimate(arena, &(lme_estimate){floor.excess, (double)NAN, (double)NAN},
                 &floor.excess_interval));
    add(&map, "p", number(floor.p));
    return lme_map_finish(&map);
}

static lme_value row_of(lme_arena *arena, const lme_compare_view *view, const lme_comparison *c,
                        const lme_comparison_row *row)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "task", lme_string(row->task));
    add(&map, "metric", lme_string(row->metric));
    add(&map, "filter", lme_string(row->pipeline));
    add(&map, "higher_is_better", lme_bool(row->higher_is_better));
    add(&map, "n", lme_int((int64_t)row->n));
    add(&map, "base", estimate(arena, &row->base, NULL));
    add(&map, "other", estimate(arena, &row->other, NULL));
    if (row->unsupported == NULL)
        add_judgement(arena, row, &map);
    else
        add(&map, "not_judged", lme_string(lme_str_from(row->unsupported)));
    if (view->noise != NULL)
        add(&map, "noise",
            noise_of(arena, lme_noise_row(view->noise, row), row, c->options.confidence));
    return lme_map_finish(&map);
}

static lme_value texts(lme_arena *arena, const lme_str *items, size_t n)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_list_add(&list, lme_string(items[i]));
    return lme_list_finish(&list);
}

static lme_value record_of(lme_arena *arena, const lme_record *record)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "name", lme_string(record->name));
    add(&map, "model", lme_string(record->model));
    return lme_map_finish(&map);
}

static lme_value comparison_of(lme_arena *arena, const lme_compare_view *view,
                               const lme_comparison *c)
{
    lme_map_builder map = {.arena = arena};
    lme_list_builder rows = {.arena = arena};
    for (size_t i = 0; i < c->n_rows; i++)
        lme_list_add(&rows, row_of(arena, view, c, &c->rows[i]));
    add(&map, "base", record_of(arena, c->base));
    add(&map, "other", record_of(arena, c->other));
    add(&map, "min_recovery", lme_float(c->options.theta));
    add(&map, "confidence", lme_float(c->options.confidence));
    add(&map, "n_tested", lme_int((int64_t)c->n_tested));
    add(&map, "rows", lme_list_finish(&rows));
    add(&map, "forced", lme_bool(c->forced));
    add(&map, "obstacles", texts(arena, c->obstacles, c->n_obstacles));
    add(&map, "notes", texts(arena, c->notes, c->n_notes));
    return lme_map_finish(&map);
}

static lme_str write(lme_arena *arena, const lme_compare_view *view)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < view->n; i++)
        lme_list_add(&list, comparison_of(arena, view, &view->comparisons[i]));
    lme_map_builder map = {.arena = arena};
    add(&map, "comparisons", lme_list_finish(&list));
    lme_value tree = lme_map_finish(&map);
    lme_builder out = {.arena = arena};
    lme_json_write(&out, &tree, &(lme_json_style){.indent = 2});
    lme_builder_char(&out, '\n');
    return lme_builder_finish(&out);
}

const lme_compare_format lme_compare_format_json = {
    .name = "json",
    .summary = "every number, for programs",
    .write = write,
};

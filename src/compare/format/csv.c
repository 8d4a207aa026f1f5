/* One line a row, for spreadsheets; shares as shares, empty where there is no number. */
#include <math.h>

#include <lmeval/compare.h>

/* RFC 4180: quotes where a comma, quote or line end would be read otherwise. */
static void text(lme_builder *out, lme_str s)
{
    bool quote = lme_str_find(s, LME_STR(","), 0) != SIZE_MAX ||
                 lme_str_find(s, LME_STR("\""), 0) != SIZE_MAX ||
                 lme_str_find(s, LME_STR("\n"), 0) != SIZE_MAX;
    if (quote)
        lme_builder_char(out, '"');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            lme_builder_char(out, '"');
        lme_builder_char(out, s.ptr[i]);
    }
    if (quote)
        lme_builder_char(out, '"');
}

static void number(lme_builder *out, double value)
{
    lme_builder_char(out, ',');
    if (isfinite(value))
        lme_builder_format(out, "%.10g", value);
}

static const char header[] =
    "base,other,task,metric,filter,n,base_value,base_stderr,other_value,other_stderr,difference,"
    "difference_low,difference_high,recovery,recovery_low,recovery_high,chance,"
    "recovery_above_chance,recovery_above_chance_low,recovery_above_chance_high,lost,gained,p,"
    "p_holm,detectable,p_not_kept,verdict,n_needed,n_if_equal,not_judged,forced\n";

static void judgement(const lme_comparison_row *row, lme_builder *out)
{
    number(out, row->difference.value);
    number(out, row->difference_interval.low);
    number(out, row->difference_interval.high);
    number(out, row->recovery.value);
    number(out, row->recovery_interval.low);
    number(out, row->recovery_interval.high);
    number(out, row->chance);
    number(out, row->recovery_above_chance.value);
    number(out, row->recovery_above_chance_interval.low);
    number(out, row->recovery_above_chance_interval.high);
    lme_builder_format(out, ",%zu,%zu", row->flips.lost, row->flips.gained);
    number(out, row->p);
    number(out, row->p_adjusted);
    number(out, row->detectable);
    number(out, row->kept.p);
    lme_builder_format(out, ",%s", lme_verdict_name(row->verdict));
    number(out, row->verdict == LME_VERDICT_UNCLEAR ? row->n_needed : (double)NAN);
    number(out, row->verdict == LME_VERDICT_UNCLEAR ? row->n_if_equal : (double)NAN);
    lme_builder_char(out, ',');
}

static void write_row(const lme_comparison *c, const lme_comparison_row *row, lme_builder *out)
{
    const lme_str texts[] = {c->base->name, c->other->name, row->task, row->metric, row->pipeline};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        if (i > 0)
            lme_builder_char(out, ',');
        text(out, texts[i]);
    }
    lme_builder_format(out, ",%zu", row->n);
    number(out, row->base.value);
    number(out, row->base.stderr_value);
    number(out, row->other.value);
    number(out, row->other.stderr_value);
    if (row->unsupported == NULL)
        judgement(row, out);
    else {
        lme_builder_add(out, LME_STR(",,,,,,,,,,,,,,,,,,,,"));
        text(out, lme_str_from(row->unsupported));
    }
    lme_builder_add(out, c->forced ? LME_STR(",true\n") : LME_STR(",false\n"));
}

static lme_str write(lme_arena *arena, const lme_compare_view *view)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, lme_str_from(header));
    for (size_t i = 0; i < view->n; i++) {
        for (size_t r = 0; r < view->comparisons[i].n_rows; r++)
            write_row(&view->comparisons[i], &view->comparisons[i].rows[r], &out);
    }
    return lme_builder_finish(&out);
}

const lme_compare_format lme_compare_format_csv = {
    .name = "csv",
    .summary = "one line a task and metric, for spreadsheets",
    .write = write,
};

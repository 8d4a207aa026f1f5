#include <math.h>

#include <lmeval/shown.h>

lme_str lme_shown_value(lme_arena *arena, double value, bool is_share)
{
    if (isnan(value))
        return LME_STR("-");
    if (is_share)
        return lme_str_format(arena, "%.1f", 100.0 * value);
    return lme_str_format(arena, "%.4g", value);
}

lme_str lme_shown_signed(lme_arena *arena, double value, bool is_share)
{
    if (isnan(value))
        return LME_STR("-");
    if (is_share)
        return lme_str_format(arena, "%+.1f", fabs(value) < 0.0005 ? 0.0 : 100.0 * value);
    return lme_str_format(arena, "%+.3g", value);
}

lme_str lme_shown_estimate(lme_arena *arena, const lme_estimate *e, bool is_share, bool utf8)
{
    lme_str value = lme_shown_value(arena, e->value, is_share);
    if (isnan(e->stderr_value))
        return value;
    lme_str error = is_share ? lme_shown_value(arena, e->stderr_value, true)
                             : lme_str_format(arena, "%.3g", e->stderr_value);
    return lme_str_format(arena, "%.*s %s %.*s", LME_STR_ARG(value), utf8 ? "±" : "+-",
                          LME_STR_ARG(error));
}

lme_str lme_shown_difference(lme_arena *arena, const lme_comparison_row *row)
{
    double value = row->difference.value;
    if (row->unsupported != NULL && row->pairs == NULL)
        value = row->other.value - row->base.value;
    lme_str text = lme_shown_signed(arena, value, row->is_share);
    if (row->pairs == NULL && row->unsupported != NULL)
        return text;
    if (isnan(row->difference_interval.low))
        return text;
    lme_str low = lme_shown_signed(arena, row->difference_interval.low, row->is_share);
    lme_str high = lme_shown_signed(arena, row->difference_interval.high, row->is_share);
    return lme_str_format(arena, "%.*s [%.*s, %.*s]", LME_STR_ARG(text), LME_STR_ARG(low),
                          LME_STR_ARG(high));
}

static lme_str end_of(lme_arena *arena, double value)
{
    return isinf(value) ? LME_STR("inf") : lme_str_format(arena, "%.1f", 100.0 * value);
}

lme_str lme_shown_recovery(lme_arena *arena, const lme_estimate *e, const lme_interval *i)
{
    if (isnan(e->value))
        return LME_STR("-");
    if (isnan(i->low))
        return lme_str_format(arena, "%.1f", 100.0 * e->value);
    lme_str low = end_of(arena, i->low), high = end_of(arena, i->high);
    return lme_str_format(arena, "%.1f [%.*s, %.*s]", 100.0 * e->value, LME_STR_ARG(low),
                          LME_STR_ARG(high));
}

lme_str lme_shown_p(lme_arena *arena, double p)
{
    if (isnan(p))
        return LME_STR("-");
    return p < 0.001 ? LME_STR("<0.001") : lme_str_format(arena, "%.3f", p);
}

lme_str lme_shown_count(lme_arena *arena, double n)
{
    double unit = n < 1000.0 ? 10.0 : pow(10.0, floor(log10(n)) - 1.0);
    int64_t rounded = (int64_t)(ceil(n / unit) * unit);
    lme_str digits = lme_str_format(arena, "%lld", (long long)rounded);
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < digits.len; i++) {
        if (i > 0 && (digits.len - i) % 3 == 0)
            lme_builder_char(&out, ',');
        lme_builder_char(&out, digits.ptr[i]);
    }
    return lme_builder_finish(&out);
}

lme_str lme_shown_percent(lme_arena *arena, double share)
{
    return lme_str_format(arena, "%.10g", 100.0 * share);
}

lme_str lme_shown_label(lme_arena *arena, const lme_comparison_row *row)
{
    if (row->pipeline.len == 0 || lme_str_equal(row->pipeline, LME_STR("none")))
        return lme_str_format(arena, "%.*s %.*s", LME_STR_ARG(row->task), LME_STR_ARG(row->metric));
    return lme_str_format(arena, "%.*s %.*s,%.*s", LME_STR_ARG(row->task), LME_STR_ARG(row->metric),
                          LME_STR_ARG(row->pipeline));
}

lme_str lme_shown_record(lme_arena *arena, const lme_record *record)
{
    if (record->model.len == 0)
        return record->name;
    return lme_str_format(arena, "%.*s (%.*s)", LME_STR_ARG(record->name),
                          LME_STR_ARG(record->model));
}

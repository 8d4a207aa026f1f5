/* The answer in words. */
#include <math.h>

#include <lmeval/shown.h>

const char *lme_verdict_name(lme_verdict verdict)
{
    static const char *const names[LME_VERDICTS] = {
        [LME_VERDICT_RECOVERED] = "recovered",
        [LME_VERDICT_DEGRADED] = "degraded",
        [LME_VERDICT_UNCLEAR] = "cannot tell",
        [LME_VERDICT_NONE] = "",
    };
    return names[verdict];
}

enum {
    MOST_ITEMS = 10000000 /* no test set has more: a larger number is no advice */
};

static lme_str amount(lme_arena *arena, double value, bool is_share)
{
    lme_str number = lme_shown_value(arena, value, is_share);
    return is_share ? lme_str_format(arena, "%.*s points", LME_STR_ARG(number)) : number;
}

static lme_str unclear(lme_arena *arena, const lme_comparison_row *row,
                       const lme_compare_options *options)
{
    lme_builder out = {.arena = arena};
    lme_str asked = lme_shown_percent(arena, options->theta);
    lme_builder_format(&out, "cannot tell whether %.*s %% is kept", LME_STR_ARG(asked));
    if (row->is_average)
        return lme_builder_finish(&out);
    double allowed = fabs((1.0 - options->theta) * row->base.value);
    lme_str detectable = amount(arena, row->detectable, row->is_share);
    lme_builder_format(&out, ": that allows %.*s, and %zu items show %.*s or more",
                       LME_STR_ARG(amount(arena, allowed, row->is_share)), row->n,
                       LME_STR_ARG(detectable));
    bool as_it_is = row->n_needed <= row->n_if_equal;
    double needed = as_it_is ? row->n_needed : row->n_if_equal;
    lme_str count = lme_shown_count(arena, needed);
    if (needed <= (double)row->n)
        lme_builder_format(&out, "; a few more items would tell");
    else if (needed > MOST_ITEMS)
        lme_builder_format(&out, "; so near to it no number of items would");
    else if (as_it_is)
        lme_builder_format(&out, "; if it goes on like this, about %.*s would tell",
                           LME_STR_ARG(count));
    else
        lme_builder_format(&out, "; were the two equal, about %.*s would show it",
                           LME_STR_ARG(count));
    return lme_builder_finish(&out);
}

lme_str lme_verdict_sentence(lme_arena *arena, const lme_comparison_row *row,
                             const lme_compare_options *options)
{
    lme_str label = lme_shown_label(arena, row);
    lme_str asked = lme_shown_percent(arena, options->theta);
    lme_str sure = lme_shown_percent(arena, options->confidence);
    lme_str said;
    switch (row->verdict) {
    case LME_VERDICT_RECOVERED:
        said = lme_str_format(arena, "recovered: at least %.*s %% is kept, %.*s %% sure",
                              LME_STR_ARG(asked), LME_STR_ARG(sure));
        break;
    case LME_VERDICT_DEGRADED:
        said = lme_str_format(arena, "degraded: less than %.*s %% is kept, %.*s %% sure",
                              LME_STR_ARG(asked), LME_STR_ARG(sure));
        break;
    case LME_VERDICT_UNCLEAR:
        said = unclear(arena, row, options);
        break;
    case LME_VERDICT_NONE:
    case LME_VERDICTS:
    default:
        said = lme_str_format(arena, "not judged: %s", row->unsupported);
        break;
    }
    return lme_str_format(arena, "%.*s: %.*s.", LME_STR_ARG(label), LME_STR_ARG(said));
}

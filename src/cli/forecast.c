/* Sums, and the line that a run begins with. */
#include "forecast.h"

#include "duration.h"

#include <math.h>

/* ---- sums ---- */

const char *lme_forecast_kind(lme_request_kind kind)
{
    switch (kind) {
    case LME_REQUEST_LOGLIKELIHOOD:
        return "loglikelihood";
    case LME_REQUEST_ROLLING:
        return "rolling";
    case LME_REQUEST_GENERATE:
        return "generation";
    case LME_REQUEST_KINDS:
        break;
    }
    LME_BUG(true, "unknown kind of request");
    return "";
}

static void add(lme_forecast *sum, const lme_forecast *one)
{
    sum->n_requests += one->n_requests;
    sum->n_kept += one->n_kept;
    sum->n_new += one->n_new;
    sum->n_unaskable += one->n_unaskable;
    sum->n_rechecked += one->n_rechecked;
    sum->outlay.n_least += one->outlay.n_least;
    sum->outlay.n_most += one->outlay.n_most;
    sum->outlay.bytes += one->outlay.bytes;
    sum->outlay.prompt_tokens += one->outlay.prompt_tokens;
    sum->outlay.most_generated += one->outlay.most_generated;
    sum->outlay.n_too_long += one->outlay.n_too_long;
    sum->outlay.longest = fmax(sum->outlay.longest, one->outlay.longest);
}

lme_forecast lme_forecast_of(const lme_preflight *preflight)
{
    lme_forecast sum = {0};
    for (size_t i = 0; i < LME_REQUEST_KINDS; i++)
        add(&sum, &preflight->kinds[i]);
    return sum;
}

size_t lme_forecast_same(const lme_forecast *f)
{
    return f->n_requests - f->n_kept - f->n_new - f->n_unaskable;
}

void lme_forecasts_sum(lme_forecasts *f)
{
    lme_preflight *all = &f->all;
    *all = (lme_preflight){.unaskable = LME_STR("")};
    for (size_t i = 0; i < f->n_tasks; i++) {
        const lme_preflight *one = &f->tasks[i];
        all->n_docs += one->n_docs;
        if (all->n_unaskable == 0 && one->n_unaskable > 0) {
            all->unaskable = one->unaskable;
            all->first_unaskable = one->first_unaskable;
        }
        all->n_unaskable += one->n_unaskable;
        for (size_t k = 0; k < LME_REQUEST_KINDS; k++)
            add(&all->kinds[k], &one->kinds[k]);
    }
}

lme_str lme_forecast_rounded(lme_arena *arena, double n)
{
    static const char *const units[] = {"", "k", "M", "G", "T"};
    size_t unit = 0;
    while (n >= 999.5 && unit + 1 < sizeof units / sizeof units[0]) {
        n /= 1000;
        unit++;
    }
    int decimals = unit == 0 || n >= 99.95 ? 0 : n >= 9.995 ? 1 : 2;
    return lme_str_format(arena, "%.*f%s", decimals, n, units[unit]);
}

/* ---- the line ---- */

void lme_forecast_add_requests(lme_builder *out, const lme_outlay *outlay)
{
    lme_builder_format(out, "%zu", outlay->n_least);
    if (outlay->n_most > outlay->n_least)
        lme_builder_format(out, " to %zu", outlay->n_most);
    lme_builder_format(out, " request%s", outlay->n_most == 1 ? "" : "s");
}

lme_str lme_forecasts_line(lme_arena *arena, const lme_forecasts *f)
{
    lme_builder out = {.arena = arena};
    lme_forecast all = lme_forecast_of(&f->all);
    double generated = f->all.kinds[LME_REQUEST_GENERATE].outlay.most_generated;
    lme_forecast_add_requests(&out, &all.outlay);
    if (all.outlay.prompt_tokens > 0)
        lme_builder_format(&out, ", about %.*s prompt tokens",
                           LME_STR_ARG(lme_forecast_rounded(arena, all.outlay.prompt_tokens)));
    if (generated > 0)
        lme_builder_format(&out, ", at most %.*s generated",
                           LME_STR_ARG(lme_forecast_rounded(arena, generated)));
    if (f->cost.known)
        lme_builder_format(&out, ", %.*s", LME_STR_ARG(lme_duration_span(arena, f->cost.seconds)));
    if (f->cost.is_paced)
        lme_builder_format(&out, " by --max-rps %g", f->given->server.max_rps);
    return lme_builder_finish(&out);
}

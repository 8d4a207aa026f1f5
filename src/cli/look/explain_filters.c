#include "../block.h"
#include "../rows.h"
#include "explain.h"

/* " {options}"; "" when there are none. */
static lme_str options_text(lme_arena *arena, const lme_filter_use *use)
{
    bool none = use->options.kind != LME_MAP || use->options.map.len == 0;
    return none ? LME_STR("")
                : lme_str_concat(arena, LME_STR(" "), lme_trace_text(arena, &use->options));
}

static void write_steps(const lme_pipeline *pipeline, const lme_trace *trace, lme_builder *out)
{
    lme_arena *arena = out->arena;
    lme_builder_add(out, LME_STR("  given  "));
    lme_fold(out, lme_trace_text(arena, &trace->given), 9);
    for (size_t i = 0; i < pipeline->n_filters; i++) {
        const lme_filter_use *use = &pipeline->filters[i];
        lme_str name = lme_str_format(arena, "%s%.*s", use->filter->name,
                                      LME_STR_ARG(options_text(arena, use)));
        lme_builder_format(out, "  %zu. ", i + 1);
        lme_fold(out, name, 5);
        if (i < trace->n_values) {
            lme_builder_add(out, LME_STR("     -> "));
            lme_fold(out, lme_trace_text(arena, &trace->values[i]), 8);
            continue;
        }
        if (i == trace->n_values) {
            lme_builder_add(out, LME_STR("     fails: "));
            lme_fold(out, trace->failure, 12);
        }
    }
}

static void write_pipeline(const lme_explanation *e, const lme_traced *traced,
                           const lme_recorded_answer *answer, lme_builder *out)
{
    const lme_recorded_sample *sample = e->item->sample;
    for (size_t i = 0; i < sample->n_requests; i++) {
        const lme_value *recorded = i < answer->n_values ? &answer->values[i] : NULL;
        lme_trace trace;
        lme_trace_make(out->arena, &traced->pipeline, sample, i, recorded, &trace);
        if (sample->n_requests > 1)
            lme_builder_format(out, "  request %zu\n", i + 1);
        write_steps(&traced->pipeline, &trace, out);
        if (!trace.matched)
            lme_builder_add(out, LME_STR("  nothing was found\n"));
        if (!trace.agrees && trace.failure.len == 0) {
            lme_builder_add(out, LME_STR("  but the file has "));
            lme_fold(out, recorded != NULL ? lme_trace_text(out->arena, recorded) : LME_STR("none"),
                     19);
        }
    }
}

/* Of choices nothing but each one's pair is taken: that is no step worth a line. */
static bool is_plain(const lme_explanation *e, const lme_traced *traced)
{
    const lme_recorded_sample *sample = e->item->sample;
    return sample->n_requests > 0 && sample->requests[0].kind != LME_RECORDED_GENERATE &&
           traced->pipeline.n_filters == 1 &&
           lme_str_is(lme_str_from(traced->pipeline.filters[0].filter->name), "take_first");
}

void lme_explain_filters(const lme_explanation *e, lme_builder *out)
{
    const lme_look_item *item = e->item;
    for (size_t i = 0; i < item->sample->n_answers; i++) {
        const lme_recorded_answer *answer = &item->sample->answers[i];
        const lme_traced *traced =
            lme_trace_named(item->pipelines, item->n_pipelines, answer->pipeline);
        if (traced != NULL && traced->failure.len == 0 && is_plain(e, traced))
            continue;
        lme_builder_format(out, "\n--- filters %.*s\n",
                           LME_STR_ARG(lme_visible(out->arena, answer->pipeline)));
        if (traced == NULL)
            lme_builder_add(out, LME_STR("  no pipeline of this name is known\n"));
        else if (traced->failure.len > 0)
            lme_explain_row(out, "not walked", traced->failure);
        else
            write_pipeline(e, traced, answer, out);
    }
}

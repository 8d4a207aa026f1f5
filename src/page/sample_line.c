#include "sample.h"

#include <math.h>

#include <lmeval/json.h>

static void add_string(lme_builder *out, lme_str text)
{
    lme_json_write_string(out, text, false);
}

/* "text", or ["kept", characters cut]. */
static void add_text(const lme_page_sample *s, lme_builder *out, lme_str text, bool from_end)
{
    lme_shown_text shown = lme_sample_text(s, text, from_end);
    if (shown.n_cut == 0) {
        add_string(out, text);
        return;
    }
    lme_builder_char(out, '[');
    add_string(out, shown.kept);
    lme_builder_format(out, ",%zu]", shown.n_cut);
}

static void add_number(lme_builder *out, double value)
{
    if (isfinite(value))
        lme_builder_format(out, "%.6g", value);
    else
        lme_builder_add(out, isnan(value) ? LME_STR("null") : LME_STR("\"floor\""));
}

static void add_choices(const lme_page_sample *s, const lme_recorded_sample *lead, lme_builder *out)
{
    lme_str delimiter = lme_record_delimiter(s->task->runs[s->task->lead]);
    lme_builder_char(out, '[');
    for (size_t i = 0; i < lead->n_choices; i++) {
        if (i > 0)
            lme_builder_char(out, ',');
        add_text(s, out, lme_recorded_choice_text(out->arena, lead, i, delimiter), false);
    }
    lme_builder_add(out, LME_STR("],["));
    for (size_t i = 0; i < lead->n_gold; i++)
        lme_builder_format(out, "%s%zu", i > 0 ? "," : "", lead->gold[i]);
    lme_builder_char(out, ']');
}

static void add_answers(const lme_page_sample *s, const lme_recorded_sample *run, lme_builder *out)
{
    bool any = false;
    lme_builder_char(out, '[');
    for (size_t i = run->n_choices; i < run->n_requests; i++) {
        const lme_recorded_request *request = &run->requests[i];
        for (size_t k = 0; k < request->n_responses; k++) {
            if (request->kind != LME_RECORDED_GENERATE && run->n_choices > 0)
                continue; /* of choices without their context */
            lme_builder_add(out, any ? LME_STR(",") : LME_STR(""));
            any = true;
            if (request->kind == LME_RECORDED_GENERATE && !request->responses[k].is_missing)
                add_text(s, out, request->responses[k].text, false);
            else
                add_number(out, request->responses[k].logprob_nats);
        }
    }
    lme_builder_char(out, ']');
}

static void add_scores(const lme_page_sample *s, const lme_recorded_sample *run, lme_builder *out)
{
    bool any = false;
    lme_builder_char(out, '[');
    for (size_t i = 0; i < run->n_answers; i++) {
        const lme_recorded_answer *answer = &run->answers[i];
        for (size_t k = 0; k < answer->n_scores; k++) {
            lme_builder_add(out, any ? LME_STR(",[") : LME_STR("["));
            any = true;
            add_string(out,
                       lme_view_metric(out->arena, answer->scores[k].metric, answer->pipeline));
            lme_builder_char(out, ',');
            add_number(out, answer->scores[k].value);
            lme_builder_char(out, ']');
        }
    }
    lme_builder_add(out, LME_STR("],["));
    for (size_t i = 0; lme_sample_is_generated(run) && i < run->n_answers; i++) {
        const lme_recorded_answer *answer = &run->answers[i];
        lme_builder_add(out, i > 0 ? LME_STR(",[") : LME_STR("["));
        add_string(out, answer->pipeline);
        for (size_t k = 0; k < answer->n_values; k++) {
            lme_builder_char(out, ',');
            add_text(s, out, lme_value_str(out->arena, &answer->values[k]), false);
        }
        lme_builder_char(out, ']');
    }
    lme_builder_char(out, ']');
}

static void add_run(const lme_page_sample *s, const lme_recorded_sample *run, size_t index,
                    lme_builder *out)
{
    if (run == NULL) {
        lme_builder_add(out, LME_STR("null"));
        return;
    }
    lme_str delimiter = lme_record_delimiter(s->task->runs[index]);
    size_t pick = lme_recorded_pick(run, false, delimiter);
    lme_builder_add(out, LME_STR("[["));
    for (size_t i = 0; i < run->n_choices; i++) {
        lme_builder_add(out, i > 0 ? LME_STR(",") : LME_STR(""));
        add_number(out, lme_sample_logprob(run, i));
    }
    lme_builder_format(out, "],%d,", pick == SIZE_MAX ? -1 : (int)pick);
    add_answers(s, run, out);
    lme_builder_char(out, ',');
    add_scores(s, run, out);
    lme_builder_char(out, ',');
    add_text(s, out, run->failure, false);
    lme_builder_char(out, ']');
}

void lme_sample_line(const lme_page_sample *s, lme_builder *out)
{
    const lme_recorded_sample *lead = s->runs[s->task->lead];
    lme_builder_char(out, '[');
    add_text(s, out, lme_sample_prompt(out->arena, lead), true);
    lme_builder_char(out, ',');
    add_choices(s, lead, out);
    lme_builder_char(out, ',');
    add_text(s, out, lead->target, false);
    lme_builder_add(out, LME_STR(",["));
    for (size_t i = 0; i < s->view->page->n_records; i++) {
        lme_builder_add(out, i > 0 ? LME_STR(",") : LME_STR(""));
        add_run(s, s->runs[i], i, out);
    }
    lme_builder_add(out, LME_STR("]]"));
}

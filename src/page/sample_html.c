#include "markup.h"
#include "sample.h"

#include <inttypes.h>
#include <math.h>

#include <lmeval/unicode.h>

enum {
    SNIPPET = 100 /* characters */
};

static void put_text(const lme_page_sample *s, lme_str title, lme_str text, bool from_end,
                     lme_builder *out)
{
    lme_shown_text shown = lme_sample_text(s, text, from_end);
    LME_PUT(out, "<h4>%</h4>", title);
    lme_str cut = lme_str_format(out->arena, "%zu characters cut here", shown.n_cut);
    if (shown.n_cut > 0 && from_end)
        LME_PUT(out, "<p class=\"cut\">%</p>", cut);
    LME_PUT(out, "<pre dir=\"auto\">%</pre>", shown.kept);
    if (shown.n_cut > 0 && !from_end)
        LME_PUT(out, "<p class=\"cut\">%</p>", cut);
}

static lme_str number_text(lme_arena *arena, double value)
{
    if (isnan(value))
        return LME_STR("-");
    return isinf(value) ? LME_STR("floor") : lme_str_format(arena, "%.4f", value);
}

static lme_str score_text(lme_arena *arena, double value)
{
    return isnan(value) ? LME_STR("-") : lme_str_format(arena, "%.4g", value);
}

/* A run's number of a choice; NULL: the run does not have the document. */
static void put_logprob(lme_builder *out, const lme_recorded_sample *run, size_t choice,
                        lme_str delimiter)
{
    bool is_there = run != NULL && choice < run->n_choices;
    bool picked = is_there && lme_recorded_pick(run, false, delimiter) == choice;
    lme_str logprob =
        is_there ? number_text(out->arena, lme_sample_logprob(run, choice)) : LME_STR("-");
    LME_PUT(out, "<td class=\"number%\">%%</td>", picked ? LME_STR(" picked") : LME_STR(""),
            logprob, picked ? LME_STR(" picked") : LME_STR(""));
}

static void put_choices(const lme_page_sample *s, lme_builder *out)
{
    const lme_recorded_sample *lead = s->runs[s->task->lead];
    size_t n_runs = s->view->page->n_records;
    if (lead->n_choices == 0)
        return;
    lme_str delimiter = lme_record_delimiter(s->task->runs[s->task->lead]);
    lme_builder_add(out, LME_STR("<h4>Choices</h4><div class=\"scroll\"><table class=\"choices\">"
                                 "<thead><tr><th scope=\"col\">choice</th>"));
    for (size_t r = 0; r < n_runs; r++)
        LME_PUT(out, "<th scope=\"col\">logprob, %</th>", s->view->labels[r]);
    lme_builder_add(out, LME_STR("</tr></thead><tbody>"));
    for (size_t i = 0; i < lead->n_choices; i++) {
        lme_shown_text shown =
            lme_sample_text(s, lme_recorded_choice_text(out->arena, lead, i, delimiter), false);
        LME_PUT(out, "<tr><th scope=\"row\" dir=\"auto\">%%%</th>", shown.kept,
                shown.n_cut > 0 ? LME_STR(" [cut]") : LME_STR(""),
                lme_recorded_is_gold(lead, i) ? LME_STR(" (right)") : LME_STR(""));
        for (size_t r = 0; r < n_runs; r++)
            put_logprob(out, s->runs[r], i, delimiter);
        lme_builder_add(out, LME_STR("</tr>"));
    }
    lme_builder_add(out, LME_STR("</tbody></table></div>"));
}

static void put_answers(const lme_page_sample *s, size_t r, lme_builder *out)
{
    const lme_recorded_sample *run = s->runs[r];
    lme_str label = s->view->labels[r];
    for (size_t i = run->n_choices; i < run->n_requests; i++) {
        const lme_recorded_request *request = &run->requests[i];
        if (request->kind != LME_RECORDED_GENERATE && run->n_choices > 0)
            continue;
        for (size_t k = 0; k < request->n_responses; k++) {
            const lme_recorded_response *response = &request->responses[k];
            lme_str title = lme_str_format(out->arena, "Answer of %.*s", LME_STR_ARG(label));
            if (request->kind == LME_RECORDED_GENERATE && !response->is_missing)
                put_text(s, title, response->text, false, out);
            else
                put_text(s, title, number_text(out->arena, response->logprob_nats), false, out);
        }
    }
    for (size_t i = 0; lme_sample_is_generated(run) && i < run->n_answers; i++) {
        const lme_recorded_answer *answer = &run->answers[i];
        for (size_t k = 0; k < answer->n_values; k++)
            put_text(s,
                     lme_str_format(out->arena, "Extracted from %.*s by %.*s", LME_STR_ARG(label),
                                    LME_STR_ARG(answer->pipeline)),
                     lme_value_str(out->arena, &answer->values[k]), false, out);
    }
    if (run->failure.len > 0)
        put_text(s, lme_str_format(out->arena, "Failure of %.*s", LME_STR_ARG(label)), run->failure,
                 false, out);
}

static void put_scores(const lme_page_sample *s, size_t r, lme_builder *out)
{
    const lme_recorded_sample *run = s->runs[r];
    for (size_t i = 0; i < run->n_answers; i++) {
        const lme_recorded_answer *answer = &run->answers[i];
        for (size_t k = 0; k < answer->n_scores; k++)
            LME_PUT(out, "<li><span class=\"run\">%</span> % <strong>%</strong></li>",
                    s->view->labels[r],
                    lme_view_metric(out->arena, answer->scores[k].metric, answer->pipeline),
                    score_text(out->arena, answer->scores[k].value));
    }
}

/* The end of the prompt on one line, for a list. */
static lme_str snippet_of(lme_arena *arena, lme_str prompt)
{
    prompt = lme_strip(prompt);
    size_t n = lme_codepoints(prompt);
    if (n > SNIPPET)
        prompt = lme_str_slice(prompt, lme_codepoint_offset(prompt, n - SNIPPET), prompt.len);
    return n > SNIPPET ? lme_str_concat(arena, LME_STR("... "), prompt) : prompt;
}

static lme_str change_text(const lme_page_sample *s, lme_arena *arena)
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < s->view->page->n_records; i++) {
        lme_str score = score_text(arena, s->entry->scores[i]);
        lme_builder_format(&out, "%s%.*s", i > 0 ? " / " : "", LME_STR_ARG(score));
    }
    return lme_builder_finish(&out);
}

void lme_sample_html(const lme_page_sample *s, lme_builder *out)
{
    lme_arena *arena = out->arena;
    const lme_recorded_sample *lead = s->runs[s->task->lead];
    lme_str kind = lme_str_from(lme_page_kind_name(s->entry->kind));
    lme_str prompt = lme_sample_prompt(arena, lead);
    LME_PUT(out,
            "<details class=\"sample\"><summary><span class=\"kind %\">%</span> "
            "<span class=\"where\">% %</span> <span class=\"change\">%</span> "
            "<span class=\"snippet\" dir=\"auto\">%</span></summary><div class=\"body\">",
            kind, kind, s->task->name, lme_str_format(arena, "%" PRId64, lead->doc_id),
            change_text(s, arena), snippet_of(arena, prompt));
    put_text(s, LME_STR("Prompt"), prompt, true, out);
    put_choices(s, out);
    if (lead->n_choices == 0)
        put_text(s, LME_STR("Target"), lead->target, false, out);
    for (size_t r = 0; r < s->view->page->n_records; r++) {
        if (s->runs[r] != NULL)
            put_answers(s, r, out);
    }
    lme_builder_add(out, LME_STR("<h4>Scores</h4><ul class=\"scores\">"));
    for (size_t r = 0; r < s->view->page->n_records; r++) {
        if (s->runs[r] != NULL)
            put_scores(s, r, out);
    }
    lme_builder_add(out, LME_STR("</ul></div></details>\n"));
}

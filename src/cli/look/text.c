/* The form that people read: what was asked, what came, what the filters made of it, the score. */
#include "../block.h"
#include "../color.h"
#include "../rows.h"
#include "form.h"

#include <inttypes.h>
#include <math.h>

#include <lmeval/unicode.h>

enum {
    WHOLE = 1000, /* characters of a prompt that are shown without --full, */
    HEAD = 200,   /* and about so many of a longer one's begin, */
    TAIL = 700,   /* and of its end, where the question is, */
    TURN = 150    /* each of them up to a line's end that is so near */
};

/* A text shortened in its middle: what is left out, [from, to) in bytes. */
static void find_cut(lme_str text, size_t n_codepoints, size_t *from, size_t *to)
{
    *from = lme_codepoint_offset(text, HEAD);
    *to = lme_codepoint_offset(text, n_codepoints - TAIL);
    for (size_t i = 0; i < TURN && i < *from; i++) {
        if (text.ptr[*from - i] == '\n') {
            *from -= i;
            break;
        }
    }
    for (size_t i = 0; i < TURN && *to + i < text.len; i++) {
        if (text.ptr[*to + i] == '\n') {
            *to += i + 1;
            break;
        }
    }
}

/* A text between bars, shortened in its middle where it is long; says so in its title. */
static void write_text(const lme_look_view *view, lme_str title, lme_str text, lme_builder *out)
{
    size_t n = lme_codepoints(text), from, to;
    lme_builder_add(out, title);
    if (view->full || n <= WHOLE) {
        lme_builder_char(out, '\n');
        lme_block_write(out, text);
        return;
    }
    find_cut(text, n, &from, &to);
    size_t n_cut = lme_codepoints(lme_str_slice(text, from, to));
    lme_builder_format(out, ", %zu of %zu characters (--full: all)\n", n - n_cut, n);
    lme_block_write(out, lme_str_slice(text, 0, from));
    lme_builder_format(out, "  ... %zu characters left out ...\n", n_cut);
    lme_block_write(out, lme_str_slice(text, to, SIZE_MAX));
}

static void write_prompt(const lme_look_view *view, const lme_recorded_sample *sample,
                         lme_builder *out)
{
    const lme_recorded_request *request = &sample->requests[0];
    for (size_t i = 0; i < request->n_messages; i++) {
        lme_str role = lme_visible(out->arena, request->messages[i].role);
        write_text(view, role, request->messages[i].content, out);
    }
    if (request->n_messages > 0)
        return;
    size_t common =
        sample->n_choices > 0 ? lme_recorded_common_prompt(sample) : request->prompt.len;
    bool whole = common == request->prompt.len;
    if (common > 0)
        write_text(view,
                   whole ? LME_STR("prompt") : LME_STR("prompt, as far as it is common to all"),
                   lme_str_slice(request->prompt, 0, common), out);
}

/* " of runs/base", where two runs are looked at. */
static lme_str of_run(const lme_record *record, const lme_look_item *item, lme_arena *arena)
{
    if (item->other == NULL)
        return LME_STR("");
    return lme_str_format(arena, " of %.*s", LME_STR_ARG(lme_visible(arena, record->name)));
}

static void write_logprob(const lme_recorded_request *request, lme_str of, lme_builder *out)
{
    if (request->n_responses == 0 || request->responses[0].is_missing) {
        lme_builder_format(out, "no answer%.*s\n", LME_STR_ARG(of));
        return;
    }
    const lme_recorded_response *response = &request->responses[0];
    lme_builder_format(out, "log-probability%.*s  ", LME_STR_ARG(of));
    if (isinf(response->logprob_nats))
        lme_builder_add(out, LME_STR("floor: less than the server tells"));
    else
        lme_builder_format(out, "%.4f nats", response->logprob_nats);
    if (request->kind == LME_RECORDED_LOGLIKELIHOOD)
        lme_builder_add(out, response->is_greedy ? LME_STR(", greedy") : LME_STR(", not greedy"));
    lme_builder_char(out, '\n');
}

static void write_generated(const lme_look_view *view, const lme_recorded_request *request,
                            lme_str of, lme_builder *out)
{
    for (size_t i = 0; i < request->n_responses; i++) {
        lme_str title = request->n_responses == 1
                            ? lme_str_format(out->arena, "answer%.*s", LME_STR_ARG(of))
                            : lme_str_format(out->arena, "answer %zu of %zu%.*s", i + 1,
                                             request->n_responses, LME_STR_ARG(of));
        if (request->responses[i].is_missing)
            lme_builder_format(out, "%.*s: none came\n", LME_STR_ARG(title));
        else
            write_text(view, title, request->responses[i].text, out);
    }
}

/* A filter and what it left, one a line. */
static void write_trace(const lme_look_view *view, const lme_pipeline *pipeline,
                        const lme_trace *trace, const lme_value *recorded, lme_builder *out)
{
    lme_arena *arena = out->arena;
    lme_row *rows = LME_ARRAY(arena, lme_row, pipeline->n_filters + 1);
    size_t n = 0;
    for (; n < trace->n_values; n++)
        rows[n] = (lme_row){lme_str_from(pipeline->filters[n].filter->name),
                            lme_visible(arena, lme_trace_text(arena, &trace->values[n]))};
    if (trace->failure.len > 0)
        rows[n++] = (lme_row){lme_str_from(pipeline->filters[trace->n_values].filter->name),
                              lme_visible(arena, trace->failure)};
    else if (!trace->agrees && recorded != NULL)
        rows[n++] = (lme_row){LME_STR("but the file has"),
                              lme_visible(arena, lme_trace_text(arena, recorded))};
    lme_rows_write(out, rows, n, &(lme_rows_style){.indent = 2, .cut = !view->full});
}

static void write_unknown(const lme_look_view *view, const lme_traced *traced,
                          const lme_value *recorded, lme_builder *out)
{
    lme_str why = !view->record->has_results
                      ? LME_STR("filters are told by the results file, which is not there")
                  : traced != NULL ? traced->failure
                                   : LME_STR("the configuration has no pipeline of this name");
    lme_builder_add(out, LME_STR(", not walked through\n  "));
    lme_fold(out, why, 2);
    if (recorded == NULL)
        return;
    lme_builder_add(out, LME_STR("  left "));
    lme_fold(out, lme_trace_text(out->arena, recorded), 7);
}

/* What each pipeline made of a generated answer. */
static void write_filters(const lme_look_view *view, const lme_look_item *item,
                          const lme_recorded_sample *sample, lme_str of, lme_builder *out)
{
    for (size_t i = 0; i < sample->n_answers; i++) {
        const lme_recorded_answer *answer = &sample->answers[i];
        const lme_traced *traced =
            lme_trace_named(item->pipelines, item->n_pipelines, answer->pipeline);
        const lme_value *recorded = answer->n_values > 0 ? &answer->values[0] : NULL;
        lme_builder_format(out, "filters %.*s%.*s",
                           LME_STR_ARG(lme_visible(out->arena, answer->pipeline)), LME_STR_ARG(of));
        if (traced == NULL || traced->failure.len > 0) {
            write_unknown(view, traced, recorded, out);
            continue;
        }
        lme_trace trace;
        lme_trace_make(out->arena, &traced->pipeline, sample, 0, recorded, &trace);
        lme_builder_add(out, trace.matched ? LME_STR("\n") : LME_STR(", nothing found\n"));
        write_trace(view, &traced->pipeline, &trace, recorded, out);
    }
}

static void write_scores(const lme_look_item *item, const lme_recorded_sample *sample, lme_str of,
                         lme_builder *out)
{
    lme_arena *arena = out->arena;
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < sample->n_answers; i++) {
        const lme_recorded_answer *answer = &sample->answers[i];
        for (size_t k = 0; k < answer->n_scores; k++) {
            const lme_recorded_score *score = &answer->scores[k];
            lme_str label = lme_metric_label(arena, item->task, score->metric, answer->pipeline);
            lme_builder_format(&text, "%s%.*s ", text.len > 0 ? ", " : "", LME_STR_ARG(label));
            if (isnan(score->value))
                lme_builder_add(&text, lme_trace_text(arena, &score->item));
            else
                lme_builder_format(&text, "%.6g", score->value);
        }
    }
    if (text.len == 0)
        return;
    lme_builder_format(out, "score%.*s%s", LME_STR_ARG(of), of.len > 0 ? "\n  " : "  ");
    lme_fold(out, lme_builder_finish(&text), of.len > 0 ? 2 : 7);
}

/* Requests that are neither choices nor one of them asked without its context. */
static void write_requests(const lme_look_view *view, const lme_look_item *item,
                           const lme_record *record, const lme_recorded_sample *sample,
                           lme_builder *out)
{
    lme_str of = of_run(record, item, out->arena);
    for (size_t i = 0; i < sample->n_requests; i++) {
        const lme_recorded_request *request = &sample->requests[i];
        if (i > 0 && !lme_str_equal(request->prompt, sample->requests[i - 1].prompt) &&
            sample == item->sample)
            write_text(view, LME_STR("prompt"), request->prompt, out);
        if (request->kind == LME_RECORDED_LOGLIKELIHOOD && sample == item->sample)
            write_text(view, LME_STR("continuation"), request->continuation, out);
        if (request->kind == LME_RECORDED_GENERATE)
            write_generated(view, request, of, out);
        else
            write_logprob(request, of, out);
    }
}

static void write_answers(const lme_look_view *view, const lme_look_item *item,
                          const lme_record *record, const lme_recorded_sample *sample,
                          lme_builder *out)
{
    lme_str of = of_run(record, item, out->arena);
    bool generated = sample->n_requests > 0 && sample->requests[0].kind == LME_RECORDED_GENERATE;
    if (sample->failure.len > 0) {
        lme_builder_format(out, "not scored%.*s\n  ", LME_STR_ARG(of));
        lme_fold(out, sample->failure, 2);
    }
    if (sample->n_choices == 0)
        write_requests(view, item, record, sample, out);
    if (generated)
        write_filters(view, item, sample, of, out);
    write_scores(item, sample, of, out);
}

typedef struct outcome {
    const char *word; /* "": nothing tells right from wrong */
    lme_color color;
} outcome;

static outcome outcome_of(const lme_look_item *item)
{
    if (item->flip != LME_FLIP_NONE)
        return item->flip == LME_FLIP_LOST ? (outcome){"lost", LME_COLOR_BAD}
                                           : (outcome){"gained", LME_COLOR_GOOD};
    if (item->sample->n_answers == 0)
        return (outcome){"not scored", LME_COLOR_UNSURE};
    if (!item->headline->is_share || isnan(item->score))
        return (outcome){"", LME_COLOR_UNSURE};
    return item->score < 1.0 ? (outcome){"wrong", LME_COLOR_BAD}
                             : (outcome){"right", LME_COLOR_GOOD};
}

/* "=== quiz, document 3: wrong" */
static void write_title(const lme_look_view *view, const lme_look_item *item, lme_builder *out)
{
    outcome made = outcome_of(item);
    lme_str word = lme_str_from(made.word);
    lme_builder_format(out, "=== %.*s, document %" PRId64,
                       LME_STR_ARG(lme_visible(out->arena, item->task->name)),
                       item->sample->doc_id);
    if (word.len > 0) {
        lme_builder_add(out, LME_STR(": "));
        lme_builder_add(out, view->colored ? lme_painted(out->arena, word, made.color) : word);
    }
    lme_builder_char(out, '\n');
}

/* Unless a mark or the continuation shows it already. */
static bool shows_target(const lme_recorded_sample *sample)
{
    bool is_continuation =
        sample->n_requests == 1 && lme_str_equal(sample->requests[0].continuation, sample->target);
    return sample->n_gold == 0 && sample->target.len > 0 && !is_continuation;
}

static void write(const lme_look_view *view, const lme_look_item *item, lme_builder *out)
{
    const lme_recorded_sample *sample = item->sample;
    write_title(view, item, out);
    if (sample->n_requests > 0)
        write_prompt(view, sample, out);
    if (sample->n_choices > 0)
        lme_look_choices(view, item, out);
    if (shows_target(sample))
        write_text(view, LME_STR("target"), sample->target, out);
    write_answers(view, item, view->record, sample, out);
    if (item->other != NULL)
        write_answers(view, item, view->other, item->other, out);
    lme_builder_char(out, '\n');
}

static void write_flips(const lme_look_view *view, const lme_look_counts *c, lme_builder *out)
{
    lme_builder_format(out, "; %zu lost, %zu gained in %.*s", c->n_lost, c->n_gained,
                       LME_STR_ARG(lme_visible(out->arena, view->other->name)));
    if (c->n_unpaired > 0)
        lme_builder_format(out, ", %zu not in it", c->n_unpaired);
    if (c->n_other_prompt > 0)
        lme_builder_format(out, ", %zu with another prompt there", c->n_other_prompt);
}

/* How many there are of what was asked for, a task a line. */
static void end(const lme_look_view *view, lme_builder *out)
{
    size_t n;
    const lme_look_counts *counts = lme_look_counted(view->look, &n);
    for (size_t i = 0; i < n; i++) {
        const lme_look_counts *c = &counts[i];
        lme_builder line = {.arena = out->arena};
        lme_builder_format(
            &line, "%.*s, %zu document%s: ", LME_STR_ARG(lme_visible(out->arena, c->task->name)),
            c->n_documents, c->n_documents == 1 ? "" : "s");
        if (c->is_cut)
            lme_builder_format(&line, "%zu shown, more may match (--limit)", c->n_shown);
        else if (c->n_met > c->n_shown)
            lme_builder_format(&line, "%zu as asked for, %zu of them shown (--limit)", c->n_met,
                               c->n_shown);
        else
            lme_builder_format(&line, "%zu shown", c->n_shown);
        if (view->other != NULL)
            write_flips(view, c, &line);
        if (c->headline->pipeline != NULL)
            lme_builder_format(
                &line, "; judged by %.*s",
                LME_STR_ARG(lme_metric_label(out->arena, c->task, c->headline->metric,
                                             c->headline->pipeline->name)));
        lme_fold(out, lme_builder_finish(&line), 2);
    }
    for (size_t i = 0; i < n; i++) {
        if (counts[i].task->sample_data)
            lme_builder_format(out, "note: %.*s: sample rows, not the benchmark's\n",
                               LME_STR_ARG(lme_visible(out->arena, counts[i].task->name)));
    }
    if (!view->record->has_results)
        lme_builder_add(out, LME_STR("No results file: the run goes on, was stopped, or only its "
                                     "samples are here.\n"));
}

const lme_look_form lme_look_form_text = {
    .name = "text",
    .meaning = "for people: prompt, answer, filters, score",
    .paged = true,
    .write = write,
    .end = end,
};

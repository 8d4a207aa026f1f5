#include "explain.h"

#include "../block.h"

#include <inttypes.h>
#include <math.h>

#include <lmeval/json.h>

enum {
    NAME_COLUMNS = 16
};

void lme_explain_row(lme_builder *out, const char *name, lme_str text)
{
    lme_builder_format(out, "%-*s", NAME_COLUMNS, name);
    lme_fold(out, text, NAME_COLUMNS);
}

static void write_titled(lme_builder *out, const char *title, lme_str text)
{
    lme_builder_format(out, "%s\n", title);
    lme_block_write(out, text);
}

static void write_facts(const lme_explanation *e, lme_builder *out)
{
    const lme_record *record = e->view.record;
    const lme_record_task *task = e->item->task;
    const lme_recorded_sample *sample = e->item->sample;
    lme_builder_format(out, "=== %.*s, document %" PRId64 "\n",
                       LME_STR_ARG(lme_visible(out->arena, task->name)), sample->doc_id);
    lme_explain_row(out, "run", record->name);
    if (record->model.len > 0)
        lme_explain_row(out, "model", record->model);
    if (task->scoring_path.len > 0)
        lme_explain_row(out, "scoring path", task->scoring_path);
    if (task->sample_data)
        lme_explain_row(out, "note", LME_STR("sample rows, not the benchmark's"));
    lme_explain_row(out, "samples file",
                    lme_str_format(out->arena, "%s:%u", sample->file, sample->line));
    lme_explain_row(out, "doc_hash", sample->doc_hash);
    lme_explain_row(out, "prompt_hash", sample->prompt_hash);
    lme_explain_row(out, "target_hash", sample->target_hash);
    lme_explain_row(out, "target", sample->target);
}

static void write_document(const lme_recorded_sample *sample, lme_builder *out)
{
    lme_builder text = {.arena = out->arena};
    if (sample->doc.kind == LME_NULL)
        return;
    lme_json_write(&text, &sample->doc, &(lme_json_style){.indent = 2});
    write_titled(out, "document", lme_builder_finish(&text));
}

static bool same_prompt(const lme_recorded_request *a, const lme_recorded_request *b)
{
    return lme_str_equal(a->prompt, b->prompt); /* of a conversation its JSON */
}

static void write_context(const lme_recorded_request *request, lme_builder *out)
{
    for (size_t i = 0; i < request->n_messages; i++) {
        lme_builder_format(out, "%.*s\n",
                           LME_STR_ARG(lme_visible(out->arena, request->messages[i].role)));
        lme_block_write(out, request->messages[i].content);
    }
    if (request->n_messages == 0)
        write_titled(out,
                     request->kind == LME_RECORDED_ROLLING ? "text, scored as a whole" : "context",
                     request->prompt);
}

static lme_str logprob_text(lme_arena *arena, double logprob)
{
    if (isinf(logprob))
        return LME_STR("below the floor under which the server tells nothing");
    return lme_str_format(arena, "%.*s nats", LME_STR_ARG(lme_double_repr(arena, logprob)));
}

static void write_response(const lme_recorded_request *request,
                           const lme_recorded_response *response, lme_builder *out)
{
    if (response->is_missing) {
        lme_builder_add(out, LME_STR("no answer\n"));
        return;
    }
    if (request->kind == LME_RECORDED_GENERATE) {
        write_titled(out, "answer", response->text);
        return;
    }
    lme_str text = logprob_text(out->arena, response->logprob_nats);
    if (request->kind == LME_RECORDED_LOGLIKELIHOOD)
        text = lme_str_concat(out->arena, text,
                              response->is_greedy ? LME_STR(", greedy") : LME_STR(", not greedy"));
    lme_explain_row(out, "log-probability", text);
}

/* What came of asking again, beside what the file has. */
static void write_asked(const lme_explanation *e, const lme_recorded_request *request,
                        const lme_recorded_response *response, const lme_asked_again *asked,
                        lme_builder *out)
{
    const lme_response *now = &asked->response;
    if (now->state != LME_RESPONSE_OK) {
        lme_explain_row(out, "asked again", now->failure);
        return;
    }
    if (request->kind == LME_RECORDED_GENERATE) {
        bool same = response != NULL && lme_str_equal(now->text, response->text);
        lme_builder_format(out, "asked again, %s%s%.*s\n", same ? "the same text" : "another text",
                           now->finish.len > 0 ? ", ended by " : "",
                           LME_STR_ARG(lme_visible(out->arena, now->finish)));
        if (!same)
            lme_block_write(out, now->text);
        return;
    }
    lme_explain_row(out, "asked again", logprob_text(out->arena, now->logprob_nats));
    lme_explain_tokens(e, asked, out);
}

/* Why there is none is said once. */
static void write_body(const lme_asked_again *asked, bool is_first, lme_builder *out)
{
    if (asked->body.len > 0)
        write_titled(out, "body of the request", asked->body);
    else if (is_first)
        lme_explain_row(out, "body", asked->unknown);
}

static void write_request(const lme_explanation *e, size_t index, lme_builder *out)
{
    const lme_recorded_sample *sample = e->item->sample;
    const lme_recorded_request *request = &sample->requests[index];
    lme_builder_format(out, "\n--- request %zu of %zu", index + 1, sample->n_requests);
    if (index < sample->n_choices)
        lme_builder_format(out, ", choice %zu", index);
    else if (sample->n_choices > 0)
        lme_builder_format(out, ", choice %zu without its context", index - sample->n_choices);
    lme_builder_char(out, '\n');
    if (index > 0 && same_prompt(request, &sample->requests[index - 1]))
        lme_builder_add(out, LME_STR("context as before\n"));
    else
        write_context(request, out);
    if (request->kind == LME_RECORDED_LOGLIKELIHOOD)
        write_titled(out, "continuation", request->continuation);
    size_t repeats = e->sample != NULL ? e->sample->n_repeats : request->n_responses;
    for (size_t r = 0; r < repeats || r < request->n_responses; r++) {
        const lme_recorded_response *response =
            r < request->n_responses ? &request->responses[r] : NULL;
        const lme_asked_again *asked =
            e->sample != NULL && r < repeats ? &e->asked[index * repeats + r] : NULL;
        if (asked != NULL)
            write_body(asked, index == 0 && r == 0, out);
        if (response != NULL)
            write_response(request, response, out);
        if (asked != NULL && asked->is_asked)
            write_asked(e, request, response, asked, out);
    }
}

/* True also where there is nothing to ask. */
static bool is_asked(const lme_explanation *e)
{
    return e->sample == NULL || e->sample->n_requests == 0 || e->asked[0].is_asked ||
           e->asked[0].body.len == 0 || e->sample->requests[0].kind == LME_REQUEST_GENERATE;
}

void lme_explain(const lme_explanation *e, lme_builder *out)
{
    const lme_recorded_sample *sample = e->item->sample;
    write_facts(e, out);
    if (sample->failure.len > 0)
        lme_explain_row(out, "not scored", sample->failure);
    if (e->sample == NULL)
        lme_explain_row(out, "bodies", e->unlike);
    write_document(sample, out);
    for (size_t i = 0; i < sample->n_requests; i++)
        write_request(e, i, out);
    if (!is_asked(e))
        lme_builder_add(out, LME_STR("\nA run keeps sums, not tokens: --ask sends these requests "
                                     "again and lists them.\n"));
    if (sample->n_choices > 0) {
        lme_builder_char(out, '\n');
        lme_look_choices(&e->view, e->item, out);
    }
    lme_explain_filters(e, out);
    lme_explain_metrics(e, out);
}

/* The form that people read. */
#include "block.h"
#include "rendering.h"

#include <lmeval/json.h>

static void write_titled(lme_builder *out, lme_str title, lme_str text)
{
    lme_builder_format(out, "%.*s\n", LME_STR_ARG(title));
    lme_block_write(out, text);
}

static lme_str json_text(lme_arena *arena, const lme_value *value)
{
    lme_builder out = {.arena = arena};
    lme_json_write(&out, value, &(lme_json_style){0});
    return lme_builder_finish(&out);
}

static void write_messages(lme_builder *out, const lme_request *request)
{
    for (size_t i = 0; i < request->n_messages; i++) {
        const lme_message *message = &request->messages[i];
        bool goes_on = i + 1 == request->n_messages && lme_str_is(message->role, "assistant");
        lme_builder_format(out, "%.*s%s\n", LME_STR_ARG(message->role),
                           goes_on ? ", to be gone on with" : "");
        lme_block_write(out, message->content);
    }
}

static bool same_context(const lme_request *a, const lme_request *b)
{
    if (a->n_messages != b->n_messages || !lme_str_equal(a->context, b->context))
        return false;
    for (size_t i = 0; i < a->n_messages; i++) {
        if (!lme_str_equal(a->messages[i].role, b->messages[i].role) ||
            !lme_str_equal(a->messages[i].content, b->messages[i].content))
            return false;
    }
    return true;
}

static void write_context(lme_builder *out, const lme_request *request)
{
    if (request->messages != NULL)
        write_messages(out, request);
    else
        write_titled(out,
                     request->kind == LME_REQUEST_ROLLING ? LME_STR("text, scored as a whole")
                                                          : LME_STR("context"),
                     request->context);
}

/* A context is shown once for all requests in a row that have it. */
static void write_requests(lme_arena *arena, const lme_sample *sample, lme_builder *out)
{
    size_t step = sample->n_repeats > 0 ? sample->n_repeats : 1;
    for (size_t i = 0; i < sample->n_requests; i += step) {
        const lme_request *request = &sample->requests[i];
        if (i == 0 || !same_context(request, &sample->requests[i - step]))
            write_context(out, request);
        if (request->kind == LME_REQUEST_LOGLIKELIHOOD)
            write_titled(out, lme_str_format(arena, "continuation %zu", i / step),
                         request->continuation);
        if (request->kind == LME_REQUEST_GENERATE)
            write_titled(out, LME_STR("generated with"),
                         json_text(arena, &request->generation->as_written));
    }
    if (sample->n_repeats > 1)
        lme_builder_format(out, "each asked %zu times\n", sample->n_repeats);
}

static void write_target(lme_arena *arena, const lme_sample *sample, lme_builder *out)
{
    write_titled(out, LME_STR("target"), lme_value_str(arena, &sample->target));
    for (size_t i = 0; i < sample->n_gold; i++) {
        if (sample->gold[i] < 0)
            lme_builder_add(out, LME_STR("the target names no choice: no answer can be right\n"));
    }
}

bool lme_render_text(lme_arena *arena, const lme_rendering *r, lme_builder *out, lme_error *err)
{
    (void)err;
    const lme_sample *sample = r->sample;
    lme_str data = lme_docs_name(arena, r->docs);
    lme_builder_format(out, "=== %.*s, document %zu of %zu: %.*s\n", LME_STR_ARG(sample->task),
                       sample->doc.id, lme_docs_total(r->docs), LME_STR_ARG(data));
    write_target(arena, sample, out);
    write_requests(arena, sample, out);
    lme_builder_char(out, '\n');
    return true;
}

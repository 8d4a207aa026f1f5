/* The form that people read. */
#include "rendering.h"

#include <lmeval/json.h>
#include <lmeval/unicode.h>

enum {
    LINE_COLUMNS = 80,
    TEXT_COLUMNS = LINE_COLUMNS - 4 /* two blanks and the bar before a line, a bar behind it */
};

/* How one code point is shown: as it is, or as an escape where a terminal would act on it. */
static lme_str shown(lme_arena *arena, lme_str text, size_t from, size_t to)
{
    size_t at = from;
    uint32_t codepoint = lme_codepoint_next(text, &at);
    if (codepoint == '\t')
        return LME_STR("\\t");
    if (codepoint == '\r')
        return LME_STR("\\r");
    if (codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0))
        return lme_str_format(arena, "\\x%02x", (unsigned)codepoint);
    return lme_str_slice(text, from, to);
}

/* A line of a text under way, not wider than a terminal's. */
typedef struct line {
    lme_builder *out;
    lme_builder shown;
    size_t columns;
    size_t fold, columns_at_fold; /* behind its last blank; 0: it has none */
} line;

static void end_line(line *l, size_t len, const char *next)
{
    lme_builder_add(l->out, (lme_str){l->shown.ptr, len});
    lme_builder_add(l->out, lme_str_from(next));
}

/* Ends the line behind its last blank, and begins the next with what stood behind that. */
static void fold_line(line *l)
{
    size_t cut = l->fold > 0 ? l->fold : l->shown.len;
    lme_str rest = {l->shown.ptr + cut, l->shown.len - cut};
    lme_builder next = {.arena = l->out->arena};
    end_line(l, cut, "\n  :");
    lme_builder_add(&next, rest);
    l->shown = next;
    l->columns -= l->fold > 0 ? l->columns_at_fold : l->columns;
    l->fold = 0;
}

static void add_piece(line *l, lme_str piece)
{
    size_t width = lme_display_width(piece);
    if (l->columns + width > TEXT_COLUMNS)
        fold_line(l);
    lme_builder_add(&l->shown, piece);
    l->columns += width;
    if (lme_str_is(piece, " ")) {
        l->fold = l->shown.len;
        l->columns_at_fold = l->columns;
    }
}

/* A text between its bars. */
static void write_block(lme_builder *out, lme_str text)
{
    line l = {.out = out, .shown = {.arena = out->arena}};
    lme_builder_add(out, LME_STR("  |"));
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        lme_codepoint_next(text, &at);
        if (text.ptr[from] != '\n') {
            add_piece(&l, shown(out->arena, text, from, at));
            continue;
        }
        end_line(&l, l.shown.len, "\n  |");
        l = (line){.out = out, .shown = {.arena = out->arena}};
    }
    end_line(&l, l.shown.len, "|\n");
}

static void write_titled(lme_builder *out, lme_str title, lme_str text)
{
    lme_builder_format(out, "%.*s\n", LME_STR_ARG(title));
    write_block(out, text);
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
        write_block(out, message->content);
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

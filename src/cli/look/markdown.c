/* A table for issues and reports. Long texts are cut: a cell holds a line. */
#include "../block.h"
#include "cells.h"

#include <inttypes.h>
#include <math.h>

#include <lmeval/markdown.h>
#include <lmeval/unicode.h>

enum {
    CELL = 120 /* characters of a text that a cell shows without --full */
};

static void write_text(const lme_look_view *view, const lme_value *value, lme_builder *out)
{
    lme_arena *arena = out->arena;
    lme_str text = value->kind == LME_STRING ? value->string
                   : value->kind == LME_NULL ? LME_STR("")
                                             : lme_trace_text(arena, value);
    if (!view->full && lme_codepoints(text) > CELL)
        text = lme_str_concat(arena, lme_str_slice(text, 0, lme_codepoint_offset(text, CELL)),
                              LME_STR(" ..."));
    lme_markdown_cell(out, lme_visible(arena, text));
}

static void write_names(const lme_look_view *view, const char *before, lme_builder *out)
{
    lme_arena *arena = out->arena;
    for (size_t i = 0; i < view->n_columns; i++) {
        lme_str name = lme_str_format(arena, "%s%.*s", before, LME_STR_ARG(view->columns[i].name));
        lme_markdown_cell(out, lme_visible(arena, name));
    }
    lme_builder_format(out, " %spick | %sanswer |", before, before);
}

static void begin(const lme_look_view *view, lme_builder *out)
{
    size_t n = view->n_columns + 2;
    lme_builder_add(out, LME_STR("| task | doc_id | target |"));
    write_names(view, "", out);
    if (view->other != NULL) {
        lme_builder_add(out, LME_STR(" flip |"));
        write_names(view, "other.", out);
        n += n + 1;
    }
    lme_builder_char(out, '\n');
    lme_markdown_rule(out, 3 + n, 3 + n);
}

static void write_run(const lme_look_view *view, const lme_look_item *item,
                      const lme_recorded_sample *sample, lme_builder *out)
{
    for (size_t i = 0; i < view->n_columns; i++) {
        const lme_recorded_score *score = lme_look_score(sample, &view->columns[i]);
        lme_value none = lme_null();
        if (score != NULL && !isnan(score->value))
            lme_builder_format(out, " %.6g |", score->value);
        else
            write_text(view, score != NULL ? &score->item : &none, out);
    }
    lme_look_cells cells = lme_look_cells_of(out->arena, item, sample);
    write_text(view, &cells.pick, out);
    if (sample->failure.len > 0)
        cells.answer =
            lme_string(lme_str_concat(out->arena, LME_STR("not scored: "), sample->failure));
    write_text(view, &cells.answer, out);
}

static void write(const lme_look_view *view, const lme_look_item *item, lme_builder *out)
{
    lme_value task = lme_string(item->task->name), target = lme_string(item->sample->target);
    lme_builder_char(out, '|');
    write_text(view, &task, out);
    lme_builder_format(out, " %" PRId64 " |", item->sample->doc_id);
    write_text(view, &target, out);
    write_run(view, item, item->sample, out);
    if (item->other != NULL) {
        lme_builder_format(out, " %s |", lme_flip_name(item->flip));
        write_run(view, item, item->other, out);
    }
    lme_builder_char(out, '\n');
}

const lme_look_form lme_look_form_markdown = {
    .name = "markdown",
    .meaning = "a table for issues and reports",
    .begin = begin,
    .write = write,
};

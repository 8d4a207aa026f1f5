/* For spreadsheets: RFC 4180, one header line over the metrics of all tasks. A text that a
 * spreadsheet would take for a formula gets an apostrophe before it. */
#include "../block.h"
#include "cells.h"

#include <inttypes.h>
#include <math.h>
#include <string.h>

#include <lmeval/unicode.h>

/* Prompts and answers are anybody's: =HYPERLINK(...) must stay a text. A number may have its sign.
 * Source: OWASP, CSV Injection. */
static bool is_formula(lme_str s)
{
    static const char begins[] = "=+-@\t\r\n";
    double number;
    return s.len > 0 && memchr(begins, s.ptr[0], sizeof begins - 1) != NULL &&
           !lme_str_to_double(s, &number);
}

/* No other control characters than those of lines and tabs: RFC 4180 has none in its texts, and a
 * terminal acts on some. */
static lme_str printable(lme_arena *arena, lme_str s)
{
    lme_builder out = {.arena = arena};
    for (size_t at = 0; at < s.len;) {
        size_t from = at;
        uint32_t codepoint = lme_codepoint_next(s, &at);
        lme_str piece = lme_str_slice(s, from, at);
        bool is_control = codepoint < 0x20 || (codepoint >= 0x7f && codepoint < 0xa0);
        bool is_kept = codepoint == '\n' || codepoint == '\r' || codepoint == '\t';
        lme_builder_add(&out, is_control && !is_kept ? lme_visible(arena, piece) : piece);
    }
    return lme_builder_finish(&out);
}

static void write_text(lme_str s, lme_builder *out)
{
    static const char quoted[] = ",\"\r\n";
    bool quote = false;
    for (size_t i = 0; i < s.len && !quote; i++)
        quote = memchr(quoted, s.ptr[i], sizeof quoted - 1) != NULL;
    bool formula = is_formula(s);
    s = printable(out->arena, s);
    if (quote)
        lme_builder_char(out, '"');
    if (formula)
        lme_builder_char(out, '\'');
    for (size_t i = 0; i < s.len; i++) {
        if (s.ptr[i] == '"')
            lme_builder_char(out, '"');
        lme_builder_char(out, s.ptr[i]);
    }
    if (quote)
        lme_builder_char(out, '"');
}

static void write_cell(const lme_value *value, lme_builder *out)
{
    lme_builder_char(out, ',');
    if (value->kind == LME_STRING)
        write_text(value->string, out);
    else if (value->kind != LME_NULL)
        write_text(lme_trace_text(out->arena, value), out);
}

static void write_names(const lme_look_view *view, const char *before, lme_builder *out)
{
    lme_arena *arena = out->arena;
    for (size_t i = 0; i < view->n_columns; i++) {
        lme_builder_char(out, ',');
        write_text(lme_str_format(arena, "%s%.*s", before, LME_STR_ARG(view->columns[i].name)),
                   out);
    }
    lme_builder_format(out, ",%spick,%sanswer,%sfailure", before, before, before);
}

static void begin(const lme_look_view *view, lme_builder *out)
{
    lme_builder_add(out, LME_STR("task,doc_id,doc_hash,target"));
    write_names(view, "", out);
    if (view->other != NULL) {
        lme_builder_add(out, LME_STR(",flip"));
        write_names(view, "other.", out);
    }
    lme_builder_add(out, LME_STR("\r\n"));
}

static void write_run(const lme_look_view *view, const lme_look_item *item,
                      const lme_recorded_sample *sample, lme_builder *out)
{
    for (size_t i = 0; i < view->n_columns; i++) {
        const lme_recorded_score *score = lme_look_score(sample, &view->columns[i]);
        lme_value none = lme_null();
        lme_value number = lme_float(score != NULL ? score->value : (double)NAN);
        write_cell(score == NULL ? &none : isfinite(number.number) ? &number : &score->item, out);
    }
    lme_look_cells cells = lme_look_cells_of(out->arena, item, sample);
    lme_value failure = lme_string(sample->failure);
    write_cell(&cells.pick, out);
    write_cell(&cells.answer, out);
    write_cell(&failure, out);
}

static void write(const lme_look_view *view, const lme_look_item *item, lme_builder *out)
{
    const lme_recorded_sample *sample = item->sample;
    lme_value target = lme_string(sample->target);
    write_text(item->task->name, out);
    lme_builder_format(out, ",%" PRId64 ",", sample->doc_id);
    write_text(sample->doc_hash, out);
    write_cell(&target, out);
    write_run(view, item, sample, out);
    if (item->other != NULL) {
        lme_builder_format(out, ",%s", lme_flip_name(item->flip));
        write_run(view, item, item->other, out);
    }
    lme_builder_add(out, LME_STR("\r\n"));
}

const lme_look_form lme_look_form_csv = {
    .name = "csv",
    .meaning = "RFC 4180, one header line",
    .begin = begin,
    .write = write,
};

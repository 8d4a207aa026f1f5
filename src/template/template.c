/* The room's face: compile once, render many times. */
#include "convert.h"
#include "eval.h"
#include "parser.h"

#include <string.h>

#include <lmeval/limits.h>
#include <lmeval/template.h>
#include <lmeval/unicode.h>

struct lme_template {
    lme_source source;
    lme_place place; /* what source.at points to, when it was given */
    lme_node_list body;
    bool is_plain;
};

static size_t first_bad_byte(lme_str text)
{
    size_t good = 0;
    while (good < text.len) {
        size_t next = good;
        lme_codepoint_next(text, &next);
        if (!lme_utf8_valid(lme_str_slice(text, good, next)))
            break;
        good = next;
    }
    return good;
}

/* \r\n and \r become \n, as jinja2 reads a template. */
static lme_str with_newlines(lme_arena *arena, lme_str text)
{
    if (text.len == 0 || memchr(text.ptr, '\r', text.len) == NULL)
        return text;
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < text.len; i++) {
        bool carriage = text.ptr[i] == '\r';
        if (carriage && i + 1 < text.len && text.ptr[i + 1] == '\n')
            continue;
        lme_builder_char(&out, carriage ? '\n' : text.ptr[i]);
    }
    return lme_builder_finish(&out);
}

static bool has_markup(lme_str text)
{
    return lme_str_find(text, LME_STR("{{"), 0) != SIZE_MAX ||
           lme_str_find(text, LME_STR("{%"), 0) != SIZE_MAX ||
           lme_str_find(text, LME_STR("{#"), 0) != SIZE_MAX;
}

bool lme_template_compile(lme_arena *arena, lme_str source, const lme_place *at, lme_template **out,
                          lme_error *err)
{
    lme_template *t = LME_NEW(arena, lme_template);
    if (at != NULL) {
        t->place = *at;
        t->source.at = &t->place;
    }
    if (!lme_utf8_valid(source))
        return lme_fail(err, LME_ERR_TEMPLATE, at, "the template is not valid UTF-8 at byte %zu",
                        first_bad_byte(source));
    lme_str text = with_newlines(arena, lme_str_copy(arena, source));
    t->source.text = text;
    t->is_plain = !has_markup(text) && lme_str_equal(text, source);
    if (!lme_parse(arena, &t->source, &t->body, err))
        return false;
    *out = t;
    return true;
}

bool lme_template_is_plain(const lme_template *t)
{
    return t->is_plain;
}

static lme_rendering begin(lme_arena *arena, const lme_template *t, const lme_value *variables,
                           lme_builder *out)
{
    return (lme_rendering){
        .arena = arena,
        .source = &t->source,
        .variables = variables,
        .out = out,
        .used_before = lme_arena_used(arena),
    };
}

bool lme_template_render(lme_arena *arena, const lme_template *t, const lme_value *variables,
                         lme_str *text, lme_error *err)
{
    if (t->is_plain) {
        *text = t->source.text;
        return true;
    }
    lme_builder out = {.arena = arena};
    lme_rendering r = begin(arena, t, variables, &out);
    r.scope = lme_scope_new(&r, NULL);
    if (!lme_execute(&r, t->body, err))
        return false;
    *text = lme_builder_finish(&out);
    return true;
}

/* The expression when the template is nothing else; NULL otherwise. */
static const lme_node *only_expression(const lme_template *t)
{
    if (t->body.len != 1 || t->body.items[0]->kind != LME_NODE_PRINT)
        return NULL;
    const lme_node *print = t->body.items[0];
    bool whole = lme_str_starts(t->source.text, LME_STR("{{")) &&
                 lme_str_ends(t->source.text, LME_STR("}}"));
    return whole && print->items.len == 1 ? print->items.items[0] : NULL;
}

bool lme_template_value(lme_arena *arena, const lme_template *t, const lme_value *variables,
                        lme_value *value, lme_error *err)
{
    lme_str text;
    const lme_node *expression = only_expression(t);
    if (expression == NULL) {
        if (!lme_template_render(arena, t, variables, &text, err))
            return false;
        *value = lme_string(text);
        return true;
    }
    lme_builder out = {.arena = arena};
    lme_rendering r = begin(arena, t, variables, &out);
    r.scope = lme_scope_new(&r, NULL);
    if (!lme_evaluate(&r, expression, value, err))
        return false;
    if (value->kind == LME_OPAQUE || value->kind == LME_UNDEFINED) {
        /* Only templates know these: outside, their text is all there is. */
        if (!lme_text_of(&r, expression->at, value, &text, err))
            return false;
        *value = lme_string(text);
    }
    return lme_measure(&r, expression->at, value, true, err);
}

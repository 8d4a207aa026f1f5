/* Values as texts, sequences, lengths, truths. */
#include "convert.h"

#include <lmeval/limits.h>
#include <lmeval/unicode.h>

typedef struct measuring {
    lme_rendering *r;
    size_t at;
    bool plain;
    lme_error *err;
} measuring;

static bool measure(const measuring *m, const lme_value *v, unsigned depth);

static bool measure_children(const measuring *m, const lme_value *v, unsigned depth)
{
    if (depth == LME_LIMIT_DEPTH)
        return lme_source_fail(m->r->source, m->at, LME_ERR_LIMIT, m->err,
                               "this value is nested deeper than %d levels", LME_LIMIT_DEPTH);
    for (size_t i = 0; v->kind == LME_MAP && i < v->map.len; i++) {
        if (!measure(m, &v->map.pairs[i].key, depth) || !measure(m, &v->map.pairs[i].value, depth))
            return false;
    }
    for (size_t i = 0; v->kind != LME_MAP && i < v->list.len; i++) {
        if (!measure(m, &v->list.items[i], depth))
            return false;
    }
    return true;
}

static bool measure(const measuring *m, const lme_value *v, unsigned depth)
{
    if (!lme_tick(m->r, m->at, 1, m->err))
        return false;
    if (m->plain && v->kind == LME_OPAQUE)
        return lme_source_fail(m->r->source, m->at, LME_ERR_TEMPLATE, m->err,
                               "a %s inside a list or map cannot be used here", lme_type_name(v));
    if (m->plain && v->kind == LME_UNDEFINED)
        return lme_missing_fail(m->r, m->at, v, m->err);
    if (v->kind != LME_LIST && v->kind != LME_TUPLE && v->kind != LME_MAP)
        return true;
    return measure_children(m, v, depth + 1);
}

bool lme_measure(lme_rendering *r, size_t at, const lme_value *v, bool plain, lme_error *err)
{
    measuring m = {.r = r, .at = at, .plain = plain, .err = err};
    return measure(&m, v, 0);
}

static bool thing_text(lme_rendering *r, size_t at, const lme_value *v, lme_str *text,
                       lme_error *err)
{
    if (lme_thing_text(r->arena, v, text))
        return true;
    lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err, "a %s has no text", lme_type_name(v));
    if (lme_thing_of(v, LME_THING_STREAM) != NULL)
        return lme_hint(err, "add `| list` or `| join`");
    const lme_bound *bound = lme_thing_of(v, LME_THING_METHOD);
    if (bound != NULL && bound->subject.kind == LME_MAP)
        return lme_hint(err, "call it: .%s(), or take the map's key of that name: ['%s']",
                        bound->row->name, bound->row->name);
    return lme_hint(err, "call it: add (...)");
}

static bool has_thing(const lme_value *v)
{
    if (v->kind == LME_OPAQUE)
        return true;
    for (size_t i = 0; (v->kind == LME_LIST || v->kind == LME_TUPLE) && i < v->list.len; i++) {
        if (has_thing(&v->list.items[i]))
            return true;
    }
    for (size_t i = 0; v->kind == LME_MAP && i < v->map.len; i++) {
        if (has_thing(&v->map.pairs[i].value))
            return true;
    }
    return false;
}

typedef struct writing {
    lme_rendering *r;
    size_t at;
    lme_builder out;
    lme_error *err;
} writing;

static bool write_repr(writing *w, const lme_value *v);

static bool write_list(writing *w, const lme_value *v)
{
    bool list = v->kind == LME_LIST;
    lme_builder_char(&w->out, list ? '[' : '(');
    for (size_t i = 0; i < v->list.len; i++) {
        if (i > 0)
            lme_builder_add(&w->out, LME_STR(", "));
        if (!write_repr(w, &v->list.items[i]))
            return false;
    }
    if (!list && v->list.len == 1)
        lme_builder_char(&w->out, ',');
    lme_builder_char(&w->out, list ? ']' : ')');
    return true;
}

static bool write_map(writing *w, const lme_value *v)
{
    lme_builder_char(&w->out, '{');
    for (size_t i = 0; i < v->map.len; i++) {
        if (i > 0)
            lme_builder_add(&w->out, LME_STR(", "));
        if (!write_repr(w, &v->map.pairs[i].key))
            return false;
        lme_builder_add(&w->out, LME_STR(": "));
        if (!write_repr(w, &v->map.pairs[i].value))
            return false;
    }
    lme_builder_char(&w->out, '}');
    return true;
}

/* As lme_value_repr, for lists and maps that hold ranges and the like; the measure that was taken
 * before bounds the depth. */
static bool write_repr(writing *w, const lme_value *v)
{
    lme_str text;
    if (!lme_text_fits(w->r, w->at, w->out.len, w->err))
        return false;
    if (v->kind == LME_MAP)
        return write_map(w, v);
    if (v->kind == LME_LIST || v->kind == LME_TUPLE)
        return write_list(w, v);
    if (v->kind != LME_OPAQUE)
        text = lme_value_repr(w->r->arena, v);
    else if (!thing_text(w->r, w->at, v, &text, w->err))
        return false;
    lme_builder_add(&w->out, text);
    return true;
}

bool lme_repr_of(lme_rendering *r, size_t at, const lme_value *v, lme_str *text, lme_error *err)
{
    if (!lme_measure(r, at, v, false, err))
        return false;
    if (!has_thing(v)) {
        *text = lme_value_repr(r->arena, v);
        return lme_text_fits(r, at, text->len, err);
    }
    writing w = {.r = r, .at = at, .out = {.arena = r->arena}, .err = err};
    if (!write_repr(&w, v))
        return false;
    *text = lme_builder_finish(&w.out);
    return lme_text_fits(r, at, text->len, err);
}

bool lme_ascii_of(lme_rendering *r, size_t at, const lme_value *v, lme_str *text, lme_error *err)
{
    lme_str plain;
    lme_builder out = {.arena = r->arena};
    if (!lme_repr_of(r, at, v, &plain, err))
        return false;
    for (size_t i = 0; i < plain.len;) {
        uint32_t c = lme_codepoint_next(plain, &i);
        if (c < 0x80)
            lme_builder_char(&out, (char)c);
        else if (c < 0x100)
            lme_builder_format(&out, "\\x%02x", (unsigned)c);
        else
            lme_builder_format(&out, c < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)c);
    }
    *text = lme_builder_finish(&out);
    return lme_text_fits(r, at, text->len, err);
}

bool lme_text_of(lme_rendering *r, size_t at, const lme_value *v, lme_str *text, lme_error *err)
{
    if (v->kind == LME_STRING) {
        *text = v->string;
        return true;
    }
    if (lme_is_strict(v))
        return lme_missing_fail(r, at, v, err);
    if (v->kind == LME_OPAQUE)
        return thing_text(r, at, v, text, err);
    if (v->kind == LME_LIST || v->kind == LME_TUPLE || v->kind == LME_MAP)
        return lme_repr_of(r, at, v, text, err);
    *text = lme_value_str(r->arena, v);
    return lme_text_fits(r, at, text->len, err);
}

static bool characters(lme_rendering *r, size_t at, lme_str text, lme_items *items, lme_error *err)
{
    size_t n = lme_codepoints(text), end = 0;
    lme_value *made = lme_room_for(r, at, n, sizeof *made, err);
    if (made == NULL)
        return false;
    for (size_t i = 0; i < n && end < text.len; i++) {
        size_t start = end;
        lme_codepoint_next(text, &end);
        made[i] = lme_string(lme_str_slice(text, start, end));
    }
    *items = (lme_items){made, n};
    return true;
}

static bool keys(lme_rendering *r, size_t at, const lme_value *map, lme_items *items,
                 lme_error *err)
{
    lme_value *made = lme_room_for(r, at, map->map.len, sizeof *made, err);
    if (made == NULL)
        return false;
    for (size_t i = 0; i < map->map.len; i++)
        made[i] = map->map.pairs[i].key;
    *items = (lme_items){made, map->map.len};
    return true;
}

static bool numbers(lme_rendering *r, size_t at, const lme_range *range, lme_items *items,
                    lme_error *err)
{
    lme_value *made = lme_room_for(r, at, range->len, sizeof *made, err);
    if (made == NULL)
        return false;
    for (size_t i = 0; i < range->len; i++)
        made[i] = lme_int(range->start + (int64_t)i * range->step);
    *items = (lme_items){made, range->len};
    return true;
}

static bool thing_items(lme_rendering *r, size_t at, const lme_value *v, lme_items *items,
                        lme_error *err)
{
    const lme_range *range = lme_thing_of(v, LME_THING_RANGE);
    if (range != NULL)
        return numbers(r, at, range, items, err);
    lme_stream *stream = lme_thing_of(v, LME_THING_STREAM);
    if (stream != NULL) {
        *items = stream->items;
        stream->items.len = 0;
        return lme_tick(r, at, items->len, err);
    }
    const lme_view *view = lme_thing_of(v, LME_THING_VIEW);
    if (view != NULL) {
        *items = view->items;
        return lme_tick(r, at, items->len, err);
    }
    return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                           "a %s is no sequence: expected a list, text or map", lme_type_name(v));
}

bool lme_items_of(lme_rendering *r, size_t at, const lme_value *v, lme_items *items, lme_error *err)
{
    *items = (lme_items){.len = 0};
    switch (v->kind) {
    case LME_LIST:
    case LME_TUPLE:
        *items = (lme_items){v->list.items, v->list.len};
        return lme_tick(r, at, items->len, err);
    case LME_STRING:
        return characters(r, at, v->string, items, err);
    case LME_MAP:
        return keys(r, at, v, items, err);
    case LME_OPAQUE:
        return thing_items(r, at, v, items, err);
    case LME_UNDEFINED:
        return !lme_is_strict(v) || lme_missing_fail(r, at, v, err);
    case LME_NULL:
    case LME_BOOL:
    case LME_INT:
    case LME_FLOAT:
    case LME_FUNCTION:
    case LME_UNREAD:
        break;
    }
    return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                           "%s is no sequence: expected a list, text or map", lme_type_name(v));
}

bool lme_length_of(lme_rendering *r, size_t at, const lme_value *v, size_t *length, lme_error *err)
{
    const lme_range *range = lme_thing_of(v, LME_THING_RANGE);
    const lme_view *view = lme_thing_of(v, LME_THING_VIEW);
    const lme_loop *loop = lme_thing_of(v, LME_THING_LOOP);
    if (lme_is_strict(v))
        return lme_missing_fail(r, at, v, err);
    if (v->kind == LME_STRING)
        *length = lme_codepoints(v->string);
    else if (v->kind == LME_LIST || v->kind == LME_TUPLE)
        *length = v->list.len;
    else if (v->kind == LME_MAP)
        *length = v->map.len;
    else if (range != NULL)
        *length = range->len;
    else if (view != NULL)
        *length = view->items.len;
    else if (loop != NULL)
        *length = loop->items.len;
    else if (v->kind == LME_UNDEFINED)
        *length = 0;
    else {
        lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                        "%s has no length: expected a text, list or map", lme_type_name(v));
        return lme_thing_of(v, LME_THING_STREAM) != NULL ? lme_hint(err, "add `| list` before it")
                                                         : false;
    }
    return true;
}

bool lme_truth_of(lme_rendering *r, size_t at, const lme_value *v, bool *truth, lme_error *err)
{
    if (lme_is_strict(v))
        return lme_missing_fail(r, at, v, err);
    const lme_range *range = lme_thing_of(v, LME_THING_RANGE);
    const lme_view *view = lme_thing_of(v, LME_THING_VIEW);
    if (range != NULL)
        *truth = range->len > 0;
    else if (view != NULL)
        *truth = view->items.len > 0;
    else
        *truth = lme_value_truth(v);
    return true;
}

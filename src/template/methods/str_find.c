/* Methods of texts: where a part stands, how often, at which end. Positions count code points. */
#include "convert.h"
#include "lookup.h"
#include "text.h"

#include <lmeval/unicode.h>

/* The window that the start and end arguments leave, in bytes. */
typedef struct window {
    size_t from, to;
    bool empty; /* the start is past the end: not even '' is found */
} window;

static bool read_window(const lme_invocation *use, window *w, lme_error *err)
{
    int64_t start, end;
    lme_str text = use->subject.string;
    size_t length = lme_codepoints(text), from, to;
    if (!lme_take_integer_or_none(use, 1, 0, &start, err) ||
        !lme_take_integer_or_none(use, 2, INT64_MAX, &end, err))
        return false;
    lme_clamp_range(start, end, length, &from, &to);
    w->empty = from > to;
    w->from = lme_codepoint_offset(text, from);
    w->to = lme_codepoint_offset(text, to);
    return true;
}

/* -1 when the part is not there. */
static bool find_part(const lme_invocation *use, bool last, int64_t *position, lme_error *err)
{
    lme_str part, text = use->subject.string;
    window w;
    if (!lme_take_text(use, 0, LME_STR(""), &part, err) || !read_window(use, &w, err))
        return false;
    *position = -1;
    if (w.empty || part.len > w.to - w.from)
        return true;
    lme_str inside = lme_str_slice(text, 0, w.to);
    size_t hit = lme_str_find(inside, part, w.from);
    while (last && hit != SIZE_MAX) {
        size_t next = hit;
        if (next < inside.len)
            lme_codepoint_next(inside, &next);
        size_t further = next > hit ? lme_str_find(inside, part, next) : SIZE_MAX;
        if (further == SIZE_MAX)
            break;
        hit = further;
        if (!lme_tick(use->rendering, use->at, 1, err))
            return false;
    }
    if (hit != SIZE_MAX)
        *position = (int64_t)lme_codepoints(lme_str_slice(text, 0, hit));
    return true;
}

static bool find(const lme_invocation *use, lme_value *result, lme_error *err)
{
    int64_t position;
    if (!find_part(use, false, &position, err))
        return false;
    *result = lme_int(position);
    return true;
}

static bool rfind(const lme_invocation *use, lme_value *result, lme_error *err)
{
    int64_t position;
    if (!find_part(use, true, &position, err))
        return false;
    *result = lme_int(position);
    return true;
}

static bool must_find(const lme_invocation *use, bool last, lme_value *result, lme_error *err)
{
    int64_t position;
    if (!find_part(use, last, &position, err))
        return false;
    *result = lme_int(position);
    if (position >= 0)
        return true;
    lme_str shown = lme_shown(use->given[0]->string);
    return lme_use_fail(use, err, "the text has no part '%.*s'", LME_STR_ARG(shown));
}

static bool index_of(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return must_find(use, false, result, err);
}

static bool rindex_of(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return must_find(use, true, result, err);
}

const lme_callable lme_template_method_str_find = {
    .name = "find",
    .summary = "the position of the first such part, -1 when there is none",
    .parameters = {"sub", "start", "end"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = find,
};

const lme_callable lme_template_method_str_rfind = {
    .name = "rfind",
    .summary = "the position of the last one",
    .parameters = {"sub", "start", "end"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = rfind,
};

const lme_callable lme_template_method_str_index = {
    .name = "index",
    .summary = "the same as find, but none is an error",
    .parameters = {"sub", "start", "end"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = index_of,
};

const lme_callable lme_template_method_str_rindex = {
    .name = "rindex",
    .summary = "the same as rfind, but none is an error",
    .parameters = {"sub", "start", "end"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = rindex_of,
};

static bool count(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_str part, text = use->subject.string;
    window w;
    if (!lme_take_text(use, 0, LME_STR(""), &part, err) || !read_window(use, &w, err))
        return false;
    int64_t n = 0;
    lme_str inside = lme_str_slice(text, 0, w.to);
    if (w.empty)
        n = 0;
    else if (part.len == 0)
        n = (int64_t)lme_codepoints(lme_str_slice(text, w.from, w.to)) + 1;
    else
        for (size_t hit = lme_str_find(inside, part, w.from); hit != SIZE_MAX;
             hit = lme_str_find(inside, part, hit + part.len))
            n++;
    *result = lme_int(n);
    return true;
}

const lme_callable lme_template_method_str_count = {
    .name = "count",
    .summary = "how many such parts, none overlapping",
    .parameters = {"sub", "start", "end"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = count,
};

/* Argument 0 is a text or a tuple of texts; one of them must stand at that end. */
static bool has_end(const lme_invocation *use, bool at_start, lme_value *result, lme_error *err)
{
    const lme_value *parts = use->given[0];
    window w;
    if (!read_window(use, &w, err))
        return false;
    lme_str inside = lme_str_slice(use->subject.string, w.from, w.to);
    size_t n = parts->kind == LME_TUPLE ? parts->list.len : 1;
    bool found = false;
    for (size_t i = 0; i < n; i++) {
        const lme_value *part = parts->kind == LME_TUPLE ? &parts->list.items[i] : parts;
        if (part->kind != LME_STRING)
            return lme_use_fail(use, err, "got %s, expected a text or a tuple of texts",
                                lme_type_name(part));
        found = found || (!w.empty && (at_start ? lme_str_starts(inside, part->string)
                                                : lme_str_ends(inside, part->string)));
    }
    *result = lme_bool(found);
    return true;
}

static bool startswith(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return has_end(use, true, result, err);
}

static bool endswith(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return has_end(use, false, result, err);
}

const lme_callable lme_template_method_str_startswith = {
    .name = "startswith",
    .summary = "it begins with this text, or one of these",
    .parameters = {"prefix", "start", "end"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = startswith,
};

const lme_callable lme_template_method_str_endswith = {
    .name = "endswith",
    .summary = "it ends with this text, or one of these",
    .parameters = {"suffix", "start", "end"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = endswith,
};

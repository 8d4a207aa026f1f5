/* tojson, as jinja2 sets it up: keys sorted, <, >, & and ' escaped so that the text may stand in
 * HTML.
 */
#include "convert.h"
#include "sorting.h"

#include <lmeval/json.h>

static bool sorted_copy(const lme_invocation *use, const lme_value *v, lme_value *copy,
                        lme_error *err);

static bool sorted_items(const lme_invocation *use, const lme_value *v, lme_value *copy,
                         lme_error *err)
{
    lme_value *items = LME_ARRAY(use->arena, lme_value, v->list.len);
    for (size_t i = 0; i < v->list.len; i++) {
        if (!sorted_copy(use, &v->list.items[i], &items[i], err))
            return false;
    }
    *copy = (lme_value){.kind = LME_LIST, .list = {items, v->list.len}};
    return true;
}

static bool sorted_pairs(const lme_invocation *use, const lme_value *v, lme_value *copy,
                         lme_error *err)
{
    size_t n = v->map.len;
    lme_sorted *entries = LME_ARRAY(use->arena, lme_sorted, n);
    for (size_t i = 0; i < n; i++) {
        const lme_pair *pair = &v->map.pairs[i];
        entries[i].key = pair->key;
        if (!sorted_copy(use, &pair->value, &entries[i].item, err))
            return false;
    }
    if (!lme_sort(use, entries, n, false, err))
        return false;
    lme_map_builder map = {.arena = use->arena};
    for (size_t i = 0; i < n; i++)
        lme_map_add_pair(&map, entries[i].key, entries[i].item);
    *copy = lme_map_finish(&map);
    return true;
}

/* The measure that was taken before bounds the depth. */
static bool sorted_copy(const lme_invocation *use, const lme_value *v, lme_value *copy,
                        lme_error *err)
{
    if (v->kind == LME_LIST || v->kind == LME_TUPLE)
        return sorted_items(use, v, copy, err);
    if (v->kind == LME_MAP)
        return sorted_pairs(use, v, copy, err);
    *copy = *v;
    return true;
}

static const char *escape_of(char c)
{
    switch (c) {
    case '<':
        return "\\u003c";
    case '>':
        return "\\u003e";
    case '&':
        return "\\u0026";
    case '\'':
        return "\\u0027";
    default:
        return NULL;
    }
}

static lme_str for_html(lme_arena *arena, lme_str json)
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < json.len; i++) {
        const char *escape = escape_of(json.ptr[i]);
        if (escape != NULL)
            lme_builder_add(&out, lme_str_from(escape));
        else
            lme_builder_char(&out, json.ptr[i]);
    }
    return lme_builder_finish(&out);
}

/* Bytes that the text takes at least: one text may stand in a list many times over, and a nested
 * value is indented level by level. */
static size_t least_bytes(const lme_value *v, size_t level, size_t indent)
{
    size_t sum = 2 + level * indent + (v->kind == LME_STRING ? v->string.len : 0);
    for (size_t i = 0; v->kind == LME_LIST && i < v->list.len; i++)
        sum += least_bytes(&v->list.items[i], level + 1, indent);
    for (size_t i = 0; v->kind == LME_MAP && i < v->map.len; i++) {
        const lme_pair *pair = &v->map.pairs[i];
        sum += pair->key.kind == LME_STRING ? pair->key.string.len : 0;
        sum += least_bytes(&pair->value, level + 1, indent);
    }
    return sum;
}

static bool tojson(const lme_invocation *use, lme_value *result, lme_error *err)
{
    enum {
        MOST_INDENT = 1000
    };
    int64_t indent;
    lme_value sorted;
    if (!lme_take_integer_or_none(use, 0, 0, &indent, err))
        return false;
    if (indent < 0 || indent > MOST_INDENT)
        return lme_use_fail(use, err, "indent is %lld, expected 0 to %d", (long long)indent,
                            MOST_INDENT);
    if (!lme_measure(use->rendering, use->at, &use->subject, true, err) ||
        !sorted_copy(use, &use->subject, &sorted, err) ||
        !lme_text_fits(use->rendering, use->at, least_bytes(&sorted, 0, (size_t)indent), err))
        return false;
    lme_builder out = {.arena = use->arena};
    lme_json_style style = {.indent = (int)indent, .ensure_ascii = true};
    lme_json_write(&out, &sorted, &style);
    *result = lme_string(for_html(use->arena, lme_builder_finish(&out)));
    return true;
}

const lme_callable lme_template_filter_tojson = {
    .name = "tojson",
    .summary = "as JSON with sorted keys",
    .parameters = {"indent"},
    .call = tojson,
};

/* Attributes, items and slices of every kind of value. */
#include "lookup.h"

#include "convert.h"
#include "operators.h"

#include <inttypes.h>

#include <lmeval/unicode.h>

static bool is_sequence(const lme_value *v)
{
    return v->kind == LME_LIST || v->kind == LME_TUPLE;
}

lme_str lme_character(lme_str text, size_t index)
{
    size_t from = lme_codepoint_offset(text, index), to = from;
    if (from < text.len)
        lme_codepoint_next(text, &to);
    return lme_str_slice(text, from, to);
}

/* An index from either end; false when nothing stands there. */
static bool place(int64_t index, size_t length, size_t *at)
{
    if (index < 0)
        index += (int64_t)length;
    if (index < 0 || index >= (int64_t)length)
        return false;
    *at = (size_t)index;
    return true;
}

/* a[number] */
static bool by_index(lme_rendering *r, const lme_value *object, int64_t index, lme_value *value)
{
    size_t at;
    const lme_range *range = lme_thing_of(object, LME_THING_RANGE);
    if (object->kind == LME_STRING && place(index, lme_codepoints(object->string), &at))
        *value = lme_string(lme_character(object->string, at));
    else if (is_sequence(object) && place(index, object->list.len, &at))
        *value = object->list.items[at];
    else if (range != NULL && place(index, range->len, &at))
        *value = lme_int(range->start + (int64_t)at * range->step);
    else
        *value = lme_missing_from(r, object, lme_str_format(r->arena, "%" PRId64, index));
    return true;
}

/* A method, or an attribute of loop, macro and the like. */
static bool own_attribute(lme_rendering *r, const lme_value *object, lme_str name, lme_value *value)
{
    if (object->kind == LME_OPAQUE) {
        if (lme_thing_attribute(r, object, name, value))
            return true;
        if (lme_thing_of(object, LME_THING_LOOP) == NULL)
            return false;
    }
    const lme_callable *row = lme_method_find(object->kind, name);
    if (row != NULL)
        *value = lme_bind(r->arena, LME_THING_METHOD, row, *object);
    return row != NULL;
}

bool lme_attribute(lme_rendering *r, size_t at, const lme_value *object, lme_str name,
                   lme_value *value, lme_error *err)
{
    if (object->kind == LME_UNDEFINED)
        return lme_missing_fail(r, at, object, err);
    if (own_attribute(r, object, name, value))
        return true;
    const lme_value *found = lme_value_get(object, name);
    *value = found != NULL ? *found : lme_missing_from(r, object, name);
    return true;
}

bool lme_item(lme_rendering *r, size_t at, const lme_value *object, const lme_value *index,
              lme_value *value, lme_error *err)
{
    if (object->kind == LME_UNDEFINED)
        return lme_missing_fail(r, at, object, err);
    if (index->kind == LME_UNDEFINED && object->kind == LME_MAP)
        return lme_missing_fail(r, at, index, err);
    if (index->kind == LME_UNDEFINED) { /* looked up with nothing, nothing is found */
        *value = lme_is_strict(index)
                     ? *index
                     : lme_missing_because(r, LME_STR("the index is nothing: an inline `if` "
                                                      "without `else` gave it"));
        return true;
    }
    const lme_value *found = object->kind == LME_MAP ? lme_map_lookup(object, index) : NULL;
    if (found != NULL) {
        *value = *found;
        return true;
    }
    if (object->kind != LME_MAP && lme_is_integral(index))
        return by_index(r, object, lme_integer_of(index), value);
    if (index->kind == LME_STRING && own_attribute(r, object, index->string, value))
        return true;
    lme_str name;
    if (!lme_text_of(r, at, index, &name, err))
        return false;
    *value = lme_missing_from(r, object, name);
    return true;
}

typedef struct steps {
    int64_t start, stop, step;
    size_t len;
} steps;

static int64_t clamp(int64_t value, int64_t low, int64_t high)
{
    return value < low ? low : value > high ? high : value;
}

/* A bound counted from the start; `missing` when it is left out. */
static bool read_bound(lme_rendering *r, size_t at, const lme_value *bound, int64_t *value,
                       lme_error *err)
{
    if (bound->kind == LME_NULL)
        return true;
    if (bound->kind == LME_UNDEFINED)
        return lme_missing_fail(r, at, bound, err);
    if (!lme_is_integral(bound))
        return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                               "a slice wants integers or nothing between its colons, got %s",
                               lme_type_name(bound));
    *value = lme_integer_of(bound);
    return true;
}

/* Python's slice.indices. */
static bool read_steps(lme_rendering *r, size_t at, const lme_slice_bounds *bounds, size_t length,
                       steps *s, lme_error *err)
{
    int64_t n = (int64_t)length, step = 1;
    if (!read_bound(r, at, &bounds->step, &step, err))
        return false;
    if (step == 0)
        return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err, "a slice's step cannot be 0");
    bool down = step < 0;
    int64_t low = down ? -1 : 0, high = down ? n - 1 : n;
    int64_t start = down ? high : low, stop = down ? low - n : high;
    if (!read_bound(r, at, &bounds->start, &start, err) ||
        !read_bound(r, at, &bounds->stop, &stop, err))
        return false;
    start = clamp(start < 0 && start >= -n ? start + n : start, low, high);
    stop = clamp(stop < 0 && stop >= -n ? stop + n : stop, low, high);
    s->start = start;
    s->stop = stop;
    s->step = step;
    s->len = 0;
    if (!down && start < stop)
        s->len = (size_t)((stop - start - 1) / step) + 1;
    else if (down && stop < start)
        s->len = step == INT64_MIN ? 1 : (size_t)((start - stop - 1) / -step) + 1;
    return true;
}

static bool slice_text(lme_rendering *r, size_t at, lme_str text, const steps *s, lme_value *value,
                       lme_error *err)
{
    if (s->step == 1) {
        size_t from = lme_codepoint_offset(text, (size_t)s->start);
        lme_str rest = lme_str_slice(text, from, text.len);
        size_t end = lme_codepoint_offset(rest, s->len);
        *value = lme_string(lme_str_slice(rest, 0, end));
        return true;
    }
    lme_value whole = lme_string(text);
    lme_items characters;
    if (!lme_items_of(r, at, &whole, &characters, err))
        return false;
    lme_builder out = {.arena = r->arena};
    for (size_t i = 0; i < s->len; i++)
        lme_builder_add(&out, characters.items[s->start + (int64_t)i * s->step].string);
    *value = lme_string(lme_builder_finish(&out));
    return true;
}

static bool slice_items(lme_rendering *r, size_t at, const lme_items *items, const steps *s,
                        lme_items *slice, lme_error *err)
{
    if (s->step == 1) {
        *slice = (lme_items){s->len == 0 ? NULL : items->items + s->start, s->len};
        return true;
    }
    lme_value *made = lme_room_for(r, at, s->len, sizeof *made, err);
    if (made == NULL)
        return false;
    for (size_t i = 0; i < s->len; i++)
        made[i] = items->items[s->start + (int64_t)i * s->step];
    *slice = (lme_items){made, s->len};
    return true;
}

/* A slice of a range is a range. */
static lme_value slice_range(lme_rendering *r, const lme_range *range, const steps *s)
{
    lme_range *made = LME_NEW(r->arena, lme_range);
    *made = (lme_range){
        .start = range->start + s->start * range->step,
        .stop = range->start + s->stop * range->step,
        .step = range->step * s->step,
        .len = s->len,
    };
    return lme_thing_value(r->arena, LME_THING_RANGE, made);
}

bool lme_slice(lme_rendering *r, size_t at, const lme_value *object, const lme_slice_bounds *bounds,
               lme_value *value, lme_error *err)
{
    const lme_range *range = lme_thing_of(object, LME_THING_RANGE);
    if (object->kind == LME_UNDEFINED)
        return lme_missing_fail(r, at, object, err);
    if (object->kind != LME_STRING && !is_sequence(object) && range == NULL)
        return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                               "cannot slice %s: expected a text or list", lme_type_name(object));
    size_t length;
    steps s = {0};
    if (!lme_length_of(r, at, object, &length, err) || !read_steps(r, at, bounds, length, &s, err))
        return false;
    if (object->kind == LME_STRING)
        return lme_tick(r, at, object->string.len / 256, err) &&
               slice_text(r, at, object->string, &s, value, err);
    if (range != NULL) {
        *value = slice_range(r, range, &s);
        return true;
    }
    lme_items items = {object->list.items, object->list.len}, slice;
    if (!slice_items(r, at, &items, &s, &slice, err))
        return false;
    *value = (lme_value){.kind = object->kind, .list = {slice.items, slice.len}};
    return true;
}

void lme_clamp_range(int64_t start, int64_t stop, size_t length, size_t *from, size_t *to)
{
    int64_t n = (int64_t)length;
    if (start < 0)
        start = start < -n ? 0 : start + n;
    if (stop < 0)
        stop = stop < -n ? 0 : stop + n;
    *from = start > n ? length + 1 : (size_t)start; /* past the end: not even "" is found there */
    *to = (size_t)clamp(stop, 0, n);
}

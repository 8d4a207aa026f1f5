/* Equality, order, membership. */
#include "convert.h"
#include "operators.h"

#include <math.h>

#include <lmeval/limits.h>

static bool is_sequence(const lme_value *v)
{
    return v->kind == LME_LIST || v->kind == LME_TUPLE;
}

bool lme_equals(lme_rendering *r, size_t at, const lme_value *a, const lme_value *b, bool *equal,
                lme_error *err)
{
    bool deep = (is_sequence(a) || a->kind == LME_MAP) && a->kind == b->kind;
    if (deep && (!lme_measure(r, at, a, false, err) || !lme_measure(r, at, b, false, err)))
        return false;
    *equal = lme_value_equal(a, b);
    return true;
}

/* An int against a double, exactly: 2^53 + 1 is greater than 2.0^53. */
static int order_mixed(int64_t integer, double number)
{
    const double bound = 9223372036854775808.0; /* 2^63 */
    if (isnan(number))
        return 0;
    if (number >= bound)
        return -1;
    if (number < -bound)
        return 1;
    double whole = floor(number);
    int64_t as_integer = (int64_t)whole;
    if (integer != as_integer)
        return integer < as_integer ? -1 : 1;
    return whole < number ? -1 : 0;
}

static int order_numbers(const lme_value *a, const lme_value *b)
{
    if (lme_is_integral(a) && lme_is_integral(b)) {
        int64_t x = lme_integer_of(a), y = lme_integer_of(b);
        return (x > y) - (x < y);
    }
    if (lme_is_integral(a))
        return order_mixed(lme_integer_of(a), b->number);
    if (lme_is_integral(b))
        return -order_mixed(lme_integer_of(b), a->number);
    return (a->number > b->number) - (a->number < b->number);
}

static bool no_order(lme_rendering *r, size_t at, const lme_value *a, const lme_value *b,
                     lme_error *err)
{
    return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                           "%s and %s have no order: expected two numbers, two texts or two lists",
                           lme_type_name(a), lme_type_name(b));
}

/* Lists by their first items that differ. One level of lists at a time; what lies deeper is bounded
 * by the measure that the caller took. */
static bool order(lme_rendering *r, size_t at, const lme_value *a, const lme_value *b, int *result,
                  lme_error *err)
{
    if (a->kind == LME_UNDEFINED || b->kind == LME_UNDEFINED)
        return lme_missing_fail(r, at, a->kind == LME_UNDEFINED ? a : b, err);
    if (lme_is_number(a) && lme_is_number(b)) {
        *result = order_numbers(a, b);
        return true;
    }
    if (a->kind == LME_STRING && b->kind == LME_STRING) {
        int byte_order = lme_str_compare(a->string, b->string); /* UTF-8: also by code points */
        *result = (byte_order > 0) - (byte_order < 0);
        return true;
    }
    if (!is_sequence(a) || a->kind != b->kind)
        return no_order(r, at, a, b, err);
    for (size_t i = 0; i < a->list.len && i < b->list.len; i++) {
        const lme_value *x = &a->list.items[i], *y = &b->list.items[i];
        if (!lme_value_equal(x, y))
            return order(r, at, x, y, result, err);
    }
    *result = (a->list.len > b->list.len) - (a->list.len < b->list.len);
    return true;
}

bool lme_order(lme_rendering *r, size_t at, const lme_value *a, const lme_value *b, int *result,
               lme_error *err)
{
    if (is_sequence(a) && is_sequence(b) &&
        (!lme_measure(r, at, a, false, err) || !lme_measure(r, at, b, false, err)))
        return false;
    return order(r, at, a, b, result, err);
}

static bool is_nan(const lme_value *v)
{
    return v->kind == LME_FLOAT && isnan(v->number);
}

bool lme_is_hashable(const lme_value *v)
{
    return v->kind != LME_LIST && v->kind != LME_MAP;
}

const lme_value *lme_map_lookup(const lme_value *map, const lme_value *key)
{
    if (key->kind == LME_STRING)
        return lme_value_get(map, key->string);
    if (!lme_is_hashable(key))
        return NULL;
    for (size_t i = map->map.len; i > 0; i--) {
        if (lme_value_equal(&map->map.pairs[i - 1].key, key))
            return &map->map.pairs[i - 1].value;
    }
    return NULL;
}

void lme_map_put(lme_map_builder *map, lme_value key, lme_value value)
{
    for (size_t i = 0; i < map->len; i++) {
        if (lme_value_equal(&map->pairs[i].key, &key)) {
            map->pairs[i].value = value;
            return;
        }
    }
    lme_map_add_pair(map, key, value);
}

static bool contains_item(const lme_operation *o, bool *found, lme_error *err)
{
    lme_items items;
    if (!lme_items_of(o->rendering, o->at, o->right, &items, err))
        return false;
    *found = false;
    for (size_t i = 0; i < items.len && !*found; i++) {
        if (lme_is_strict(o->left) || lme_is_strict(&items.items[i]))
            return lme_missing_fail(o->rendering, o->at,
                                    lme_is_strict(o->left) ? o->left : &items.items[i], err);
        if (!lme_equals(o->rendering, o->at, &items.items[i], o->left, found, err))
            return false;
    }
    return true;
}

static bool contains(const lme_operation *o, bool *found, lme_error *err)
{
    if (o->right->kind == LME_STRING) {
        if (o->left->kind == LME_UNDEFINED)
            return lme_missing_fail(o->rendering, o->at, o->left, err);
        if (o->left->kind != LME_STRING)
            return lme_source_fail(o->rendering->source, o->at, LME_ERR_TEMPLATE, err,
                                   "%s cannot be in a text: expected a text before `in`",
                                   lme_type_name(o->left));
        *found = lme_str_find(o->right->string, o->left->string, 0) != SIZE_MAX;
        return lme_tick(o->rendering, o->at, o->right->string.len / 256, err);
    }
    if (o->right->kind != LME_MAP)
        return contains_item(o, found, err);
    if (o->left->kind == LME_UNDEFINED)
        return lme_missing_fail(o->rendering, o->at, o->left, err);
    if (!lme_is_hashable(o->left))
        return lme_source_fail(o->rendering->source, o->at, LME_ERR_TEMPLATE, err,
                               "a %s cannot be a key of a map", lme_type_name(o->left));
    *found = lme_map_lookup(o->right, o->left) != NULL;
    return lme_tick(o->rendering, o->at, o->right->map.len / 16, err);
}

static bool compare_equal(const lme_operation *o, bool *equal, lme_error *err)
{
    if (lme_is_strict(o->left))
        return lme_missing_fail(o->rendering, o->at, o->left, err);
    if (lme_is_strict(o->right))
        return lme_missing_fail(o->rendering, o->at, o->right, err);
    return lme_equals(o->rendering, o->at, o->left, o->right, equal, err);
}

bool lme_compare(const lme_operation *o, bool *result, lme_error *err)
{
    int sign = 0;
    switch ((int)o->operator) {
    case LME_EQUAL:
        return compare_equal(o, result, err);
    case LME_NOT_EQUAL:
        if (!compare_equal(o, result, err))
            return false;
        *result = !*result;
        return true;
    case LME_IN:
        return contains(o, result, err);
    case LME_NOT_IN:
        if (!contains(o, result, err))
            return false;
        *result = !*result;
        return true;
    default:
        break;
    }
    if (!lme_order(o->rendering, o->at, o->left, o->right, &sign, err))
        return false;
    if (is_nan(o->left) || is_nan(o->right))
        *result = false;
    else if (o->operator== LME_LESS)
        *result = sign < 0;
    else if (o->operator== LME_LESS_EQUAL)
        *result = sign <= 0;
    else if (o->operator== LME_GREATER)
        *result = sign > 0;
    else
        *result = sign >= 0;
    return true;
}

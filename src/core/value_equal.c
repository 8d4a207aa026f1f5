/* Python's ==. Numbers compare by their exact values across bool, int and float; lists and tuples
 * differ; maps are equal when every key of one is in the other with an equal value. Like Python,
 * an item is equal to itself before it is compared (a list with a NaN equals itself).
 */
#include "walk.h"

#include <math.h>
#include <string.h>

#include <lmeval/hash.h>
#include <lmeval/value.h>

static bool is_integral(const lme_value *v)
{
    return v->kind == LME_BOOL || v->kind == LME_INT;
}

static int64_t integer_of(const lme_value *v)
{
    return v->kind == LME_BOOL ? (int64_t)v->boolean : v->integer;
}

/* The integer that a double is; false when it is none that fits. */
static bool double_to_integer(double number, int64_t *integer)
{
    const double bound = 9223372036854775808.0; /* 2^63 */
    if (!(number >= -bound && number < bound) || floor(number) < number)
        return false;
    *integer = (int64_t)number;
    return true;
}

static bool numbers_equal(const lme_value *a, const lme_value *b)
{
    if (is_integral(a) && is_integral(b))
        return integer_of(a) == integer_of(b);
    if (a->kind == LME_FLOAT && b->kind == LME_FLOAT)
        return a->number == b->number;
    int64_t whole;
    if (a->kind == LME_FLOAT)
        return double_to_integer(a->number, &whole) && whole == integer_of(b);
    return double_to_integer(b->number, &whole) && whole == integer_of(a);
}

static bool is_number(const lme_value *v)
{
    return is_integral(v) || v->kind == LME_FLOAT;
}

/* Everything but lists and maps. */
static bool scalars_equal(const lme_value *a, const lme_value *b)
{
    if (is_number(a) && is_number(b))
        return numbers_equal(a, b);
    if (a->kind != b->kind)
        return false;
    switch (a->kind) {
    case LME_NULL:
    case LME_UNDEFINED: /* Jinja: every undefined equals every other */
        return true;
    case LME_STRING:
    case LME_FUNCTION:
    case LME_UNREAD:
        return lme_str_equal(a->string, b->string);
    case LME_OPAQUE:
        return a->opaque.tag == b->opaque.tag && a->opaque.ptr == b->opaque.ptr;
    case LME_BOOL:
    case LME_INT:
    case LME_FLOAT:
    case LME_LIST:
    case LME_TUPLE:
    case LME_MAP:
        break;
    }
    return false;
}

/* A text that is the same for equal keys only. */
static lme_str key_name(lme_arena *arena, const lme_value *key)
{
    int64_t whole;
    if (key->kind == LME_STRING)
        return lme_str_concat(arena, LME_STR("s"), key->string);
    if (is_integral(key))
        return lme_str_format(arena, "i%lld", (long long)integer_of(key));
    if (key->kind == LME_FLOAT && double_to_integer(key->number, &whole))
        return lme_str_format(arena, "i%lld", (long long)whole);
    return lme_str_concat(arena, LME_STR("o"), lme_value_repr(arena, key));
}

/* From a key to the place of its last pair. */
static lme_table *last_pairs(lme_arena *arena, const lme_value *map)
{
    lme_table *table = lme_table_new(arena);
    for (size_t i = 0; i < map->map.len; i++)
        lme_table_set(table, key_name(arena, &map->map.pairs[i].key), i);
    return table;
}

enum {
    SKIP = 0
}; /* in `match`: a pair that a later one of the same key replaces; others count
    * from 1 */

static bool match_keys(lme_arena *arena, const lme_value *a, const lme_value *b,
                       const size_t **match)
{
    lme_table *of_a = last_pairs(arena, a), *of_b = last_pairs(arena, b);
    if (lme_table_len(of_a) != lme_table_len(of_b))
        return false;
    size_t *found = LME_ARRAY(arena, size_t, a->map.len);
    for (size_t i = 0; i < a->map.len; i++) {
        lme_str key = key_name(arena, &a->map.pairs[i].key);
        size_t last = 0, other = 0;
        if (lme_table_get(of_a, key, &last) && last != i)
            continue; /* SKIP */
        if (!lme_table_get(of_b, key, &other))
            return false;
        found[i] = other + 1;
    }
    *match = found;
    return true;
}

/* The usual case needs no table: the same string keys in the same order, none twice. */
static bool same_keys(const lme_value *a, const lme_value *b)
{
    enum {
        FEW = 16
    };
    if (a->map.len != b->map.len || a->map.len > FEW)
        return false;
    for (size_t i = 0; i < a->map.len; i++) {
        const lme_value *key = &a->map.pairs[i].key;
        if (key->kind != LME_STRING || !scalars_equal(key, &b->map.pairs[i].key))
            return false;
        for (size_t j = 0; j < i; j++) {
            if (lme_str_equal(a->map.pairs[j].key.string, key->string))
                return false;
        }
    }
    return true;
}

static bool same_storage(const lme_value *a, const lme_value *b)
{
    if (a->kind == LME_MAP)
        return a->map.pairs == b->map.pairs && a->map.len == b->map.len;
    return a->list.items == b->list.items && a->list.len == b->list.len;
}

/* False when they differ for certain; pushes what is left to compare. */
static bool compare(lme_walk *walk, const lme_value *a, const lme_value *b)
{
    if (!lme_has_children(a) || !lme_has_children(b))
        return scalars_equal(a, b);
    if (a->kind != b->kind)
        return false;
    if (same_storage(a, b))
        return true;
    const size_t *match = NULL;
    if (a->kind != LME_MAP) {
        if (a->list.len != b->list.len)
            return false;
    } else if (!same_keys(a, b) && !match_keys(lme_walk_arena(walk), a, b, &match)) {
        return false;
    }
    lme_walk_push(walk, (lme_frame){.v = a, .other = b, .match = match});
    return true;
}

/* The next two values of the innermost lists or maps; false when these are done. */
static bool next_two(lme_frame *top, const lme_value **a, const lme_value **b)
{
    if (top->v->kind != LME_MAP) {
        if (top->at == top->v->list.len)
            return false;
        *a = &top->v->list.items[top->at];
        *b = &top->other->list.items[top->at++];
        return true;
    }
    while (top->match != NULL && top->at < top->v->map.len && top->match[top->at] == SKIP)
        top->at++;
    if (top->at == top->v->map.len)
        return false;
    size_t other = top->match == NULL ? top->at : top->match[top->at] - 1;
    *a = &top->v->map.pairs[top->at++].value;
    *b = &top->other->map.pairs[other].value;
    return true;
}

bool lme_value_equal(const lme_value *a, const lme_value *b)
{
    lme_walk walk = {.n = 0};
    bool equal = compare(&walk, a, b);
    while (equal && walk.n > 0) {
        const lme_value *left, *right;
        if (!next_two(lme_walk_top(&walk), &left, &right))
            walk.n--;
        else if (left != right)
            equal = compare(&walk, left, right);
    }
    lme_walk_end(&walk);
    return equal;
}

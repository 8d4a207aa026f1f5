/* Arithmetic on texts and lists, and the dispatch; numbers are in operators_number.c. */
#include "operators.h"

#include "convert.h"
#include "format.h"

#include <string.h>

#include <lmeval/limits.h>

static const char *sign_of(lme_operator operator)
{
    static const char *const signs[] = {
        [LME_ADD] = "+",
        [LME_SUBTRACT] = "-",
        [LME_MULTIPLY] = "*",
        [LME_DIVIDE] = "/",
        [LME_FLOOR] = "//",
        [LME_MODULO] = "%",
        [LME_POWER] = "**",
        [LME_EQUAL] = "==",
        [LME_NOT_EQUAL] = "!=",
        [LME_LESS] = "<",
        [LME_LESS_EQUAL] = "<=",
        [LME_GREATER] = ">",
        [LME_GREATER_EQUAL] = ">=",
        [LME_IN] = "in",
        [LME_NOT_IN] = "not in",
    };
    return signs[operator];
}

static bool is_sequence(const lme_value *v)
{
    return v->kind == LME_LIST || v->kind == LME_TUPLE;
}

static bool wrong_operands(const lme_operation *o, lme_error *err)
{
    const char *expected = "two numbers";
    if (o->operator== LME_ADD)
        expected = "two numbers, two texts or two lists";
    else if (o->operator== LME_MULTIPLY)
        expected = "two numbers, or a text or list and an integer";
    lme_source_fail(o->rendering->source, o->at, LME_ERR_TEMPLATE, err,
                    "cannot compute %s %s %s: expected %s", lme_type_name(o->left),
                    sign_of(o->operator), lme_type_name(o->right), expected);
    bool text = o->left->kind == LME_STRING || o->right->kind == LME_STRING;
    if (o->operator== LME_ADD && text)
        return lme_hint(err, "`~` joins anything as text; `| int` makes a number of a text");
    return false;
}

static bool add_texts(const lme_operation *o, lme_value *result, lme_error *err)
{
    lme_str a = o->left->string, b = o->right->string;
    if (!lme_text_fits(o->rendering, o->at, a.len + b.len, err))
        return false;
    *result = lme_string(lme_str_concat(o->rendering->arena, a, b));
    return true;
}

static bool add_lists(const lme_operation *o, lme_value *result, lme_error *err)
{
    size_t n = o->left->list.len + o->right->list.len;
    lme_value *items = lme_room_for(o->rendering, o->at, n, sizeof *items, err);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        items[i] = i < o->left->list.len ? o->left->list.items[i]
                                         : o->right->list.items[i - o->left->list.len];
    *result = (lme_value){.kind = o->left->kind, .list = {items, n}};
    return true;
}

static bool repeat_text(const lme_operation *o, lme_str text, size_t times, lme_value *result,
                        lme_error *err)
{
    if (text.len > 0 && times > LME_LIMIT_TEMPLATE_OUTPUT / text.len)
        return lme_text_fits(o->rendering, o->at, SIZE_MAX, err);
    if (!lme_tick(o->rendering, o->at, text.len * times / 64, err))
        return false;
    size_t length = text.len * times;
    char *bytes = lme_arena_alloc(o->rendering->arena, length);
    for (size_t done = 0; done < length;) { /* what is there is doubled */
        size_t ready = done == 0 ? text.len : done;
        size_t more = ready < length - done ? ready : length - done;
        memcpy(bytes + done, done == 0 ? text.ptr : bytes, more);
        done += more;
    }
    *result = lme_string((lme_str){bytes, length});
    return true;
}

static bool repeat_list(const lme_operation *o, const lme_value *list, size_t times,
                        lme_value *result, lme_error *err)
{
    size_t n = list->list.len;
    if (n > 0 && times > LME_LIMIT_TEMPLATE_STEPS / n)
        return lme_tick(o->rendering, o->at, LME_LIMIT_TEMPLATE_STEPS + 1u, err);
    lme_value *items = lme_room_for(o->rendering, o->at, n * times, sizeof *items, err);
    if (items == NULL)
        return false;
    for (size_t i = 0; i < n * times; i++)
        items[i] = list->list.items[i % n];
    *result = (lme_value){.kind = list->kind, .list = {items, n * times}};
    return true;
}

/* text * n, list * n, either way round; fewer than once is empty. */
static bool repeat(const lme_operation *o, lme_value *result, lme_error *err)
{
    bool left_counts = lme_is_integral(o->left);
    const lme_value *whole = left_counts ? o->right : o->left;
    const lme_value *count = left_counts ? o->left : o->right;
    bool repeatable = whole->kind == LME_STRING || is_sequence(whole);
    if (!repeatable || !lme_is_integral(count))
        return wrong_operands(o, err);
    int64_t n = lme_integer_of(count);
    size_t times = n > 0 ? (size_t)n : 0;
    if (whole->kind == LME_STRING)
        return repeat_text(o, whole->string, times, result, err);
    return repeat_list(o, whole, times, result, err);
}

/* 'text' % values: printf-like formatting, as in Python. */
static bool format_text(const lme_operation *o, lme_value *result, lme_error *err)
{
    lme_format_use use = {.rendering = o->rendering, .at = o->at};
    const lme_value *right = o->right;
    if (right->kind == LME_TUPLE) {
        use.positional = (lme_items){right->list.items, right->list.len};
    } else {
        use.positional = (lme_items){right, 1};
        use.named = right->kind == LME_MAP ? right : NULL;
    }
    use.lenient = right->kind == LME_MAP || right->kind == LME_LIST;
    lme_str text;
    if (!lme_format_percent(&use, o->left->string, &text, err))
        return false;
    *result = lme_string(text);
    return true;
}

bool lme_arithmetic(const lme_operation *o, lme_value *result, lme_error *err)
{
    const lme_value *left = o->left, *right = o->right;
    if (left->kind == LME_UNDEFINED)
        return lme_missing_fail(o->rendering, o->at, left, err);
    if (right->kind == LME_UNDEFINED)
        return lme_missing_fail(o->rendering, o->at, right, err);
    if (lme_is_number(left) && lme_is_number(right))
        return lme_arithmetic_numbers(o, result, err);
    if (o->operator== LME_MULTIPLY)
        return repeat(o, result, err);
    if (o->operator== LME_MODULO && left->kind == LME_STRING)
        return format_text(o, result, err);
    if (o->operator== LME_ADD && left->kind == right->kind) {
        if (left->kind == LME_STRING)
            return add_texts(o, result, err);
        if (is_sequence(left))
            return add_lists(o, result, err);
    }
    return wrong_operands(o, err);
}

bool lme_negate(lme_rendering *r, size_t at, const lme_value *v, lme_value *result, lme_error *err)
{
    if (v->kind == LME_UNDEFINED)
        return lme_missing_fail(r, at, v, err);
    if (!lme_is_number(v))
        return lme_source_fail(r->source, at, LME_ERR_TEMPLATE, err,
                               "a sign before %s: expected a number", lme_type_name(v));
    if (v->kind == LME_FLOAT) {
        *result = lme_float(-v->number);
        return true;
    }
    lme_value zero = lme_int(0);
    lme_operation o = {
        .rendering = r, .at = at, .operator= LME_SUBTRACT, .left = &zero, .right = v};
    return lme_arithmetic_numbers(&o, result, err);
}

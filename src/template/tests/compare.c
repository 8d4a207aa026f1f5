/* Comparisons as tests, for select and selectattr: `select('gt', 3)`, `selectattr('a', '==', 1)`.
 */
#include "arguments.h"
#include "convert.h"
#include "operators.h"

static bool compare(const lme_invocation *use, lme_operator operator, lme_value * result,
                    lme_error *err)
{
    lme_operation o = {.rendering = use->rendering,
                       .at = use->at,
                       .operator= operator,
                       .left = & use->subject,
                       .right = use->given[0]};
    bool holds;
    if (!lme_compare(&o, &holds, err))
        return false;
    *result = lme_bool(holds);
    return true;
}

static bool equal(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return compare(use, LME_EQUAL, result, err);
}

static bool not_equal(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return compare(use, LME_NOT_EQUAL, result, err);
}

static bool less(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return compare(use, LME_LESS, result, err);
}

static bool less_equal(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return compare(use, LME_LESS_EQUAL, result, err);
}

static bool greater(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return compare(use, LME_GREATER, result, err);
}

static bool greater_equal(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return compare(use, LME_GREATER_EQUAL, result, err);
}

static bool in(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return compare(use, LME_IN, result, err);
}

#define COMPARISON(symbol, text, function, what)                                                   \
    const lme_callable lme_template_test_##symbol = {                                              \
        .name = text,                                                                              \
        .summary = what,                                                                           \
        .parameters = {"other"},                                                                   \
        .n_required = 1,                                                                           \
        .call = function,                                                                          \
    };

COMPARISON(eq, "eq", equal, "it equals another value")
COMPARISON(equalto, "equalto", equal, "the same as eq")
COMPARISON(equal_sign, "==", equal, "the same as eq, for select")
COMPARISON(ne, "ne", not_equal, "it differs from another value")
COMPARISON(not_equal_sign, "!=", not_equal, "the same as ne, for select")
COMPARISON(lt, "lt", less, "it is less")
COMPARISON(lessthan, "lessthan", less, "the same as lt")
COMPARISON(less_sign, "<", less, "the same as lt, for select")
COMPARISON(le, "le", less_equal, "it is less or equal")
COMPARISON(less_equal_sign, "<=", less_equal, "the same as le, for select")
COMPARISON(gt, "gt", greater, "it is greater")
COMPARISON(greaterthan, "greaterthan", greater, "the same as gt")
COMPARISON(greater_sign, ">", greater, "the same as gt, for select")
COMPARISON(ge, "ge", greater_equal, "it is greater or equal")
COMPARISON(greater_equal_sign, ">=", greater_equal, "the same as ge, for select")
COMPARISON(in, "in", in, "another value contains it")

static bool is_same(const lme_value *a, const lme_value *b)
{
    if (a->kind != b->kind)
        return false;
    if (a->kind == LME_LIST || a->kind == LME_TUPLE)
        return a->list.items == b->list.items && a->list.len == b->list.len;
    if (a->kind == LME_MAP)
        return a->map.pairs == b->map.pairs && a->map.len == b->map.len;
    return lme_value_equal(a, b);
}

static bool sameas(const lme_invocation *use, lme_value *result, lme_error *err)
{
    (void)err;
    *result = lme_bool(is_same(&use->subject, use->given[0]));
    return true;
}

const lme_callable lme_template_test_sameas = {
    .name = "sameas",
    .summary = "it is the very same value: 1 is not true",
    .parameters = {"other"},
    .n_required = 1,
    .takes = LME_TAKES_UNDEFINED,
    .call = sameas,
};

/* value % by == wanted */
static bool leaves(const lme_invocation *use, const lme_value *by, int64_t wanted,
                   lme_value *result, lme_error *err)
{
    lme_value left, expected = lme_int(wanted);
    lme_operation o = {.rendering = use->rendering,
                       .at = use->at,
                       .operator= LME_MODULO,
                       .left = &use->subject,
                       .right = by};
    if (!lme_is_number(&use->subject))
        return lme_use_fail(use, err, "got %s, expected a number", lme_type_name(&use->subject));
    if (!lme_arithmetic(&o, &left, err))
        return false;
    *result = lme_bool(lme_value_equal(&left, &expected));
    return true;
}

static bool odd(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_value two = lme_int(2);
    return leaves(use, &two, 1, result, err);
}

const lme_callable lme_template_test_odd = {
    .name = "odd",
    .summary = "it leaves 1 when divided by 2",
    .call = odd,
};

static bool even(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_value two = lme_int(2);
    return leaves(use, &two, 0, result, err);
}

const lme_callable lme_template_test_even = {
    .name = "even",
    .summary = "it leaves 0 when divided by 2",
    .call = even,
};

static bool divisibleby(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return leaves(use, use->given[0], 0, result, err);
}

const lme_callable lme_template_test_divisibleby = {
    .name = "divisibleby",
    .summary = "it leaves 0 when divided by another number",
    .parameters = {"num"},
    .n_required = 1,
    .call = divisibleby,
};

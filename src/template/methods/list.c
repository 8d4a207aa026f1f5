/* Methods of lists and tuples: index, count. */
#include "arguments.h"
#include "lookup.h"
#include "operators.h"

enum {
    LISTS = 1u << LME_LIST | 1u << LME_TUPLE
};

static bool list_index(const lme_invocation *use, lme_value *result, lme_error *err)
{
    int64_t start, stop;
    size_t from, to;
    if (!lme_take_integer(use, 1, 0, &start, err) ||
        !lme_take_integer(use, 2, INT64_MAX, &stop, err))
        return false;
    lme_clamp_range(start, stop, use->subject.list.len, &from, &to);
    for (size_t i = from; i < to; i++) {
        bool equal;
        if (!lme_tick(use->rendering, use->at, 1, err) ||
            !lme_equals(use->rendering, use->at, &use->subject.list.items[i], use->given[0], &equal,
                        err))
            return false;
        if (equal) {
            *result = lme_int((int64_t)i);
            return true;
        }
    }
    lme_str text = lme_shown(lme_value_repr(use->arena, use->given[0]));
    return lme_use_fail(use, err, "%.*s is not in the %s", LME_STR_ARG(text),
                        lme_type_name(&use->subject));
}

const lme_callable lme_template_method_list_index = {
    .name = "index",
    .summary = "the place of the first item that equals this; none is an error",
    .parameters = {"value", "start", "stop"},
    .n_required = 1,
    .kinds = LISTS,
    .call = list_index,
};

static bool list_count(const lme_invocation *use, lme_value *result, lme_error *err)
{
    int64_t n = 0;
    for (size_t i = 0; i < use->subject.list.len; i++) {
        bool equal;
        if (!lme_tick(use->rendering, use->at, 1, err) ||
            !lme_equals(use->rendering, use->at, &use->subject.list.items[i], use->given[0], &equal,
                        err))
            return false;
        n += equal ? 1 : 0;
    }
    *result = lme_int(n);
    return true;
}

const lme_callable lme_template_method_list_count = {
    .name = "count",
    .summary = "how many items equal this",
    .parameters = {"value"},
    .n_required = 1,
    .kinds = LISTS,
    .call = list_count,
};

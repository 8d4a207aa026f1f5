/* take_first_k: the first k of a task's `repeats` responses, as a list. */
#include "option.h"
#include "responses.h"

#include <lmeval/unicode.h>

static bool prepare(lme_arena *arena, lme_filter_use *use, const char *file, lme_error *err)
{
    int64_t *k = LME_NEW(arena, int64_t);
    const lme_value *option = lme_value_find(&use->options, "k");
    lme_place at = lme_filter_place(file, option == NULL ? &use->options : option);
    if (option == NULL)
        return lme_fail(err, LME_ERR_TASK, &at,
                        "filter \"take_first_k\" needs k: how many responses to keep");
    if (!lme_filter_option_int(use, "k", file, k, err))
        return false;
    if (*k < 1)
        return lme_fail(err, LME_ERR_TASK, &at,
                        "k of filter \"take_first_k\" is %lld, expected at least 1", (long long)*k);
    use->state = k;
    return true;
}

static bool apply(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err)
{
    const int64_t *wanted = use->state;
    size_t k = (size_t)*wanted;
    lme_value list;
    if (!lme_filter_responses(arena, use, filtering, &list, err))
        return false;
    if (list.list.len < k) {
        lme_fail(err, LME_ERR_DATA, NULL,
                 "filter \"take_first_k\" got %zu responses, expected at least k = %zu",
                 list.list.len, k);
        return lme_hint(err, "set `repeats` of the task to %zu or more", k);
    }
    if (filtering->value.kind == LME_STRING) {
        lme_str text = filtering->value.string;
        filtering->value = lme_string(lme_str_slice(text, 0, lme_codepoint_offset(text, k)));
        return true;
    }
    filtering->value = list;
    filtering->value.kind = LME_LIST;
    filtering->value.list.len = k;
    return true;
}

static const char *const keys[] = {"k", NULL};

const lme_filter lme_filter_take_first_k = {
    .name = "take_first_k",
    .summary = "keep the first k responses (k)",
    .keys = keys,
    .prepare = prepare,
    .apply = apply,
};

/* take_first: the first response alone, out of its list. What lm_eval does when a task has no
 * filter_list. */
#include "responses.h"

static bool apply(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err)
{
    lme_value list;
    if (!lme_filter_responses(arena, use, filtering, &list, err))
        return false;
    if (list.list.len == 0)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "filter \"take_first\" got nothing, expected at least one response");
    filtering->value = list.list.items[0];
    return true;
}

static const char *const keys[] = {NULL};

const lme_filter lme_filter_take_first = {
    .name = "take_first",
    .summary = "keep the first response",
    .keys = keys,
    .apply = apply,
};

/* majority_vote: the response that comes most often, of equals the one seen first, in a list of
 * one.
 */
#include "responses.h"

static size_t votes(const lme_value *list, const lme_value *response)
{
    size_t n = 0;
    for (size_t i = 0; i < list->list.len; i++)
        n += lme_value_equal(&list->list.items[i], response) ? 1 : 0;
    return n;
}

static bool apply(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err)
{
    lme_value list;
    if (!lme_filter_responses(arena, use, filtering, &list, err))
        return false;
    if (list.list.len == 0)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "filter \"majority_vote\" got nothing, expected at least one response");
    size_t best = 0, most = 0;
    for (size_t i = 0; i < list.list.len; i++) {
        size_t n = votes(&list, &list.list.items[i]);
        if (n > most) {
            most = n;
            best = i;
        }
    }
    lme_list_builder winner = {.arena = arena};
    lme_list_add(&winner, list.list.items[best]);
    filtering->value = lme_list_finish(&winner);
    return true;
}

static const char *const keys[] = {NULL};

const lme_filter lme_filter_majority_vote = {
    .name = "majority_vote",
    .summary = "keep the most frequent of the repeated responses",
    .keys = keys,
    .apply = apply,
};

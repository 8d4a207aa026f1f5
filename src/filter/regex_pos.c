/* regex_pos: the tags of a text that writes tagged tokens as a Python list of pairs. Its own
 * pattern options are read and not used, as in lm_eval; only the fallback is. */
#include "option.h"
#include "responses.h"

typedef struct tagging {
    lme_regex *regex;
    lme_value fallback;
} tagging;

static bool prepare(lme_arena *arena, lme_filter_use *use, const char *file, lme_error *err)
{
    tagging *t = LME_NEW(arena, tagging);
    const lme_value *fallback = lme_value_find(&use->options, "fallback");
    lme_list_builder invalid = {.arena = arena};
    lme_list_add(&invalid, lme_string(LME_STR("invalid")));
    t->fallback =
        fallback == NULL || fallback->kind == LME_NULL ? lme_list_finish(&invalid) : *fallback;
    use->state = t;
    return lme_filter_compile(arena, LME_STR("\\('([^']*)', '([^']*)'\\)"), file, NULL, &t->regex,
                              err);
}

static bool apply(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err)
{
    const tagging *t = use->state;
    lme_value list;
    if (!lme_filter_responses(arena, use, filtering, &list, err))
        return false;
    bool any = false;
    lme_list_builder all = {.arena = arena};
    for (size_t i = 0; i < list.list.len; i++) {
        const lme_value *response = &list.list.items[i];
        if (response->kind != LME_STRING)
            return lme_filter_not_text(use, response, err);
        lme_value pairs;
        if (!lme_regex_findall(arena, t->regex, response->string, &pairs, err))
            return false;
        lme_list_builder tags = {.arena = arena};
        for (size_t p = 0; p < pairs.list.len; p++)
            lme_list_add(&tags, pairs.list.items[p].list.items[1]);
        any = any || pairs.list.len > 0;
        lme_list_add(&all, pairs.list.len > 0 ? lme_list_finish(&tags) : t->fallback);
    }
    filtering->value = lme_list_finish(&all);
    if (!any)
        filtering->matched = false;
    return true;
}

static const char *const keys[] = {"regex_pattern", "group_select", "fallback", NULL};

const lme_filter lme_filter_regex_pos = {
    .name = "regex_pos",
    .summary = "keep the tags of ('token', 'TAG') pairs (fallback)",
    .extracts = true,
    .keys = keys,
    .prepare = prepare,
    .apply = apply,
};

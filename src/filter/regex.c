/* regex: what a pattern finds in each response, or the fallback. A response that has fewer matches
 * than group_select asks for counts as not matched; lm_eval ends the run there. */
#include "extraction.h"
#include "responses.h"

#include <lmeval/unicode.h>

static bool prepare(lme_arena *arena, lme_filter_use *use, const char *file, lme_error *err)
{
    lme_extraction *extraction = LME_NEW(arena, lme_extraction);
    use->state = extraction;
    return lme_extraction_read(arena, use, file, extraction, err);
}

/* lm_eval strips the fallback too, but only where groups matched and were empty. */
static lme_value value_of(const lme_extraction *extraction, const lme_pick *pick)
{
    const lme_value *fallback = &extraction->fallback;
    if (pick->kind == LME_PICK_FOUND)
        return lme_string(pick->text);
    if (pick->kind == LME_PICK_EMPTY && fallback->kind == LME_STRING)
        return lme_string(lme_strip(fallback->string));
    return *fallback;
}

static bool apply(lme_arena *arena, const lme_filter_use *use, lme_filtering *filtering,
                  lme_error *err)
{
    const lme_extraction *extraction = use->state;
    lme_value list;
    if (!lme_filter_responses(arena, use, filtering, &list, err))
        return false;
    bool any = false;
    lme_list_builder found = {.arena = arena};
    for (size_t i = 0; i < list.list.len; i++) {
        const lme_value *response = &list.list.items[i];
        lme_str text = response->kind == LME_STRING ? response->string : LME_STR("");
        lme_pick pick;
        if (!lme_extraction_pick(arena, extraction->regex, extraction->group_select, text, &pick,
                                 err))
            return false;
        any = any || pick.kind == LME_PICK_FOUND;
        lme_list_add(&found, value_of(extraction, &pick));
    }
    filtering->value = lme_list_finish(&found);
    if (!any)
        filtering->matched = false;
    return true;
}

static const char *const keys[] = {"regex_pattern", "group_select", "fallback", NULL};

const lme_filter lme_filter_regex = {
    .name = "regex",
    .summary = "keep what a pattern finds (regex_pattern, group_select, fallback)",
    .extracts = true,
    .keys = keys,
    .prepare = prepare,
    .apply = apply,
};

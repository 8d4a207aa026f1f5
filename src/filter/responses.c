#include "responses.h"

#include <lmeval/unicode.h>

static lme_value characters(lme_arena *arena, lme_str text)
{
    lme_list_builder list = {.arena = arena};
    for (size_t at = 0; at < text.len;) {
        size_t from = at;
        lme_codepoint_next(text, &at);
        lme_list_add(&list, lme_string(lme_str_slice(text, from, at)));
    }
    return lme_list_finish(&list);
}

bool lme_filter_responses(lme_arena *arena, const lme_filter_use *use,
                          const lme_filtering *filtering, lme_value *list, lme_error *err)
{
    const lme_value *in = &filtering->value;
    if (in->kind == LME_LIST || in->kind == LME_TUPLE) {
        *list = *in;
        return true;
    }
    if (in->kind == LME_STRING) {
        *list = characters(arena, in->string);
        return true;
    }
    lme_fail(err, LME_ERR_DATA, NULL, "filter \"%s\" got %s, expected a list of responses",
             use->filter->name, lme_kind_name(in->kind));
    return lme_hint(err, "the filter before it left a single value: move it further back");
}

bool lme_filter_not_text(const lme_filter_use *use, const lme_value *response, lme_error *err)
{
    lme_fail(err, LME_ERR_DATA, NULL, "filter \"%s\" got %s among the responses, expected text",
             use->filter->name, lme_kind_name(response->kind));
    return lme_hint(err, "text filters work on generated responses, before other filters turned "
                         "them into something else");
}

bool lme_filter_texts(lme_arena *arena, const lme_filter_use *use,
                      lme_str (*change)(lme_arena *arena, lme_str text), lme_filtering *filtering,
                      lme_error *err)
{
    lme_value list = {0};
    if (!lme_filter_responses(arena, use, filtering, &list, err))
        return false;
    lme_list_builder changed = {.arena = arena};
    for (size_t i = 0; i < list.list.len; i++) {
        const lme_value *response = &list.list.items[i];
        if (response->kind != LME_STRING)
            return lme_filter_not_text(use, response, err);
        lme_list_add(&changed, lme_string(change(arena, response->string)));
    }
    filtering->value = lme_list_finish(&changed);
    return true;
}

#include "extraction.h"

#include <lmeval/unicode.h>

bool lme_extraction_read(lme_arena *arena, const lme_filter_use *use, const char *file,
                         lme_extraction *extraction, lme_error *err)
{
    lme_str pattern = LME_STR("#### (\\-?[0-9\\.\\,]+)");
    *extraction = (lme_extraction){.fallback = lme_string(LME_STR("[invalid]"))};
    const lme_value *fallback = lme_value_find(&use->options, "fallback");
    if (fallback != NULL)
        extraction->fallback = *fallback;
    const lme_value *at = lme_value_find(&use->options, "regex_pattern");
    return lme_filter_option_text(use, "regex_pattern", file, &pattern, err) &&
           lme_filter_option_int(use, "group_select", file, &extraction->group_select, err) &&
           lme_filter_compile(arena, pattern, file, at, &extraction->regex, err);
}

/* First group that took part with some text; NULL when there is none. */
static const lme_value *first_filled(const lme_value *groups)
{
    for (size_t i = 0; i < groups->list.len; i++) {
        if (groups->list.items[i].string.len > 0)
            return &groups->list.items[i];
    }
    return NULL;
}

bool lme_extraction_pick(lme_arena *arena, const lme_regex *regex, int64_t group_select,
                         lme_str text, lme_pick *pick, lme_error *err)
{
    lme_value all;
    *pick = (lme_pick){0};
    if (!lme_regex_findall(arena, regex, text, &all, err))
        return false;
    int64_t n = (int64_t)all.list.len;
    int64_t index = group_select < 0 ? n + group_select : group_select;
    if (index < 0 || index >= n)
        return true;
    const lme_value *found = &all.list.items[index];
    if (found->kind == LME_TUPLE)
        found = first_filled(found);
    pick->kind = found == NULL ? LME_PICK_EMPTY : LME_PICK_FOUND;
    if (found != NULL)
        pick->text = lme_strip(found->string);
    return true;
}

/* Paths of attributes, as jinja2's make_attrgetter reads them: every part is looked up as an item
 * first.
 */
#include "attribute.h"

#include "lookup.h"
#include "rendering.h"

#include <lmeval/unicode.h>

static bool follow_part(const lme_invocation *use, const lme_value *part,
                        const lme_value *otherwise, lme_value *value, lme_error *err)
{
    lme_value object = *value;
    if (!lme_item(use->rendering, use->at, &object, part, value, err))
        return false;
    if (value->kind == LME_UNDEFINED && otherwise != NULL)
        *value = *otherwise;
    return true;
}

static lme_value part_value(lme_str part)
{
    int64_t index;
    bool number = lme_str_is_digit(part) && lme_str_to_int(part, &index);
    return number ? lme_int(index) : lme_string(part);
}

bool lme_follow_attribute(const lme_invocation *use, const lme_value *item, const lme_value *path,
                          const lme_value *otherwise, lme_value *value, lme_error *err)
{
    *value = *item;
    if (path == NULL || path->kind == LME_NULL)
        return true;
    if (path->kind != LME_STRING)
        return follow_part(use, path, otherwise, value, err);
    lme_str text = path->string;
    for (size_t at = 0; at <= text.len;) {
        size_t dot = lme_str_find(text, LME_STR("."), at);
        lme_value part = part_value(lme_str_slice(text, at, dot));
        if (!follow_part(use, &part, otherwise, value, err))
            return false;
        at = dot == SIZE_MAX ? text.len + 1 : dot + 1;
    }
    return lme_tick(use->rendering, use->at, 1, err);
}

lme_value lme_fold_case(lme_arena *arena, const lme_value *v, bool case_sensitive)
{
    if (v->kind != LME_STRING || case_sensitive)
        return *v;
    return lme_string(lme_lower(arena, v->string));
}

bool lme_follow_all(const lme_invocation *use, const lme_items *items, const lme_value *path,
                    lme_items *values, lme_error *err)
{
    *values = *items;
    if (path == NULL || path->kind == LME_NULL)
        return true;
    lme_value *made = lme_room_for(use->rendering, use->at, items->len, sizeof *made, err);
    if (made == NULL)
        return false;
    for (size_t i = 0; i < items->len; i++) {
        if (!lme_follow_attribute(use, &items->items[i], path, NULL, &made[i], err))
            return false;
    }
    *values = (lme_items){made, items->len};
    return true;
}

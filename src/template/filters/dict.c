/* items and dictsort: a map as pairs. */
#include "attribute.h"
#include "convert.h"
#include "sorting.h"

static lme_value pair_value(lme_arena *arena, const lme_pair *pair)
{
    lme_value *items = LME_ARRAY(arena, lme_value, 2);
    items[0] = pair->key;
    items[1] = pair->value;
    return (lme_value){.kind = LME_TUPLE, .list = {items, 2}};
}

static bool items(const lme_invocation *use, lme_value *result, lme_error *err)
{
    if (use->subject.kind != LME_MAP && use->subject.kind != LME_UNDEFINED)
        return lme_use_fail(use, err, "got %s, expected a map", lme_type_name(&use->subject));
    size_t n = use->subject.kind == LME_MAP ? use->subject.map.len : 0;
    lme_value *pairs = lme_room_for(use->rendering, use->at, n, sizeof *pairs, err);
    if (pairs == NULL)
        return false;
    for (size_t i = 0; i < n; i++)
        pairs[i] = pair_value(use->arena, &use->subject.map.pairs[i]);
    *result = lme_stream_value(use->arena, (lme_items){pairs, n});
    return true;
}

const lme_callable lme_template_filter_items = {
    .name = "items",
    .summary = "a map's (key, value) pairs",
    .takes = LME_TAKES_UNDEFINED, /* an undefined value has no pairs, in jinja2 too */
    .call = items,
};

static bool read_by(const lme_invocation *use, bool *by_value, lme_error *err)
{
    lme_str by;
    if (!lme_take_text(use, 1, LME_STR("key"), &by, err))
        return false;
    *by_value = lme_str_is(by, "value");
    return *by_value || lme_str_is(by, "key") ||
           lme_use_fail(use, err, "argument 'by' is neither 'key' nor 'value'");
}

static bool dictsort(const lme_invocation *use, lme_value *result, lme_error *err)
{
    bool case_sensitive, by_value, reverse;
    if (use->subject.kind != LME_MAP)
        return lme_use_fail(use, err, "got %s, expected a map", lme_type_name(&use->subject));
    if (!lme_take_truth(use, 0, false, &case_sensitive, err) || !read_by(use, &by_value, err) ||
        !lme_take_truth(use, 2, false, &reverse, err))
        return false;
    size_t n = use->subject.map.len;
    lme_sorted *entries = lme_room_for(use->rendering, use->at, n, sizeof *entries, err);
    if (entries == NULL)
        return false;
    for (size_t i = 0; i < n; i++) {
        const lme_pair *pair = &use->subject.map.pairs[i];
        entries[i].key =
            lme_fold_case(use->arena, by_value ? &pair->value : &pair->key, case_sensitive);
        entries[i].item = pair_value(use->arena, pair);
    }
    if (!lme_sort(use, entries, n, reverse, err))
        return false;
    lme_list_builder sorted = {.arena = use->arena};
    for (size_t i = 0; i < n; i++)
        lme_list_add(&sorted, entries[i].item);
    *result = lme_list_finish(&sorted);
    return true;
}

const lme_callable lme_template_filter_dictsort = {
    .name = "dictsort",
    .summary = "a map's (key, value) pairs in order",
    .parameters = {"case_sensitive", "by", "reverse"},
    .call = dictsort,
};

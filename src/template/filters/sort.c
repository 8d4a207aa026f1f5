/* sort, min, max, sum, groupby, dictsort. */
#include "attribute.h"
#include "convert.h"
#include "operators.h"
#include "sorting.h"

#include <string.h>

typedef struct merging {
    const lme_invocation *use;
    bool reverse;
    lme_error *err;
} merging;

/* Whether b comes before a; equal keys keep their order, in reverse too. */
static bool comes_before(const merging *m, const lme_sorted *b, const lme_sorted *a, bool *before)
{
    int order;
    if (!lme_tick(m->use->rendering, m->use->at, 1, m->err) ||
        !lme_order(m->use->rendering, m->use->at, &b->key, &a->key, &order, m->err))
        return false;
    *before = m->reverse ? order > 0 : order < 0;
    return true;
}

/* Two sorted runs, [from, middle) and [middle, to), into one. */
static bool merge(const merging *m, const lme_sorted *in, lme_sorted *out, const size_t bounds[3])
{
    size_t left = bounds[0], right = bounds[1];
    for (size_t at = bounds[0]; at < bounds[2]; at++) {
        bool take_right = left == bounds[1];
        if (left < bounds[1] && right < bounds[2] &&
            !comes_before(m, &in[right], &in[left], &take_right))
            return false;
        out[at] = take_right ? in[right++] : in[left++];
    }
    return true;
}

bool lme_sort(const lme_invocation *use, lme_sorted *entries, size_t n, bool reverse,
              lme_error *err)
{
    merging m = {.use = use, .reverse = reverse, .err = err};
    lme_sorted *other = LME_ARRAY(use->arena, lme_sorted, n);
    lme_sorted *in = entries, *out = other;
    for (size_t width = 1; width < n; width *= 2) {
        for (size_t from = 0; from < n; from += 2 * width) {
            size_t middle = from + width < n ? from + width : n;
            size_t to = middle + width < n ? middle + width : n;
            if (!merge(&m, in, out, (const size_t[]){from, middle, to}))
                return false;
        }
        lme_sorted *swap = in;
        in = out;
        out = swap;
    }
    if (in != entries && n > 0)
        memcpy(entries, in, n * sizeof *entries);
    return true;
}

/* What one item is sorted by: a list of the values at 'a,b', of one when there is no comma. */
static bool sort_key(const lme_invocation *use, const lme_value *item, const lme_value *paths,
                     bool case_sensitive, lme_value *key, lme_error *err)
{
    lme_list_builder parts = {.arena = use->arena};
    bool several = paths != NULL && paths->kind == LME_STRING;
    lme_str text = several ? paths->string : LME_STR("");
    for (size_t at = 0; at <= text.len;) {
        size_t comma = lme_str_find(text, LME_STR(","), at);
        lme_value path = lme_string(lme_str_slice(text, at, comma)), value;
        if (!lme_follow_attribute(use, item, several ? &path : paths, NULL, &value, err))
            return false;
        lme_list_add(&parts, lme_fold_case(use->arena, &value, case_sensitive));
        at = comma == SIZE_MAX ? text.len + 1 : comma + 1;
    }
    *key = lme_list_finish(&parts);
    return true;
}

/* A key that is not there is an error as soon as it is compared. */
static bool check_key(const lme_invocation *use, const lme_value *key, size_t n, lme_error *err)
{
    for (size_t i = 0; n > 1 && i < key->list.len; i++) {
        if (key->list.items[i].kind == LME_UNDEFINED)
            return lme_missing_fail(use->rendering, use->at, &key->list.items[i], err);
    }
    return true;
}

static lme_value list_of_entries(const lme_invocation *use, const lme_sorted *entries, size_t n)
{
    lme_list_builder list = {.arena = use->arena};
    for (size_t i = 0; i < n; i++)
        lme_list_add(&list, entries[i].item);
    return lme_list_finish(&list);
}

static bool sort(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    bool reverse, case_sensitive;
    if (!lme_subject_items(use, &items, err) || !lme_take_truth(use, 0, false, &reverse, err) ||
        !lme_take_truth(use, 1, false, &case_sensitive, err))
        return false;
    lme_sorted *entries = lme_room_for(use->rendering, use->at, items.len, sizeof *entries, err);
    if (entries == NULL)
        return false;
    for (size_t i = 0; i < items.len; i++) {
        entries[i].item = items.items[i];
        if (!sort_key(use, &items.items[i], use->given[2], case_sensitive, &entries[i].key, err) ||
            !check_key(use, &entries[i].key, items.len, err))
            return false;
    }
    if (!lme_sort(use, entries, items.len, reverse, err))
        return false;
    *result = list_of_entries(use, entries, items.len);
    return true;
}

const lme_callable lme_template_filter_sort = {
    .name = "sort",
    .summary = "the items in order, texts without regard to case",
    .parameters = {"reverse", "case_sensitive", "attribute"},
    .call = sort,
};

/* The first item that no other is less (sign -1) or greater (1) than. */
static bool extreme(const lme_invocation *use, int sign, lme_value *result, lme_error *err)
{
    lme_items items;
    bool case_sensitive;
    lme_value best = lme_null(), key;
    if (!lme_subject_items(use, &items, err) ||
        !lme_take_truth(use, 0, false, &case_sensitive, err))
        return false;
    if (items.len == 0)
        *result = lme_missing_because(
            use->rendering,
            lme_str_format(use->arena, "there is no %s: the sequence is empty", use->row->name));
    for (size_t i = 0; i < items.len; i++) {
        int order = sign;
        if (!lme_follow_attribute(use, &items.items[i], use->given[1], NULL, &key, err) ||
            !lme_tick(use->rendering, use->at, 1, err))
            return false;
        key = lme_fold_case(use->arena, &key, case_sensitive);
        if (i > 0 && !lme_order(use->rendering, use->at, &key, &best, &order, err))
            return false;
        if (order != sign)
            continue;
        best = key;
        *result = items.items[i];
    }
    return true;
}

static bool min(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return extreme(use, -1, result, err);
}

const lme_callable lme_template_filter_min = {
    .name = "min",
    .summary = "the smallest item",
    .parameters = {"case_sensitive", "attribute"},
    .call = min,
};

static bool max(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return extreme(use, 1, result, err);
}

const lme_callable lme_template_filter_max = {
    .name = "max",
    .summary = "the greatest item",
    .parameters = {"case_sensitive", "attribute"},
    .call = max,
};

static bool sum(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    lme_value total = use->given[1] != NULL ? *use->given[1] : lme_int(0);
    if (total.kind == LME_STRING)
        return lme_use_fail(use, err, "the start is a text: texts are joined with `| join`");
    if (!lme_subject_items(use, &items, err) ||
        !lme_follow_all(use, &items, use->given[0], &items, err))
        return false;
    for (size_t i = 0; i < items.len; i++) {
        lme_value left = total;
        lme_operation o = {.rendering = use->rendering,
                           .at = use->at,
                           .operator= LME_ADD,
                           .left = &left,
                           .right = &items.items[i]};
        if (!lme_arithmetic(&o, &total, err))
            return false;
    }
    *result = total;
    return true;
}

const lme_callable lme_template_filter_sum = {
    .name = "sum",
    .summary = "the sum of the items, or of an attribute of each",
    .parameters = {"attribute", "start"},
    .call = sum,
};

/* Entries sorted by key, those with equal keys together as (key, items). */
static lme_value groups_of(const lme_invocation *use, const lme_sorted *entries, size_t n)
{
    lme_list_builder groups = {.arena = use->arena};
    for (size_t from = 0; from < n;) {
        size_t to = from;
        while (to < n && lme_value_equal(&entries[to].key, &entries[from].key))
            to++;
        to += to == from ? 1 : 0; /* NaN equals nothing, itself included */
        lme_list_builder pair = {.arena = use->arena};
        lme_list_add(&pair, entries[from].key);
        lme_list_add(&pair, list_of_entries(use, entries + from, to - from));
        lme_value group = lme_list_finish(&pair);
        group.kind = LME_TUPLE;
        lme_list_add(&groups, group);
        from = to;
    }
    return lme_list_finish(&groups);
}

/* Case folds for sorting and grouping, but the key that is shown is the first item's own. */
static bool unfold(const lme_invocation *use, lme_value *groups, lme_error *err)
{
    lme_value *items = LME_ARRAY(use->arena, lme_value, groups->list.len);
    for (size_t i = 0; i < groups->list.len; i++) {
        items[i] = groups->list.items[i];
        lme_value *pair = LME_ARRAY(use->arena, lme_value, 2);
        pair[1] = items[i].list.items[1];
        if (!lme_follow_attribute(use, &pair[1].list.items[0], use->given[0], use->given[1],
                                  &pair[0], err))
            return false;
        items[i].list.items = pair;
    }
    groups->list.items = items;
    return true;
}

static bool groupby(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    bool case_sensitive;
    if (!lme_subject_items(use, &items, err) ||
        !lme_take_truth(use, 2, false, &case_sensitive, err))
        return false;
    lme_sorted *entries = lme_room_for(use->rendering, use->at, items.len, sizeof *entries, err);
    if (entries == NULL)
        return false;
    for (size_t i = 0; i < items.len; i++) {
        lme_value key;
        entries[i].item = items.items[i];
        if (!lme_follow_attribute(use, &items.items[i], use->given[0], use->given[1], &key, err))
            return false;
        if (key.kind == LME_UNDEFINED)
            return lme_missing_fail(use->rendering, use->at, &key, err);
        entries[i].key = lme_fold_case(use->arena, &key, case_sensitive);
    }
    if (!lme_sort(use, entries, items.len, false, err))
        return false;
    *result = groups_of(use, entries, items.len);
    return case_sensitive || unfold(use, result, err);
}

const lme_callable lme_template_filter_groupby = {
    .name = "groupby",
    .summary = "(value, items) for every value of an attribute",
    .parameters = {"attribute", "default", "case_sensitive"},
    .n_required = 1,
    .call = groupby,
};

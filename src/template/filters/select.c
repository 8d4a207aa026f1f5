/* map, select, reject, selectattr, rejectattr: a filter or test, given by name, on every item. */
#include "attribute.h"
#include "convert.h"

/* The row that an argument names. */
static bool named_row(const lme_invocation *use, const lme_value *name, lme_callable_list list,
                      const char *what, const lme_callable **row, lme_error *err)
{
    if (name->kind == LME_UNDEFINED)
        return lme_missing_fail(use->rendering, use->at, name, err);
    if (name->kind != LME_STRING)
        return lme_use_fail(use, err, "got %s, expected the name of a %s as text",
                            lme_type_name(name), what);
    *row = lme_callable_find(list, name->string);
    if (*row != NULL)
        return true;
    lme_str shown = lme_shown(name->string);
    lme_use_fail(use, err, "there is no %s '%.*s'", what, LME_STR_ARG(shown));
    lme_str nearest = lme_callable_nearest(use->arena, list, name->string);
    return nearest.len > 0 ? lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest)) : false;
}

static const lme_value *find_keyword(const lme_invocation *use, const char *name)
{
    for (size_t i = 0; i < use->n_keywords; i++) {
        if (lme_str_is(use->keywords[i].key.string, name))
            return &use->keywords[i].value;
    }
    return NULL;
}

/* The row on one item, with the arguments that are left. */
static bool apply(const lme_invocation *use, const lme_callable *row, size_t used,
                  const lme_value *item, lme_value *result, lme_error *err)
{
    lme_invocation inner = {
        .rendering = use->rendering, .row = row, .at = use->at, .subject = *item};
    lme_arguments arguments = {
        .positional = {use->n_rest > used ? use->rest + used : NULL, use->n_rest - used},
        .keywords = use->keywords,
        .n_keywords = use->n_keywords,
    };
    return lme_invoke(&inner, &arguments, result, err);
}

/* map(attribute='a.b', default=x) */
static bool map_attribute(const lme_invocation *use, const lme_value *path, const lme_items *items,
                          lme_value *values, lme_error *err)
{
    const lme_value *otherwise = find_keyword(use, "default");
    if (use->n_keywords > (otherwise != NULL ? 2 : 1))
        return lme_use_fail(use, err, "expected attribute and default, or a filter's name");
    if (otherwise != NULL && otherwise->kind == LME_NULL)
        otherwise = NULL;
    for (size_t i = 0; i < items->len; i++) {
        if (!lme_follow_attribute(use, &items->items[i], path, otherwise, &values[i], err))
            return false;
    }
    return true;
}

static bool map_filter(const lme_invocation *use, const lme_items *items, lme_value *values,
                       lme_error *err)
{
    const lme_callable *row = NULL;
    if (use->n_rest == 0)
        return lme_use_fail(use, err, "expected a filter's name, or attribute=");
    if (!named_row(use, &use->rest[0], lme_template_filters(), "filter", &row, err))
        return false;
    for (size_t i = 0; i < items->len; i++) {
        if (!apply(use, row, 1, &items->items[i], &values[i], err))
            return false;
    }
    return true;
}

/* The items; of anything false, none included, there are none. */
static bool read_items(const lme_invocation *use, lme_items *items, lme_error *err)
{
    bool truth;
    *items = (lme_items){.len = 0};
    if (!lme_truth_of(use->rendering, use->at, &use->subject, &truth, err))
        return false;
    return !truth || lme_subject_items(use, items, err);
}

static bool map(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    if (!read_items(use, &items, err))
        return false;
    if (items.len == 0) {
        *result = lme_stream_value(use->arena, items);
        return true;
    }
    lme_value *values = lme_room_for(use->rendering, use->at, items.len, sizeof *values, err);
    if (values == NULL)
        return false;
    const lme_value *path = use->n_rest == 0 ? find_keyword(use, "attribute") : NULL;
    bool fine = path != NULL ? map_attribute(use, path, &items, values, err)
                             : map_filter(use, &items, values, err);
    *result = lme_stream_value(use->arena, (lme_items){values, items.len});
    return fine;
}

const lme_callable lme_template_filter_map = {
    .name = "map",
    .summary = "a filter, or attribute=, of every item",
    .takes = LME_TAKES_REST | LME_TAKES_KEYWORDS | LME_TAKES_UNDEFINED,
    .call = map,
};

typedef struct selection {
    bool by_attribute; /* the first argument is a path */
    bool keep;         /* items that pass, or the others */
} selection;

/* Whether the test, or the item's own truth when none is named, holds. */
static bool holds(const lme_invocation *use, const lme_callable *row, size_t used,
                  const lme_value *item, bool *truth, lme_error *err)
{
    lme_value result;
    if (row == NULL)
        return lme_truth_of(use->rendering, use->at, item, truth, err);
    return apply(use, row, used, item, &result, err) &&
           lme_truth_of(use->rendering, use->at, &result, truth, err);
}

static bool select_items(const lme_invocation *use, const selection *how, lme_value *result,
                         lme_error *err)
{
    lme_items items;
    const lme_callable *row = NULL;
    const lme_value *path = how->by_attribute && use->n_rest > 0 ? &use->rest[0] : NULL;
    size_t used = path != NULL ? 1 : 0;
    if (!read_items(use, &items, err))
        return false;
    if (items.len == 0) {
        *result = lme_stream_value(use->arena, items);
        return true;
    }
    if (how->by_attribute && path == NULL)
        return lme_use_fail(use, err, "the name of an attribute is missing");
    if (use->n_rest > used) {
        if (!named_row(use, &use->rest[used], lme_template_tests(), "test", &row, err))
            return false;
        used++;
    }
    lme_list_builder kept = {.arena = use->arena};
    for (size_t i = 0; i < items.len; i++) {
        lme_value looked_at;
        bool truth;
        if (!lme_follow_attribute(use, &items.items[i], path, NULL, &looked_at, err) ||
            !holds(use, row, used, &looked_at, &truth, err))
            return false;
        if (truth == how->keep)
            lme_list_add(&kept, items.items[i]);
    }
    *result = lme_stream_value(use->arena, (lme_items){kept.items, kept.len});
    return true;
}

static bool select(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return select_items(use, &(selection){.keep = true}, result, err);
}

const lme_callable lme_template_filter_select = {
    .name = "select",
    .summary = "the items that are true, or that pass a test",
    .takes = LME_TAKES_REST | LME_TAKES_KEYWORDS | LME_TAKES_UNDEFINED,
    .call = select,
};

static bool reject(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return select_items(use, &(selection){.keep = false}, result, err);
}

const lme_callable lme_template_filter_reject = {
    .name = "reject",
    .summary = "the items that are false, or that fail a test",
    .takes = LME_TAKES_REST | LME_TAKES_KEYWORDS | LME_TAKES_UNDEFINED,
    .call = reject,
};

static bool selectattr(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return select_items(use, &(selection){.by_attribute = true, .keep = true}, result, err);
}

const lme_callable lme_template_filter_selectattr = {
    .name = "selectattr",
    .summary = "the items whose attribute is true, or passes a test",
    .takes = LME_TAKES_REST | LME_TAKES_KEYWORDS | LME_TAKES_UNDEFINED,
    .call = selectattr,
};

static bool rejectattr(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return select_items(use, &(selection){.by_attribute = true, .keep = false}, result, err);
}

const lme_callable lme_template_filter_rejectattr = {
    .name = "rejectattr",
    .summary = "the items whose attribute is false, or fails a test",
    .takes = LME_TAKES_REST | LME_TAKES_KEYWORDS | LME_TAKES_UNDEFINED,
    .call = rejectattr,
};

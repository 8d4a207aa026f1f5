/* length, first, last, list, join, reverse, unique, batch, slice. */
#include "attribute.h"
#include "convert.h"
#include "operators.h"
#include "text.h"

static bool length(const lme_invocation *use, lme_value *result, lme_error *err)
{
    size_t n;
    if (!lme_length_of(use->rendering, use->at, &use->subject, &n, err))
        return false;
    *result = lme_int((int64_t)n);
    return true;
}

const lme_callable lme_template_filter_length = {
    .name = "length",
    .summary = "how many characters, items or keys",
    .call = length,
};

const lme_callable lme_template_filter_count = {
    .name = "count",
    .summary = "the same as length",
    .call = length,
};

static bool first(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_stream *stream = lme_thing_of(&use->subject, LME_THING_STREAM);
    lme_items items;
    if (stream != NULL && stream->items.len > 0) { /* reads one item, leaves the rest */
        *result = stream->items.items[0];
        stream->items.items++;
        stream->items.len--;
        return true;
    }
    if (!lme_subject_items(use, &items, err))
        return false;
    *result = items.len > 0
                  ? items.items[0]
                  : lme_missing_because(use->rendering,
                                        LME_STR("there is no first item: the sequence is empty"));
    return true;
}

const lme_callable lme_template_filter_first = {
    .name = "first",
    .summary = "the first item",
    .call = first,
};

static bool last(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    if (lme_thing_of(&use->subject, LME_THING_STREAM) != NULL) {
        lme_use_fail(use, err, "what is read once has no end to begin from");
        return lme_hint(err, "add `| list` before it");
    }
    if (!lme_subject_items(use, &items, err))
        return false;
    *result = items.len > 0
                  ? items.items[items.len - 1]
                  : lme_missing_because(use->rendering,
                                        LME_STR("there is no last item: the sequence is empty"));
    return true;
}

const lme_callable lme_template_filter_last = {
    .name = "last",
    .summary = "the last item",
    .call = last,
};

static lme_value list_of(lme_items items)
{
    return (lme_value){.kind = LME_LIST, .list = {items.items, items.len}};
}

static bool list(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    if (!lme_subject_items(use, &items, err))
        return false;
    *result = list_of(items);
    return true;
}

const lme_callable lme_template_filter_list = {
    .name = "list",
    .summary = "the items as a list; of a text its characters",
    .call = list,
};

static bool join(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    lme_str separator;
    if (!lme_subject_items(use, &items, err) ||
        !lme_take_any_text(use, 0, LME_STR(""), &separator, err) ||
        !lme_follow_all(use, &items, use->given[1], &items, err))
        return false;
    lme_builder out = {.arena = use->arena};
    for (size_t i = 0; i < items.len; i++) {
        lme_str text;
        if (!lme_text_of(use->rendering, use->at, &items.items[i], &text, err) ||
            !lme_text_fits(use->rendering, use->at, out.len + separator.len + text.len, err))
            return false;
        if (i > 0)
            lme_builder_add(&out, separator);
        lme_builder_add(&out, text);
    }
    *result = lme_string(lme_builder_finish(&out));
    return true;
}

const lme_callable lme_template_filter_join = {
    .name = "join",
    .summary = "the items, or an attribute of each, as one text",
    .parameters = {"d", "attribute"},
    .call = join,
};

static bool reverse(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    if (use->subject.kind == LME_STRING) {
        *result = lme_string(lme_text_reverse(use->arena, use->subject.string));
        return true;
    }
    if (!lme_subject_items(use, &items, err))
        return false;
    lme_value *turned = lme_room_for(use->rendering, use->at, items.len, sizeof *turned, err);
    if (turned == NULL)
        return false;
    for (size_t i = 0; i < items.len; i++)
        turned[i] = items.items[items.len - 1 - i];
    lme_items made = {turned, items.len};
    bool once = lme_thing_of(&use->subject, LME_THING_STREAM) != NULL;
    *result = once ? list_of(made) : lme_stream_value(use->arena, made);
    return true;
}

const lme_callable lme_template_filter_reverse = {
    .name = "reverse",
    .summary = "the items, or a text's characters, from the end",
    .call = reverse,
};

static bool is_among(const lme_list_builder *seen, const lme_value *key)
{
    for (size_t i = 0; i < seen->len; i++) {
        if (lme_value_equal(&seen->items[i], key))
            return true;
    }
    return false;
}

static bool unique(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    bool case_sensitive;
    lme_list_builder seen = {.arena = use->arena}, kept = {.arena = use->arena};
    if (!lme_subject_items(use, &items, err) ||
        !lme_take_truth(use, 0, false, &case_sensitive, err))
        return false;
    for (size_t i = 0; i < items.len; i++) {
        lme_value key;
        if (!lme_follow_attribute(use, &items.items[i], use->given[1], NULL, &key, err) ||
            !lme_tick(use->rendering, use->at, seen.len / 8, err))
            return false;
        if (key.kind == LME_UNDEFINED)
            return lme_missing_fail(use->rendering, use->at, &key, err);
        if (!lme_is_hashable(&key))
            return lme_use_fail(use, err, "a %s cannot be compared here: expected texts or numbers",
                                lme_type_name(&key));
        key = lme_fold_case(use->arena, &key, case_sensitive);
        if (is_among(&seen, &key))
            continue;
        lme_list_add(&seen, key);
        lme_list_add(&kept, items.items[i]);
    }
    *result = lme_stream_value(use->arena, (lme_items){kept.items, kept.len});
    return true;
}

const lme_callable lme_template_filter_unique = {
    .name = "unique",
    .summary = "the items without repeats",
    .parameters = {"case_sensitive", "attribute"},
    .call = unique,
};

/* One list of a batch or slice: items from `from`, `short_by` times the filling behind them. */
static lme_value filled(const lme_invocation *use, const lme_items *items, size_t from, size_t n,
                        size_t short_by)
{
    lme_list_builder made = {.arena = use->arena};
    for (size_t i = 0; i < n; i++)
        lme_list_add(&made, items->items[from + i]);
    for (size_t i = 0; i < short_by; i++)
        lme_list_add(&made, *use->given[1]);
    return lme_list_finish(&made);
}

static bool read_count(const lme_invocation *use, int64_t *n, lme_error *err)
{
    if (!lme_take_integer(use, 0, 0, n, err))
        return false;
    return *n > 0 ? lme_tick(use->rendering, use->at, (size_t)*n, err)
                  : lme_use_fail(use, err, "got %lld, expected a positive integer", (long long)*n);
}

static bool has_filling(const lme_invocation *use)
{
    return use->given[1] != NULL && use->given[1]->kind != LME_NULL;
}

static bool batch(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    int64_t size;
    lme_list_builder batches = {.arena = use->arena};
    if (!lme_subject_items(use, &items, err) || !read_count(use, &size, err))
        return false;
    for (size_t from = 0; from < items.len; from += (size_t)size) {
        size_t left = items.len - from, n = left < (size_t)size ? left : (size_t)size;
        size_t short_by = has_filling(use) ? (size_t)size - n : 0;
        lme_list_add(&batches, filled(use, &items, from, n, short_by));
    }
    *result = lme_stream_value(use->arena, (lme_items){batches.items, batches.len});
    return true;
}

const lme_callable lme_template_filter_batch = {
    .name = "batch",
    .summary = "lists of so many items each",
    .parameters = {"linecount", "fill_with"},
    .n_required = 1,
    .call = batch,
};

static bool slice(const lme_invocation *use, lme_value *result, lme_error *err)
{
    lme_items items;
    int64_t count;
    lme_list_builder slices = {.arena = use->arena};
    if (!lme_subject_items(use, &items, err) || !read_count(use, &count, err))
        return false;
    size_t each = items.len / (size_t)count, longer = items.len % (size_t)count, from = 0;
    for (size_t i = 0; i < (size_t)count; i++) {
        size_t n = each + (i < longer ? 1 : 0);
        size_t short_by = has_filling(use) && i >= longer ? 1 : 0;
        lme_list_add(&slices, filled(use, &items, from, n, short_by));
        from += n;
    }
    *result = lme_stream_value(use->arena, (lme_items){slices.items, slices.len});
    return true;
}

const lme_callable lme_template_filter_slice = {
    .name = "slice",
    .summary = "so many lists of about the same length",
    .parameters = {"slices", "fill_with"},
    .n_required = 1,
    .call = slice,
};

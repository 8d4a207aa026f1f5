/* Methods of texts: split, rsplit, splitlines, partition, rpartition. */
#include "text.h"

#include <lmeval/unicode.h>

static bool add(const lme_invocation *use, lme_list_builder *parts, lme_str part, lme_error *err)
{
    lme_list_add(parts, lme_string(part));
    return lme_tick(use->rendering, use->at, 1, err);
}

static size_t skip(lme_str text, size_t at, bool spaces)
{
    while (at < text.len) {
        size_t next = at;
        if (lme_is_space(lme_codepoint_next(text, &next)) != spaces)
            break;
        at = next;
    }
    return at;
}

/* Words between whitespace; what is left after `most` cuts keeps its own. */
static bool split_words(const lme_invocation *use, lme_str text, size_t most,
                        lme_list_builder *parts, lme_error *err)
{
    size_t at = skip(text, 0, true);
    for (size_t cuts = 0; at < text.len; cuts++) {
        if (cuts == most)
            return add(use, parts, lme_str_slice(text, at, text.len), err);
        size_t end = skip(text, at, false);
        if (!add(use, parts, lme_str_slice(text, at, end), err))
            return false;
        at = skip(text, end, true);
    }
    return true;
}

static bool split_at(const lme_invocation *use, lme_str text, lme_str separator, size_t most,
                     lme_list_builder *parts, lme_error *err)
{
    size_t at = 0;
    for (size_t cuts = 0; cuts < most; cuts++) {
        size_t hit = lme_str_find(text, separator, at);
        if (hit == SIZE_MAX)
            break;
        if (!add(use, parts, lme_str_slice(text, at, hit), err))
            return false;
        at = hit + separator.len;
    }
    return add(use, parts, lme_str_slice(text, at, text.len), err);
}

/* Byte offset of the last `part` that ends at or before `end`; SIZE_MAX when there is none. */
static size_t find_last(lme_str text, lme_str part, size_t end)
{
    if (part.len > end)
        return SIZE_MAX;
    for (size_t at = end - part.len + 1; at > 0; at--) {
        if (lme_str_equal(lme_str_slice(text, at - 1, at - 1 + part.len), part))
            return at - 1;
    }
    return SIZE_MAX;
}

/* The last word of text that ends at `end`: its start. */
static size_t word_start(lme_str text, size_t end)
{
    size_t start = end;
    while (start > 0) {
        size_t last = start - 1;
        while (last > 0 && ((unsigned char)text.ptr[last] & 0xC0) == 0x80)
            last--;
        size_t next = last;
        if (lme_is_space(lme_codepoint_next(text, &next)))
            break;
        start = last;
    }
    return start;
}

static bool rsplit_words(const lme_invocation *use, lme_str text, size_t most,
                         lme_list_builder *parts, lme_error *err)
{
    lme_str left = lme_rstrip(text);
    for (size_t cuts = 0; left.len > 0; cuts++) {
        if (cuts == most)
            return add(use, parts, left, err);
        size_t start = word_start(left, left.len);
        if (!add(use, parts, lme_str_slice(left, start, left.len), err))
            return false;
        left = lme_rstrip(lme_str_slice(left, 0, start));
    }
    return true;
}

static bool rsplit_at(const lme_invocation *use, lme_str text, lme_str separator, size_t most,
                      lme_list_builder *parts, lme_error *err)
{
    size_t end = text.len;
    for (size_t cuts = 0; cuts < most; cuts++) {
        size_t hit = find_last(text, separator, end);
        if (hit == SIZE_MAX)
            break;
        if (!add(use, parts, lme_str_slice(text, hit + separator.len, end), err))
            return false;
        end = hit;
    }
    return add(use, parts, lme_str_slice(text, 0, end), err);
}

static void turn_round(lme_list_builder *parts)
{
    for (size_t i = 0; i < parts->len / 2; i++) {
        lme_value swap = parts->items[i];
        parts->items[i] = parts->items[parts->len - 1 - i];
        parts->items[parts->len - 1 - i] = swap;
    }
}

typedef struct splitting {
    bool words; /* no separator: at whitespace */
    lme_str separator;
    size_t most;
} splitting;

static bool read_splitting(const lme_invocation *use, splitting *s, lme_error *err)
{
    int64_t most;
    s->words = use->given[0] == NULL || use->given[0]->kind == LME_NULL;
    s->separator = LME_STR("");
    if (!s->words && !lme_take_text(use, 0, LME_STR(""), &s->separator, err))
        return false;
    if (!s->words && s->separator.len == 0)
        return lme_use_fail(use, err, "the separator is empty");
    if (!lme_take_integer(use, 1, -1, &most, err))
        return false;
    s->most = most < 0 ? SIZE_MAX : (size_t)most;
    return true;
}

static bool split(const lme_invocation *use, lme_value *result, lme_error *err)
{
    splitting s;
    lme_list_builder parts = {.arena = use->arena};
    if (!read_splitting(use, &s, err))
        return false;
    bool fine = s.words ? split_words(use, use->subject.string, s.most, &parts, err)
                        : split_at(use, use->subject.string, s.separator, s.most, &parts, err);
    *result = lme_list_finish(&parts);
    return fine;
}

const lme_callable lme_template_method_str_split = {
    .name = "split",
    .summary = "a list of the parts between separators, or of the words",
    .parameters = {"sep", "maxsplit"},
    .kinds = 1u << LME_STRING,
    .call = split,
};

static bool rsplit(const lme_invocation *use, lme_value *result, lme_error *err)
{
    splitting s;
    lme_list_builder parts = {.arena = use->arena};
    if (!read_splitting(use, &s, err))
        return false;
    bool fine = s.words ? rsplit_words(use, use->subject.string, s.most, &parts, err)
                        : rsplit_at(use, use->subject.string, s.separator, s.most, &parts, err);
    turn_round(&parts);
    *result = lme_list_finish(&parts);
    return fine;
}

const lme_callable lme_template_method_str_rsplit = {
    .name = "rsplit",
    .summary = "the same, cutting from the end",
    .parameters = {"sep", "maxsplit"},
    .kinds = 1u << LME_STRING,
    .call = rsplit,
};

static bool splitlines(const lme_invocation *use, lme_value *result, lme_error *err)
{
    bool keep_ends;
    lme_list_builder lines = {.arena = use->arena};
    if (!lme_take_truth(use, 0, false, &keep_ends, err) ||
        !lme_text_lines(use, use->subject.string, keep_ends, &lines, err))
        return false;
    *result = lme_list_finish(&lines);
    return true;
}

const lme_callable lme_template_method_str_splitlines = {
    .name = "splitlines",
    .summary = "a list of the lines",
    .parameters = {"keepends"},
    .kinds = 1u << LME_STRING,
    .call = splitlines,
};

static lme_value triple(lme_arena *arena, lme_str a, lme_str b, lme_str c)
{
    lme_value *items = LME_ARRAY(arena, lme_value, 3);
    items[0] = lme_string(a);
    items[1] = lme_string(b);
    items[2] = lme_string(c);
    return (lme_value){.kind = LME_TUPLE, .list = {items, 3}};
}

static bool cut(const lme_invocation *use, bool last, lme_value *result, lme_error *err)
{
    lme_str separator, text = use->subject.string, none = LME_STR("");
    if (!lme_take_text(use, 0, none, &separator, err))
        return false;
    if (separator.len == 0)
        return lme_use_fail(use, err, "the separator is empty");
    size_t hit = last ? find_last(text, separator, text.len) : lme_str_find(text, separator, 0);
    if (hit != SIZE_MAX)
        *result = triple(use->arena, lme_str_slice(text, 0, hit), separator,
                         lme_str_slice(text, hit + separator.len, text.len));
    else
        *result =
            last ? triple(use->arena, none, none, text) : triple(use->arena, text, none, none);
    return true;
}

static bool partition(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return cut(use, false, result, err);
}

static bool rpartition(const lme_invocation *use, lme_value *result, lme_error *err)
{
    return cut(use, true, result, err);
}

const lme_callable lme_template_method_str_partition = {
    .name = "partition",
    .summary = "what is before the first separator, the separator, what is behind it",
    .parameters = {"sep"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = partition,
};

const lme_callable lme_template_method_str_rpartition = {
    .name = "rpartition",
    .summary = "the same at the last separator",
    .parameters = {"sep"},
    .n_required = 1,
    .kinds = 1u << LME_STRING,
    .call = rpartition,
};

#include "slice.h"

#include <math.h>

static bool read_end(lme_str text, lme_slice_end *end)
{
    *end = (lme_slice_end){0};
    if (text.len == 0)
        return true;
    end->given = true;
    end->is_percent = text.ptr[text.len - 1] == '%';
    if (end->is_percent)
        text.len--;
    if (!lme_str_to_int(text, &end->value))
        return false;
    return !end->is_percent || (end->value >= -100 && end->value <= 100);
}

bool lme_slice_read(lme_str text, lme_slice *slice, lme_error *err)
{
    *slice = (lme_slice){.split = text};
    size_t open = lme_str_find(text, LME_STR("["), 0);
    if (open == SIZE_MAX)
        return true;
    lme_str inside = lme_str_slice(text, open + 1, text.len);
    size_t colon = lme_str_find(inside, LME_STR(":"), 0);
    slice->split = lme_str_slice(text, 0, open);
    slice->given = true;
    if (inside.len > 0 && inside.ptr[inside.len - 1] == ']' && colon != SIZE_MAX &&
        read_end(lme_str_slice(inside, 0, colon), &slice->from) &&
        read_end(lme_str_slice(inside, colon + 1, inside.len - 1), &slice->to))
        return true;
    lme_fail(err, LME_ERR_TASK, NULL, "the split \"%.*s\" has a slice that cannot be read",
             LME_STR_ARG(text));
    return lme_hint(err, "a slice is [from:to], as in train[:100], train[100:], train[:10%%]");
}

static bool end_needs_count(const lme_slice_end *end)
{
    return end->given && (end->is_percent || end->value < 0);
}

bool lme_slice_needs_count(const lme_slice *slice)
{
    return end_needs_count(&slice->from) || end_needs_count(&slice->to);
}

static size_t resolve_end(const lme_slice_end *end, size_t n)
{
    int64_t at = end->value;
    /* Halves go to the even row, as in the hub's library. */
    if (end->is_percent)
        at = (int64_t)nearbyint((double)at * (double)n / 100.0);
    if (at < 0)
        at += (int64_t)n;
    return at < 0 ? 0 : (size_t)at;
}

void lme_slice_resolve(const lme_slice *slice, size_t n, size_t *from, size_t *to)
{
    *from = slice->from.given ? resolve_end(&slice->from, n) : 0;
    *to = slice->to.given ? resolve_end(&slice->to, n) : SIZE_MAX;
    if (*to < *from)
        *to = *from;
}

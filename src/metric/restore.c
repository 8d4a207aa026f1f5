#include "restore.h"

#include <math.h>

static bool number_of(const lme_value *item, double *number)
{
    if (item->kind == LME_INT)
        *number = (double)item->integer;
    else if (item->kind == LME_FLOAT)
        *number = item->number;
    else if (item->kind == LME_BOOL)
        *number = item->boolean ? 1.0 : 0.0;
    else
        return false;
    return isfinite(*number);
}

bool lme_restore_numbers(const lme_value *item, double *stats, size_t n)
{
    if (item->kind != LME_LIST || item->list.len != n)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!number_of(&item->list.items[i], &stats[i]))
            return false;
    }
    return true;
}

static bool restore_one(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                        double *stats)
{
    if (use->metric->restore != NULL)
        return use->metric->restore(arena, use, item, stats);
    return use->metric->width == 1 && number_of(item, stats);
}

/* One answer's item is never a list of lists: its second part is an answer or a number. */
static bool is_of_repeats(const lme_value *item)
{
    if (item->kind != LME_LIST || item->list.len == 0)
        return false;
    for (size_t i = 0; i < item->list.len; i++) {
        if (item->list.items[i].kind != LME_LIST)
            return false;
    }
    return true;
}

bool lme_metric_restore(lme_arena *arena, const lme_metric_use *use, const lme_value *item,
                        double *stats)
{
    if (!is_of_repeats(item))
        return restore_one(arena, use, item, stats);
    const size_t n = item->list.len, width = use->metric->width;
    double *one = LME_ARRAY(arena, double, width);
    for (size_t w = 0; w < width; w++)
        stats[w] = 0.0;
    for (size_t i = 0; i < n; i++) {
        for (size_t w = 0; w < width; w++)
            one[w] = 0.0;
        if (!restore_one(arena, use, &item->list.items[i], one))
            return false;
        for (size_t w = 0; w < width; w++)
            stats[w] += one[w] / (double)n;
    }
    return true;
}

/* range(stop), range(start, stop, step): numbers are made when they are walked. */
#include "arguments.h"
#include "things.h"

/* How many numbers; unsigned, for the distance of two int64 may need all 64 bits. */
static uint64_t count(int64_t start, int64_t stop, int64_t step)
{
    if (step > 0 ? start >= stop : start <= stop)
        return 0;
    uint64_t distance =
        step > 0 ? (uint64_t)stop - (uint64_t)start : (uint64_t)start - (uint64_t)stop;
    uint64_t size = step > 0 ? (uint64_t)step : 0 - (uint64_t)step;
    return (distance - 1) / size + 1;
}

static bool make_range(const lme_invocation *use, lme_value *result, lme_error *err)
{
    int64_t first, second, step;
    bool one = use->given[1] == NULL;
    if (!lme_take_integer(use, 0, 0, &first, err) || !lme_take_integer(use, 1, 0, &second, err) ||
        !lme_take_integer(use, 2, 1, &step, err))
        return false;
    if (step == 0)
        return lme_use_fail(use, err, "the step cannot be 0");
    lme_range *range = LME_NEW(use->arena, lme_range);
    range->start = one ? 0 : first;
    range->stop = one ? first : second;
    range->step = step;
    range->len = (size_t)count(range->start, range->stop, step);
    *result = lme_thing_value(use->arena, LME_THING_RANGE, range);
    return true;
}

const lme_callable lme_template_function_range = {
    .name = "range",
    .summary = "whole numbers from start (0) up to, not including, stop, by step (1)",
    .parameters = {"start", "stop", "step"},
    .n_required = 1,
    .call = make_range,
};

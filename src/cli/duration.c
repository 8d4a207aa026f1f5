#include "duration.h"

#include <math.h>

lme_str lme_duration(lme_arena *arena, double seconds)
{
    const double most = 1e15;
    unsigned long s = (unsigned long)ceil(fmin(seconds, most));
    if (seconds < 1)
        return LME_STR("under 1 s");
    if (s < 100)
        return lme_str_format(arena, "%lu s", s);
    unsigned long tens = (s + 9) / 10 * 10, minutes = (s + 59) / 60;
    if (s < 600 && tens % 60 != 0)
        return lme_str_format(arena, "%lu min %lu s", tens / 60, tens % 60);
    if (minutes < 100)
        return lme_str_format(arena, "%lu min", minutes);
    unsigned long rounded = (minutes + 4) / 5 * 5;
    if (minutes < 600 && rounded % 60 != 0)
        return lme_str_format(arena, "%lu h %lu min", rounded / 60, rounded % 60);
    return lme_str_format(arena, "%lu h", (minutes + 59) / 60);
}

lme_str lme_duration_span(lme_arena *arena, lme_span seconds)
{
    lme_str low = lme_duration(arena, seconds.low), high = lme_duration(arena, seconds.high);
    if (isinf(seconds.high))
        return lme_str_format(arena, "more than %.*s",
                              LME_STR_ARG(seconds.low < 1 ? LME_STR("1 s") : low));
    if (lme_str_equal(low, high))
        return seconds.high < 1 ? high : lme_str_format(arena, "about %.*s", LME_STR_ARG(high));
    if (seconds.low < 1)
        return lme_str_format(arena, "up to %.*s", LME_STR_ARG(high));
    return lme_str_format(arena, "between %.*s and %.*s", LME_STR_ARG(low), LME_STR_ARG(high));
}

#include "recall.h"

#include "conditions.h"

static bool recall_number(lme_arena *arena, lme_str journal, const char *name, int64_t *number,
                          lme_error *err)
{
    lme_str text;
    double value;
    if (!lme_run_recorded(arena, journal, lme_str_from(name), &text, err))
        return false;
    if (lme_str_to_double(text, &value) && value >= -1 && value <= INT32_MAX)
        *number = (int64_t)value;
    return true;
}

bool lme_recall_lengths(lme_arena *arena, lme_str journal, lme_profile *profile, lme_error *err)
{
    lme_str truncate;
    int64_t max_length = 0;
    profile->n_bos = profile->prefix_token = -1;
    if (!recall_number(arena, journal, LME_CONDITION_LENGTH, &max_length, err) ||
        !recall_number(arena, journal, LME_CONDITION_PREFIX, &profile->prefix_token, err) ||
        !recall_number(arena, journal, LME_CONDITION_BOS, &profile->n_bos, err) ||
        !lme_run_recorded(arena, journal, LME_STR(LME_CONDITION_TRUNCATE), &truncate, err) ||
        !lme_run_recorded(arena, journal, LME_STR(LME_CONDITION_TEMPLATE), &profile->chat_template,
                          err))
        return false;
    profile->max_length = max_length > 0 ? (size_t)max_length : 0;
    profile->truncates = lme_str_is(truncate, "left");
    return true;
}

lme_str lme_length_text(lme_arena *arena, const lme_profile *profile)
{
    if (profile->max_length == 0 && profile->prefix_token < 0)
        return LME_STR("");
    return lme_str_format(arena, "max_length %zu%s, prefix %lld", profile->max_length,
                          profile->truncates ? ", truncate left" : "",
                          (long long)profile->prefix_token);
}

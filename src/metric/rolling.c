#include "rolling.h"

#include <lmeval/unicode.h>

size_t lme_count_words(lme_str text)
{
    size_t n = 1;
    bool in_space = false;
    for (size_t at = 0; at < text.len;) {
        bool is_space = lme_is_space(lme_codepoint_next(text, &at));
        n += is_space && !in_space ? 1 : 0;
        in_space = is_space;
    }
    return n;
}

size_t lme_count_bytes(lme_str text)
{
    return text.len;
}

bool lme_metric_score_rolling(lme_arena *arena, const lme_metric_use *use, const lme_answer *answer,
                              size_t weight, lme_measurement *made, lme_error *err)
{
    const lme_value *value = &answer->values[0];
    if (value->kind != LME_FLOAT)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" needs a loglikelihood, filter pipeline \"%.*s\" left %s",
                        use->metric->name, LME_STR_ARG(answer->pipeline),
                        lme_kind_name(value->kind));
    made->stats[0] = value->number;
    made->stats[1] = (double)weight;
    lme_list_builder pair = {.arena = arena};
    lme_list_add(&pair, *value);
    lme_list_add(&pair, lme_int((int64_t)weight));
    made->item = lme_list_finish(&pair);
    return true;
}

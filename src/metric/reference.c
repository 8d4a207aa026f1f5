#include "reference.h"

#include <lmeval/unicode.h>

lme_value lme_metric_reference(const lme_sample *sample)
{
    const lme_value *target = &sample->target;
    int64_t n = (int64_t)sample->n_choices;
    if (n == 0 || target->kind != LME_INT)
        return *target;
    int64_t index = target->integer < 0 ? target->integer + n : target->integer;
    return index >= 0 && index < n ? lme_string(sample->choices[index]) : lme_null();
}

static lme_str *characters(lme_arena *arena, lme_str text, size_t *n)
{
    *n = 0;
    lme_str *texts = LME_ARRAY(arena, lme_str, lme_codepoints(text));
    for (size_t at = 0; at < text.len; (*n)++) {
        size_t from = at;
        lme_codepoint_next(text, &at);
        texts[*n] = lme_str_slice(text, from, at);
    }
    return texts;
}

lme_str *lme_metric_references(lme_arena *arena, const lme_sample *sample, size_t *n)
{
    const lme_value *target = &sample->target;
    if (!sample->multiple_targets) {
        lme_value one = lme_metric_reference(sample);
        lme_str *text = LME_NEW(arena, lme_str);
        *text = lme_value_str(arena, &one);
        *n = 1;
        return text;
    }
    if (target->kind != LME_LIST && target->kind != LME_TUPLE)
        return characters(arena, lme_value_str(arena, target), n);
    *n = target->list.len;
    lme_str *texts = LME_ARRAY(arena, lme_str, *n);
    for (size_t i = 0; i < *n; i++)
        texts[i] = lme_value_str(arena, &target->list.items[i]);
    return texts;
}

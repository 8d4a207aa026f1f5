/* What a sample's choices say together. */
#include <math.h>

#include <lmeval/recorded.h>
#include <lmeval/unicode.h>

lme_str lme_record_delimiter(const lme_record_task *task)
{
    const lme_value *delimiter = lme_value_find(&task->config, "target_delimiter");
    return delimiter != NULL && delimiter->kind == LME_STRING ? delimiter->string : LME_STR(" ");
}

bool lme_recorded_is_gold(const lme_recorded_sample *sample, size_t choice)
{
    for (size_t i = 0; i < sample->n_gold; i++) {
        if (sample->gold[i] == choice)
            return true;
    }
    return false;
}

lme_str lme_recorded_choice(const lme_recorded_sample *sample, size_t choice, lme_str delimiter)
{
    lme_str text = sample->requests[choice].continuation;
    return lme_str_starts(text, delimiter) ? lme_str_slice(text, delimiter.len, SIZE_MAX) : text;
}

size_t lme_recorded_pick(const lme_recorded_sample *sample, bool by_length, lme_str delimiter)
{
    size_t pick = SIZE_MAX;
    double best = 0;
    for (size_t i = 0; i < sample->n_choices; i++) {
        const lme_recorded_request *request = &sample->requests[i];
        if (request->n_responses == 0 || request->responses[0].is_missing)
            return SIZE_MAX;
        double value = request->responses[0].logprob_nats;
        if (by_length)
            value /= (double)lme_codepoints(lme_recorded_choice(sample, i, delimiter));
        if (pick == SIZE_MAX || value > best) {
            pick = i;
            best = value;
        }
    }
    return pick;
}

bool lme_recorded_margin(const lme_recorded_sample *sample, double *margin)
{
    double target = -(double)INFINITY, others = -(double)INFINITY;
    for (size_t i = 0; i < sample->n_choices; i++) {
        const lme_recorded_request *request = &sample->requests[i];
        if (request->n_responses == 0 || isnan(request->responses[0].logprob_nats))
            return false;
        double *best = lme_recorded_is_gold(sample, i) ? &target : &others;
        *best = fmax(*best, request->responses[0].logprob_nats);
    }
    *margin = target - others;
    return sample->n_gold > 0 && isfinite(*margin);
}

/* Up to a whole character. */
size_t lme_recorded_common_prompt(const lme_recorded_sample *sample)
{
    lme_str first = sample->requests[0].prompt;
    size_t len = first.len;
    for (size_t i = 1; i < sample->n_choices; i++) {
        lme_str other = sample->requests[i].prompt;
        size_t n = 0;
        while (n < len && n < other.len && other.ptr[n] == first.ptr[n])
            n++;
        len = n;
    }
    return lme_utf8_cut(first, len).len;
}

lme_str lme_recorded_choice_text(lme_arena *arena, const lme_recorded_sample *sample, size_t choice,
                                 lme_str delimiter)
{
    const lme_recorded_request *request = &sample->requests[choice];
    lme_str own = lme_str_slice(request->prompt, sample->common_prompt, SIZE_MAX);
    if (own.len == 0 || request->messages != NULL)
        return lme_recorded_choice(sample, choice, delimiter);
    return lme_str_concat(arena, own, request->continuation);
}

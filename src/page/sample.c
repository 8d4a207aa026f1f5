#include "sample.h"

#include <math.h>

#include <lmeval/unicode.h>

lme_shown_text lme_sample_text(const lme_page_sample *sample, lme_str text, bool from_end)
{
    lme_shown_text shown = {text, 0, from_end};
    if (text.len <= sample->max_text)
        return shown;
    size_t n = lme_codepoints(text);
    if (n <= sample->max_text)
        return shown;
    shown.n_cut = n - sample->max_text;
    shown.kept = from_end ? lme_str_slice(text, lme_codepoint_offset(text, shown.n_cut), text.len)
                          : lme_str_slice(text, 0, lme_codepoint_offset(text, sample->max_text));
    (*sample->n_cut)++;
    return shown;
}

lme_str lme_sample_prompt(lme_arena *arena, const lme_recorded_sample *recorded)
{
    if (recorded->n_requests == 0)
        return LME_STR("");
    const lme_recorded_request *request = &recorded->requests[0];
    if (request->n_messages == 0)
        return lme_str_slice(request->prompt, 0,
                             recorded->n_choices > 0 ? lme_recorded_common_prompt(recorded)
                                                     : request->prompt.len);
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < request->n_messages; i++)
        lme_builder_format(&out, "%s%.*s:\n%.*s", i > 0 ? "\n\n" : "",
                           LME_STR_ARG(request->messages[i].role),
                           LME_STR_ARG(request->messages[i].content));
    return lme_builder_finish(&out);
}

bool lme_sample_is_generated(const lme_recorded_sample *recorded)
{
    return recorded->n_requests > 0 && recorded->requests[0].kind == LME_RECORDED_GENERATE;
}

double lme_sample_logprob(const lme_recorded_sample *recorded, size_t choice)
{
    const lme_recorded_request *request = &recorded->requests[choice];
    bool is_there = request->n_responses > 0 && !request->responses[0].is_missing;
    return is_there ? request->responses[0].logprob_nats : (double)NAN;
}

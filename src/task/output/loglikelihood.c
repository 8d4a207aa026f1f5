/* The log-probability of the target after the prompt; no delimiter is put between them. */
#include "output.h"

static bool plan(lme_arena *arena, const lme_prompt *prompt, lme_sample *sample, lme_error *err)
{
    (void)err;
    lme_request request = lme_request_after(LME_REQUEST_LOGLIKELIHOOD, &prompt->contexts[0]);
    request.continuation = prompt->target_text;
    lme_requests_set(lme_requests_new(arena, sample, 1, prompt->repeats), 0, prompt->repeats,
                     &request);
    return true;
}

const lme_output_type lme_output_loglikelihood = {
    .name = "loglikelihood",
    .summary = "the log-probability of the target after the text",
    .kind = LME_OUTPUT_LOGLIKELIHOOD,
    .needs_text = true,
    .plan = plan,
};

/* What the model writes after the prompt. */
#include "output.h"

static bool plan(lme_arena *arena, const lme_prompt *prompt, lme_sample *sample, lme_error *err)
{
    (void)err;
    lme_request request = lme_request_after(LME_REQUEST_GENERATE, &prompt->contexts[0]);
    request.generation = prompt->generation;
    lme_requests_set(lme_requests_new(arena, sample, 1, prompt->repeats), 0, prompt->repeats,
                     &request);
    return true;
}

const lme_output_type lme_output_generate_until = {
    .name = "generate_until",
    .summary = "the text that the model writes after the prompt",
    .kind = LME_OUTPUT_GENERATE_UNTIL,
    .needs_text = true,
    .plan = plan,
};

/* The log-probability of the whole target, with nothing before it. */
#include "output.h"

static bool plan(lme_arena *arena, const lme_prompt *prompt, lme_sample *sample, lme_error *err)
{
    (void)err;
    lme_request request = {.kind = LME_REQUEST_ROLLING, .context = prompt->target_text};
    lme_requests_set(lme_requests_new(arena, sample, 1, prompt->repeats), 0, prompt->repeats,
                     &request);
    return true;
}

const lme_output_type lme_output_loglikelihood_rolling = {
    .name = "loglikelihood_rolling",
    .summary = "the log-probability of every token of the target: perplexity",
    .kind = LME_OUTPUT_LOGLIKELIHOOD_ROLLING,
    .plan = plan,
};

/* Echo with lm_eval's cut at the end, for comparing digits with its results.
 *
 * lm_eval drops the answer's last entry unseen, as the token that max_tokens 1 generated. Where
 * nothing was generated that is the continuation's own last token: llama-cpp-python gives no entry
 * for an end-of-text (docs/scoring.md; 23 of 80 recorded answers). path/echo.c keeps that token.
 */
#include "../probe.h"
#include "../score.h"

static bool decode(lme_arena *arena, const lme_form *form, const lme_request *request,
                   const lme_value *answer, lme_response *response, lme_error *err)
{
    (void)form;
    lme_logprobs logprobs;
    if (!lme_logprobs_read(arena, answer, &logprobs, err))
        return false;
    logprobs.drops_last = true;
    return lme_score_read(arena, request, &logprobs, response, err);
}

const lme_path lme_path_lm_eval = {
    .name = "lm_eval",
    .meaning = "echo, less the last entry whatever it is: lm_eval's digits",
    .by_name_only = true,
    .asks = "a completion request with echo and logprobs",
    .probe = lme_list_probe,
    .url = lme_url_of_completions,
    .encode = lme_echo_encode,
    .read = lme_logprobs_read,
    .left = lme_logprobs_left,
    .decode = decode,
    .encode_ids = lme_echo_encode_ids,
    .drops_last = true,
};

/* The tokens of the answer that is being delivered, for a look at it. */
#include "score.h"
#include "state.h"

#include <lmeval/json.h>

bool lme_endpoint_listed(lme_arena *arena, const lme_endpoint *endpoint, lme_listed *listed,
                         lme_error *err)
{
    const lme_exchange *x = endpoint->delivering;
    LME_BUG(x == NULL, "no answer is being delivered");
    *listed = (lme_listed){0};
    bool is_score = x->ask.request->kind != LME_REQUEST_GENERATE && x->outcome == LME_OUTCOME_OK;
    bool by_ids = x->ask.passage != NULL && x->ask.passage->stage == LME_STAGE_IDS;
    is_score = is_score && !by_ids;
    if (is_score && x->ask.path->gathered != NULL && x->ask.progress != NULL)
        x->ask.path->gathered(arena, x->ask.progress, listed);
    if (!is_score || x->ask.path->read == NULL)
        return true;
    lme_logprobs logprobs;
    lme_entries scored;
    if (!x->ask.path->read(arena, &x->value, &logprobs, err) ||
        !lme_score_span(arena, x->ask.request, &logprobs, &scored, err))
        return false;
    *listed = (lme_listed){.n = logprobs.n, .from = scored.from, .to = scored.to};
    lme_value *tokens = LME_ARRAY(arena, lme_value, logprobs.n);
    lme_value *values = LME_ARRAY(arena, lme_value, logprobs.n);
    for (size_t i = 0; i < logprobs.n; i++) {
        tokens[i] = lme_value_copy(arena, &logprobs.tokens[i]);
        if (!lme_json_open(arena, &logprobs.values[i], &values[i], err))
            return lme_while(err, "reading the answer's token_logprobs[%zu]", i);
    }
    listed->tokens = tokens;
    listed->logprobs = values;
    return true;
}

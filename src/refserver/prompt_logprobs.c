/* vLLM's prompt_logprobs: for each token of the prompt an object from token id to log-probability,
 * rank and text; the token itself first, then the likeliest ones, as vLLM's dictionaries are
 * filled.
 */
#include "api.h"

#include <math.h>

static size_t rank_of(lme_arena *scratch, const lme_ngram *ngram, lme_ngram_state state, double own)
{
    size_t n = ngram->n_vocab, rank = 1;
    double *probabilities = LME_ARRAY(scratch, double, n);
    lme_ngram_distribution(ngram, state, probabilities);
    for (size_t i = 0; i < n; i++)
        rank += probabilities[i] > own;
    return rank;
}

static void write_token(lme_builder *out, lme_candidate token, size_t rank)
{
    lme_builder_char(out, '"');
    lme_write_number(out, token.token);
    lme_builder_add(out, LME_STR("\":{\"logprob\":"));
    lme_write_logprob(out, token.probability);
    lme_builder_add(out, LME_STR(",\"rank\":"));
    lme_write_number(out, rank);
    lme_builder_add(out, LME_STR(",\"decoded_token\":"));
}

void lme_write_prompt_logprobs(lme_reply *reply, const lme_service *service, const lme_order *order,
                               const lme_sequence *sequence)
{
    lme_builder *out = &reply->body;
    lme_ngram_state state = LME_NGRAM_START;
    const lme_str *spelled = lme_spell(reply->scratch, service, sequence, 0);
    lme_builder_add(out, LME_STR(",\"prompt_logprobs\":["));
    for (size_t i = 0; i < sequence->n_prompt; i++) {
        const lme_candidate *top = sequence->top + i * sequence->n_top;
        lme_candidate own = {sequence->tokens[i], sequence->logprobs[i]};
        lme_ngram_state before = state;
        double p = lme_ngram_step(service->model->ngram, &state, own.token);
        if (i < lme_n_unscored(service, sequence)) {
            lme_builder_add(out, i == 0 ? LME_STR("null") : LME_STR(",null"));
            continue;
        }
        lme_builder_add(out, LME_STR(",{"));
        write_token(out, own, rank_of(reply->scratch, service->model->ngram, before, p));
        lme_write_spelled(out, service, spelled, sequence, i);
        lme_builder_char(out, '}');
        for (size_t k = 0; k < order->prompt_logprobs; k++) {
            if (top[k].token == own.token)
                continue;
            lme_builder_char(out, ',');
            write_token(out, (lme_candidate){top[k].token, log(top[k].probability)}, k + 1);
            lme_write_token(out, service, top[k].token);
            lme_builder_char(out, '}');
        }
        lme_builder_char(out, '}');
    }
    lme_builder_char(out, ']');
}

/* How many tokens the model wrote, as the server counts them; of several answers to a document
 * their mean. Nobody but the server knows its tokens, so one that does not tell makes no number. */
#include "aggregate.h"

static bool score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                  const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    (void)arena, (void)use, (void)answer;
    double sum = 0.0;
    for (size_t i = 0; i < sample->n_requests; i++) {
        const lme_response *response = &sample->responses[i];
        if (response->n_tokens == 0 && response->text.len > 0) {
            lme_fail(err, LME_ERR_DATA, NULL,
                     "the server does not tell how many tokens an answer has (usage)");
            return lme_hint(err, "answer_words and answer_bytes need no server for it");
        }
        sum += (double)response->n_tokens;
    }
    made->stats[0] = sum / (double)sample->n_requests;
    made->item = lme_float(made->stats[0]);
    return true;
}

const lme_metric lme_metric_answer_tokens = {
    .name = "answer_tokens",
    .summary = "tokens of the answer, as the server counts them",
    .source = "docs/metrics.md",
    .output_kinds = 1u << LME_OUTPUT_GENERATE_UNTIL,
    .width = 1,
    .aggregation = &lme_aggregation_mean,
    .score = score,
};

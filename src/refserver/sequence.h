/* One choice of an answer: prompt tokens, generated tokens, their log-probabilities. */
#ifndef LMEVAL_REFSERVER_SEQUENCE_H
#define LMEVAL_REFSERVER_SEQUENCE_H

#include "model.h"

typedef struct lme_sampling {
    size_t max_tokens;  /* generated at most */
    double temperature; /* 0: always the likeliest token */
    double top_p;       /* of temperature > 0: smallest set of tokens with at least this much */
    uint64_t seed;
    const lme_str *stops; /* n_stops texts that end the answer and are not in it */
    size_t n_stops;
} lme_sampling;

typedef struct lme_sequence {
    uint16_t *tokens; /* n: n_prompt of the prompt, then those whose text is in the answer */
    size_t n_prompt, n;
    size_t n_completion; /* generated, with those of a stop text */
    double *logprobs;    /* n, nats; those before `scored_from` and entry 0 are not filled */
    lme_candidate *top;  /* n * n_top, likeliest first; likewise */
    size_t n_top;
    size_t *text_ends;  /* n - n_prompt: bytes of text after each generated token */
    lme_str text;       /* generated, valid UTF-8 */
    const char *finish; /* "stop" or "length" */
} lme_sequence;

/* Continues a prompt.
 *   scored_from  tokens from here on get log-probabilities; SIZE_MAX: none does
 *   n_top        likeliest tokens at each of these places, <= LME_NGRAM_TOP */
lme_sequence lme_sequence_make(lme_arena *arena, const lme_model *model, const lme_tokens *prompt,
                               const lme_sampling *sampling, size_t scored_from, size_t n_top);

#endif

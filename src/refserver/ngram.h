/* The reference model: interpolated modified Kneser-Ney over tokens (Chen and Goodman 1999, section
 * 3.3), down to the uniform distribution, so every token has a probability above zero everywhere
 * and the probabilities of all tokens sum to one.
 *
 * A state is the longest known suffix of the tokens so far; a step costs a few table look-ups.
 *
 *     lme_ngram_state state = LME_NGRAM_START;
 *     double p = lme_ngram_step(ngram, &state, token);
 */
#ifndef LMEVAL_REFSERVER_NGRAM_H
#define LMEVAL_REFSERVER_NGRAM_H

#include "vocab.h"

#define LME_NGRAM_ORDER 5u  /* tokens of the longest n-gram */
#define LME_NGRAM_TOP   20u /* most that lme_ngram_top gives */
#define LME_NGRAM_START 0u  /* no context at all */

typedef uint32_t lme_ngram_state;

/* One token and how likely it is next. */
typedef struct lme_candidate {
    uint16_t token;
    double probability;
} lme_candidate;

/* What there is after a context: its n-grams are rows `first` to `first + n` of the rows below. */
typedef struct lme_context {
    double backoff; /* weight of the shorter context's distribution */
    uint32_t first, n;
} lme_context;

/* Rows are n-grams, grouped by context, likeliest first; row 0 is the empty one. The first
 * n_contexts are shorter than the order, so they are contexts (and states) too. */
typedef struct lme_ngram {
    size_t n_vocab, n_rows, n_contexts;
    double *probability; /* n_rows: of the row's last token after the tokens before it */
    uint32_t *shorter;   /* n_rows: the row without its first token */
    uint16_t *token;     /* n_rows: its last token */
    lme_context *contexts;
    uint32_t *single; /* n_vocab: rows of the one-token n-grams */
    uint32_t *slots;  /* open addressing: row by (context, token), for contexts with many rows */
    size_t mask;
} lme_ngram;

/* Trains on documents, each beginning and ending with LME_TOKEN_END.
 *   quantize_bits  0: exact; else every weight (discounted frequencies and back-off weights) is
 *                  rounded to that many bits on a logarithmic scale, and each context renormalised
 */
lme_ngram *lme_ngram_train(lme_arena *arena, size_t n_vocab, const lme_tokens *documents,
                           size_t n_documents, unsigned quantize_bits);

/* Fills slots from the other fields. */
void lme_ngram_index(lme_arena *arena, lme_ngram *ngram);

/* Probability of the token in this state; the state moves on. */
double lme_ngram_step(const lme_ngram *ngram, lme_ngram_state *state, uint16_t token);

/* The likeliest token (ties: the smaller id). */
lme_candidate lme_ngram_best(const lme_ngram *ngram, lme_ngram_state state);

/* The n <= LME_NGRAM_TOP likeliest, best first (ties: the smaller id). Returns how many. */
size_t lme_ngram_top(const lme_ngram *ngram, lme_ngram_state state, size_t n, lme_candidate *top);

/* All n_vocab probabilities. */
void lme_ngram_distribution(const lme_ngram *ngram, lme_ngram_state state, double *probability);

#endif

/* Windows over a text of many tokens, as lm_eval lays them for loglikelihood_rolling: each token is
 * scored once, by a request of at most `most` + 1 tokens, and with one token before the first one
 * of a window to be likely after. */
#ifndef LMEVAL_ENDPOINT_WINDOW_H
#define LMEVAL_ENDPOINT_WINDOW_H

#include <stdbool.h>
#include <stddef.h>

/* Tokens [from, to) are sent and the last ones of them, [scored, to), are scored. */
typedef struct lme_window {
    size_t from, scored, to;
    bool prefixed; /* the prefix token goes in front of them */
} lme_window;

/* How many windows n tokens take. most  tokens scored by one window, > 0 */
size_t lme_windows(size_t n, size_t most);

/* The i-th of them. The last one is as long as the others: what it scores is only the rest, behind
 * tokens that the one before it has scored.
 * Source: lm_eval 0.4.13 utils.py, get_rolling_token_windows with context_len 1 and
 * make_disjoint_window; tests/golden/lm_eval_windows holds them against each other. */
lme_window lme_window_at(size_t n, size_t most, size_t i);

#endif

/* llama-server's /completion, made to generate tokens that are given, and what it tells of them.
 *
 * It tells the log-probabilities of what it generates alone, among the model's own (before any
 * bias), so a token is forced by a logit_bias. Different ones in a row are forced by one request:
 * the sooner one is to come the greater is its bias, and a frequency penalty takes what was
 * generated out of the running. A token that ends within a character is not told of at all
 * (servers 3.26): it is looked up among the likeliest ones instead, beside another token.
 *
 *     size_t n = lme_forced_run(ids, at, to, ...);
 *     lme_forced_ask(&body, form, ids, at, n);
 *     if (lme_forced_told(answer, 0, &token) && token.id == ids[at]) ...
 */
#ifndef LMEVAL_ENDPOINT_FORCED_H
#define LMEVAL_ENDPOINT_FORCED_H

#include "path.h"

enum {
    LME_FORCED_MOST = 32,      /* tokens that one request forces: the biases must stay exact */
    LME_FORCED_LISTED = 64,    /* likeliest tokens listed at first where one is looked up */
    LME_FORCED_ALL = 16777216, /* more than any vocabulary has: all of it is listed */
};

/* One generated token. */
typedef struct lme_forced {
    int64_t id;
    double nats;     /* its log-probability; what the server writes for minus infinity as it is */
    double top_nats; /* the likeliest token's */
} lme_forced;

/* How many of ids[at] ... ids[to - 1] one request can force: different ones, LME_FORCED_MOST at
 * most. At least 1; at < to. */
size_t lme_forced_run(const int64_t *ids, size_t at, size_t to);

/* The body that generates ids[at] ... ids[at + n - 1] behind all before them.
 *   n  as lme_forced_run allows it */
void lme_forced_ask(lme_builder *out, const lme_form *form, const int64_t *ids, size_t at,
                    size_t n);

/* The body that generates the form's filler behind ids[0] ... ids[at - 1] (any token, where it has
 * none) and lists the n_listed likeliest tokens beside it. */
void lme_forced_list(lme_builder *out, const lme_form *form, const int64_t *ids, size_t at,
                     size_t n_listed);

/* What is told of the answer's i-th token; false when that is nothing. */
bool lme_forced_told(const lme_value *answer, size_t i, lme_forced *token);

/* What is told of a token among the likeliest ones; false when it is not among them.
 *   n_told  how many are told */
bool lme_forced_find(const lme_value *answer, int64_t id, lme_forced *token, size_t *n_told);

/* completion_probabilities[i]; NULL when there is none. */
const lme_value *lme_forced_entry(const lme_value *answer, size_t i);
/* The i-th likeliest token of an entry; NULL when there are fewer. */
const lme_value *lme_forced_likeliest(const lme_value *entry, size_t i);

/* True when the text ends within a character: the server waits for the rest of it. */
bool lme_ends_within_character(lme_str text);

#endif

/* What a server said against a request, told from what it quotes of it.
 *
 * Errors repeat what was sent, prompts and the model's name above all, so that a word found in one
 * may be the request's own. It is, where what stands around it does so in what was sent, too: some
 * bytes, or all of a short text. Of a quote that is cut short right there, and of a text that is
 * the server's word alone, this cannot be told: they count as the server's. A prompt that holds a
 * whole sentence of the server's counts as quoted.
 */
#ifndef LMEVAL_ENDPOINT_REMARK_H
#define LMEVAL_ENDPOINT_REMARK_H

#include <lmeval/sample.h>

typedef struct lme_remark {
    lme_str text;  /* in lower case, on one line, without escapes */
    lme_str *sent; /* n_sent, in the same form */
    size_t n_sent;
} lme_remark;

/*   said     an error's message, or a whole body; the remark has no more than its beginning
 *   request  what was answered so; NULL: none
 *   model    the name that was sent */
lme_remark lme_remark_of(lme_arena *arena, lme_str said, const lme_request *request, lme_str model);

/* Other things of ours that it may quote. */
void lme_remark_sent(lme_arena *arena, lme_remark *remark, lme_str text);

/* Whether the words that stand at a byte of the text are a quote. */
bool lme_remark_quotes(const lme_remark *remark, size_t at, lme_str words);

/* Whether the server's own words hold these, which are in lower case. */
bool lme_remark_has(const lme_remark *remark, const char *words);

/* The same of one of n. */
bool lme_remark_has_one(const lme_remark *remark, const char *const *words, size_t n);

#endif

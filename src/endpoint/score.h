/* Scoring a continuation by the tokens that a server lists for it. */
#ifndef LMEVAL_ENDPOINT_SCORE_H
#define LMEVAL_ENDPOINT_SCORE_H

#include "align.h"
#include "path.h"

/* Of an answer's list, [from, to): a continuation's. */
typedef struct lme_entries {
    size_t from, to;
    bool straddles; /* a token lies across the boundary; it counts to the context */
} lme_entries;

/* The sum over the continuation's tokens, or over all of a rolling request's, into the response. A
 * conversation's answer must hold the text that the server made of it, and nothing behind the
 * continuation. Errors: LME_ERR_SERVER: why this item cannot be scored. */
bool lme_score_read(lme_arena *arena, const lme_request *request, const lme_logprobs *logprobs,
                    lme_response *response, lme_error *err) LME_MUST_CHECK;

/* The tokens alone that the sum is over. Errors: as there. */
bool lme_score_span(lme_arena *arena, const lme_request *request, const lme_logprobs *logprobs,
                    lme_entries *scored, lme_error *err) LME_MUST_CHECK;

/* The entries behind `cut` (code points of the prompt); never none.
 * Errors: LME_ERR_SERVER when nothing lies there. */
bool lme_entries_find(const lme_alignment *alignment, size_t cut, lme_entries *span,
                      lme_error *err) LME_MUST_CHECK;

/* The texts of all tokens, one behind the other. */
lme_str lme_tokens_joined(lme_arena *arena, const lme_logprobs *logprobs);

/* The sum over the last tokens of a prompt of token ids, into the response: its entries are
 * counted, not placed. scored  from the first of them to the prompt's end Errors: as there. */
bool lme_score_ids(lme_arena *arena, const lme_path *path, const lme_value *answer,
                   lme_entries scored, lme_response *response, lme_error *err) LME_MUST_CHECK;

/* path/echo.c's, as lme_path's encode and encode_ids. */
lme_str lme_echo_encode(lme_arena *arena, const lme_form *form, const lme_request *request);
lme_str lme_echo_encode_ids(lme_arena *arena, const lme_form *form, const lme_ids *ids);

#endif

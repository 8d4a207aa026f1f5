/* Questions that may be too long for the server.
 *
 * A text has at most as many tokens as bytes, so most questions are known to fit as they are and go
 * out at once. Another one goes through a passage: the server's tokenizer counts it first; when it
 * fits after all, it goes out as it is; otherwise it is refused here with its counts, cut from the
 * left, or laid into windows, and goes out as token ids (docs/scoring.md 8, 9).
 */
#ifndef LMEVAL_ENDPOINT_LENGTH_H
#define LMEVAL_ENDPOINT_LENGTH_H

#include "ids.h"
#include "remark.h"
#include "tokenizer.h"

#include <lmeval/endpoint.h>

/* How long questions may be, and what is done about it. */
typedef struct lme_length {
    size_t asked;   /* --max-length; 0: not given */
    bool truncates; /* --truncate left */
    size_t context; /* tokens of question and answer that the server takes; 0: it does not tell */
    const lme_server_tokenizer *tokenizer; /* proved; NULL: none */
    size_t n_special;                      /* tokens that the server puts before a text */
    int64_t prefix;    /* stands before a text whose first token is scored; -1: none is known */
    bool sends_ids;    /* the scoring path was proved with prompts of token ids */
    bool rolls_by_ids; /* of a text the server does not score the first token: `prefix` is put
                          before it */
} lme_length;

/* Takes the context that a server tells; of several servers the shortest counts. */
void lme_length_of_server(lme_length *length, int64_t context);

/* What a run has to know of it. */
void lme_length_tell(const lme_length *length, lme_profile *profile);

/* Tokens that a question and its continuation may have: one less than there are, for the one that
 * servers generate, as lm_eval counts. 0: nobody says. */
size_t lme_length_bound(const lme_length *length);

/* Whether a question has to go through a passage: it may be too long, or its first token is to be
 * scored. */
bool lme_length_concerns(const lme_length *length, const lme_request *request);

typedef enum lme_stage {
    LME_STAGE_TOKENS,  /* the question's tokens are asked for */
    LME_STAGE_CONTEXT, /* those of its context alone */
    LME_STAGE_IDS,     /* it is asked by ids: whole, cut, or one window of it */
    LME_STAGE_WHOLE,   /* it fits, and is asked as it would have been without all this */
} lme_stage;

/* Requests that a question takes which has to, by a path that asks once: for its tokens, and for
 * what comes of them. */
void lme_length_requests(const lme_length *length, const lme_request *request, size_t *least,
                         size_t *most);

/* A question on its way; lives as long as its exchange. */
typedef struct lme_passage {
    lme_stage stage;
    const char *url; /* of the question as it is */
    lme_str body;
    lme_ids tokens; /* of its text */
    lme_ids sent;   /* under way, and from which on they are scored */
    size_t from;
    size_t window, n_windows;
    lme_response sum; /* of the windows so far */
    size_t n_cut;     /* tokens left out */
    bool too_long;    /* it was refused here */
} lme_passage;

struct lme_endpoint;
struct lme_exchange;

/* Puts an exchange that is about to ask its question through a passage. */
void lme_passage_begin(struct lme_endpoint *endpoint, struct lme_exchange *x);

/* Takes an answer of a passage that is not at LME_STAGE_WHOLE: says what is asked next, or fills
 * the response. Errors: LME_ERR_LIMIT when the question is too long, LME_ERR_SERVER. */
bool lme_passage_step(struct lme_endpoint *endpoint, struct lme_exchange *x, lme_response *response,
                      lme_error *err) LME_MUST_CHECK;

/* Whether an answer ended because the server's context was full, before its own bound: servers cut
 * max_tokens to what is left without a word (servers 3.23). True fills err with the counts, as a
 * failure of this item: LME_ERR_LIMIT. */
bool lme_length_ended(const lme_length *length, const lme_request *request,
                      const lme_response *response, lme_error *err);

/* Whether a refusal says that a question is longer than the server's context.
 *   said  of the answer's body */
bool lme_is_overflow(long status, const lme_remark *said);

#endif

/* The server's own tokenizer: a text to token ids and back. One row a dialect, in tokenizer/, named
 * in tokenizer/list.h; the probe takes the first that gives a text back whole. */
#ifndef LMEVAL_ENDPOINT_TOKENIZER_H
#define LMEVAL_ENDPOINT_TOKENIZER_H

#include "path.h"
#include "url.h"

typedef struct lme_server_tokenizer {
    const char *name;  /* of the servers that speak it */
    const char *route; /* for messages: "POST /tokenize" */
    /* The text's ids. special  with what the server puts before a text (BOS), else without */
    const char *(*url)(const lme_server_url *url);
    lme_str (*encode)(lme_arena *arena, const lme_form *form, lme_str text, bool special);
    /* The ids' text; its answer holds it under one of `texts`, which end in NULL. */
    const char *(*back_url)(const lme_server_url *url);
    lme_str (*decode)(lme_arena *arena, const lme_form *form, const lme_ids *ids);
    const char *const *texts;
    /* Where the name of the end-of-text token stands under "eos_token", and the chat template under
     * "chat_template"; GET. */
    const char *(*about_url)(const lme_server_url *url);
} lme_server_tokenizer;

const lme_server_tokenizer *const *lme_server_tokenizers(size_t *n);

/* Takes the ids out of an answer: `tokens`, a list of numbers.
 *   text  that was asked for: no tokenizer makes more tokens of it than it has bytes, but for a few
 * Errors: LME_ERR_SERVER: what the answer lacks. */
bool lme_tokens_read(lme_arena *arena, const lme_value *answer, lme_str text, lme_ids *ids,
                     lme_error *err) LME_MUST_CHECK;

enum {
    LME_SPECIAL_TOKENS = 8 /* that a server may put around a text, at most */
};

#endif

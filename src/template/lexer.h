/* State that the two halves of the lexer share: lexer.c cuts the source into text and code,
 * lexer_code.c cuts the code between {{ and }} into tokens. */
#ifndef LMEVAL_TEMPLATE_LEXER_H
#define LMEVAL_TEMPLATE_LEXER_H

#include "token.h"

#include <lmeval/limits.h>

typedef struct lme_bracket {
    char closing;
    size_t at;
} lme_bracket;

typedef struct lme_lexer {
    lme_arena *arena;
    const lme_source *source;
    size_t at; /* next byte */
    lme_token *tokens;
    size_t len, capacity;
    lme_bracket open[LME_LIMIT_DEPTH]; /* inside one {{ }} or {% %} */
    size_t n_open;
} lme_lexer;

void lme_lexer_add(lme_lexer *lexer, lme_token_kind kind, size_t from, size_t to);
bool lme_lexer_sees(const lme_lexer *lexer, size_t at, const char *text);

/* The first byte at or after `at` that is no whitespace. */
size_t lme_lexer_skip_space(const lme_lexer *lexer, size_t at);

/* Tokens up to and with the end marker.
 *   begin  where the {{ or {% stands
 *   end    PRINT_END or BLOCK_END */
bool lme_lexer_code(lme_lexer *lexer, size_t begin, lme_token_kind end,
                    lme_error *err) LME_MUST_CHECK;

#endif

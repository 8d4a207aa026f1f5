/* What the lexer hands to the parser. */
#ifndef LMEVAL_TEMPLATE_TOKEN_H
#define LMEVAL_TEMPLATE_TOKEN_H

#include "source.h"

typedef enum lme_token_kind {
    LME_TOKEN_END, /* of the template; always the last one */
    LME_TOKEN_TEXT,
    LME_TOKEN_PRINT_BEGIN, /* {{ */
    LME_TOKEN_PRINT_END,
    LME_TOKEN_BLOCK_BEGIN, /* {% */
    LME_TOKEN_BLOCK_END,
    LME_TOKEN_NAME,
    LME_TOKEN_INTEGER,
    LME_TOKEN_FLOAT,
    LME_TOKEN_STRING, /* with its quotes, escapes untouched */
    LME_TOKEN_ADD,
    LME_TOKEN_SUBTRACT,
    LME_TOKEN_MULTIPLY,
    LME_TOKEN_POWER,
    LME_TOKEN_DIVIDE,
    LME_TOKEN_FLOOR,
    LME_TOKEN_MODULO,
    LME_TOKEN_TILDE,
    LME_TOKEN_EQUAL,
    LME_TOKEN_NOT_EQUAL,
    LME_TOKEN_LESS,
    LME_TOKEN_LESS_EQUAL,
    LME_TOKEN_GREATER,
    LME_TOKEN_GREATER_EQUAL,
    LME_TOKEN_ASSIGN,
    LME_TOKEN_DOT,
    LME_TOKEN_COLON,
    LME_TOKEN_COMMA,
    LME_TOKEN_SEMICOLON,
    LME_TOKEN_PIPE,
    LME_TOKEN_OPEN_ROUND,
    LME_TOKEN_CLOSE_ROUND,
    LME_TOKEN_OPEN_SQUARE,
    LME_TOKEN_CLOSE_SQUARE,
    LME_TOKEN_OPEN_CURLY,
    LME_TOKEN_CLOSE_CURLY,
} lme_token_kind;

typedef struct lme_token {
    lme_token_kind kind;
    size_t at;    /* byte offset in the source */
    lme_str text; /* slice of the source; of a TEXT what is left after - has stripped */
} lme_token;

/* The source as tokens, the last of which is END. Comments, and whitespace that {%- or -%} strips,
 * are gone; raw blocks are TEXT. Errors: LME_ERR_TEMPLATE, LME_ERR_LIMIT. */
bool lme_lex(lme_arena *arena, const lme_source *source, const lme_token **tokens,
             lme_error *err) LME_MUST_CHECK;

/* "a name", "'%}'", ...: for messages. */
const char *lme_token_name(lme_token_kind kind);

#endif

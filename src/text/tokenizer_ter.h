/* Tercom's normalisation of a text before its words are compared. */
#ifndef LMEVAL_TEXT_TOKENIZER_TER_H
#define LMEVAL_TEXT_TOKENIZER_TER_H

#include <lmeval/str.h>

typedef struct lme_tercom {
    bool normalized, no_punct, asian_support, case_sensitive;
} lme_tercom;

/* The text with its words between whitespace. */
lme_str lme_tercom_separate(lme_arena *scratch, const lme_tercom *options, lme_str text);

#endif

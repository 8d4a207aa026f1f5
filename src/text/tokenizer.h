/* The tokenizers of BLEU: each turns a line into a line whose words stand between whitespace. */
#ifndef LMEVAL_TEXT_TOKENIZER_H
#define LMEVAL_TEXT_TOKENIZER_H

#include <lmeval/str.h>

typedef struct lme_tokenizer {
    const char *name;
    /* The line with its words apart; in the arena, or `line` itself. NULL: known, not built in. */
    lme_str (*separate)(lme_arena *scratch, lme_str line);
    const char *missing; /* why it is not built in; NULL when it is */
} lme_tokenizer;

extern const lme_tokenizer lme_tokenizers[]; /* in the order of lme_tokenizer_names */
extern const char *const lme_tokenizer_names[];

lme_str lme_separate_13a(lme_arena *scratch, lme_str line);
lme_str lme_separate_intl(lme_arena *scratch, lme_str line);
lme_str lme_separate_char(lme_arena *scratch, lme_str line);
lme_str lme_separate_zh(lme_arena *scratch, lme_str line);

/* What 13a and zh have in common: mteval-v13a's rules for punctuation, periods and dashes. */
lme_str lme_separate_western(lme_arena *scratch, lme_str line);

/* ASCII punctuation that those rules and Tercom's set apart: all but ' , - . and the letters. */
bool lme_is_mteval_punctuation(char c);

/* `[^0-9][.,]` -> "\1 \2 ", then `[.,][^0-9]` -> " \1 \2", then `[0-9]-` -> "\1 \2 ". */
lme_str lme_separate_periods(lme_arena *scratch, lme_str line);

#endif

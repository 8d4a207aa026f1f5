/* Texts as sequences of numbers, so that n-grams compare by integers. */
#ifndef LMEVAL_TEXT_WORDS_H
#define LMEVAL_TEXT_WORDS_H

#include <lmeval/str.h>

typedef struct lme_words {
    lme_str *items;
    size_t n;
} lme_words;

/* Python's text.split(): the runs between Unicode whitespace, as slices of `text`. */
lme_words lme_split_words(lme_arena *scratch, lme_str text);

typedef struct lme_symbols {
    uint32_t *items;
    size_t n;
} lme_symbols;

/* Gives equal words equal numbers, from 1 in order of first sight. One a segment. */
typedef struct lme_interner lme_interner;

/*   n_words  at most so many distinct words will come */
lme_interner *lme_interner_new(lme_arena *scratch, size_t n_words);
uint32_t lme_intern(lme_interner *interner, lme_str word);
lme_symbols lme_intern_words(lme_arena *scratch, lme_interner *interner, lme_words words);

/* The code points of a text; a bad byte is U+FFFD. */
lme_symbols lme_text_codepoints(lme_arena *scratch, lme_str text);

/* The same without Unicode whitespace. */
lme_symbols lme_text_letters(lme_arena *scratch, lme_str text);

#endif

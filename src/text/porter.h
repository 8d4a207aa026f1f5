/* Porter's stemmer (Program 14.3, 1980) with the extensions that NLTK 3.9 has by default. */
#ifndef LMEVAL_TEXT_PORTER_H
#define LMEVAL_TEXT_PORTER_H

#include <lmeval/str.h>

/* Stem of a word of lower-case ASCII letters and digits, in the arena or the word itself. It may be
 * empty. Source: nltk/stem/porter.py, mode NLTK_EXTENSIONS. */
lme_str lme_porter_stem(lme_arena *scratch, lme_str word);

#endif

/* Edits with shifts: the number that translation edit rate divides. */
#ifndef LMEVAL_TEXT_EDITS_H
#define LMEVAL_TEXT_EDITS_H

#include "words.h"

/* More words than this in one text are refused: time grows with their square in the worst case. */
#define LME_EDITS_WORDS_MAX 20000

/* Insertions, deletions, substitutions and shifts that make the reference of the hypothesis, as
 * Tercom's greedy search finds them. Both have at most LME_EDITS_WORDS_MAX words.
 * Source: sacrebleu 2.6.0 metrics/lib_ter.py, translation_edit_rate. */
size_t lme_count_edits(lme_arena *scratch, lme_symbols hypothesis, lme_symbols reference);

#endif

/* Longest common subsequences, 64 cells at a time. */
#ifndef LMEVAL_TEXT_LCS_H
#define LMEVAL_TEXT_LCS_H

#include "words.h"

/* Products of two lengths that are refused above this: a second or two of work, and for the whole
 * table 128 MiB. */
#define LME_LCS_LENGTH_CELLS ((size_t)1 << 36)
#define LME_LCS_TABLE_CELLS  ((size_t)1 << 30)

/* Length for two sequences of symbols 1 ... n_symbols. */
size_t lme_lcs_length(lme_arena *scratch, lme_symbols a, lme_symbols b, size_t n_symbols);

/* Sets is_common[i] for each reference symbol of one longest common subsequence, the one that
 * rouge_score 0.1.2 reads out of its table (_backtrack_norec); leaves the others as they are.
 *   room  lme_lcs_room() values, for any pair of sequences that are no longer */
void lme_lcs_mark(uint64_t *room, lme_symbols reference, lme_symbols candidate, bool *is_common);
size_t lme_lcs_room(size_t n_reference, size_t n_candidate);

#endif

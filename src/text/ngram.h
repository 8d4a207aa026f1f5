/* Clipped n-gram matches, which BLEU, chrF and ROUGE-N have in common. */
#ifndef LMEVAL_TEXT_NGRAM_H
#define LMEVAL_TEXT_NGRAM_H

#include "words.h"

/* Matches of the orders 1 to max_order: for each n-gram of the hypothesis the smaller of its counts
 * there and in the reference that has it most often.
 *   symbols  of hypothesis and references, numbered alike; up to 2^32 - 2 of them
 *   matches  max_order values, [0] for n = 1 */
void lme_ngram_matches(lme_arena *scratch, lme_symbols hypothesis, const lme_symbols *references,
                       size_t n_references, size_t max_order, double *matches);

/* Number of n-grams in a sequence of `length`. */
size_t lme_ngram_count(size_t length, size_t order);

#endif

/* Where each token of an answer lies in the prompt that was sent.
 *
 * text_offset alone is not to be trusted: it counts code points, bytes or nothing at all, and is
 * shifted by special tokens (servers 3.6). A placement is believed only when every token's text
 * stands in the prompt where it is said to, without a gap, from its first character to its last.
 */
#ifndef LMEVAL_ENDPOINT_ALIGN_H
#define LMEVAL_ENDPOINT_ALIGN_H

#include "logprobs.h"

typedef enum lme_placement {
    LME_PLACED_BY_OFFSET, /* text_offset counts code points of the prompt */
    LME_PLACED_BY_TEXT,   /* the tokens' texts joined are the prompt */
    LME_PLACED_LOOSELY,   /* the same, where characters are split over tokens or blanks left out */
} lme_placement;

typedef struct lme_alignment {
    lme_placement how;
    size_t first;         /* entries before it are special tokens that are not in the prompt */
    size_t end;           /* entries from it on were generated */
    const size_t *starts; /* by entry; code points; first <= i < end, never decreasing */
    size_t n_codepoints;  /* of the prompt */
    bool is_unclear;      /* tokens without a text at the cut: of the character before, or behind */
} lme_alignment;

/* Places the tokens.
 *   cut  code point that the caller will cut at: it must not fall where starts are uncertain
 * Errors: LME_ERR_SERVER: where the tokens leave the prompt. */
bool lme_align(lme_arena *arena, lme_str prompt, const lme_logprobs *logprobs, size_t cut,
               lme_alignment *alignment, lme_error *err) LME_MUST_CHECK;

/* True when text_offset counts bytes of a prompt whose tokens were placed otherwise. */
bool lme_offsets_are_bytes(lme_str prompt, const lme_logprobs *logprobs,
                           const lme_alignment *alignment);

#endif

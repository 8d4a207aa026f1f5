/* The reference model's tokens: byte-level BPE with a GPT-2-like split, learned from the corpus at
 * start. Every byte is a token, so any text encodes and decodes back; words carry the space before
 * them, and rare characters fall apart into bytes, as with the vocabularies of real servers.
 */
#ifndef LMEVAL_REFSERVER_VOCAB_H
#define LMEVAL_REFSERVER_VOCAB_H

#include <lmeval/str.h>

/* Ids: the 256 bytes, the end-of-text token, then merges in the order learned. */
#define LME_TOKEN_END   256u
#define LME_TOKEN_BEGIN 257u /* only the trait `bos` uses it; the model takes it for END */
#define LME_TOKEN_FIRST 258u /* first merge */
#define LME_END_TEXT    "<|endoftext|>"
#define LME_BEGIN_TEXT  "<|begin|>"

/* Longest piece that merges work on: bounds the work a byte of hostile text can cause. */
#define LME_PIECE_MAX 64u

/* A growing list of token ids; zero-initialise with .arena set. */
typedef struct lme_tokens {
    lme_arena *arena;
    uint16_t *ids;
    size_t len, capacity;
} lme_tokens;

void lme_tokens_add(lme_tokens *tokens, uint16_t id);

/* Next piece of the text from byte *at on, never empty; moves *at behind it. *at < text.len.
 * GPT-2's pattern: contractions; blank plus letters, digits or others; runs of white space, of
 * which the last blank goes to what follows. Longer pieces are cut at LME_PIECE_MAX bytes. */
lme_str lme_piece_next(lme_str text, size_t *at);

typedef struct lme_vocab {
    lme_str *bytes; /* n texts of the tokens */
    size_t n;
    uint32_t *pairs; /* open addressing: left << 16 | right, plus one; 0 is free */
    uint16_t *merged;
    size_t mask;
} lme_vocab;

/* Learns up to n_merges merges, the most frequent pair first (ties: smaller ids). Stops when no
 * pair occurs twice. */
lme_vocab *lme_vocab_train(lme_arena *arena, const lme_str *texts, size_t n_texts, size_t n_merges);

/* The vocabulary without merges, with room for n_merges. */
lme_vocab *lme_vocab_new(lme_arena *arena, size_t n_merges);

/* Adds the merge of two tokens; the order of adding is their rank. Returns the new token. */
uint16_t lme_vocab_add(lme_arena *arena, lme_vocab *vocab, uint16_t left, uint16_t right);

/* The token that two neighbours become; false when they do not merge. */
bool lme_vocab_merge(const lme_vocab *vocab, uint16_t left, uint16_t right, uint16_t *merged);

/* Appends the tokens of a text. LME_END_TEXT in it is the end-of-text token. */
void lme_vocab_encode(const lme_vocab *vocab, lme_str text, lme_tokens *tokens);

/* Appends the bytes of tokens, special ones as their text; need not be valid UTF-8. */
void lme_vocab_decode(const lme_vocab *vocab, const uint16_t *ids, size_t n, lme_builder *text);

#endif

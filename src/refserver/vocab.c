/* Encoding and decoding. A piece is merged by rank: of all neighbouring pairs the one learned first
 * goes first, so a training word gets the tokens that training left it with.
 */
#include "vocab.h"

#include <string.h>

#define NO_MERGE UINT16_MAX

static uint32_t pair_key(uint16_t left, uint16_t right)
{
    return ((uint32_t)left << 16 | right) + 1;
}

static size_t pair_slot(const lme_vocab *vocab, uint32_t key)
{
    size_t slot = (size_t)(((uint64_t)key * 0x9E3779B97F4A7C15u) >> 40) & vocab->mask;
    while (vocab->pairs[slot] != 0 && vocab->pairs[slot] != key)
        slot = (slot + 1) & vocab->mask;
    return slot;
}

void lme_tokens_add(lme_tokens *tokens, uint16_t id)
{
    if (tokens->len == tokens->capacity) {
        size_t capacity = tokens->capacity == 0 ? 64 : 2 * tokens->capacity;
        tokens->ids = lme_arena_grow(tokens->arena, tokens->ids, tokens->len * sizeof *tokens->ids,
                                     capacity * sizeof *tokens->ids);
        tokens->capacity = capacity;
    }
    tokens->ids[tokens->len++] = id;
}

lme_vocab *lme_vocab_new(lme_arena *arena, size_t n_merges)
{
    lme_vocab *vocab = LME_NEW(arena, lme_vocab);
    LME_BUG(LME_TOKEN_FIRST + n_merges >= NO_MERGE, "more tokens than ids");
    vocab->bytes = LME_ARRAY(arena, lme_str, LME_TOKEN_FIRST + n_merges);
    char *all = LME_ARRAY(arena, char, 256);
    for (size_t i = 0; i < 256; i++) {
        all[i] = (char)(unsigned char)i;
        vocab->bytes[i] = (lme_str){all + i, 1};
    }
    vocab->bytes[LME_TOKEN_END] = LME_STR(LME_END_TEXT);
    vocab->bytes[LME_TOKEN_BEGIN] = LME_STR(LME_BEGIN_TEXT);
    vocab->n = LME_TOKEN_FIRST;
    size_t n_slots = 64;
    while (n_slots < 4 * n_merges)
        n_slots *= 2;
    vocab->pairs = LME_ARRAY(arena, uint32_t, n_slots);
    vocab->merged = LME_ARRAY(arena, uint16_t, n_slots);
    vocab->mask = n_slots - 1;
    return vocab;
}

uint16_t lme_vocab_add(lme_arena *arena, lme_vocab *vocab, uint16_t left, uint16_t right)
{
    uint16_t id = (uint16_t)vocab->n;
    size_t slot = pair_slot(vocab, pair_key(left, right));
    vocab->bytes[id] = lme_str_concat(arena, vocab->bytes[left], vocab->bytes[right]);
    vocab->pairs[slot] = pair_key(left, right);
    vocab->merged[slot] = id;
    vocab->n++;
    return id;
}

bool lme_vocab_merge(const lme_vocab *vocab, uint16_t left, uint16_t right, uint16_t *merged)
{
    uint32_t key = pair_key(left, right);
    size_t slot = pair_slot(vocab, key);
    if (vocab->pairs[slot] != key)
        return false;
    *merged = vocab->merged[slot];
    return true;
}

static uint16_t merge_or_none(const lme_vocab *vocab, uint16_t left, uint16_t right)
{
    uint16_t merged;
    return lme_vocab_merge(vocab, left, right, &merged) ? merged : NO_MERGE;
}

static void encode_piece(const lme_vocab *vocab, lme_str piece, lme_tokens *tokens)
{
    uint16_t symbols[LME_PIECE_MAX], into[LME_PIECE_MAX];
    size_t n = piece.len;
    for (size_t i = 0; i < n; i++)
        symbols[i] = (unsigned char)piece.ptr[i];
    for (size_t i = 0; i + 1 < n; i++)
        into[i] = merge_or_none(vocab, symbols[i], symbols[i + 1]);
    while (n > 1) {
        size_t best = 0;
        for (size_t i = 1; i + 1 < n; i++) {
            if (into[i] < into[best])
                best = i;
        }
        if (into[best] == NO_MERGE)
            break;
        symbols[best] = into[best];
        n--;
        memmove(symbols + best + 1, symbols + best + 2, (n - best - 1) * sizeof *symbols);
        memmove(into + best, into + best + 1, (n - best - 1) * sizeof *into);
        if (best + 1 < n)
            into[best] = merge_or_none(vocab, symbols[best], symbols[best + 1]);
        if (best > 0)
            into[best - 1] = merge_or_none(vocab, symbols[best - 1], symbols[best]);
    }
    for (size_t i = 0; i < n; i++)
        lme_tokens_add(tokens, symbols[i]);
}

void lme_vocab_encode(const lme_vocab *vocab, lme_str text, lme_tokens *tokens)
{
    size_t at = 0;
    while (at < text.len) {
        size_t special = lme_str_find(text, LME_STR(LME_END_TEXT), at);
        lme_str plain = lme_str_slice(text, 0, special);
        while (at < plain.len)
            encode_piece(vocab, lme_piece_next(plain, &at), tokens);
        if (special != SIZE_MAX) {
            lme_tokens_add(tokens, LME_TOKEN_END);
            at = special + sizeof LME_END_TEXT - 1;
        }
    }
}

void lme_vocab_decode(const lme_vocab *vocab, const uint16_t *ids, size_t n, lme_builder *text)
{
    for (size_t i = 0; i < n; i++)
        lme_builder_add(text, vocab->bytes[ids[i]]);
}

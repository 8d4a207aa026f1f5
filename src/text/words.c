/* Splitting and numbering. A segment has some dozen words and there are 20,000 segments: tables are
 * small, made anew for each and thrown away with the scratch arena. */
#include "words.h"

#include <string.h>

#include <lmeval/unicode.h>

/* Whether whitespace begins at byte *at, which moves behind the character. */
static inline bool take_space(lme_str text, size_t *at)
{
    unsigned char c = (unsigned char)text.ptr[*at];
    if (c < 0x80) {
        (*at)++;
        return c == ' ' || (c >= 0x09 && c <= 0x0D) || (c >= 0x1C && c <= 0x1F);
    }
    return lme_is_space(lme_codepoint_next(text, at));
}

lme_words lme_split_words(lme_arena *scratch, lme_str text)
{
    lme_words words = {.items = LME_ARRAY(scratch, lme_str, text.len / 2 + 1)};
    size_t at = 0, start = 0;
    while (at < text.len) {
        size_t before = at;
        if (!take_space(text, &at))
            continue;
        if (before > start)
            words.items[words.n++] = (lme_str){text.ptr + start, before - start};
        start = at;
    }
    if (text.len > start)
        words.items[words.n++] = (lme_str){text.ptr + start, text.len - start};
    return words;
}

typedef struct slot {
    uint64_t hash; /* 0: free */
    lme_str word;
    uint32_t symbol;
} slot;

struct lme_interner {
    slot *slots;
    size_t mask;
    uint64_t seed;
    uint32_t n;
};

lme_interner *lme_interner_new(lme_arena *scratch, size_t n_words)
{
    lme_interner *interner = LME_NEW(scratch, lme_interner);
    size_t capacity = 16;
    while (capacity < 2 * n_words)
        capacity *= 2;
    interner->slots = LME_ARRAY(scratch, slot, capacity);
    interner->mask = capacity - 1;
    interner->seed = (uint64_t)(uintptr_t)interner->slots;
    return interner;
}

/* Eight bytes at a time by multiply and xor-shift. The seed differs from run to run, so that no
 * text can be made to collide in all of them; numbers go by order of sight and do not show it. */
static uint64_t hash_of(uint64_t seed, lme_str word)
{
    const uint64_t odd = 0x9e3779b97f4a7c15u;
    uint64_t h = (seed ^ word.len) * odd;
    const char *p = word.ptr;
    size_t n = word.len;
    for (; n >= 8; n -= 8, p += 8) {
        uint64_t piece;
        memcpy(&piece, p, 8);
        h = (h ^ piece) * odd;
        h ^= h >> 32;
    }
    uint64_t piece = 0;
    for (size_t i = 0; i < n; i++)
        piece = piece << 8 | (unsigned char)p[i];
    h = (h ^ piece) * odd;
    h = (h ^ h >> 29) * 0xbf58476d1ce4e5b9u;
    return (h ^ h >> 32) | 1;
}

uint32_t lme_intern(lme_interner *interner, lme_str word)
{
    uint64_t hash = hash_of(interner->seed, word);
    for (size_t i = (size_t)(hash >> 1);; i++) {
        slot *s = &interner->slots[i & interner->mask];
        if (s->hash == 0) {
            *s = (slot){.hash = hash, .word = word, .symbol = ++interner->n};
            return s->symbol;
        }
        if (s->hash == hash && lme_str_equal(s->word, word))
            return s->symbol;
    }
}

lme_symbols lme_intern_words(lme_arena *scratch, lme_interner *interner, lme_words words)
{
    lme_symbols symbols = {.items = LME_ARRAY(scratch, uint32_t, words.n), .n = words.n};
    for (size_t i = 0; i < words.n; i++)
        symbols.items[i] = lme_intern(interner, words.items[i]);
    return symbols;
}

lme_symbols lme_text_codepoints(lme_arena *scratch, lme_str text)
{
    lme_symbols symbols = {.items = LME_ARRAY(scratch, uint32_t, text.len)};
    for (size_t at = 0; at < text.len;)
        symbols.items[symbols.n++] = lme_codepoint_next(text, &at);
    return symbols;
}

lme_symbols lme_text_letters(lme_arena *scratch, lme_str text)
{
    lme_symbols symbols = {.items = LME_ARRAY(scratch, uint32_t, text.len)};
    for (size_t at = 0; at < text.len;) {
        uint32_t c = lme_codepoint_next(text, &at);
        if (!lme_is_space(c))
            symbols.items[symbols.n++] = c;
    }
    return symbols;
}

/* Learning the merges. Words (pieces of the split) are counted once; every pair knows the words it
 * was seen in, so a merge touches only these. The best pair is found by a scan: some ten thousand
 * pairs times a thousand merges is cheaper than a heap with decreasing keys is to understand.
 */
#include "vocab.h"

#include <string.h>

#include <lmeval/hash.h>

typedef struct word {
    uint16_t *symbols;
    size_t len;
    size_t count;
} word;

typedef struct pair {
    uint16_t left, right;
    bool refused; /* its text is a token already: two tokens with one text help nobody */
    size_t count;
    uint32_t *words; /* where it was seen; may hold words that lost it since */
    size_t n_words, capacity;
} pair;

typedef struct training {
    lme_arena *arena;
    word *words;
    size_t n_words, words_capacity;
    pair *pairs;
    size_t n_pairs, pairs_capacity;
    uint32_t *slots; /* pair index plus one by key; 0 is free */
    size_t mask;
} training;

static size_t slot_of(const training *t, uint16_t left, uint16_t right)
{
    uint64_t key = (uint64_t)left << 16 | right;
    size_t slot = (size_t)((key * 0x9E3779B97F4A7C15u) >> 32) & t->mask;
    while (t->slots[slot] != 0) {
        const pair *p = &t->pairs[t->slots[slot] - 1];
        if (p->left == left && p->right == right)
            break;
        slot = (slot + 1) & t->mask;
    }
    return slot;
}

static void grow_slots(training *t)
{
    size_t n = t->mask == 0 ? 4096 : 2 * (t->mask + 1);
    t->slots = LME_ARRAY(t->arena, uint32_t, n);
    t->mask = n - 1;
    for (size_t i = 0; i < t->n_pairs; i++)
        t->slots[slot_of(t, t->pairs[i].left, t->pairs[i].right)] = (uint32_t)i + 1;
}

static pair *pair_of(training *t, uint16_t left, uint16_t right)
{
    if (2 * t->n_pairs >= t->mask)
        grow_slots(t);
    size_t slot = slot_of(t, left, right);
    if (t->slots[slot] != 0)
        return &t->pairs[t->slots[slot] - 1];
    if (t->n_pairs == t->pairs_capacity) {
        size_t capacity = t->pairs_capacity == 0 ? 1024 : 2 * t->pairs_capacity;
        t->pairs = lme_arena_grow(t->arena, t->pairs, t->n_pairs * sizeof *t->pairs,
                                  capacity * sizeof *t->pairs);
        t->pairs_capacity = capacity;
    }
    t->pairs[t->n_pairs] = (pair){.left = left, .right = right};
    t->slots[slot] = (uint32_t)t->n_pairs + 1;
    return &t->pairs[t->n_pairs++];
}

static void see_word(training *t, pair *p, uint32_t word_index)
{
    if (p->n_words > 0 && p->words[p->n_words - 1] == word_index)
        return;
    if (p->n_words == p->capacity) {
        size_t capacity = p->capacity == 0 ? 4 : 2 * p->capacity;
        p->words = lme_arena_grow(t->arena, p->words, p->n_words * sizeof *p->words,
                                  capacity * sizeof *p->words);
        p->capacity = capacity;
    }
    p->words[p->n_words++] = word_index;
}

static void add_word(training *t, lme_str piece)
{
    if (t->n_words == t->words_capacity) {
        size_t capacity = 2 * t->words_capacity;
        t->words = lme_arena_grow(t->arena, t->words, t->n_words * sizeof *t->words,
                                  capacity * sizeof *t->words);
        t->words_capacity = capacity;
    }
    word *w = &t->words[t->n_words++];
    *w = (word){LME_ARRAY(t->arena, uint16_t, piece.len), piece.len, 1};
    for (size_t k = 0; k < piece.len; k++)
        w->symbols[k] = (unsigned char)piece.ptr[k];
}

static void count_words(training *t, const lme_str *texts, size_t n_texts)
{
    lme_table *seen = lme_table_new(t->arena);
    t->words_capacity = 1024;
    t->words = LME_ARRAY(t->arena, word, t->words_capacity);
    for (size_t i = 0; i < n_texts; i++) {
        size_t at = 0;
        while (at < texts[i].len) {
            lme_str piece = lme_piece_next(texts[i], &at);
            size_t index;
            if (lme_table_get(seen, piece, &index)) {
                t->words[index].count++;
            } else {
                lme_table_set(seen, piece, t->n_words);
                add_word(t, piece);
            }
        }
    }
}

static void count_pairs(training *t)
{
    for (size_t i = 0; i < t->n_words; i++) {
        const word *w = &t->words[i];
        for (size_t k = 0; k + 1 < w->len; k++) {
            pair *p = pair_of(t, w->symbols[k], w->symbols[k + 1]);
            p->count += w->count;
            see_word(t, p, (uint32_t)i);
        }
    }
}

static bool is_better(const pair *a, const pair *b)
{
    if (a->count != b->count)
        return a->count > b->count;
    return a->left != b->left ? a->left < b->left : a->right < b->right;
}

static const pair *best_pair(const training *t)
{
    const pair *best = NULL;
    for (size_t i = 0; i < t->n_pairs; i++) {
        const pair *p = &t->pairs[i];
        if (!p->refused && p->count >= 2 && (best == NULL || is_better(p, best)))
            best = p;
    }
    return best;
}

/* Replaces the pair in one word and moves the counts of the pairs around it. */
static void merge_word(training *t, uint32_t index, const pair *merging, uint16_t merged)
{
    word *w = &t->words[index];
    uint16_t left = merging->left, right = merging->right;
    size_t to = 0;
    bool has = false;
    for (size_t k = 0; k + 1 < w->len && !has; k++)
        has = w->symbols[k] == left && w->symbols[k + 1] == right;
    if (!has)
        return;
    for (size_t k = 0; k + 1 < w->len; k++)
        pair_of(t, w->symbols[k], w->symbols[k + 1])->count -= w->count;
    for (size_t k = 0; k < w->len; k++) {
        if (k + 1 < w->len && w->symbols[k] == left && w->symbols[k + 1] == right) {
            w->symbols[to++] = merged;
            k++;
        } else {
            w->symbols[to++] = w->symbols[k];
        }
    }
    w->len = to;
    for (size_t k = 0; k + 1 < w->len; k++) {
        pair *p = pair_of(t, w->symbols[k], w->symbols[k + 1]);
        p->count += w->count;
        if (w->symbols[k] == merged || w->symbols[k + 1] == merged)
            see_word(t, p, index);
    }
}

lme_vocab *lme_vocab_train(lme_arena *arena, const lme_str *texts, size_t n_texts, size_t n_merges)
{
    lme_vocab *vocab = lme_vocab_new(arena, n_merges);
    training t = {.arena = lme_arena_new()};
    lme_table *known = lme_table_new(t.arena);
    count_words(&t, texts, n_texts);
    count_pairs(&t);
    while (vocab->n < LME_TOKEN_FIRST + n_merges) {
        const pair *best = best_pair(&t);
        if (best == NULL)
            break;
        pair merging = *best; /* the array may move */
        lme_str text =
            lme_str_concat(t.arena, vocab->bytes[merging.left], vocab->bytes[merging.right]);
        size_t index;
        if (lme_table_get(known, text, &index)) {
            pair_of(&t, merging.left, merging.right)->refused = true;
            continue;
        }
        uint16_t merged = lme_vocab_add(arena, vocab, merging.left, merging.right);
        lme_table_set(known, text, merged);
        for (size_t i = 0; i < merging.n_words; i++)
            merge_word(&t, merging.words[i], &merging, merged);
    }
    lme_arena_free(t.arena);
    return vocab;
}

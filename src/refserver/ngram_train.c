/* Training: count every n-gram in a trie, turn the counts of shorter n-grams into the number of
 * different tokens seen before them (Kneser-Ney), discount, interpolate from the shortest n-grams
 * up, and renumber so that what follows a context lies together, likeliest first.
 */
#include "ngram.h"

#include <math.h>
#include <stdlib.h>

/* Quantized weights live on e^-QUANTIZE_RANGE ... 1. */
#define QUANTIZE_RANGE 12.0

typedef struct gram {
    uint32_t parent, shorter; /* without the last, without the first token */
    uint32_t count;
    uint32_t before; /* different tokens seen before it */
    uint16_t token;
    uint16_t length;
} gram;

typedef struct counting {
    lme_arena *arena;
    gram *grams; /* 0 is the empty one */
    size_t n, capacity;
    uint32_t *slots;
    size_t mask;
} counting;

static size_t slot_of(const counting *c, uint32_t parent, uint16_t token)
{
    uint64_t key = (uint64_t)parent << 16 | token;
    size_t slot = (size_t)((key * 0x9E3779B97F4A7C15u) >> 32) & c->mask;
    while (c->slots[slot] != 0) {
        const gram *g = &c->grams[c->slots[slot]];
        if (g->parent == parent && g->token == token)
            break;
        slot = (slot + 1) & c->mask;
    }
    return slot;
}

static void grow_slots(counting *c)
{
    size_t n = c->mask == 0 ? 65536 : 2 * (c->mask + 1);
    c->slots = LME_ARRAY(c->arena, uint32_t, n);
    c->mask = n - 1;
    for (size_t i = 1; i < c->n; i++)
        c->slots[slot_of(c, c->grams[i].parent, c->grams[i].token)] = (uint32_t)i;
}

static uint32_t gram_of(counting *c, uint32_t parent, uint16_t token, uint32_t shorter)
{
    if (2 * c->n >= c->mask)
        grow_slots(c);
    size_t slot = slot_of(c, parent, token);
    if (c->slots[slot] != 0)
        return c->slots[slot];
    if (c->n == c->capacity) {
        size_t capacity = 2 * c->capacity;
        c->grams = lme_arena_grow(c->arena, c->grams, c->n * sizeof *c->grams,
                                  capacity * sizeof *c->grams);
        c->capacity = capacity;
    }
    uint16_t length = (uint16_t)(c->grams[parent].length + 1);
    c->grams[c->n] = (gram){.parent = parent, .shorter = shorter, .token = token, .length = length};
    if (length > 1)
        c->grams[shorter].before++;
    c->slots[slot] = (uint32_t)c->n;
    return (uint32_t)c->n++;
}

/* From the end to the front: the n-grams that begin one token later are there already. */
static void count_document(counting *c, const lme_tokens *document)
{
    uint32_t later[LME_NGRAM_ORDER + 1] = {0}; /* by length, of those that begin at i + 1 */
    for (size_t i = document->len; i-- > 0;) {
        uint32_t at = 0, mine[LME_NGRAM_ORDER + 1] = {0};
        for (size_t k = 0; k < LME_NGRAM_ORDER && i + k < document->len; k++) {
            at = gram_of(c, at, document->ids[i + k], later[k]);
            c->grams[at].count++;
            mine[k + 1] = at;
        }
        for (size_t k = 1; k <= LME_NGRAM_ORDER; k++)
            later[k] = mine[k];
    }
}

/* Kneser-Ney's count: the longest n-grams and those at the beginning of a document, which nothing
 * comes before, keep the plain one. */
static uint32_t adjusted(const gram *g)
{
    if (g->length == LME_NGRAM_ORDER || (g->before == 0 && g->length > 1))
        return g->count;
    return g->before;
}

/* Discounts of counts 1, 2, and 3 or more (Chen and Goodman 1999, equation 26); fixed ones where
 * the counts of counts of a small corpus give none. */
static void discounts(const counting *c, uint16_t length, double *discount)
{
    double n[5] = {0};
    for (size_t i = 1; i < c->n; i++) {
        uint32_t count = adjusted(&c->grams[i]);
        if (c->grams[i].length == length && count >= 1 && count <= 4)
            n[count]++;
    }
    double y = n[1] / (n[1] + 2.0 * n[2]);
    for (unsigned k = 1; k <= 3; k++) {
        double d = k - (k + 1) * y * n[k + 1] / n[k];
        discount[k] = d > 0.0 && d < k ? d : 0.5 * k; /* NaN compares false */
    }
}

static double quantized(double weight, unsigned bits)
{
    if (bits == 0 || weight <= 0.0)
        return weight;
    double step = QUANTIZE_RANGE / (double)((1u << bits) - 1);
    double level = fmin(round(-log(weight) / step), (double)((1u << bits) - 1));
    return exp(-level * step);
}

/* Own weight of every n-gram after its context and back-off weight of every context. They and so
 * the probabilities sum to one, quantized or not. */
static void weigh(const counting *c, unsigned bits, double *own, double *backoff)
{
    double discount[LME_NGRAM_ORDER + 1][4] = {{0}};
    double *total = LME_ARRAY(c->arena, double, c->n);
    for (uint16_t length = 1; length <= LME_NGRAM_ORDER; length++)
        discounts(c, length, discount[length]);
    for (size_t i = 1; i < c->n; i++)
        total[c->grams[i].parent] += adjusted(&c->grams[i]);
    for (size_t i = 1; i < c->n; i++) {
        const gram *g = &c->grams[i];
        uint32_t count = adjusted(g);
        double taken = discount[g->length][count > 3 ? 3 : count];
        if (count == 0 || total[g->parent] <= 0.0)
            continue;
        own[i] = quantized(((double)count - taken) / total[g->parent], bits);
        backoff[g->parent] += taken / total[g->parent];
    }
    double *sum = total;
    for (size_t i = 0; i < c->n; i++) {
        backoff[i] = total[i] > 0.0 ? quantized(backoff[i], bits) : 1.0;
        sum[i] = backoff[i];
    }
    for (size_t i = 1; i < c->n; i++)
        sum[c->grams[i].parent] += own[i];
    for (size_t i = 1; i < c->n; i++)
        own[i] /= sum[c->grams[i].parent];
    for (size_t i = 0; i < c->n; i++)
        backoff[i] /= sum[i];
}

/* A row being placed: n-gram, its context's new number, its probability. */
typedef struct placing {
    uint32_t gram, context;
    double probability;
    uint16_t token;
} placing;

static int by_probability(const void *left, const void *right)
{
    const placing *a = left, *b = right;
    if (a->probability > b->probability || a->probability < b->probability)
        return a->probability > b->probability ? -1 : 1;
    return (a->token > b->token) - (a->token < b->token);
}

/* The n-grams of one length, grouped by context. Returns how many. */
static size_t group(const counting *c, uint16_t length, const uint32_t *row_of,
                    size_t first_context, placing *placed)
{
    size_t n = 0, n_contexts = 0;
    for (size_t i = 0; i < c->n; i++) {
        n += c->grams[i].length == length;
        n_contexts += c->grams[i].length == length - 1;
    }
    size_t *start = LME_ARRAY(c->arena, size_t, n_contexts + 1);
    for (size_t i = 1; i < c->n; i++) {
        if (c->grams[i].length == length)
            start[row_of[c->grams[i].parent] - first_context + 1]++;
    }
    for (size_t i = 1; i <= n_contexts; i++)
        start[i] += start[i - 1];
    for (size_t i = 1; i < c->n; i++) {
        const gram *g = &c->grams[i];
        if (g->length == length) {
            uint32_t context = row_of[g->parent];
            placed[start[context - first_context]++] =
                (placing){.gram = (uint32_t)i, .context = context, .token = g->token};
        }
    }
    return n;
}

/* Numbers the rows of one length and fills them in. */
static void place(const counting *c, lme_ngram *ngram, placing *placed, size_t n, uint32_t *row_of)
{
    for (size_t from = 0, to; from < n; from = to) {
        uint32_t context = placed[from].context;
        for (to = from; to < n && placed[to].context == context; to++) {
        }
        qsort(placed + from, to - from, sizeof *placed, by_probability);
        ngram->contexts[context].first = (uint32_t)(ngram->n_rows + from);
        ngram->contexts[context].n = (uint32_t)(to - from);
    }
    for (size_t i = 0; i < n; i++) {
        uint32_t row = (uint32_t)(ngram->n_rows + i);
        row_of[placed[i].gram] = row;
        ngram->probability[row] = placed[i].probability;
        ngram->token[row] = placed[i].token;
        ngram->shorter[row] = row_of[c->grams[placed[i].gram].shorter];
    }
    ngram->n_rows += n;
}

static void build(lme_arena *arena, const counting *c, unsigned bits, lme_ngram *ngram)
{
    double *own = LME_ARRAY(c->arena, double, c->n);
    double *backoff = LME_ARRAY(c->arena, double, c->n);
    uint32_t *row_of = LME_ARRAY(c->arena, uint32_t, c->n);
    placing *placed = LME_ARRAY(c->arena, placing, c->n);
    weigh(c, bits, own, backoff);
    for (size_t i = 0; i < c->n; i++)
        ngram->n_contexts += c->grams[i].length < LME_NGRAM_ORDER;
    ngram->probability = LME_ARRAY(arena, double, c->n);
    ngram->shorter = LME_ARRAY(arena, uint32_t, c->n);
    ngram->token = LME_ARRAY(arena, uint16_t, c->n);
    ngram->contexts = LME_ARRAY(arena, lme_context, ngram->n_contexts);
    ngram->n_rows = 1;
    size_t first_context = 0;
    for (uint16_t length = 1; length <= LME_NGRAM_ORDER; length++) {
        size_t next_context = ngram->n_rows;
        size_t n = group(c, length, row_of, first_context, placed);
        for (size_t i = 0; i < n; i++) {
            const gram *g = &c->grams[placed[i].gram];
            double shorter =
                length == 1 ? 1.0 / (double)ngram->n_vocab : ngram->probability[row_of[g->shorter]];
            placed[i].probability = own[placed[i].gram] + backoff[g->parent] * shorter;
        }
        place(c, ngram, placed, n, row_of);
        first_context = next_context;
    }
    for (size_t i = 0; i < c->n; i++) {
        if (c->grams[i].length < LME_NGRAM_ORDER)
            ngram->contexts[row_of[i]].backoff = backoff[i];
    }
}

lme_ngram *lme_ngram_train(lme_arena *arena, size_t n_vocab, const lme_tokens *documents,
                           size_t n_documents, unsigned quantize_bits)
{
    lme_ngram *ngram = LME_NEW(arena, lme_ngram);
    counting c = {.arena = lme_arena_new(), .n = 1, .capacity = 65536};
    c.grams = LME_ARRAY(c.arena, gram, c.capacity);
    for (size_t i = 0; i < n_vocab; i++)
        gram_of(&c, 0, (uint16_t)i, 0);
    for (size_t i = 0; i < n_documents; i++)
        count_document(&c, &documents[i]);
    ngram->n_vocab = n_vocab;
    build(arena, &c, quantize_bits, ngram);
    ngram->single = LME_ARRAY(arena, uint32_t, n_vocab);
    for (uint32_t row = 1; row <= n_vocab; row++)
        ngram->single[ngram->token[row]] = row;
    lme_ngram_index(arena, ngram);
    lme_arena_free(c.arena);
    return ngram;
}

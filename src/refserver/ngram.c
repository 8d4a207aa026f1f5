/* Asking the model. A token known after the longest context has its interpolated probability in its
 * row; else the next shorter context is asked and the back-off weights multiply up. The likeliest
 * tokens need no pass over the vocabulary: a token unknown after a context keeps the rank it has
 * after the shorter one, so the best n are among the context's own best n and the shorter one's.
 */
#include "ngram.h"

/* Contexts with at most this many rows are searched row by row. */
#define SCAN_MAX 8u

static size_t hash_slot(const lme_ngram *ngram, uint32_t context, uint16_t token)
{
    uint64_t key = (uint64_t)context << 16 | token;
    return (size_t)((key * 0x9E3779B97F4A7C15u) >> 32) & ngram->mask;
}

void lme_ngram_index(lme_arena *arena, lme_ngram *ngram)
{
    size_t n = 0, n_slots = 64;
    for (size_t i = 1; i < ngram->n_contexts; i++)
        n += ngram->contexts[i].n > SCAN_MAX ? ngram->contexts[i].n : 0;
    while (n_slots < 2 * n)
        n_slots *= 2;
    ngram->slots = LME_ARRAY(arena, uint32_t, n_slots);
    ngram->mask = n_slots - 1;
    for (uint32_t i = 1; i < ngram->n_contexts; i++) {
        const lme_context *context = &ngram->contexts[i];
        for (uint32_t k = 0; context->n > SCAN_MAX && k < context->n; k++) {
            size_t slot = hash_slot(ngram, i, ngram->token[context->first + k]);
            while (ngram->slots[slot] != 0)
                slot = (slot + 1) & ngram->mask;
            ngram->slots[slot] = context->first + k;
        }
    }
}

/* Row of the token after a context; 0 when it was not seen there. */
static uint32_t find_row(const lme_ngram *ngram, uint32_t state, uint16_t token)
{
    if (state == LME_NGRAM_START)
        return ngram->single[token];
    const lme_context *context = &ngram->contexts[state];
    if (context->n <= SCAN_MAX) {
        for (uint32_t row = context->first; row < context->first + context->n; row++) {
            if (ngram->token[row] == token)
                return row;
        }
        return 0;
    }
    size_t slot = hash_slot(ngram, state, token);
    while (ngram->slots[slot] != 0) {
        uint32_t row = ngram->slots[slot];
        if (ngram->token[row] == token && row - context->first < context->n)
            return row;
        slot = (slot + 1) & ngram->mask;
    }
    return 0;
}

double lme_ngram_step(const lme_ngram *ngram, lme_ngram_state *state, uint16_t token)
{
    double weight = 1.0;
    uint32_t context = *state;
    uint32_t row = find_row(ngram, context, token);
    while (row == 0) {
        weight *= ngram->contexts[context].backoff;
        context = ngram->shorter[context];
        row = find_row(ngram, context, token);
    }
    *state = row < ngram->n_contexts ? row : ngram->shorter[row];
    return weight * ngram->probability[row];
}

static bool is_likelier(lme_candidate a, lme_candidate b)
{
    if (a.probability > b.probability || a.probability < b.probability)
        return a.probability > b.probability;
    return a.token < b.token;
}

lme_candidate lme_ngram_best(const lme_ngram *ngram, lme_ngram_state state)
{
    lme_candidate best = {0, -1.0};
    double weight = 1.0;
    for (uint32_t context = state;; context = ngram->shorter[context]) {
        const lme_context *c = &ngram->contexts[context];
        if (c->n > 0) {
            lme_candidate own = {ngram->token[c->first], weight * ngram->probability[c->first]};
            if (is_likelier(own, best))
                best = own;
        }
        if (context == LME_NGRAM_START)
            return best;
        weight *= c->backoff;
    }
}

/* Merges the context's own best with the shorter context's, which it may replace. */
static size_t merge_top(const lme_ngram *ngram, uint32_t context, size_t n, lme_candidate *top,
                        size_t n_top)
{
    const lme_context *c = &ngram->contexts[context];
    lme_candidate merged[LME_NGRAM_TOP];
    size_t n_own = c->n < n ? c->n : n, own = 0, other = 0, out = 0;
    while (out < n && (own < n_own || other < n_top)) {
        lme_candidate shorter = {0, -1.0}, mine = {0, -1.0};
        if (other < n_top) {
            if (find_row(ngram, context, top[other].token) != 0) {
                other++;
                continue;
            }
            shorter = (lme_candidate){top[other].token, c->backoff * top[other].probability};
        }
        if (own < n_own)
            mine =
                (lme_candidate){ngram->token[c->first + own], ngram->probability[c->first + own]};
        bool take_own = is_likelier(mine, shorter);
        merged[out++] = take_own ? mine : shorter;
        own += take_own;
        other += !take_own;
    }
    for (size_t i = 0; i < out; i++)
        top[i] = merged[i];
    return out;
}

/* The contexts of a state, the empty one first. Returns how many: at most LME_NGRAM_ORDER. */
static size_t chain_of(const lme_ngram *ngram, lme_ngram_state state, uint32_t *chain)
{
    uint32_t reversed[LME_NGRAM_ORDER];
    size_t n = 0;
    for (uint32_t context = state;; context = ngram->shorter[context]) {
        reversed[n++] = context;
        if (context == LME_NGRAM_START)
            break;
    }
    for (size_t i = 0; i < n; i++)
        chain[i] = reversed[n - 1 - i];
    return n;
}

size_t lme_ngram_top(const lme_ngram *ngram, lme_ngram_state state, size_t n, lme_candidate *top)
{
    uint32_t chain[LME_NGRAM_ORDER];
    size_t n_chain = chain_of(ngram, state, chain), n_top = 0;
    LME_BUG(n > LME_NGRAM_TOP, "more candidates than lme_ngram_top gives");
    if (n == 1) {
        top[0] = lme_ngram_best(ngram, state);
        return 1;
    }
    for (size_t i = 0; i < n_chain; i++)
        n_top = merge_top(ngram, chain[i], n, top, n_top);
    return n_top;
}

void lme_ngram_distribution(const lme_ngram *ngram, lme_ngram_state state, double *probability)
{
    uint32_t chain[LME_NGRAM_ORDER];
    size_t n_chain = chain_of(ngram, state, chain);
    for (size_t i = 0; i < n_chain; i++) {
        const lme_context *c = &ngram->contexts[chain[i]];
        for (size_t w = 0; i > 0 && w < ngram->n_vocab; w++)
            probability[w] *= c->backoff;
        for (uint32_t row = c->first; row < c->first + c->n; row++)
            probability[ngram->token[row]] = ngram->probability[row];
    }
}

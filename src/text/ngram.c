/* Order by order: an n-gram is the number of its first n - 1 symbols and its last one, so a key is
 * one integer and equal keys are equal n-grams. A table holds the hypothesis' n-grams of one order;
 * references only look up. An n-gram whose beginning matched nothing cannot match: its positions
 * drop out, and the tables of the higher orders become small (texts that share half of their words
 * share a quarter of their 4-grams or less).
 */
#include "ngram.h"

typedef struct slot {
    uint64_t key; /* prefix << 32 | symbol; 0: free, because prefixes count from 1 */
    uint32_t in_hypothesis;
    uint32_t in_references; /* the most in one reference */
    uint32_t here;          /* so far in reference `at` */
    uint32_t at;
} slot;

typedef struct table {
    slot *slots;
    size_t mask;
    unsigned shift;
    uint64_t seed;
} table;

/* Positions of a text whose n-gram of the last order may go on: start -> number of that n-gram,
 * 0 where nothing matched. */
typedef struct prefixes {
    const uint32_t *symbols;
    uint32_t *numbers;
    size_t n; /* starts */
} prefixes;

size_t lme_ngram_count(size_t length, size_t order)
{
    return length < order ? 0 : length - order + 1;
}

static prefixes all_starts(lme_arena *scratch, lme_symbols text)
{
    prefixes p = {
        .symbols = text.items,
        .numbers = LME_ARRAY(scratch, uint32_t, text.n),
        .n = text.n,
    };
    for (size_t i = 0; i < text.n; i++)
        p.numbers[i] = 1;
    return p;
}

static table new_table(lme_arena *scratch, size_t n)
{
    table t = {.shift = 64 - 4};
    size_t capacity = 16;
    while (capacity < 2 * n) {
        capacity *= 2;
        t.shift--;
    }
    t.slots = LME_ARRAY(scratch, slot, capacity);
    t.mask = capacity - 1;
    t.seed = (uint64_t)(uintptr_t)t.slots;
    return t;
}

/* The slot of a key, or the free one where it belongs. */
static inline size_t find(const table *t, uint64_t key)
{
    size_t i = (size_t)(((key ^ t->seed) * 0x9e3779b97f4a7c15u) >> t->shift);
    while (t->slots[i].key != 0 && t->slots[i].key != key)
        i = (i + 1) & t->mask;
    return i;
}

static inline uint64_t key_at(const prefixes *p, size_t start, size_t order)
{
    return (uint64_t)p->numbers[start] << 32 | p->symbols[start + order - 1];
}

static void add_hypothesis(table *t, prefixes *p, size_t order)
{
    for (size_t i = 0; i < p->n; i++) {
        if (p->numbers[i] == 0)
            continue;
        uint64_t key = key_at(p, i, order);
        size_t at = find(t, key);
        t->slots[at].key = key;
        t->slots[at].in_hypothesis++;
        p->numbers[i] = (uint32_t)at + 1;
    }
}

/* Looks a reference's n-grams up. Returns how many matches it adds to those of the earlier ones. */
static size_t match_reference(const table *t, prefixes *p, size_t order, uint32_t reference)
{
    size_t n_new = 0;
    for (size_t i = 0; i < p->n; i++) {
        if (p->numbers[i] == 0)
            continue;
        size_t at = find(t, key_at(p, i, order));
        slot *s = &t->slots[at];
        p->numbers[i] = s->key == 0 ? 0 : (uint32_t)at + 1;
        if (s->key == 0)
            continue;
        s->here = s->at == reference ? s->here + 1 : 1;
        s->at = reference;
        if (s->here <= s->in_references)
            continue;
        s->in_references = s->here;
        n_new += s->here <= s->in_hypothesis ? 1 : 0;
    }
    return n_new;
}

/* Drops the starts that matched nowhere and those that are too near the end for the next order.
 * Returns how many are left. */
static size_t drop_unmatched(const table *t, prefixes *p)
{
    size_t n = 0;
    p->n = p->n > 0 ? p->n - 1 : 0;
    for (size_t i = 0; i < p->n; i++) {
        if (p->numbers[i] == 0)
            continue;
        if (t->slots[p->numbers[i] - 1].in_references == 0)
            p->numbers[i] = 0;
        else
            n++;
    }
    return n;
}

void lme_ngram_matches(lme_arena *scratch, lme_symbols hypothesis, const lme_symbols *references,
                       size_t n_references, size_t max_order, double *matches)
{
    for (size_t order = 1; order <= max_order; order++)
        matches[order - 1] = 0.0;
    prefixes h = all_starts(scratch, hypothesis);
    prefixes *r = LME_ARRAY(scratch, prefixes, n_references);
    for (size_t i = 0; i < n_references; i++)
        r[i] = all_starts(scratch, references[i]);
    size_t n_open = h.n;
    for (size_t order = 1; order <= max_order && n_open > 0; order++) {
        table t = new_table(scratch, n_open);
        add_hypothesis(&t, &h, order);
        size_t n_matches = 0;
        for (size_t i = 0; i < n_references; i++) {
            n_matches += match_reference(&t, &r[i], order, (uint32_t)i + 1);
            r[i].n = r[i].n > 0 ? r[i].n - 1 : 0;
        }
        matches[order - 1] = (double)n_matches;
        n_open = drop_unmatched(&t, &h);
    }
}

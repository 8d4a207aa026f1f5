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

/* A start of a text from which the n-gram of the last order matched, and that one's number. */
typedef struct open {
    uint32_t start, number;
} open;

/* The open starts of a text, ascending. They are kept close together, without branches, because
 * which of them match cannot be predicted. */
typedef struct prefixes {
    lme_symbols text;
    open *items;
    size_t n;
} prefixes;

size_t lme_ngram_count(size_t length, size_t order)
{
    return length < order ? 0 : length - order + 1;
}

static prefixes all_starts(lme_arena *scratch, lme_symbols text)
{
    prefixes p = {.text = text, .items = LME_ARRAY(scratch, open, text.n), .n = text.n};
    for (size_t i = 0; i < text.n; i++)
        p.items[i] = (open){.start = (uint32_t)i, .number = 1};
    return p;
}

/* Drops the starts that are too near the end for an order. */
static void drop_short(prefixes *p, size_t order)
{
    while (p->n > 0 && p->items[p->n - 1].start + order > p->text.n)
        p->n--;
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

static inline uint64_t key_at(const prefixes *p, size_t i, size_t order)
{
    return (uint64_t)p->items[i].number << 32 | p->text.items[p->items[i].start + order - 1];
}

static void add_hypothesis(table *t, prefixes *p, size_t order)
{
    for (size_t i = 0; i < p->n; i++) {
        uint64_t key = key_at(p, i, order);
        size_t at = find(t, key);
        t->slots[at].key = key;
        t->slots[at].in_hypothesis++;
        p->items[i].number = (uint32_t)at + 1;
    }
}

/* Looks a reference's n-grams up. Returns how many matches it adds to those of the earlier ones. */
static size_t match_reference(const table *t, prefixes *p, size_t order, uint32_t reference)
{
    size_t n_new = 0, n_open = 0;
    drop_short(p, order);
    for (size_t i = 0; i < p->n; i++) {
        size_t at = find(t, key_at(p, i, order));
        slot *s = &t->slots[at];
        p->items[n_open] = (open){.start = p->items[i].start, .number = (uint32_t)at + 1};
        n_open += s->key != 0;
        if (s->key == 0)
            continue;
        s->here = s->at == reference ? s->here + 1 : 1;
        s->at = reference;
        bool is_most = s->here > s->in_references;
        s->in_references = is_most ? s->here : s->in_references;
        n_new += is_most && s->here <= s->in_hypothesis;
    }
    p->n = n_open;
    return n_new;
}

/* Drops the starts that matched in no reference. */
static void drop_unmatched(const table *t, prefixes *p)
{
    size_t n_open = 0;
    for (size_t i = 0; i < p->n; i++) {
        open one = p->items[i];
        p->items[n_open] = one;
        n_open += t->slots[one.number - 1].in_references > 0;
    }
    p->n = n_open;
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
    for (size_t order = 1; order <= max_order; order++) {
        drop_short(&h, order);
        if (h.n == 0)
            return;
        table t = new_table(scratch, h.n);
        add_hypothesis(&t, &h, order);
        size_t n_matches = 0;
        for (size_t i = 0; i < n_references; i++)
            n_matches += match_reference(&t, &r[i], order, (uint32_t)i + 1);
        matches[order - 1] = (double)n_matches;
        drop_unmatched(&t, &h);
    }
}

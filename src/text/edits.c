/* Tercom's greedy search: while some block of words that stands elsewhere in the reference can be
 * moved so that the distance shrinks, move the best one; each move is one edit. Which blocks are
 * looked at, in which order and how many, is as in the source. */
#include "edits.h"

#include "edits_internal.h"

#include <string.h>

enum {
    MAX_SHIFT_SIZE = 10,
    MAX_SHIFT_DISTANCE = 50,
    MAX_CANDIDATES = 1000
};

typedef struct search {
    lme_edit_table table;
    lme_symbols reference;
    uint32_t *words;        /* n_words: the hypothesis so far */
    uint32_t *moved, *best; /* the same with a block moved: tried, best so far */
    size_t n_words;
    uint32_t *wrong_before;  /* n_words + 1: words of the hypothesis before it that are edited */
    uint32_t *missed_before; /* the same for the reference */
    int64_t *aligned;        /* reference word -> word of the hypothesis at or before it; -1 */
    size_t n_candidates;     /* tried so far */
} search;

/* A block of equal words, moved before the word `target`. */
typedef struct move {
    size_t start, in_reference, length, target;
} move;

/* The best move so far; what ties is decided by these in this order. */
typedef struct best_move {
    uint32_t distance;
    move move;
    bool found;
} best_move;

/* Reads the cheapest way backwards. */
static void align(search *s)
{
    uint32_t *wrong = s->wrong_before + 1, *missed = s->missed_before + 1;
    memset(s->wrong_before, 0, (s->n_words + 1) * sizeof(uint32_t));
    memset(s->missed_before, 0, (s->reference.n + 1) * sizeof(uint32_t));
    size_t i = s->n_words, j = s->reference.n;
    while (i > 0 || j > 0) {
        const lme_edit_row *row = &s->table.rows[i];
        uint8_t op = row->ops[j - row->first];
        LME_BUG(op == LME_EDIT_NONE, "a way through cells out of reach");
        if (op != LME_EDIT_DELETE) {
            j--;
            s->aligned[j] = (int64_t)i - 1;
            missed[j] = op != LME_EDIT_KEEP;
        }
        if (op != LME_EDIT_INSERT) {
            i--;
            wrong[i] = op != LME_EDIT_KEEP;
        }
    }
    for (i = 0; i < s->n_words; i++)
        wrong[i] += s->wrong_before[i];
    for (j = 0; j < s->reference.n; j++)
        missed[j] += s->missed_before[j];
}

/* Writes the words with a block moved. A target inside the block counts from behind it. */
static void perform(const search *s, const move *m, uint32_t *out)
{
    size_t end = m->start + m->length;
    size_t to = m->target <= end && m->target >= m->start ? m->length + m->target : m->target;
    size_t n = 0;
    const uint32_t *w = s->words;
    size_t before = to < m->start ? to : m->start;
    for (size_t i = 0; i < before; i++)
        out[n++] = w[i];
    if (to >= m->start) {
        for (size_t i = end; i < to && i < s->n_words; i++)
            out[n++] = w[i];
    }
    for (size_t i = m->start; i < end; i++)
        out[n++] = w[i];
    for (size_t i = to; i < m->start; i++)
        out[n++] = w[i];
    for (size_t i = to > end ? to : end; i < s->n_words; i++)
        out[n++] = w[i];
}

/* Whether a move as cheap as the best one goes before it. */
static bool precedes(const move *m, const move *best)
{
    if (m->length != best->length)
        return m->length > best->length;
    if (m->start != best->start)
        return m->start < best->start;
    return m->target < best->target;
}

static void try_move(search *s, const move *m, best_move *best)
{
    s->n_candidates++;
    /* The bound leaves room for a tie; a tie with no move at all helps nobody. */
    perform(s, m, s->moved);
    size_t n_same = m->target < m->start ? m->target : m->start;
    uint32_t distance = lme_edit_distance(&s->table, s->moved, n_same, best->distance);
    bool better = distance < best->distance ||
                  (distance == best->distance && best->found && precedes(m, &best->move));
    if (!better)
        return;
    *best = (best_move){.distance = distance, .move = *m, .found = true};
    uint32_t *swap = s->best;
    s->best = s->moved;
    s->moved = swap;
}

static void try_block(search *s, move m, best_move *best)
{
    size_t end = m.start + m.length;
    if (s->wrong_before[end] == s->wrong_before[m.start] ||
        s->missed_before[m.in_reference + m.length] == s->missed_before[m.in_reference])
        return;
    int64_t opposite = s->aligned[m.in_reference];
    if (opposite >= (int64_t)m.start && opposite < (int64_t)end)
        return;
    size_t last = SIZE_MAX;
    for (size_t offset = 0; offset <= m.length; offset++) {
        /* Behind the word that is aligned with the reference's word before the block, then with
         * each of the block's. */
        size_t at = m.in_reference + offset;
        m.target = at == 0 ? 0 : (size_t)(s->aligned[at - 1] + 1);
        if (m.target == last)
            continue;
        last = m.target;
        try_move(s, &m, best);
    }
}

static void try_start(search *s, size_t start, best_move *best)
{
    const uint32_t *w = s->words, *r = s->reference.items;
    size_t from = start > MAX_SHIFT_DISTANCE ? start - MAX_SHIFT_DISTANCE : 0;
    size_t to = start + MAX_SHIFT_DISTANCE + 1;
    to = to < s->reference.n ? to : s->reference.n;
    for (size_t at = from; at < to; at++) {
        size_t limit =
            s->n_words - start < s->reference.n - at ? s->n_words - start : s->reference.n - at;
        limit = limit < MAX_SHIFT_SIZE ? limit : MAX_SHIFT_SIZE;
        for (size_t length = 1; length <= limit && w[start + length - 1] == r[at + length - 1];
             length++) {
            size_t n_before = s->n_candidates;
            try_block(s, (move){.start = start, .in_reference = at, .length = length}, best);
            if (s->n_candidates > n_before && s->n_candidates >= MAX_CANDIDATES)
                return;
        }
    }
}

/* Looks for the best move. Returns whether it shrinks the distance. */
static bool shift(search *s, uint32_t distance)
{
    align(s);
    best_move best = {.distance = distance};
    for (size_t start = 0; start < s->n_words && s->n_candidates < MAX_CANDIDATES; start++)
        try_start(s, start, &best);
    return best.found;
}

size_t lme_count_edits(lme_arena *scratch, lme_symbols hypothesis, lme_symbols reference)
{
    if (reference.n == 0)
        return hypothesis.n;
    search s = {
        .table = lme_edit_table_new(scratch, hypothesis.n, reference),
        .reference = reference,
        .words = LME_ARRAY(scratch, uint32_t, 3 * hypothesis.n),
        .n_words = hypothesis.n,
        .wrong_before = LME_ARRAY(scratch, uint32_t, hypothesis.n + 1),
        .missed_before = LME_ARRAY(scratch, uint32_t, reference.n + 1),
        .aligned = LME_ARRAY(scratch, int64_t, reference.n),
    };
    s.moved = s.words + hypothesis.n;
    s.best = s.moved + hypothesis.n;
    memcpy(s.words, hypothesis.items, hypothesis.n * sizeof(uint32_t));
    size_t n_shifts = 0;
    uint32_t distance = lme_edit_fill(&s.table, s.words);
    while (shift(&s, distance) && s.n_candidates < MAX_CANDIDATES) {
        n_shifts++;
        uint32_t *swap = s.words;
        s.words = s.best;
        s.best = swap;
        distance = lme_edit_fill(&s.table, s.words);
    }
    return n_shifts + distance;
}

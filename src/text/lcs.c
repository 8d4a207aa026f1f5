/* Hyyro's bit-parallel algorithm (2004): a row of the table t[i][j] is a bit a column, 0 where
 * t[i][j] = t[i][j - 1] + 1, so that t[i][j] is the number of zeros up to j. */
#include "lcs.h"

#include <string.h>

typedef struct columns {
    uint32_t *first; /* symbol -> 1 + the last column with it; 0: none */
    uint32_t *next;  /* column -> the same before it */
    size_t n_blocks;
} columns;

static columns columns_of(lme_arena *scratch, lme_symbols b, size_t n_symbols)
{
    columns c = {
        .first = LME_ARRAY(scratch, uint32_t, n_symbols + 1),
        .next = LME_ARRAY(scratch, uint32_t, b.n),
        .n_blocks = b.n / 64 + 1,
    };
    for (size_t j = 0; j < b.n; j++) {
        c.next[j] = c.first[b.items[j]];
        c.first[b.items[j]] = (uint32_t)j + 1;
    }
    return c;
}

/* The row below `above`, given the columns that match. Rows may be the same. */
static void next_row(size_t n_blocks, const uint64_t *match, const uint64_t *above, uint64_t *row)
{
    uint64_t carry = 0;
    for (size_t k = 0; k < n_blocks; k++) {
        uint64_t v = above[k], u = v & match[k];
        uint64_t sum = v + u, with_carry = sum + carry;
        carry = (sum < v) || (with_carry < sum);
        row[k] = with_carry | (v & ~match[k]);
    }
}

/* t[i][j] of a row. */
static size_t zeros(const uint64_t *row, size_t j)
{
    size_t ones = 0;
    for (size_t k = 0; k < j / 64; k++)
        ones += (size_t)__builtin_popcountll(row[k]);
    if (j % 64 > 0)
        ones += (size_t)__builtin_popcountll(row[j / 64] << (64 - j % 64));
    return j - ones;
}

static bool grows(const uint64_t *row, size_t j)
{
    return (row[(j - 1) / 64] >> (j - 1) % 64 & 1) == 0;
}

size_t lme_lcs_length(lme_arena *scratch, lme_symbols a, lme_symbols b, size_t n_symbols)
{
    columns c = columns_of(scratch, b, n_symbols);
    uint64_t *row = LME_ARRAY(scratch, uint64_t, c.n_blocks);
    uint64_t *match = LME_ARRAY(scratch, uint64_t, c.n_blocks);
    memset(row, 0xFF, c.n_blocks * sizeof *row);
    for (size_t i = 0; i < a.n; i++) {
        memset(match, 0, c.n_blocks * sizeof *match);
        for (uint32_t at = c.first[a.items[i]]; at != 0; at = c.next[at - 1])
            match[(at - 1) / 64] |= (uint64_t)1 << (at - 1) % 64;
        next_row(c.n_blocks, match, row, row);
    }
    return zeros(row, b.n);
}

size_t lme_lcs_room(size_t n_reference, size_t n_candidate)
{
    return (n_reference + 2) * (n_candidate / 64 + 1);
}

void lme_lcs_mark(uint64_t *room, lme_symbols reference, lme_symbols candidate, bool *is_common)
{
    size_t n_blocks = candidate.n / 64 + 1;
    uint64_t *match = room, *rows = room + n_blocks;
    memset(rows, 0xFF, n_blocks * sizeof *rows);
    for (size_t i = 0; i < reference.n; i++) {
        memset(match, 0, n_blocks * sizeof *match);
        for (size_t j = 0; j < candidate.n; j++)
            match[j / 64] |= (uint64_t)(candidate.items[j] == reference.items[i]) << j % 64;
        next_row(n_blocks, match, rows + i * n_blocks, rows + (i + 1) * n_blocks);
    }
    size_t i = reference.n, j = candidate.n;
    while (i > 0 && j > 0) {
        const uint64_t *row = rows + i * n_blocks, *above = row - n_blocks;
        if (reference.items[i - 1] == candidate.items[j - 1]) {
            is_common[--i] = true;
            j--;
            continue;
        }
        /* t[i][j - 1] > t[i - 1][j]: both are t[i][j] or one less. */
        bool left_is_less = grows(row, j);
        if (!left_is_less && zeros(row, j) > zeros(above, j))
            j--;
        else
            i--;
    }
}

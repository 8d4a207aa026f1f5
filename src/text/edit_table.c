/* Rows and columns count from 1 as words do; row 0 and column 0 are empty beginnings. Row i reaches
 * `beam` columns to both sides of i * |reference| / |hypothesis|; what lies outside costs FAR. The
 * band and the order of preference (keep or substitute, delete, insert) decide which of several
 * cheapest ways is taken, and with it the shifts that are tried: both are as in the source. */
#include "edits_internal.h"

#include <math.h>

enum {
    BEAM = 25
};
static const uint32_t FAR = 1u << 30;

static void place_rows(lme_edit_table *table)
{
    double n_reference = (double)table->reference.n;
    double ratio = table->n_words > 0 ? n_reference / (double)table->n_words : 1.0;
    double beam = BEAM < ratio / 2.0 ? ceil(ratio / 2.0 + BEAM) : BEAM;
    for (size_t i = 1; i <= table->n_words; i++) {
        double diagonal = floor((double)i * ratio);
        lme_edit_row *row = &table->rows[i];
        row->first = diagonal > beam ? (size_t)(diagonal - beam) : 0;
        row->end = (size_t)fmin(n_reference + 1.0, diagonal + beam);
    }
    if (table->n_words > 0)
        table->rows[table->n_words].end = table->reference.n + 1;
}

lme_edit_table lme_edit_table_new(lme_arena *scratch, size_t n_words, lme_symbols reference)
{
    lme_edit_table table = {
        .reference = reference,
        .n_words = n_words,
        .rows = LME_ARRAY(scratch, lme_edit_row, n_words + 1),
    };
    place_rows(&table);
    table.rows[0].end = reference.n + 1;
    size_t n_cells = 0, widest = 0;
    for (size_t i = 0; i <= n_words; i++) {
        size_t width = table.rows[i].end - table.rows[i].first;
        widest = width > widest ? width : widest;
        n_cells += width;
    }
    uint32_t *costs = LME_ARRAY(scratch, uint32_t, n_cells + 2 * widest);
    uint8_t *ops = LME_ARRAY(scratch, uint8_t, n_cells);
    for (size_t i = 0, at = 0; i <= n_words; i++) {
        table.rows[i].costs = costs + at;
        table.rows[i].ops = ops + at;
        at += table.rows[i].end - table.rows[i].first;
    }
    for (size_t j = 0; j <= reference.n; j++) {
        table.rows[0].costs[j] = (uint32_t)j;
        table.rows[0].ops[j] = LME_EDIT_INSERT;
    }
    table.spare[0].costs = costs + n_cells;
    table.spare[1].costs = costs + n_cells + widest;
    return table;
}

static inline uint32_t cost_at(const lme_edit_row *row, size_t j)
{
    return j >= row->first && j < row->end ? row->costs[j - row->first] : FAR;
}

/* Fills a row from the one above it. */
static void fill_row(const lme_edit_table *table, const lme_edit_row *above, lme_edit_row *row,
                     uint32_t word)
{
    uint32_t left = FAR;
    for (size_t j = row->first; j < row->end; j++) {
        uint32_t cost = FAR;
        uint8_t op = LME_EDIT_NONE;
        uint32_t deleted = cost_at(above, j) + 1;
        if (j == 0) {
            cost = deleted;
            op = LME_EDIT_DELETE;
        } else {
            bool same = word == table->reference.items[j - 1];
            uint32_t diagonal = cost_at(above, j - 1) + (same ? 0 : 1);
            if (diagonal < cost) {
                cost = diagonal;
                op = same ? LME_EDIT_KEEP : LME_EDIT_SUBSTITUTE;
            }
            if (deleted < cost) {
                cost = deleted;
                op = LME_EDIT_DELETE;
            }
            if (left + 1 < cost) {
                cost = left + 1;
                op = LME_EDIT_INSERT;
            }
        }
        row->costs[j - row->first] = cost;
        row->ops[j - row->first] = op;
        left = cost;
    }
}

uint32_t lme_edit_fill(lme_edit_table *table, const uint32_t *words)
{
    for (size_t i = 1; i <= table->n_words; i++)
        fill_row(table, &table->rows[i - 1], &table->rows[i], words[i - 1]);
    return cost_at(&table->rows[table->n_words], table->reference.n);
}

/* A row without ops. Returns the least that a way through it can cost in the end: what is paid so
 * far and the difference of the lengths that are left. */
static uint32_t fill_costs(const lme_edit_table *table, const lme_edit_row *above,
                           lme_edit_row *row, uint32_t word, size_t n_left)
{
    size_t n_reference = table->reference.n;
    const uint32_t *reference = table->reference.items;
    uint32_t left = FAR, least = FAR,
             diagonal = row->first > 0 ? cost_at(above, row->first - 1) : FAR;
    for (size_t j = row->first; j < row->end; j++) {
        uint32_t up = cost_at(above, j);
        uint32_t cost = up < left ? up + 1 : left + 1;
        if (j > 0) {
            uint32_t kept = diagonal + (word == reference[j - 1] ? 0 : 1);
            cost = kept < cost ? kept : cost;
        }
        cost = cost < FAR ? cost : FAR;
        row->costs[j - row->first] = cost;
        size_t right = n_reference - j;
        uint32_t gap = (uint32_t)(right > n_left ? right - n_left : n_left - right);
        least = cost + gap < least ? cost + gap : least;
        left = cost;
        diagonal = up;
    }
    return least;
}

uint32_t lme_edit_distance(lme_edit_table *table, const uint32_t *words, size_t n_same,
                           uint32_t bound)
{
    const lme_edit_row *above = &table->rows[n_same];
    for (size_t i = n_same + 1; i <= table->n_words; i++) {
        lme_edit_row *row = &table->spare[i & 1];
        row->first = table->rows[i].first;
        row->end = table->rows[i].end;
        uint32_t least = fill_costs(table, above, row, words[i - 1], table->n_words - i);
        if (least > bound)
            return least;
        above = row;
    }
    return cost_at(above, table->reference.n);
}

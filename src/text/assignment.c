/* The Hungarian method by shortest augmenting paths (Jonker and Volgenant 1987): rows enter one
 * after another, each along the cheapest path to a free column, with potentials that keep all
 * reduced costs at least 0. Rows are the shorter side. */
#include "assignment.h"

#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

typedef struct matching {
    const double *scores;
    size_t n_rows, n_columns; /* n_rows <= n_columns */
    size_t row_step, column_step;
    double *of_row, *of_column; /* potentials */
    size_t *row_at;             /* column -> its row; SIZE_MAX: free */
    size_t *from;               /* column -> the column before it on the path; SIZE_MAX: the row */
    double *distance;
    bool *done;
} matching;

static double reduced_cost(const matching *m, size_t row, size_t column)
{
    double cost = -m->scores[row * m->row_step + column * m->column_step];
    return cost - m->of_row[row] - m->of_column[column];
}

/* Relaxes the columns by way of `row`, which was reached through column `by` at `so_far`. Returns
 * the nearest column that is not done. */
static size_t relax(const matching *m, size_t row, size_t by, double so_far)
{
    size_t nearest = SIZE_MAX;
    for (size_t c = 0; c < m->n_columns; c++) {
        if (m->done[c])
            continue;
        double distance = so_far + reduced_cost(m, row, c);
        if (distance < m->distance[c]) {
            m->distance[c] = distance;
            m->from[c] = by;
        }
        if (nearest == SIZE_MAX || m->distance[c] < m->distance[nearest])
            nearest = c;
    }
    return nearest;
}

static void enter(matching *m, size_t row)
{
    memset(m->done, 0, m->n_columns * sizeof *m->done);
    for (size_t c = 0; c < m->n_columns; c++)
        m->distance[c] = (double)INFINITY;
    size_t at = relax(m, row, SIZE_MAX, 0.0);
    while (m->row_at[at] != SIZE_MAX) {
        m->done[at] = true;
        at = relax(m, m->row_at[at], at, m->distance[at]);
    }
    double length = m->distance[at];
    m->of_row[row] += length;
    for (size_t c = 0; c < m->n_columns; c++) {
        if (!m->done[c])
            continue;
        m->of_row[m->row_at[c]] += length - m->distance[c];
        m->of_column[c] -= length - m->distance[c];
    }
    for (; m->from[at] != SIZE_MAX; at = m->from[at])
        m->row_at[at] = m->row_at[m->from[at]];
    m->row_at[at] = row;
}

void lme_best_assignment(lme_arena *scratch, const double *scores, size_t n_rows, size_t n_columns,
                         size_t *partner)
{
    bool turned = n_rows > n_columns;
    matching m = {
        .scores = scores,
        .n_rows = turned ? n_columns : n_rows,
        .n_columns = turned ? n_rows : n_columns,
        .row_step = turned ? 1 : n_columns,
        .column_step = turned ? n_columns : 1,
    };
    m.of_row = LME_ARRAY(scratch, double, m.n_rows);
    m.of_column = LME_ARRAY(scratch, double, m.n_columns);
    m.distance = LME_ARRAY(scratch, double, m.n_columns);
    m.row_at = LME_ARRAY(scratch, size_t, m.n_columns);
    m.from = LME_ARRAY(scratch, size_t, m.n_columns);
    m.done = LME_ARRAY(scratch, bool, m.n_columns);
    for (size_t c = 0; c < m.n_columns; c++)
        m.row_at[c] = SIZE_MAX;
    for (size_t r = 0; r < m.n_rows; r++)
        enter(&m, r);
    for (size_t r = 0; r < n_rows; r++)
        partner[r] = turned ? m.row_at[r] : SIZE_MAX;
    for (size_t c = 0; c < n_columns && !turned; c++) {
        if (m.row_at[c] != SIZE_MAX)
            partner[m.row_at[c]] = c;
    }
}

/* The different values of a column. */
#include "columns.h"
#include "docs.h"

enum {
    MOST_LABELS = 1000 /* they are looked through one by one; a column with more is no group */
};

typedef struct labelling {
    const lme_docs *docs;
    lme_str column;
    lme_value values[MOST_LABELS]; /* in `arena` */
    size_t n;
    lme_arena *arena;
} labelling;

static bool missing_column(const labelling *l, const lme_value *row, lme_error *err)
{
    lme_str columns = lme_columns_text(l->arena, row);
    lme_str nearest = lme_columns_nearest(l->arena, row, l->column);
    lme_fail(err, LME_ERR_DATA, NULL, "the rows of task %.*s have no column \"%.*s\", but %.*s",
             LME_STR_ARG(l->docs->task->name), LME_STR_ARG(l->column), LME_STR_ARG(columns));
    return nearest.len > 0 && lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
}

static bool label_of(labelling *l, const lme_value *row, size_t *label, lme_error *err)
{
    const lme_value *value = lme_value_get(row, l->column);
    if (value == NULL)
        return missing_column(l, row, err);
    for (size_t i = 0; i < l->n; i++) {
        *label = i;
        if (lme_value_equal(&l->values[i], value))
            return true;
    }
    if (l->n == MOST_LABELS)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "column \"%.*s\" of task %.*s has more than %d values: it makes no groups",
                        LME_STR_ARG(l->column), LME_STR_ARG(l->docs->task->name), MOST_LABELS);
    *label = l->n;
    l->values[l->n++] = lme_value_copy(l->arena, value);
    return true;
}

bool lme_docs_labels(const lme_docs *docs, lme_str column, size_t *labels, size_t *n_labels,
                     lme_error *err)
{
    lme_arena *arena = lme_arena_new(), *scratch = lme_arena_new();
    labelling *l = LME_NEW(arena, labelling);
    *l = (labelling){.docs = docs, .column = column, .arena = arena};
    lme_rows rows;
    bool end = false;
    bool ok = lme_docs_reopen(arena, docs, &rows, err);
    for (size_t i = 0; ok && i < docs->total; i++) {
        lme_value row;
        lme_arena_reset(scratch);
        ok = lme_rows_next(scratch, &rows, &row, &end, err);
        if (ok && end)
            ok = lme_fail(err, LME_ERR_DATA, NULL, "the rows became fewer while they were read");
        ok = ok && label_of(l, &row, &labels[i], err);
    }
    *n_labels = l->n;
    lme_arena_free(scratch);
    lme_arena_free(arena);
    return ok;
}

#include "order.h"

#include <math.h>
#include <stdlib.h>

typedef struct placed {
    size_t index;
    double key; /* NAN: last */
} placed;

static int by_key(const void *a, const void *b)
{
    const placed *x = a, *y = b;
    if (isnan(x->key) != isnan(y->key))
        return isnan(x->key) ? 1 : -1;
    int order = isnan(x->key) ? 0 : (x->key > y->key) - (x->key < y->key);
    return order != 0 ? order : (x->index > y->index) - (x->index < y->index);
}

/* Samples are read one after the other; only their margins stay. */
static bool read_margins(const lme_record_task *task, placed *documents, lme_error *err)
{
    lme_arena *arena = lme_arena_new(), *sample_arena = lme_arena_new();
    lme_recorded *recorded = NULL;
    size_t n_found = 0;
    bool ok = lme_recorded_open(arena, task, &recorded, err);
    for (size_t i = 0; ok && i < task->n_documents; i++) {
        lme_recorded_sample sample;
        lme_arena_reset(sample_arena);
        ok = lme_recorded_read(sample_arena, recorded, &task->documents[i], &sample, err);
        if (ok && lme_recorded_margin(&sample, &documents[i].key))
            n_found++;
        else
            documents[i].key = (double)NAN;
    }
    if (ok && n_found == 0) {
        ok = lme_fail(err, LME_ERR_USAGE, NULL,
                      "no document of %.*s has a target among choices: there are no margins",
                      LME_STR_ARG(task->name));
        lme_hint(err, "--sort score sorts by the documents' scores");
    }
    lme_recorded_close(recorded);
    lme_arena_free(sample_arena);
    lme_arena_free(arena);
    return ok;
}

bool lme_look_sort(lme_arena *arena, const lme_record_task *task, const lme_headline *headline,
                   lme_look_order order, const size_t **sorted, lme_error *err)
{
    size_t n = task->n_documents;
    placed *documents = LME_ARRAY(arena, placed, n);
    size_t *indices = LME_ARRAY(arena, size_t, n);
    for (size_t i = 0; i < n; i++) {
        documents[i].index = i;
        if (order != LME_LOOK_BY_SCORE)
            continue;
        double score = lme_headline_score(headline, &task->documents[i]);
        documents[i].key = headline->higher_is_better ? score : -score;
    }
    if (order == LME_LOOK_BY_MARGIN && !read_margins(task, documents, err))
        return false;
    if (order != LME_LOOK_BY_ID)
        qsort(documents, n, sizeof *documents, by_key);
    for (size_t i = 0; i < n; i++)
        indices[i] = documents[i].index;
    *sorted = indices;
    return true;
}

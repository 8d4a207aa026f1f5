#include "selection.h"

#include <stdlib.h>

#include <lmeval/json.h>
#include <lmeval/random.h>
#include <lmeval/share.h>
#include <lmeval/unicode.h>

enum {
    SAMPLES_FILE_MAX = 64 << 20
};

static bool refuse_samples(const char *what, lme_error *err)
{
    lme_fail(err, LME_ERR_USAGE, NULL, "--samples: %s", what);
    return lme_hint(err, "expected {\"task\": [0, 1, 2]}, or a file that holds it");
}

static bool read_samples(lme_arena *arena, const char *given, lme_value *samples, lme_error *err)
{
    lme_str text = lme_strip(lme_str_from(given));
    lme_place at = {.file = "--samples"};
    if (text.len == 0 || text.ptr[0] != '{') {
        at.file = given;
        if (!lme_file_read(arena, given, SAMPLES_FILE_MAX, &text, err))
            return lme_while(err, "reading --samples");
    }
    if (!lme_json_read(arena, NULL, text, &at, samples, err))
        return lme_while(err, "reading --samples");
    return samples->kind == LME_MAP || refuse_samples("the JSON is no object", err);
}

static bool refuse_place(const lme_task *task, lme_error *err)
{
    lme_fail(err, LME_ERR_USAGE, NULL,
             "--samples: task %.*s has something else than whole numbers from 0",
             LME_STR_ARG(task->name));
    return lme_hint(err, "documents are named by their places in the split, the first is 0");
}

static bool select_named(lme_arena *arena, const lme_task *task, lme_docs *docs,
                         const lme_value *places, lme_error *err)
{
    if (places->kind != LME_LIST)
        return refuse_place(task, err);
    size_t *ids = LME_ARRAY(arena, size_t, places->list.len);
    for (size_t i = 0; i < places->list.len; i++) {
        const lme_value *place = &places->list.items[i];
        if (place->kind != LME_INT || place->integer < 0)
            return refuse_place(task, err);
        ids[i] = (size_t)place->integer;
    }
    return lme_docs_select(arena, docs, ids, places->list.len, err);
}

/* A name in --samples that is none of the tasks is a slip. */
static bool check_names(lme_arena *arena, const lme_value *samples, const lme_opened_tasks *opened,
                        lme_error *err)
{
    lme_str *names = LME_ARRAY(arena, lme_str, opened->n);
    for (size_t i = 0; i < opened->n; i++)
        names[i] = opened->tasks[i]->name;
    for (size_t i = 0; i < samples->map.len; i++) {
        lme_str name = samples->map.pairs[i].key.string;
        size_t at = 0;
        while (at < opened->n && !lme_str_equal(names[at], name))
            at++;
        if (at < opened->n)
            continue;
        lme_str nearest = lme_str_nearest(name, names, opened->n);
        lme_fail(err, LME_ERR_USAGE, NULL, "--samples names the task %.*s, which is not run",
                 LME_STR_ARG(name));
        return nearest.len > 0 && lme_hint(err, "did you mean %.*s?", LME_STR_ARG(nearest));
    }
    return true;
}

static bool apply_samples(lme_arena *arena, const char *given, const lme_opened_tasks *opened,
                          lme_error *err)
{
    lme_value samples = lme_null();
    if (!read_samples(arena, given, &samples, err) || !check_names(arena, &samples, opened, err))
        return false;
    for (size_t i = 0; i < opened->n; i++) {
        const lme_value *places = lme_value_get(&samples, opened->tasks[i]->name);
        if (places != NULL && !select_named(arena, opened->tasks[i], opened->docs[i], places, err))
            return false;
    }
    return true;
}

/* Documents that are drawn from together. */
typedef struct stratum {
    size_t task;
    size_t *ids;
    size_t n;
    size_t n_taken;
    double remainder;
} stratum;

typedef struct strata {
    stratum *items;
    size_t n;
    size_t n_docs;
} strata;

/* The strata of one task: one, or one for each value of the column. */
static bool add_strata(lme_arena *arena, const char *column, const lme_opened_tasks *opened,
                       size_t task, strata *all, lme_error *err)
{
    lme_docs *docs = opened->docs[task];
    size_t total = lme_docs_total(docs), n_labels = 1;
    size_t *labels = LME_ARRAY(arena, size_t, total);
    if (column != NULL && !lme_docs_labels(docs, lme_str_from(column), labels, &n_labels, err))
        return false;
    stratum *made = LME_ARRAY(arena, stratum, n_labels);
    for (size_t i = 0; i < total; i++)
        made[labels[i]].n++;
    for (size_t i = 0; i < n_labels; i++) {
        made[i].task = task;
        made[i].ids = LME_ARRAY(arena, size_t, made[i].n);
        made[i].n = 0;
    }
    for (size_t i = 0; i < total; i++) {
        stratum *s = &made[labels[i]];
        s->ids[s->n++] = i;
    }
    all->items = lme_arena_grow(arena, all->items, all->n * sizeof *all->items,
                                (all->n + n_labels) * sizeof *all->items);
    for (size_t i = 0; i < n_labels; i++)
        all->items[all->n++] = made[i];
    all->n_docs += total;
    return true;
}

/* The stratum with the largest remainder that has a document left; of equal ones the first. */
static stratum *next_in_turn(strata *all)
{
    stratum *best = NULL;
    for (size_t i = 0; i < all->n; i++) {
        stratum *s = &all->items[i];
        if (s->n_taken < s->n && (best == NULL || s->remainder > best->remainder))
            best = s;
    }
    return best;
}

/* Hamilton's method: whole shares first, what is left by largest remainder. */
static void share_out(strata *all, size_t n)
{
    size_t left = n;
    for (size_t i = 0; i < all->n; i++) {
        stratum *s = &all->items[i];
        double share = (double)n * (double)s->n / (double)all->n_docs;
        s->n_taken = (size_t)share < s->n ? (size_t)share : s->n;
        s->remainder = share - (double)s->n_taken;
        left -= s->n_taken;
    }
    for (; left > 0; left--) {
        stratum *s = next_in_turn(all);
        s->n_taken++;
        s->remainder -= 1;
    }
}

static bool draw_task(lme_arena *arena, const lme_task_flags *flags, const strata *all, size_t task,
                      lme_docs *docs, lme_error *err)
{
    lme_random random;
    size_t n = 0;
    size_t *ids = LME_ARRAY(arena, size_t, lme_docs_total(docs));
    lme_random_seed(&random, flags->sample_seed);
    for (size_t i = 0; i < all->n; i++) {
        const stratum *s = &all->items[i];
        if (s->task != task)
            continue;
        lme_random_sample(&random, s->n, s->n_taken, ids + n);
        for (size_t k = 0; k < s->n_taken; k++)
            ids[n + k] = s->ids[ids[n + k]];
        n += s->n_taken;
    }
    if (n > 0)
        return lme_docs_select(arena, docs, ids, n, err);
    lme_fail(err, LME_ERR_USAGE, NULL, "--sample %zu leaves no document of a task", flags->sample);
    return lme_hint(err, "there are %zu documents in all; take more, or name fewer tasks",
                    all->n_docs);
}

static bool apply_sample(lme_arena *arena, const lme_task_flags *flags,
                         const lme_opened_tasks *opened, lme_error *err)
{
    strata all = {0};
    for (size_t i = 0; i < opened->n; i++) {
        if (!add_strata(arena, flags->sample_by, opened, i, &all, err))
            return false;
    }
    if (flags->sample > all.n_docs)
        return lme_fail(err, LME_ERR_USAGE, NULL, "--sample %zu: there are only %zu documents",
                        flags->sample, all.n_docs);
    share_out(&all, flags->sample);
    for (size_t i = 0; i < opened->n; i++) {
        if (!draw_task(arena, flags, &all, i, opened->docs[i], err))
            return lme_while(err, "drawing from task %.*s", LME_STR_ARG(opened->tasks[i]->name));
    }
    return true;
}

bool lme_selection_apply(lme_arena *arena, const lme_task_flags *flags,
                         const lme_opened_tasks *opened, lme_error *err)
{
    int n_given = (flags->samples != NULL) + (flags->sample > 0) + (flags->limit > 0);
    if (n_given > 1)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--limit, --samples and --sample each say which documents: only one of "
                        "them can be given");
    if (flags->sample_by != NULL && flags->sample == 0)
        return lme_fail(err, LME_ERR_USAGE, NULL, "--sample-by goes with --sample N");
    if (flags->samples != NULL)
        return apply_samples(arena, flags->samples, opened, err);
    return flags->sample == 0 || apply_sample(arena, flags, opened, err);
}

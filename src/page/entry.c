#include "entry.h"

#include <math.h>
#include <stdlib.h>

#include <lmeval/partner.h>

const char *lme_page_kind_name(lme_entry_kind kind)
{
    static const char *const names[] = {"lost", "gained", "failed", "wrong", "right", "scored"};
    return names[kind];
}

static lme_entry_kind kind_of_one(const lme_headline *headline, double score)
{
    if (headline->pipeline == NULL || !headline->is_share || isnan(score))
        return LME_ENTRY_OTHER;
    return score < 1.0 ? LME_ENTRY_WRONG : LME_ENTRY_RIGHT;
}

/* Only scores of one metric can be held against each other. */
static bool is_same_measure(const lme_headline *a, const lme_headline *b)
{
    return a->pipeline != NULL && b->pipeline != NULL && lme_str_equal(a->metric, b->metric) &&
           lme_str_equal(a->pipeline->name, b->pipeline->name);
}

static void classify(const lme_view_task *task, size_t n_runs, lme_entry *e)
{
    const lme_headline *lead = &task->headlines[task->lead];
    double sign = lead->higher_is_better ? 1.0 : -1.0;
    bool failed = false, gained = false;
    for (size_t i = 0; i < n_runs; i++) {
        if (e->documents[i] == NULL)
            continue;
        failed = failed || (task->headlines[i].pipeline != NULL && isnan(e->scores[i]));
        if (i == task->lead || !is_same_measure(lead, &task->headlines[i]))
            continue;
        double loss = sign * (e->scores[task->lead] - e->scores[i]);
        e->loss = loss > e->loss ? loss : e->loss;
        gained = gained || loss < 0.0;
    }
    e->kind = e->loss > 0.0 ? LME_ENTRY_LOST
              : gained      ? LME_ENTRY_GAINED
              : failed      ? LME_ENTRY_FAILED
                            : kind_of_one(lead, e->scores[task->lead]);
}

static void collect_task(const lme_view *view, size_t index, lme_entries *entries)
{
    const lme_view_task *task = &view->tasks[index];
    size_t n_runs = view->page->n_records, n_paired = 0, n_others = 0;
    const lme_record_task *lead = task->runs[task->lead];
    lme_partners *partners = LME_ARRAY(view->arena, lme_partners, n_runs);
    for (size_t i = 0; i < n_runs; i++) {
        if (i == task->lead || task->runs[i] == NULL)
            continue;
        lme_partners_sort(view->arena, task->runs[i], &partners[i]);
        n_others += partners[i].n;
    }
    for (size_t d = 0; d < lead->n_documents; d++) {
        lme_entry *e = &entries->items[entries->n++];
        *e = (lme_entry){.task = index, .order = d, .margin = (double)NAN};
        e->documents = LME_ARRAY(view->arena, const lme_record_document *, n_runs);
        e->scores = LME_ARRAY(view->arena, double, n_runs);
        for (size_t i = 0; i < n_runs; i++) {
            const lme_record_document *document = &lead->documents[d];
            if (i != task->lead)
                document = partners[i].n > 0 ? lme_partners_find(&partners[i], document) : NULL;
            e->documents[i] = document;
            e->scores[i] =
                document == NULL ? (double)NAN : lme_headline_score(&task->headlines[i], document);
            n_paired += i != task->lead && document != NULL ? 1 : 0;
        }
        classify(task, n_runs, e);
        entries->n_of_kind[e->kind]++;
    }
    entries->n_unlisted += n_others > n_paired ? n_others - n_paired : 0;
}

void lme_entries_collect(const lme_view *view, lme_entries *entries)
{
    size_t n = 0;
    for (size_t i = 0; i < view->n_tasks; i++)
        n += view->tasks[i].runs[view->tasks[i].lead]->n_documents;
    *entries = (lme_entries){.items = LME_ARRAY(view->arena, lme_entry, n)};
    for (size_t i = 0; i < view->n_tasks; i++)
        collect_task(view, i, entries);
}

static int by_number(double a, double b)
{
    if (isnan(a) || isnan(b))
        return isnan(a) - isnan(b);
    return (a > b) - (a < b);
}

static int by_worth(const void *a, const void *b)
{
    const lme_entry *x = a, *y = b;
    if (x->kind != y->kind)
        return x->kind < y->kind ? -1 : 1;
    int order = x->kind == LME_ENTRY_LOST    ? by_number(y->loss, x->loss)
                : x->kind == LME_ENTRY_WRONG ? by_number(x->margin, y->margin)
                                             : 0;
    if (order != 0)
        return order;
    if (x->task != y->task)
        return x->task < y->task ? -1 : 1;
    return (x->order > y->order) - (x->order < y->order);
}

void lme_entries_sort(lme_entries *entries)
{
    qsort(entries->items, entries->n, sizeof entries->items[0], by_worth);
}

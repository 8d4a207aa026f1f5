#include "order.h"

#include <stdlib.h>

static int compare_tasks(const void *a, const void *b)
{
    const lme_result *const *x = a;
    const lme_result *const *y = b;
    return lme_str_compare((*x)->task, (*y)->task);
}

const lme_result **lme_tasks_by_name(lme_arena *arena, const lme_results *results)
{
    const lme_result **sorted = LME_ARRAY(arena, const lme_result *, results->n_tasks);
    for (size_t i = 0; i < results->n_tasks; i++)
        sorted[i] = &results->tasks[i];
    if (results->n_tasks > 1)
        qsort(sorted, results->n_tasks, sizeof sorted[0], compare_tasks);
    return sorted;
}

lme_str lme_summary_key(lme_arena *arena, const lme_summary *summary, const char *suffix)
{
    return lme_str_format(arena, "%.*s%s,%.*s", LME_STR_ARG(summary->metric), suffix,
                          LME_STR_ARG(summary->pipeline));
}

typedef struct keyed {
    lme_str key;
    const lme_summary *summary;
} keyed;

static int compare_keys(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    return lme_str_compare(x->key, y->key);
}

const lme_summary **lme_summaries_by_key(lme_arena *arena, const lme_result *task)
{
    size_t n = task->n_summaries;
    keyed *entries = LME_ARRAY(arena, keyed, n);
    for (size_t i = 0; i < n; i++) {
        entries[i].summary = &task->summaries[i];
        entries[i].key = lme_summary_key(arena, &task->summaries[i], "");
    }
    if (n > 1)
        qsort(entries, n, sizeof entries[0], compare_keys);
    const lme_summary **sorted = LME_ARRAY(arena, const lme_summary *, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = entries[i].summary;
    return sorted;
}

lme_str lme_result_alias(const lme_result *task)
{
    return task->alias.len > 0 ? task->alias : task->task;
}

#include "order.h"

#include <stdlib.h>

/* A thing and what it is sorted by. */
typedef struct keyed {
    lme_str key;
    const void *thing;
} keyed;

static int compare_keys(const void *a, const void *b)
{
    const keyed *x = a, *y = b;
    return lme_str_compare(x->key, y->key);
}

const lme_result **lme_tasks_by_name(lme_arena *arena, const lme_results *results)
{
    size_t n = results->n_tasks;
    keyed *entries = LME_ARRAY(arena, keyed, n);
    for (size_t i = 0; i < n; i++)
        entries[i] = (keyed){results->tasks[i].task, &results->tasks[i]};
    if (n > 1)
        qsort(entries, n, sizeof entries[0], compare_keys);
    const lme_result **sorted = LME_ARRAY(arena, const lme_result *, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = entries[i].thing;
    return sorted;
}

lme_str lme_summary_key(lme_arena *arena, const lme_summary *summary, const char *suffix)
{
    return lme_str_format(arena, "%.*s%s,%.*s", LME_STR_ARG(summary->metric), suffix,
                          LME_STR_ARG(summary->pipeline));
}

const lme_summary **lme_summaries_by_key(lme_arena *arena, const lme_summary *summaries, size_t n)
{
    keyed *entries = LME_ARRAY(arena, keyed, n);
    for (size_t i = 0; i < n; i++)
        entries[i] = (keyed){lme_summary_key(arena, &summaries[i], ""), &summaries[i]};
    if (n > 1)
        qsort(entries, n, sizeof entries[0], compare_keys);
    const lme_summary **sorted = LME_ARRAY(arena, const lme_summary *, n);
    for (size_t i = 0; i < n; i++)
        sorted[i] = entries[i].thing;
    return sorted;
}

lme_str lme_result_alias(const lme_result *task)
{
    return task->alias.len > 0 ? task->alias : task->task;
}

/* What a group of tasks is worth. Sums go from left to right and squares are pow(), as in Python:
 * the digits are lm_eval's. */
#include <math.h>
#include <stdlib.h>

#include <lmeval/metric.h>
#include <lmeval/stats.h>

size_t lme_result_sample_len(const lme_result *task)
{
    /* Without metrics every answered document counts. */
    size_t n = task->n_summaries == 0 ? task->n_effective - task->n_failed : 0;
    for (size_t i = 0; i < task->n_summaries; i++)
        n = task->summaries[i].n_docs > n ? task->summaries[i].n_docs : n;
    return n;
}

/* The last one: a metric listed twice has its last value in lm_eval's dict. */
static const lme_summary *find_summary(const lme_result *task, lme_str metric, lme_str pipeline)
{
    for (size_t i = task->n_summaries; i > 0; i--) {
        const lme_summary *s = &task->summaries[i - 1];
        if (lme_str_equal(s->metric, metric) && lme_str_equal(s->pipeline, pipeline))
            return s;
    }
    return NULL;
}

/* The group's tasks and what has been made of them so far. */
typedef struct gathering {
    const lme_result *const *leaves;
    size_t n_leaves;
    lme_summary *summaries;
    size_t n_summaries;
} gathering;

/* Sums over the tasks that have the metric. */
typedef struct sums {
    double values, weights; /* of m_i n_i, and n_i; or of m_i, and 1 */
    double variances;       /* of (n_i - 1) s_i^2 n_i, or s_i^2; NAN when an s_i is */
    size_t n_docs, n_tasks;
    bool higher_is_better;
} sums;

static void add_task(sums *total, const lme_summary *summary, size_t sample_len, bool weighted)
{
    double n = (double)sample_len, weight = weighted ? n : 1.0;
    double variance = pow(summary->stderr_value, 2.0);
    if (total->n_tasks == 0)
        total->higher_is_better = summary->higher_is_better;
    total->values += summary->value * weight;
    total->weights += weight;
    total->variances += weighted ? (n - 1.0) * variance * n : variance;
    total->n_docs += sample_len;
    total->n_tasks++;
}

static double stderr_of(const sums *total, bool weighted)
{
    double k = (double)total->n_tasks, n = total->weights;
    if (!weighted)
        return sqrt(total->variances) / k;
    return n > k ? sqrt(total->variances / (n - k) / n) : (double)NAN;
}

/* Puts a summary in the place of one with the same key, else at the end. */
static void put(gathering *g, const lme_summary *summary)
{
    size_t at = 0;
    while (at < g->n_summaries && !(lme_str_equal(g->summaries[at].metric, summary->metric) &&
                                    lme_str_equal(g->summaries[at].pipeline, summary->pipeline)))
        at++;
    g->summaries[at] = *summary;
    g->n_summaries += at == g->n_summaries;
}

static void aggregate(gathering *g, const lme_group_metric *how, lme_str pipeline)
{
    sums total = {0};
    for (size_t i = 0; i < g->n_leaves; i++) {
        const lme_result *task = g->leaves[i];
        const lme_summary *s = task == NULL ? NULL : find_summary(task, how->metric, pipeline);
        if (s != NULL)
            add_task(&total, s, lme_result_sample_len(task), how->weight_by_size);
    }
    if (total.n_tasks == 0)
        return;
    lme_summary made = {.metric = how->metric,
                        .pipeline = pipeline,
                        .value = total.values / total.weights,
                        .stderr_value = stderr_of(&total, how->weight_by_size),
                        .n_docs = total.n_docs,
                        .higher_is_better = total.higher_is_better,
                        .low = (double)NAN,
                        .high = (double)NAN,
                        .cluster_stderr = (double)NAN};
    if (!isnan(made.stderr_value)) {
        lme_estimate estimate = {
            .value = made.value, .stderr_value = made.stderr_value, .df = (double)INFINITY};
        lme_interval interval = lme_stats_interval(&estimate, 0.95);
        made.low = interval.low;
        made.high = interval.high;
    }
    put(g, &made);
}

static int compare_names(const void *a, const void *b)
{
    const lme_str *x = a, *y = b;
    return lme_str_compare(*x, *y);
}

/* Pipelines that a task has the metric in, sorted; each once. */
static size_t discover(const gathering *g, lme_str metric, lme_str *pipelines)
{
    size_t n = 0;
    for (size_t i = 0; i < g->n_leaves; i++) {
        const lme_result *task = g->leaves[i];
        for (size_t k = 0; task != NULL && k < task->n_summaries; k++) {
            const lme_summary *s = &task->summaries[k];
            size_t at = 0;
            while (at < n && !lme_str_equal(pipelines[at], s->pipeline))
                at++;
            if (at == n && lme_str_equal(s->metric, metric))
                pipelines[n++] = s->pipeline;
        }
    }
    if (n > 1)
        qsort(pipelines, n, sizeof *pipelines, compare_names);
    return n;
}

/* Most summaries that there can be: of each entry, one a pipeline. */
static size_t count_room(const gathering *g, const lme_group_metric *metrics, size_t n_metrics,
                         size_t *most_pipelines)
{
    size_t room = 0;
    *most_pipelines = 0;
    for (size_t i = 0; i < g->n_leaves; i++)
        *most_pipelines += g->leaves[i] != NULL ? g->leaves[i]->n_summaries : 0;
    for (size_t i = 0; i < n_metrics; i++)
        room += metrics[i].pipelines != NULL ? metrics[i].n_pipelines : *most_pipelines;
    return room;
}

void lme_group_summarize(lme_arena *arena, const lme_group_metric *metrics, size_t n_metrics,
                         const lme_result *const *leaves, size_t n_leaves, lme_group_result *group)
{
    size_t most;
    gathering g = {.leaves = leaves, .n_leaves = n_leaves};
    size_t room = count_room(&g, metrics, n_metrics, &most);
    lme_str *found = LME_ARRAY(arena, lme_str, most);
    g.summaries = LME_ARRAY(arena, lme_summary, room + 1);
    group->has_aggregates = n_metrics > 0;
    group->sample_len = 0;
    for (size_t i = 0; i < n_leaves; i++)
        group->sample_len += leaves[i] != NULL ? lme_result_sample_len(leaves[i]) : 0;
    for (size_t i = 0; i < n_metrics; i++) {
        const lme_group_metric *how = &metrics[i];
        const lme_str *pipelines = how->pipelines != NULL ? how->pipelines : found;
        size_t n = how->pipelines != NULL ? how->n_pipelines : discover(&g, how->metric, found);
        for (size_t k = 0; k < n; k++)
            aggregate(&g, how, pipelines[k]);
    }
    group->summaries = g.summaries;
    group->n_summaries = g.n_summaries;
}

#include "looks.h"

#include <math.h>

#include <lmeval/distribution.h>

lme_looks lme_looks_plan(size_t n_docs, double confidence)
{
    lme_looks looks = {.n = n_docs / LME_MOST_LOOKS, .n_docs = n_docs};
    looks.n = looks.n > LME_MOST_LOOKS ? LME_MOST_LOOKS : looks.n;
    looks.n = looks.n < 1 ? 1 : looks.n;
    double share[LME_MOST_LOOKS], bounds[LME_MOST_LOOKS];
    for (size_t i = 0; i < looks.n; i++)
        share[i] = (double)lme_looks_docs(&looks, i) / (double)(n_docs > 0 ? n_docs : 1);
    looks.confidence[0] = confidence;
    if (looks.n == 1)
        return looks;
    /* the error of both sides; each verdict has one */
    lme_stats_group_sequential(share, looks.n, 2.0 * (1.0 - confidence), bounds);
    for (size_t i = 0; i < looks.n; i++)
        looks.confidence[i] = 1.0 - lme_normal_sf(bounds[i]);
    return looks;
}

size_t lme_looks_docs(const lme_looks *looks, size_t look)
{
    return (looks->n_docs * (look + 1) + looks->n - 1) / looks->n;
}

lme_compare_early lme_looks_taken(const lme_looks *looks, size_t look, lme_str task)
{
    return (lme_compare_early){
        .task = task,
        .confidence = looks->confidence[look],
        .n_looks = look + 1,
        .n_planned_looks = looks->n,
        .n_docs = lme_looks_docs(looks, look),
        .n_planned_docs = looks->n_docs,
    };
}

/* As lme_record_open would have it, from what the run holds and its samples file so far. */
static bool record_of(lme_arena *arena, const lme_measuring *m, lme_record *record, lme_error *err)
{
    lme_result result;
    if (!lme_measuring_so_far(m, arena, &result, err))
        return false;
    lme_record_score *scores = LME_ARRAY(arena, lme_record_score, result.n_summaries);
    for (size_t i = 0; i < result.n_summaries; i++) {
        const lme_summary *s = &result.summaries[i];
        scores[i] = (lme_record_score){s->metric,   s->pipeline,         s->value,
                                       (double)NAN, s->higher_is_better, true};
    }
    lme_str cluster = lme_value_text(&result.config, "cluster");
    lme_record_task *task = LME_NEW(arena, lme_record_task);
    *task = (lme_record_task){
        .name = result.task,
        .output_type = lme_value_text(&result.config, "output_type"),
        .config = result.config,
        .n_shot = -1,
        .scores = scores,
        .n_scores = result.n_summaries,
        .samples_path = lme_measuring_samples(m),
        .cluster = cluster.len > 0 ? lme_str_cstr(arena, cluster) : NULL,
    };
    *record = (lme_record){.path = task->samples_path, .tasks = task, .n_tasks = 1};
    return lme_record_read_lines(arena, task, err);
}

static bool all_clear(const lme_comparison *comparison)
{
    size_t n_judged = 0, n_clear = 0;
    for (size_t i = 0; i < comparison->n_rows; i++) {
        lme_verdict verdict = comparison->rows[i].verdict;
        n_judged += verdict != LME_VERDICT_NONE ? 1 : 0;
        n_clear += verdict == LME_VERDICT_RECOVERED || verdict == LME_VERDICT_DEGRADED ? 1 : 0;
    }
    return n_judged > 0 && n_judged == n_clear;
}

bool lme_looks_clear(const lme_measuring *base, const lme_measuring *other,
                     const lme_compare_options *options, const lme_compare_early *taken,
                     bool *clear, lme_error *err)
{
    lme_arena *arena = lme_arena_new();
    lme_record a, b;
    lme_compare_options asked = *options;
    asked.tasks = &taken->task;
    asked.n_tasks = 1;
    asked.early = taken;
    asked.n_early = 1;
    bool ok = record_of(arena, base, &a, err) && record_of(arena, other, &b, err);
    if (ok) {
        lme_comparison comparison;
        lme_compare_runs(arena, &a, &b, &asked, &comparison);
        *clear = all_clear(&comparison);
    }
    lme_arena_free(arena);
    return ok;
}

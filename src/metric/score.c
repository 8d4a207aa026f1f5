/* Scoring documents with a metric, and summing up. */
#include "aggregate.h"

#include <math.h>

bool lme_metric_score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                      const lme_answer *answer, lme_score *score, lme_error *err)
{
    const lme_metric *metric = use->metric;
    double *stats = LME_ARRAY(arena, double, metric->width);
    *score = (lme_score){
        .metric = lme_str_from(metric->name),
        .pipeline = answer->pipeline,
        .stats = stats,
        .width = metric->width,
    };
    LME_BUG(answer->n_values == 0 && sample->output != LME_OUTPUT_MULTIPLE_CHOICE,
            "an answer without values");
    lme_measurement made = {.stats = stats};
    if (!metric->score(arena, use, sample, answer, &made, err))
        return false;
    score->item = made.item;
    return true;
}

double lme_metric_value(const lme_metric_use *use, const lme_scores *scores)
{
    const lme_aggregation *aggregation = lme_aggregation_find(use->aggregation);
    if (aggregation != NULL)
        return aggregation->reduce(use, scores->stats, scores->n_docs);
    LME_BUG(use->metric->reduce == NULL, "a metric with neither aggregation nor reduce");
    return use->metric->reduce(use, scores->stats, scores->n_docs);
}

static double standard_error(const lme_metric_use *use, const lme_scores *scores)
{
    const lme_aggregation *aggregation = lme_aggregation_find(use->aggregation);
    if (aggregation == NULL || scores->n_docs < 2)
        return (double)NAN;
    switch (aggregation->stderr_kind) {
    case LME_STDERR_NONE:
        return (double)NAN;
    case LME_STDERR_MEAN:
        return lme_mean_stderr(scores->stats, scores->n_docs);
    case LME_STDERR_BOOTSTRAP:
        return lme_bootstrap_stderr(use, aggregation, scores->stats, scores->n_docs);
    }
    LME_BUG(true, "unknown kind of standard error");
}

bool lme_metric_summarize(const lme_metric_use *use, lme_str pipeline, const lme_scores *scores,
                          lme_summary *summary, lme_error *err)
{
    if (scores->n_docs == 0)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" has no document to sum up, expected at least one",
                        use->metric->name);
    *summary = (lme_summary){
        .metric = lme_str_from(use->metric->name),
        .pipeline = pipeline,
        .value = lme_metric_value(use, scores),
        .stderr_value = standard_error(use, scores),
        .n_docs = scores->n_docs,
        .higher_is_better = use->higher_is_better,
    };
    return true;
}

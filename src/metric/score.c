/* Scoring documents with a metric, and summing up. */
#include "aggregate.h"

#include <math.h>

#include <lmeval/stats.h>

/* A pipeline without take_first leaves a list of the repeats. Their statistics are averaged, so
 * that a document counts once however often it was asked. */
static bool score_repeats(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                          const lme_answer *answer, lme_measurement *made, lme_error *err)
{
    const lme_value *list = &answer->values[0];
    const size_t n = list->list.len, width = use->metric->width;
    if (n == 0)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" needs an answer, filter pipeline \"%.*s\" left none",
                        use->metric->name, LME_STR_ARG(answer->pipeline));
    lme_list_builder items = {.arena = arena};
    for (size_t i = 0; i < n; i++) {
        lme_measurement one = {.stats = LME_ARRAY(arena, double, width)};
        lme_answer alone = *answer;
        alone.values = &list->list.items[i];
        alone.n_values = 1;
        if (!use->metric->score(arena, use, sample, &alone, &one, err))
            return false;
        for (size_t w = 0; w < width; w++)
            made->stats[w] += one.stats[w];
        lme_list_add(&items, one.item);
    }
    for (size_t w = 0; w < width; w++)
        made->stats[w] /= (double)n;
    made->item = width == 1 ? lme_float(made->stats[0]) : lme_list_finish(&items);
    return true;
}

bool lme_metric_score(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample,
                      const lme_answer *answer, lme_score *score, lme_error *err)
{
    const lme_metric *metric = use->metric;
    LME_BUG(metric->width > LME_METRIC_WIDTH, "a metric with too many statistics");
    double *stats = LME_ARRAY(arena, double, metric->width);
    *score = (lme_score){
        .metric = use->name,
        .pipeline = answer->pipeline,
        .stats = stats,
        .width = metric->width,
    };
    bool is_generated = sample->output == LME_OUTPUT_GENERATE_UNTIL;
    LME_BUG(answer->n_values == 0 && sample->output != LME_OUTPUT_MULTIPLE_CHOICE,
            "an answer without values");
    lme_measurement made = {.stats = stats};
    bool is_list = is_generated && answer->values[0].kind == LME_LIST && !metric->takes_repeats;
    bool ok = is_list ? score_repeats(arena, use, sample, answer, &made, err)
                      : metric->score(arena, use, sample, answer, &made, err);
    score->item = made.item;
    return ok;
}

double lme_metric_value(const lme_metric_use *use, const lme_scores *scores)
{
    return lme_aggregate(use, scores->stats, scores->n_docs);
}

/* lm_eval draws min(1,000, iters) replicates a seed, and leaves out what does not fill a seed. */
static size_t replicates(size_t iters, size_t max)
{
    if (max > 0 && iters > max)
        iters = max;
    return iters < 1000 ? iters : iters / 1000 * 1000;
}

static double bootstrap_error(const lme_metric_use *use, const lme_scores *scores, size_t iters)
{
    size_t n = replicates(iters, use->aggregation->max_replicates);
    if (n < 2)
        return (double)NAN;
    lme_arena *arena = lme_arena_new();
    double *values = LME_ARRAY(arena, double, n);
    lme_metric_bootstrap(use, scores, values, n);
    double error = lme_sample_stddev(values, n);
    lme_arena_free(arena);
    return error;
}

static double standard_error(const lme_metric_use *use, const lme_scores *scores,
                             size_t bootstrap_iters)
{
    if (bootstrap_iters == 0 || scores->n_docs < 2)
        return (double)NAN;
    if (use->aggregation->standard_error != NULL)
        return use->aggregation->standard_error(use, scores->stats, scores->n_docs);
    return use->aggregation->bootstrap ? bootstrap_error(use, scores, bootstrap_iters)
                                       : (double)NAN;
}

/* The mean is a share of right answers: with repeats that were averaged it is not. */
static bool is_share(const lme_metric *metric, const double *stats, size_t n)
{
    if (!metric->is_right_or_wrong)
        return false;
    for (size_t i = 0; i < n; i++) {
        if (!(stats[i] <= 0.0 && stats[i] >= 0.0) && !(stats[i] <= 1.0 && stats[i] >= 1.0))
            return false;
    }
    return true;
}

static bool is_mean(const lme_metric_use *use)
{
    return use->aggregation == &lme_aggregation_mean;
}

static lme_interval interval_of(const lme_metric_use *use, const lme_scores *scores,
                                const lme_summary *summary, const lme_estimate *clustered)
{
    const double n = (double)scores->n_docs;
    if (isnan(summary->stderr_value))
        return (lme_interval){(double)NAN, (double)NAN};
    if (is_mean(use) && scores->cluster_of != NULL)
        return lme_stats_interval(clustered, 0.95);
    if (is_mean(use) && is_share(use->metric, scores->stats, scores->n_docs))
        return lme_stats_wilson(round(summary->value * n), n, 0.95);
    lme_estimate estimate = {
        .value = summary->value,
        .stderr_value = summary->stderr_value,
        .df = is_mean(use) ? n - 1.0 : (double)INFINITY,
    };
    return lme_stats_interval(&estimate, 0.95);
}

/* What lm_eval does not tell of a number. */
static void add_certainty(const lme_metric_use *use, const lme_scores *scores, lme_summary *summary)
{
    lme_estimate clustered = {.stderr_value = (double)NAN};
    bool has_clusters = scores->cluster_of != NULL && !isnan(summary->stderr_value);
    if (is_mean(use) && has_clusters) {
        lme_clusters clusters = {.of = scores->cluster_of, .n = scores->n_clusters};
        clustered = lme_stats_mean(scores->stats, scores->n_docs, &clusters, LME_CR1);
    }
    lme_interval interval = interval_of(use, scores, summary, &clustered);
    summary->low = interval.low;
    summary->high = interval.high;
    summary->cluster_stderr = clustered.stderr_value;
    summary->cluster = use->cluster;
    summary->n_clusters = scores->n_clusters;
    summary->remark = isnan(summary->value) ? use->aggregation->when_nan : NULL;
}

bool lme_metric_summarize(const lme_metric_use *use, lme_str pipeline, const lme_scores *scores,
                          size_t bootstrap_iters, lme_summary *summary, lme_error *err)
{
    if (scores->n_docs == 0)
        return lme_fail(err, LME_ERR_DATA, NULL,
                        "metric \"%s\" has no document to sum up, expected at least one",
                        use->metric->name);
    *summary = (lme_summary){
        .metric = use->name,
        .pipeline = pipeline,
        .value = lme_metric_value(use, scores),
        .stderr_value = standard_error(use, scores, bootstrap_iters),
        .n_docs = scores->n_docs,
        .higher_is_better = use->higher_is_better,
    };
    add_certainty(use, scores, summary);
    return true;
}

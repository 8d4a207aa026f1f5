/* The samples files hold what a score was made of ([reference, answer], [loglikelihood, words],
 * [right, chosen]), lm_eval's too; so the statistics are made again from there. */
#include "corpus.h"

#include <math.h>

#include <lmeval/metric.h>
#include <lmeval/recorded.h>

static const char *const untold = "the samples do not hold what the score is made of";

static bool is_called(const lme_value *entry, const char *key, lme_str name)
{
    const lme_value *v = entry->kind == LME_MAP ? lme_value_find(entry, key) : NULL;
    return v != NULL && v->kind == LME_STRING && lme_str_equal(v->string, name);
}

/* The metric's entry in the task's metric_list; a bare one when it has none: a default. */
static lme_value entry_of(lme_arena *arena, const lme_record_task *task, lme_str metric)
{
    const lme_value *list =
        task->config.kind == LME_MAP ? lme_value_find(&task->config, "metric_list") : NULL;
    for (size_t i = 0; list != NULL && list->kind == LME_LIST && i < list->list.len; i++) {
        const lme_value *entry = &list->list.items[i];
        bool has_name = entry->kind == LME_MAP && lme_value_find(entry, "name") != NULL;
        if (is_called(entry, has_name ? "name" : "metric", metric))
            return *entry;
    }
    lme_map_builder bare = {.arena = arena};
    lme_map_add(&bare, LME_STR("metric"), lme_string(metric));
    return lme_map_finish(&bare);
}

static bool read_use(lme_arena *arena, const lme_corpus_side *side, lme_metric_use *use)
{
    lme_output_kind output;
    if (!lme_output_kind_find(side->task->output_type, &output))
        return false;
    lme_value entry = entry_of(arena, side->task, side->score->metric);
    lme_error err = {0};
    return lme_metric_use_read(arena, &entry, output, NULL, use, &err) && !use->is_left_out;
}

static const lme_value *item_of(const lme_recorded_sample *sample, lme_str pipeline, lme_str metric)
{
    for (size_t i = 0; i < sample->n_answers; i++) {
        const lme_recorded_answer *answer = &sample->answers[i];
        if (!lme_str_equal(answer->pipeline, pipeline))
            continue;
        for (size_t k = 0; k < answer->n_scores; k++) {
            if (lme_str_equal(answer->scores[k].metric, metric))
                return &answer->scores[k].item;
        }
    }
    return NULL;
}

/* Where in the pipeline a document's line stands; SIZE_MAX: it has none there. */
static size_t line_of(const lme_record_pipeline *pipeline, const lme_record_document *document)
{
    for (size_t i = 0; i < document->n_lines; i++) {
        size_t at = document->lines[i]->order;
        if (at < pipeline->n_lines && &pipeline->lines[at] == document->lines[i])
            return at;
    }
    return SIZE_MAX;
}

/* n_lines x width, in the order of the lines. */
static bool read_items(lme_arena *arena, const lme_corpus_side *side, const lme_metric_use *use,
                       double *stats)
{
    const lme_record_task *task = side->task;
    size_t width = use->aggregation->width, n_read = 0;
    lme_recorded *recorded;
    lme_error err = {0};
    if (task->samples_path == NULL || !lme_recorded_open(arena, task, &recorded, &err))
        return false;
    lme_arena *scratch = lme_arena_new();
    bool ok = true;
    for (size_t i = 0; ok && i < task->n_documents; i++) {
        lme_recorded_sample sample;
        size_t line = line_of(side->pipeline, &task->documents[i]);
        if (line == SIZE_MAX)
            continue;
        lme_arena_reset(scratch);
        ok = lme_recorded_read(scratch, recorded, &task->documents[i], &sample, &err);
        const lme_value *item =
            ok ? item_of(&sample, side->pipeline->name, side->score->metric) : NULL;
        ok = item != NULL && lme_metric_restore(scratch, use, item, stats + line * width);
        n_read++;
    }
    lme_arena_free(scratch);
    lme_recorded_close(recorded);
    return ok && n_read == side->pipeline->n_lines;
}

/* A score of one number an item: the lines have them already. */
static bool take_numbers(const lme_corpus_side *side, double *stats)
{
    for (size_t i = 0; i < side->pipeline->n_lines; i++) {
        stats[i] = side->pipeline->lines[i].scores[side->column];
        if (isnan(stats[i]))
            return false;
    }
    return true;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-6 * fmax(1.0, fabs(b));
}

/* The statistics of all of a run's items; NULL when they are not those of its score. */
static const double *stats_of(lme_arena *arena, const lme_corpus_side *side,
                              const lme_metric_use *use)
{
    size_t width = use->aggregation->width, n = side->pipeline->n_lines;
    if (n == 0 || side->column == SIZE_MAX)
        return NULL;
    double *stats = lme_arena_array(arena, n, width * sizeof(double));
    bool told = (width == 1 && use->metric->restore == NULL && take_numbers(side, stats)) ||
                read_items(arena, side, use, stats);
    lme_scores all = {.stats = stats, .n_docs = n};
    return told && is_near(lme_metric_value(use, &all), side->score->value) ? stats : NULL;
}

/* Of the items that pair. */
static const double *paired(lme_arena *arena, const double *stats, size_t width,
                            const lme_record_line **lines, size_t n)
{
    double *made = lme_arena_array(arena, n, width * sizeof(double));
    for (size_t i = 0; i < n; i++) {
        size_t at = lines[i]->order; /* among its pipeline's */
        for (size_t w = 0; w < width; w++)
            made[i * width + w] = stats[at * width + w];
    }
    return made;
}

static lme_flips flips_of(lme_arena *arena, const lme_metric_use *use, const lme_scores *base,
                          const lme_scores *other, bool higher_is_better)
{
    double *effects = LME_ARRAY(arena, double, base->n_docs);
    lme_metric_effects(use, base, other, effects);
    lme_flips flips = {.n = base->n_docs};
    for (size_t i = 0; i < base->n_docs; i++) {
        double better = higher_is_better ? effects[i] : -effects[i];
        flips.lost += better < 0.0 ? 1 : 0;
        flips.gained += better > 0.0 ? 1 : 0;
    }
    flips.both = flips.n - flips.lost - flips.gained;
    return flips;
}

const char *lme_corpus_restore(lme_arena *arena, const lme_corpus_side *base,
                               const lme_corpus_side *other, const lme_pairing *pairing,
                               lme_corpus *corpus)
{
    lme_metric_use use, theirs;
    if (!read_use(arena, base, &use) || !read_use(arena, other, &theirs))
        return "it is not known how the score is made of the documents";
    const double *a = stats_of(arena, base, &use), *b = stats_of(arena, other, &theirs);
    if (a == NULL || b == NULL || use.aggregation != theirs.aggregation)
        return untold;
    size_t n = pairing->n, width = use.aggregation->width;
    lme_scores from = {.stats = paired(arena, a, width, pairing->base, n), .n_docs = n};
    lme_scores to = {.stats = paired(arena, b, width, pairing->other, n), .n_docs = n};
    double *values = LME_ARRAY(arena, double, n), *their_values = LME_ARRAY(arena, double, n);
    if (!lme_metric_pseudo_values(&use, &from, values) ||
        !lme_metric_pseudo_values(&theirs, &to, their_values))
        return "no error of the score can be told from these documents";
    *corpus = (lme_corpus){
        .base = values,
        .other = their_values,
        .flips = flips_of(arena, &use, &from, &to, base->score->higher_is_better),
        .is_share = use.aggregation->from_counts != NULL && use.higher_is_better,
    };
    return NULL;
}

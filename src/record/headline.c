#include <math.h>

#include <lmeval/headline.h>

static bool is_share(const lme_record_pipeline *pipeline, size_t column)
{
    bool any = false;
    for (size_t i = 0; i < pipeline->n_lines; i++) {
        double score = pipeline->lines[i].scores[column];
        if (isnan(score))
            continue;
        if (score < 0.0 || score > 1.0)
            return false;
        any = true;
    }
    return any;
}

static bool has_numbers(const lme_record_pipeline *pipeline, size_t column)
{
    for (size_t i = 0; i < pipeline->n_lines; i++) {
        if (!isnan(pipeline->lines[i].scores[column]))
            return true;
    }
    return false;
}

static void describe(const lme_record_task *task, const lme_record_pipeline *pipeline,
                     size_t column, lme_headline *headline)
{
    lme_str metric = pipeline->metrics[column];
    const lme_record_score *score = lme_record_find_score(task, metric, pipeline->name);
    *headline = (lme_headline){
        .pipeline = pipeline,
        .column = column,
        .metric = metric,
        .higher_is_better = score == NULL || score->higher_is_better,
    };
    headline->is_share = headline->higher_is_better && is_share(pipeline, column);
}

static void find_first(const lme_record_task *task, lme_headline *headline)
{
    *headline = (lme_headline){0};
    for (size_t p = 0; p < task->n_pipelines; p++) {
        const lme_record_pipeline *pipeline = &task->pipelines[p];
        for (size_t m = 0; m < pipeline->n_metrics; m++) {
            lme_headline found;
            describe(task, pipeline, m, &found);
            if (found.is_share) {
                *headline = found;
                return;
            }
            if (headline->pipeline == NULL && has_numbers(pipeline, m))
                *headline = found;
        }
    }
}

static bool fail_metric(lme_arena *arena, const lme_record_task *task, lme_str asked,
                        lme_error *err)
{
    lme_builder names = {.arena = arena};
    size_t n = 0, most = 0;
    for (size_t p = 0; p < task->n_pipelines; p++)
        most += task->pipelines[p].n_metrics;
    lme_str *known = LME_ARRAY(arena, lme_str, most);
    for (size_t p = 0; p < task->n_pipelines; p++) {
        const lme_record_pipeline *pipeline = &task->pipelines[p];
        for (size_t m = 0; m < pipeline->n_metrics; m++) {
            lme_builder_format(&names, "%s%.*s,%.*s", n > 0 ? "; " : "",
                               LME_STR_ARG(pipeline->metrics[m]), LME_STR_ARG(pipeline->name));
            known[n++] = pipeline->metrics[m];
        }
    }
    lme_str all = lme_builder_finish(&names);
    lme_str nearest = lme_str_nearest(asked, known, n);
    lme_fail(err, LME_ERR_USAGE, NULL, "the samples of %.*s have no metric \"%.*s\"",
             LME_STR_ARG(task->name), LME_STR_ARG(asked));
    if (nearest.len > 0)
        return lme_hint(err, "did you mean --metric %.*s?", LME_STR_ARG(nearest));
    if (n == 0)
        return lme_hint(err, "they have none at all");
    return lme_hint(err, "they have %.*s", LME_STR_ARG(all));
}

bool lme_headline_find(lme_arena *arena, const lme_record_task *task, lme_str asked,
                       lme_headline *headline, lme_error *err)
{
    if (asked.len == 0) {
        find_first(task, headline);
        return true;
    }
    size_t comma = lme_str_find(asked, LME_STR(","), 0);
    lme_str metric = lme_str_slice(asked, 0, comma);
    lme_str name = comma == SIZE_MAX ? LME_STR("") : lme_str_slice(asked, comma + 1, asked.len);
    for (size_t p = 0; p < task->n_pipelines; p++) {
        const lme_record_pipeline *pipeline = &task->pipelines[p];
        size_t column = lme_record_metric_column(pipeline, metric);
        if (column != SIZE_MAX && (comma == SIZE_MAX || lme_str_equal(name, pipeline->name))) {
            describe(task, pipeline, column, headline);
            return true;
        }
    }
    return fail_metric(arena, task, asked, err);
}

lme_str lme_metric_label(lme_arena *arena, const lme_record_task *task, lme_str metric,
                         lme_str pipeline)
{
    if (task->n_pipelines < 2)
        return metric;
    return lme_str_format(arena, "%.*s (%.*s)", LME_STR_ARG(metric), LME_STR_ARG(pipeline));
}

const lme_record_line *lme_headline_line(const lme_headline *headline,
                                         const lme_record_document *document)
{
    const lme_record_pipeline *pipeline = headline->pipeline;
    for (size_t i = 0; pipeline != NULL && i < document->n_lines; i++) {
        const lme_record_line *line = document->lines[i];
        if (line->order < pipeline->n_lines && &pipeline->lines[line->order] == line)
            return line;
    }
    return NULL;
}

double lme_headline_score(const lme_headline *headline, const lme_record_document *document)
{
    const lme_record_line *line = lme_headline_line(headline, document);
    return line != NULL ? line->scores[headline->column] : (double)NAN;
}

/* Statistics are kept, not sums: the bootstrap and every corpus score need the documents apart. */
#include "tally.h"

#include <math.h>
#include <string.h>

void lme_tally_init(lme_tally *tally, lme_arena *arena, const lme_task *task)
{
    size_t n_columns = task->n_pipelines * task->n_metrics;
    *tally = (lme_tally){
        .arena = arena,
        .task = task,
        .columns = LME_ARRAY(arena, lme_column, n_columns),
        .n_columns = n_columns,
    };
}

static void keep(lme_tally *tally, size_t column, const lme_score *score)
{
    lme_column *c = &tally->columns[column];
    size_t row = score->width * sizeof(double);
    if (c->n_docs == c->capacity) {
        size_t capacity = c->capacity == 0 ? 256 : 2 * c->capacity;
        c->stats = lme_arena_grow(tally->arena, c->stats, c->capacity * row, capacity * row);
        c->capacity = capacity;
    }
    memcpy(c->stats + c->n_docs * score->width, score->stats, row);
    c->n_docs++;
}

/* The document's failure in one line, in the sample's arena. */
static void record_failure(lme_arena *arena, lme_sample *sample, const lme_error *err)
{
    char text[2048];
    lme_error_text(err, text, sizeof text);
    sample->failure = lme_str_copy(arena, lme_str_from(text));
}

/* First failed response of a sample; "" when all are fine. */
static lme_str failed_response(const lme_sample *sample)
{
    for (size_t i = 0; i < sample->n_requests; i++) {
        if (sample->responses[i].state != LME_RESPONSE_OK)
            return sample->responses[i].failure;
    }
    return LME_STR("");
}

static bool score_all(lme_tally *tally, lme_arena *arena, lme_sample *sample, lme_error *err)
{
    const lme_task *task = tally->task;
    lme_answer *answers = LME_ARRAY(arena, lme_answer, task->n_pipelines);
    lme_score *scores = LME_ARRAY(arena, lme_score, tally->n_columns);
    for (size_t p = 0; p < task->n_pipelines; p++) {
        if (!lme_filter_apply(arena, &task->pipelines[p], sample, &answers[p], err))
            return lme_while(err, "filtering document %zu of %.*s", sample->doc.id,
                             LME_STR_ARG(task->name));
        for (size_t m = 0; m < task->n_metrics; m++) {
            if (!lme_metric_score(arena, &task->metrics[m], sample, &answers[p],
                                  &scores[p * task->n_metrics + m], err))
                return lme_while(err, "scoring document %zu of %.*s", sample->doc.id,
                                 LME_STR_ARG(task->name));
        }
    }
    sample->answers = answers;
    sample->n_answers = task->n_pipelines;
    sample->scores = scores;
    sample->n_scores = tally->n_columns;
    return true;
}

void lme_tally_score(lme_tally *tally, lme_arena *sample_arena, lme_sample *sample)
{
    if (sample->failure.len == 0)
        sample->failure = failed_response(sample);
    if (sample->failure.len > 0)
        return;
    lme_error err = {0};
    if (!score_all(tally, sample_arena, sample, &err)) {
        record_failure(sample_arena, sample, &err);
        return;
    }
    for (size_t i = 0; i < tally->n_columns; i++)
        keep(tally, i, &sample->scores[i]);
}

static bool summarize(const lme_tally *tally, size_t column, lme_summary *summary, lme_error *err)
{
    const lme_task *task = tally->task;
    const lme_column *c = &tally->columns[column];
    lme_scores scores = {.stats = c->stats, .n_docs = c->n_docs};
    return lme_metric_summarize(&task->metrics[column % task->n_metrics],
                                task->pipelines[column / task->n_metrics].name, &scores,
                                LME_BOOTSTRAP_ITERS, summary, err);
}

bool lme_tally_summarize(const lme_tally *tally, const lme_summary **summaries, size_t *n,
                         lme_error *err)
{
    lme_summary *made = LME_ARRAY(tally->arena, lme_summary, tally->n_columns);
    *summaries = made;
    *n = 0;
    if (tally->n_columns == 0 || tally->columns[0].n_docs == 0)
        return true;
    for (size_t i = 0; i < tally->n_columns; i++) {
        if (!summarize(tally, i, &made[i], err))
            return false;
    }
    *n = tally->n_columns;
    return true;
}

bool lme_tally_running(const lme_tally *tally, lme_summary *summary)
{
    const lme_task *task = tally->task;
    if (tally->n_columns == 0 || tally->columns[0].n_docs == 0)
        return false;
    lme_scores scores = {.stats = tally->columns[0].stats, .n_docs = tally->columns[0].n_docs};
    *summary = (lme_summary){
        .metric = lme_str_from(task->metrics[0].metric->name),
        .pipeline = task->pipelines[0].name,
        .value = lme_metric_value(&task->metrics[0], &scores),
        .stderr_value = (double)NAN,
        .n_docs = scores.n_docs,
    };
    return true;
}

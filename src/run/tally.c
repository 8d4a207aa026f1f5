/* Statistics are kept, not sums: the bootstrap and every corpus score need the documents apart. */
#include "tally.h"

#include <math.h>
#include <string.h>

#include <lmeval/unicode.h>

void lme_tally_init(lme_tally *tally, lme_arena *arena, const lme_task *task)
{
    size_t n_columns = task->n_pipelines * task->n_metrics;
    *tally = (lme_tally){
        .arena = arena,
        .task = task,
        .columns = LME_ARRAY(arena, lme_column, n_columns),
        .n_columns = n_columns,
        .clusters = LME_ARRAY(arena, lme_cluster_names, task->n_metrics),
        .n_unextracted = LME_ARRAY(arena, size_t, task->n_pipelines),
    };
}

static void grow(lme_tally *tally, lme_column *c, size_t row, bool has_clusters)
{
    size_t capacity = c->capacity == 0 ? 256 : 2 * c->capacity;
    c->stats = lme_arena_grow(tally->arena, c->stats, c->capacity * row, capacity * row);
    if (has_clusters)
        c->cluster_of = lme_arena_grow(tally->arena, c->cluster_of, c->capacity * sizeof(uint32_t),
                                       capacity * sizeof(uint32_t));
    c->capacity = capacity;
}

/* The cluster's name of a document: the value of the metric's column as text. */
static lme_str cluster_name(lme_arena *arena, const lme_metric_use *use, const lme_sample *sample)
{
    const lme_value *value = lme_value_get(&sample->doc.row, use->cluster);
    return value == NULL ? LME_STR("") : lme_value_repr(arena, value);
}

static void keep(lme_tally *tally, lme_arena *arena, size_t column, const lme_sample *sample)
{
    const size_t metric = column % tally->task->n_metrics;
    const lme_metric_use *use = &tally->task->metrics[metric];
    const lme_score *score = &sample->scores[column];
    lme_column *c = &tally->columns[column];
    size_t row = score->width * sizeof(double);
    bool has_clusters = use->cluster.len > 0;
    if (c->n_docs == c->capacity)
        grow(tally, c, row, has_clusters);
    memcpy(c->stats + c->n_docs * score->width, score->stats, row);
    if (has_clusters)
        c->cluster_of[c->n_docs] = lme_cluster_number(tally->arena, &tally->clusters[metric],
                                                      cluster_name(arena, use, sample));
    c->n_docs++;
}

/* The document's failure in one line, in the sample's arena. */
static void record_failure(lme_arena *arena, lme_sample *sample, const lme_error *err)
{
    char text[2048];
    lme_error_line(err, text, sizeof text);
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

bool lme_is_floored(const lme_response *response)
{
    /* A letter's answer has no log-probabilities that could be at a floor. */
    return response->state == LME_RESPONSE_OK && isinf(response->logprob_nats) &&
           !lme_str_is(response->finish, LME_SCORED_LETTER) &&
           !lme_str_is(response->finish, LME_SCORED_NOTHING);
}

/* Among choices that are all at the floor the first would win by its place. What a choice is worth
 * without its context is a measure of it: at the floor there is nothing to measure a gain by
 * (lm_eval subtracts the infinities, and its argmax takes the NaN for the best). */
static bool check_floor(const lme_sample *sample, lme_error *err)
{
    size_t n = sample->n_requests - sample->n_unconditional, n_floored = 0;
    if (sample->output != LME_OUTPUT_MULTIPLE_CHOICE || n == 0)
        return true;
    for (size_t i = n; i < sample->n_requests; i++) {
        if (lme_is_floored(&sample->responses[i]))
            return lme_fail(err, LME_ERR_SERVER, NULL,
                            "the gains of document %zu cannot be ranked: choice %zu without its "
                            "context rests on a log-probability below the server's floor",
                            sample->doc.id, i - n);
    }
    for (size_t i = 0; i < n; i++)
        n_floored += lme_is_floored(&sample->responses[i]);
    return n_floored < n ||
           lme_fail(err, LME_ERR_SERVER, NULL,
                    "the %zu choices of document %zu cannot be ranked: each rests on a "
                    "log-probability below the server's floor",
                    n, sample->doc.id);
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

/* Inline thoughts, begun or ended: some templates begin them in the prompt. */
static bool has_thoughts(const lme_response *response)
{
    lme_str end = LME_STR("</think>");
    return lme_str_starts(lme_lstrip(response->text), LME_STR("<think>")) ||
           lme_str_find(response->text, end, 0) < response->text.len;
}

static size_t count_thoughts(const lme_sample *sample)
{
    size_t n = 0;
    for (size_t i = 0; i < sample->n_requests; i++)
        n += sample->requests[i].kind == LME_REQUEST_GENERATE &&
             sample->requests[i].n_messages > 0 && has_thoughts(&sample->responses[i]);
    return n;
}

static size_t bytes_of(const lme_request *request)
{
    size_t n = request->context.len + request->continuation.len;
    for (size_t i = 0; i < request->n_messages; i++)
        n += request->messages[i].content.len;
    return n;
}

/* What was cut here has one length, too, and windows are many prompts. */
static void keep_longest(lme_longest *longest, const lme_request *request,
                         const lme_response *response)
{
    size_t n_tokens = response->n_prompt_tokens;
    if (n_tokens < longest->n_tokens || n_tokens == 0 || response->n_truncated > 0 ||
        request->kind == LME_REQUEST_ROLLING)
        return;
    size_t bytes = bytes_of(request);
    if (n_tokens > longest->n_tokens)
        *longest = (lme_longest){.n_tokens = n_tokens, .least_bytes = bytes};
    longest->n++;
    longest->least_bytes = bytes < longest->least_bytes ? bytes : longest->least_bytes;
    longest->most_bytes = bytes > longest->most_bytes ? bytes : longest->most_bytes;
}

size_t lme_tally_maybe_cut(const lme_tally *tally)
{
    enum {
        SHORTEST = 512, /* tokens of a context; of shorter prompts many have one count */
        FEWEST = 3,
        TENTHS = 12 /* of the shortest one's bytes that the longest has at least */
    };
    const lme_longest *longest = &tally->longest;
    bool alike = longest->n >= FEWEST && longest->n_tokens >= SHORTEST &&
                 longest->most_bytes / TENTHS >= longest->least_bytes / 10;
    return alike ? longest->n : 0;
}

void lme_tally_score(lme_tally *tally, lme_arena *sample_arena, lme_sample *sample)
{
    if (sample->failure.len == 0)
        sample->failure = failed_response(sample);
    if (sample->failure.len > 0)
        return;
    lme_error err = {0};
    if (!check_floor(sample, &err) || !score_all(tally, sample_arena, sample, &err)) {
        record_failure(sample_arena, sample, &err);
        return;
    }
    for (size_t i = 0; i < tally->n_columns; i++)
        keep(tally, sample_arena, i, sample);
    for (size_t p = 0; p < sample->n_answers; p++)
        tally->n_unextracted[p] += sample->answers[p].matched ? 0 : 1;
    tally->n_thoughts += count_thoughts(sample);
    for (size_t i = 0; i < sample->n_requests; i++)
        keep_longest(&tally->longest, &sample->requests[i], &sample->responses[i]);
}

static bool extracts(const lme_pipeline *pipeline)
{
    for (size_t i = 0; i < pipeline->n_filters; i++) {
        if (pipeline->filters[i].filter->extracts)
            return true;
    }
    return false;
}

static bool summarize(const lme_tally *tally, size_t column, size_t bootstrap_iters,
                      lme_summary *summary, lme_error *err)
{
    const lme_task *task = tally->task;
    const size_t metric = column % task->n_metrics, pipeline = column / task->n_metrics;
    const lme_column *c = &tally->columns[column];
    lme_scores scores = {
        .stats = c->stats,
        .n_docs = c->n_docs,
        .cluster_of = c->cluster_of,
        .n_clusters = tally->clusters[metric].n,
    };
    if (!lme_metric_summarize(&task->metrics[metric], task->pipelines[pipeline].name, &scores,
                              bootstrap_iters, summary, err))
        return false;
    summary->extracts = extracts(&task->pipelines[pipeline]);
    summary->n_unextracted = tally->n_unextracted[pipeline];
    return true;
}

bool lme_tally_summarize(const lme_tally *tally, size_t bootstrap_iters,
                         const lme_summary **summaries, size_t *n, lme_error *err)
{
    lme_summary *made = LME_ARRAY(tally->arena, lme_summary, tally->n_columns);
    *summaries = made;
    *n = 0;
    if (tally->n_columns == 0 || tally->columns[0].n_docs == 0)
        return true;
    for (size_t i = 0; i < tally->n_columns; i++) {
        if (!summarize(tally, i, bootstrap_iters, &made[i], err))
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
        .metric = task->metrics[0].name,
        .pipeline = task->pipelines[0].name,
        .value = lme_metric_value(&task->metrics[0], &scores),
        .stderr_value = (double)NAN,
        .n_docs = scores.n_docs,
    };
    return true;
}

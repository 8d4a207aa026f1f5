/* Scores of a task as they come in, and the summaries made of them. */
#ifndef LMEVAL_RUN_TALLY_H
#define LMEVAL_RUN_TALLY_H

#include "clusters.h"

#include <lmeval/sample.h>
#include <lmeval/task.h>

/* One (pipeline, metric): the statistics of every scored document, in document order. */
typedef struct lme_column {
    double *stats;        /* n_docs x width, room for `capacity` documents */
    uint32_t *cluster_of; /* n_docs; NULL where the metric names no column */
    size_t n_docs, capacity;
} lme_column;

/* Prompts that have the most tokens by the server's count. Where they are of very different
 * lengths, that is the length of its context, and the longer ones were cut without a word (Ollama).
 */
typedef struct lme_longest {
    size_t n_tokens;
    size_t n;
    size_t least_bytes, most_bytes;
} lme_longest;

typedef struct lme_tally {
    lme_arena *arena;
    const lme_task *task;
    lme_column *columns; /* pipelines x metrics */
    size_t n_columns;
    lme_cluster_names *clusters; /* one a metric */
    size_t *n_unextracted;       /* one a pipeline: scored documents that it found nothing in */
    lme_longest longest;
    size_t n_thoughts; /* answers of scored chats with what the model thought in them */
} lme_tally;

void lme_tally_init(lme_tally *tally, lme_arena *arena, const lme_task *task);

/* Whether an answer rests on a log-probability that the server does not tell. */
bool lme_is_floored(const lme_response *response);

/* Filters and scores a sample whose responses are all there, and adds its statistics. What goes
 * wrong with this document becomes sample->failure, and nothing is added. */
void lme_tally_score(lme_tally *tally, lme_arena *sample_arena, lme_sample *sample);

/* Of the longest prompts those that the server seems to have cut; 0: none. */
size_t lme_tally_maybe_cut(const lme_tally *tally);

/* One summary a column, into the tally's arena. bootstrap_iters  as in lme_metric_summarize */
bool lme_tally_summarize(const lme_tally *tally, size_t bootstrap_iters,
                         const lme_summary **summaries, size_t *n, lme_error *err) LME_MUST_CHECK;

/* The first column's value so far, without its error (a bootstrap at every tick would cost more
 * than the run); false before the first document. */
bool lme_tally_running(const lme_tally *tally, lme_summary *summary);

#endif

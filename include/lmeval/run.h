/* A run: documents of a task through the server, each once, none lost.
 *
 * Samples are planned when their turn comes and held in a window, so memory does not grow with the
 * task. Equal requests are asked once. Every answer is in the journal (SQLite, WAL) before it
 * counts; a run that was killed goes on where it stopped. Samples are handed out in document order,
 * whatever the order of the answers.
 */
#ifndef LMEVAL_RUN_H
#define LMEVAL_RUN_H

#include <lmeval/endpoint.h>
#include <lmeval/sample.h>
#include <lmeval/task.h>

typedef struct lme_run lme_run;

typedef struct lme_progress {
    lme_str task;
    size_t n_docs_done, n_docs;
    size_t n_requests_done; /* answers, those from the journal included */
    size_t n_from_journal;
    size_t n_to_ask;            /* answers that neither the journal nor the cache had at first; 0:
                                   they were not counted (lme_run_preflight) */
    size_t n_to_ask_later;      /* the same of the tasks behind this one, where all of them ask for
                                   what it asks for (scores, texts); 0: not so, or not counted */
    size_t n_failed;            /* documents */
    double seconds;             /* since the task began */
    const lme_summary *running; /* first metric's value so far, no error; NULL at first */
} lme_progress;

/* One thing that a run's answers rest on, in words that people know: a journal goes on only with
 * a run of the same ones. What only scores answers (filters, metrics) is none. */
typedef struct lme_condition {
    lme_str name;  /* unique: "server", "limit", "hellaswag: doc_to_text" */
    lme_str value; /* as text; equal or not */
    lme_str task;  /* whose it is; "": the run's */
} lme_condition;

typedef struct lme_run_options {
    lme_str journal;                 /* file; "": answers are kept in a temporary one only */
    lme_str cache;                   /* file that runs share answers through; "": none */
    bool cache_drawn;                /* also those that were drawn (temperature above 0) */
    const lme_condition *conditions; /* n_conditions, in the order in which differences are told */
    size_t n_conditions;
    bool looks_only;       /* journal and cache are read where they are there; nothing is written,
                              made or emptied, and nothing can be run: for lme_run_preflight */
    bool answers_only;     /* nothing is asked: what the journal has not has failed */
    double tolerance_nats; /* by which a kept loglikelihood may differ when it is asked again;
                              or 1e-3 of the sum where it is more */
    lme_str fingerprint;   /* server, model, scoring path: part of every journal key */
    lme_str scoring_path;  /* of the probe; for results */
    lme_str scoring_caution;
    bool fresh;             /* ask everything again, whatever the journal holds */
    size_t window;          /* samples held at once; 0: 32 */
    size_t bootstrap_iters; /* as in lme_metric_summarize */
    /* Called for every finished sample, in document order; may be NULL. */
    bool (*on_sample)(void *context, const lme_sample *sample, lme_error *err);
    /* Called when no further sample is finished at the moment; may be NULL. */
    bool (*on_pause)(void *context, lme_error *err);
    /* Called at least every 100 ms while answers come; may be NULL. */
    void (*on_progress)(void *context, const lme_progress *progress);
    /* Asked between answers: true ends the run early (a signal); may be NULL. */
    bool (*should_stop)(void *context);
    void *context;
} lme_run_options;

/* Opens the journal and the cache. The answers that a journal holds are used again, also those of a
 * finished run: with other filters or metrics they are scored anew.
 * Errors: LME_ERR_IO: unreadable, not ours, damaged, in use by another process; LME_ERR_USAGE: the
 * journal is of a run that asked something else: what, then and now. */
bool lme_run_open(const lme_run_options *options, lme_endpoint *endpoint, lme_run **run,
                  lme_error *err) LME_MUST_CHECK;
void lme_run_close(lme_run *run); /* NULL is a no-op */

/* Answers that the journal held when it was opened. */
size_t lme_run_resumed(const lme_run *run);

/* Whether these were of a finished run. */
bool lme_run_was_finished(const lme_run *run);

/* Kept answers that were asked for again, and how far the loglikelihoods among them were apart. */
typedef struct lme_rechecked {
    size_t n;
    double largest_nats;
} lme_rechecked;

lme_rechecked lme_run_rechecked(const lme_run *run);

/* Answers that came from the cache. */
size_t lme_run_cached(const lme_run *run);

/* The value of a condition in a journal; "" when there is no such file or condition.
 * Errors: as lme_run_open. */
bool lme_run_recorded(lme_arena *arena, lme_str journal, lme_str name, lme_str *value,
                      lme_error *err) LME_MUST_CHECK;

/* What a task needs of the server, as bits: for lme_endpoint_probe. */
unsigned lme_run_needs(const lme_task *task);

/* Runs one task over its documents.
 * A document that cannot be asked or answered is counted in result->n_failed and is no error.
 * Errors: LME_ERR_IO (journal), LME_ERR_SERVER when so many documents failed one after another that
 * the server must be gone; what was answered stays in the journal. */
bool lme_run_task(lme_arena *arena, lme_run *run, const lme_task *task, lme_docs *docs,
                  lme_result *result, lme_error *err) LME_MUST_CHECK;

/* The same in pieces, for who has two runs take turns: begin, advance as often as wanted, result,
 * leave.
 *
 *     lme_run_begin(arena, run, task, docs, &work);
 *     while (ok && !over)
 *         ok = lme_run_advance(work, 32, &over, err);
 *     ok = ok && lme_run_result(work, arena, iters, &result, err);
 *     lme_run_leave(work);
 */
typedef struct lme_run_work lme_run_work;

void lme_run_begin(lme_arena *arena, lme_run *run, const lme_task *task, lme_docs *docs,
                   lme_run_work **begun);

/* Takes up to n_docs more documents and hands all of them out: nothing is asked of the server when
 * it returns, unless should_stop ended it.
 *   over  set when there are no more documents, or the run was stopped
 * Errors: as lme_run_task's. */
bool lme_run_advance(lme_run_work *work, size_t n_docs, bool *over, lme_error *err) LME_MUST_CHECK;

/* What has come of the documents handed out so far; those are result->n_effective when more were
 * planned.
 *   bootstrap_iters  as in lme_metric_summarize */
bool lme_run_result(const lme_run_work *work, lme_arena *arena, size_t bootstrap_iters,
                    lme_result *result, lme_error *err) LME_MUST_CHECK;

void lme_run_leave(lme_run_work *work); /* NULL is a no-op */

/* True when lme_run_task ended because should_stop said so; its result is then of the part done. */
bool lme_run_stopped(const lme_run *run);

/* Marks the journal as that of a finished run. Call it when nothing failed and all is written. */
bool lme_run_finish(lme_run *run, lme_error *err) LME_MUST_CHECK;

#endif

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
    size_t n_failed;            /* documents */
    double seconds;             /* since the task began */
    const lme_summary *running; /* the first metric so far; NULL before the first document */
} lme_progress;

typedef struct lme_run_options {
    lme_str journal;     /* file; "" for none */
    lme_str fingerprint; /* server and model: part of every journal key */
    size_t window;       /* samples held at once; 0: four times the concurrency */
    double
        max_error_share; /* 0..1: more failed documents stop nothing, but are an error at the end */
    /* Called for every finished sample, in document order; may be NULL. */
    bool (*on_sample)(void *context, const lme_sample *sample, lme_error *err);
    /* Called now and then, at least every 100 ms while answers come; may be NULL. */
    void (*on_progress)(void *context, const lme_progress *progress);
    /* Asked between answers: true ends the run early (signal); may be NULL. */
    bool (*should_stop)(void *context);
    void *context;
} lme_run_options;

/* Errors: LME_ERR_IO with what is wrong with the journal. */
bool lme_run_open(const lme_run_options *options, lme_endpoint *endpoint, lme_run **run,
                  lme_error *err) LME_MUST_CHECK;
void lme_run_close(lme_run *run); /* NULL is a no-op */

/* Which request kinds a task needs: for the probe. */
unsigned lme_run_needs(const lme_task *task);

/* Runs one task over its documents.
 *   path  name of the scoring path for the result, from the probe
 * Errors: LME_ERR_IO, LME_ERR_SERVER when nothing was scored at all; failed documents alone are no
 * error here but are counted in result->n_failed. */
bool lme_run_task(lme_arena *arena, lme_run *run, const lme_task *task, lme_docs *docs,
                  lme_str path, lme_result *result, lme_error *err) LME_MUST_CHECK;

/* True when lme_run_task ended because should_stop said so. */
bool lme_run_stopped(const lme_run *run);

/* Forgets the journal's answers: they belong to a finished run. */
bool lme_run_forget(const char *journal, lme_error *err) LME_MUST_CHECK;

#endif

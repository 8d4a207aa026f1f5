/* One model being measured: what `lmeval run` does from start to end, and `lmeval ab` with two of
 * them, block by block. Steps in their order; closed in one place.
 */
#ifndef LMEVAL_CLI_MEASURING_H
#define LMEVAL_CLI_MEASURING_H

#include "run_options.h"

#include <lmeval/run.h>

typedef struct lme_measuring lme_measuring;

/*   given  read and checked; command  the words that the user typed, NULL-terminated, for run.json
 */
lme_measuring *lme_measuring_new(lme_arena *arena, const lme_run_fields *given, char **command);
void lme_measuring_close(lme_measuring *m); /* NULL is a no-op */

/* Opens tasks and data, then finds and probes the server. */
bool lme_measuring_connect(lme_measuring *m, lme_error *err) LME_MUST_CHECK;
const lme_profile *lme_measuring_profile(const lme_measuring *m);
lme_str lme_measuring_url(const lme_measuring *m);
lme_str lme_measuring_default_folder(const lme_measuring *m);

/* Opens the output folder and its journal, and says what begins.
 *   folder  lives as long as the measuring */
bool lme_measuring_open(lme_measuring *m, lme_str folder, lme_error *err) LME_MUST_CHECK;

/* Counts what is going to be asked, for a line on stderr that says it as soon as the first answers
 * tell how long it will take.
 *   who  asks, "base: "; "" where there is but one */
bool lme_measuring_forecast(lme_measuring *m, const char *who, lme_error *err) LME_MUST_CHECK;

/* Instead of opening and running: what a run into this folder would cost, of a connected one. A few
 * of its questions are asked, nothing is written. */
struct lme_forecasts;
bool lme_measuring_foresee(lme_measuring *m, lme_str folder, struct lme_forecasts *forecasts,
                           lme_error *err) LME_MUST_CHECK;

/* Instead of all that: says it on stdout. Without a server that is named or found, documents and
 * prompts are counted alone.
 *   folder  NULL: the default one
 * Errors: those that a run would end with before it asks; LME_ERR_NETWORK and LME_ERR_SERVER when a
 * server was named: what could be counted without it is printed before. */
bool lme_measuring_dry_run(lme_measuring *m, const char *folder, lme_error *err) LME_MUST_CHECK;

size_t lme_measuring_n_tasks(const lme_measuring *m);
lme_str lme_measuring_task(const lme_measuring *m, size_t task);  /* its name */
size_t lme_measuring_n_docs(const lme_measuring *m, size_t task); /* planned */

/* One task in pieces: run.h has what they do. The samples file is on the disk up to the last
 * document when advance returns. */
void lme_measuring_begin(lme_measuring *m, size_t task);
bool lme_measuring_advance(lme_measuring *m, size_t n_docs, bool *over,
                           lme_error *err) LME_MUST_CHECK;
bool lme_measuring_so_far(const lme_measuring *m, lme_arena *arena, lme_result *result,
                          lme_error *err) LME_MUST_CHECK;
bool lme_measuring_end(lme_measuring *m, lme_error *err) LME_MUST_CHECK;
const char *lme_measuring_samples(const lme_measuring *m); /* path of the task under way */

bool lme_measuring_stopped(const lme_measuring *m); /* by a signal */

/* Writes results.json and run.json; `quietly`: and prints nothing.
 * Errors: LME_ERR_COVERAGE when it was stopped, or too many documents failed. */
bool lme_measuring_finish(lme_measuring *m, bool quietly, lme_error *err) LME_MUST_CHECK;

#endif

/* The folder of a run: samples as they finish, results and run.json at its end, the journal. */
#ifndef LMEVAL_CLI_OUTPUT_H
#define LMEVAL_CLI_OUTPUT_H

#include <lmeval/endpoint.h>
#include <lmeval/report.h>
#include <lmeval/run.h>

typedef struct lme_output lme_output;

/* Makes the folder. Errors: LME_ERR_IO. */
bool lme_output_open(lme_arena *arena, lme_str folder, lme_output **output,
                     lme_error *err) LME_MUST_CHECK;

/* Looks for samples of other tasks than these n, which this run would leave beside its own.
 *   fresh  remove them, and the results that go with them
 * Errors: LME_ERR_USAGE: there are some, and no journal tells whose; LME_ERR_IO. */
bool lme_output_claim(lme_arena *arena, const lme_output *output, lme_task *const *tasks, size_t n,
                      bool fresh, lme_error *err) LME_MUST_CHECK;

lme_str lme_output_folder(const lme_output *output);
lme_str lme_output_journal(lme_arena *arena, const lme_output *output); /* file name */

/* Begins samples_<task>.jsonl anew, with the first sample that comes: until then an earlier run's
 * files stay as they are. */
void lme_output_begin_task(lme_output *output, lme_str task);

/* Adds a sample's lines, and its hashes to the task's. */
bool lme_output_sample(lme_output *output, const lme_sample *sample, lme_error *err) LME_MUST_CHECK;

/* Puts what was added into the file, for who reads it while the run goes on. */
bool lme_output_flush(lme_output *output, lme_error *err) LME_MUST_CHECK;
const char *lme_output_samples(const lme_output *output); /* path of the task under way */

/* Closes the file.
 *   hash  lm_eval's task hash: SHA-256 over the hashes of all sample lines, pipeline by pipeline */
bool lme_output_end_task(lme_arena *arena, lme_output *output, size_t n_pipelines, lme_str *hash,
                         lme_error *err) LME_MUST_CHECK;

/* What run.json says beside the results: the only file with time stamps. */
typedef struct lme_run_record {
    const char *const *command; /* n_command words */
    size_t n_command;
    double started, ended; /* seconds since 1970 */
    double seconds;        /* between them, whatever was done to the clock */
    bool complete;
    const lme_profile *profile;
    lme_traffic traffic;
    lme_client_time client;
    size_t n_resumed, n_cached;
    lme_rechecked rechecked;
    lme_str verified;         /* what --verify-path found; "" when it was not asked for */
    const lme_course *course; /* of --concurrency auto; NULL: it was fixed */
    size_t concurrency;       /* at the end */
    const lme_server_traffic *servers;
    size_t n_servers;
    const lme_system_fingerprint *fingerprints;
    size_t n_fingerprints;
    lme_str reworded; /* parameters that the server refused; "" for none */
} lme_run_record;

/* Writes results.json (when complete) and run.json. */
bool lme_output_finish(lme_arena *arena, lme_output *output, const lme_results *results,
                       const lme_run_record *record, lme_error *err) LME_MUST_CHECK;

/* Closes what is open. NULL is a no-op. */
void lme_output_close(lme_output *output);

#endif

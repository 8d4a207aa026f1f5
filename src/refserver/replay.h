/* Answers from a record of exchanges with another server: what was asked there is answered here
 * byte for byte, so a run can be compared digit by digit without that server.
 */
#ifndef LMEVAL_REFSERVER_REPLAY_H
#define LMEVAL_REFSERVER_REPLAY_H

#include <lmeval/value.h>

typedef struct lme_replay lme_replay;

typedef struct lme_recorded {
    unsigned status;
    lme_str answer;
} lme_recorded;

/* Reads a JSONL file of {"path", "request": "JSON text", "status", "answer": "text", ...}. A later
 * line with the same request replaces an earlier one (retries). Lines that begin with # are notes.
 * Errors: LME_ERR_IO; LME_ERR_DATA with the line. */
bool lme_replay_open(lme_arena *arena, const char *path, lme_replay **replay,
                     lme_error *err) LME_MUST_CHECK;

/* "model" of the first request that names one; "" when none does. */
lme_str lme_replay_model(const lme_replay *replay);
size_t lme_replay_len(const lme_replay *replay); /* different requests */

/* The answer to a request with the same path, prompt or messages, echo, max_tokens and
 * temperature; false when it was not recorded. Any thread, each with its own scratch. */
bool lme_replay_find(lme_arena *scratch, const lme_replay *replay, lme_str path,
                     const lme_value *body, lme_recorded *recorded);

#endif

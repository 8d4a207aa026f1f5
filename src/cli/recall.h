/* What a run knew of its questions' lengths, read back from its journal where no server is asked.
 */
#ifndef LMEVAL_CLI_RECALL_H
#define LMEVAL_CLI_RECALL_H

#include <lmeval/endpoint.h>

/* Fills the profile's n_bos, chat_template, max_length, truncates and prefix_token from the
 * conditions that the journal keeps. Errors: as lme_run_recorded. */
bool lme_recall_lengths(lme_arena *arena, lme_str journal, lme_profile *profile,
                        lme_error *err) LME_MUST_CHECK;

/* What answers rest on beside the question, for the journal's keys; "" where it is nothing. */
lme_str lme_length_text(lme_arena *arena, const lme_profile *profile);

#endif

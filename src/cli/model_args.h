/* lm_eval's --model and --model_args, in terms of our server options. */
#ifndef LMEVAL_CLI_MODEL_ARGS_H
#define LMEVAL_CLI_MODEL_ARGS_H

#include "options.h"
#include "server.h"

/* Lays them over the flags.
 *   flags  .model may be lm_eval's name of a kind of client, local-completions ...: the model then
 *          is the one in model_args, or the first that the server lists
 *   words  of --model_args
 *   chat   messages are sent: lm_eval's chat clients need it
 *   notes  what is taken without effect is added
 * Errors: LME_ERR_USAGE: a kind of model that is no server, a key that nothing is done with. */
bool lme_model_args_apply(lme_arena *arena, lme_server_flags *flags, const lme_option_list *words,
                          bool chat, lme_option_list *notes, lme_error *err) LME_MUST_CHECK;

#endif

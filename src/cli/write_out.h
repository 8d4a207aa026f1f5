/* lm_eval's --write_out and --show_config: what is going to be asked, for people, on stderr. */
#ifndef LMEVAL_CLI_WRITE_OUT_H
#define LMEVAL_CLI_WRITE_OUT_H

#include "task_flags.h"

/* The first document of each task, as `lmeval render` shows it.
 * Errors: as of lme_task_flags_open; LME_ERR_TEMPLATE, LME_ERR_DATA. */
bool lme_write_out(lme_arena *arena, const lme_task_flags *flags, bool demo,
                   lme_error *err) LME_MUST_CHECK;

/* The resolved config of each task as JSON, as results.json has it. */
void lme_show_configs(lme_arena *arena, const lme_opened_tasks *opened);

#endif

/* Which documents of the opened tasks: --samples and --sample. */
#ifndef LMEVAL_CLI_SELECTION_H
#define LMEVAL_CLI_SELECTION_H

#include "task_flags.h"

/* Selects the documents in every task's lme_docs; nothing when neither option is given.
 *   --samples  {task: [place, ...]} as JSON, or a file of it. A task that it does not name is
 *              evaluated whole, as in lm_eval.
 *   --sample N documents over all tasks: shares by the number of documents of each task (and of
 *              each value of --sample-by), largest remainders first; drawn without replacement, for
 *              each task by a Mersenne Twister of its own with the seed, so that a task's documents
 *              do not depend on what else is run.
 * Errors: LME_ERR_USAGE. */
bool lme_selection_apply(lme_arena *arena, const lme_task_flags *flags,
                         const lme_opened_tasks *opened, lme_error *err) LME_MUST_CHECK;

#endif

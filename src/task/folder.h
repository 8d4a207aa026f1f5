/* The task files below a folder. */
#ifndef LMEVAL_TASK_FOLDER_H
#define LMEVAL_TASK_FOLDER_H

#include <lmeval/str.h>

/* Every *.yaml below a folder, sorted by whole paths; hidden folders, __pycache__ and links to
 * folders are passed over.
 * Errors: LME_ERR_IO; LME_ERR_LIMIT when folders nest deeper than LME_LIMIT_DEPTH. */
bool lme_task_files(lme_arena *arena, lme_str folder, lme_str **files, size_t *n,
                    lme_error *err) LME_MUST_CHECK;

#endif

/* A task file drafted from rows: a beginning that runs, with the reasons for every guess. */
#ifndef LMEVAL_CLI_DRAFT_H
#define LMEVAL_CLI_DRAFT_H

#include <lmeval/str.h>

/* Reads the first rows of a file (any that dataset_path can name) and writes YAML for it.
 *   output  where the text will be kept: the path of the rows in it is relative to that folder;
 *           NULL: to the current one
 * Errors: those of the reader; LME_ERR_DATA when the columns give no question or no answer. */
bool lme_draft_task(lme_arena *arena, const char *path, const char *output, lme_str *text,
                    lme_error *err) LME_MUST_CHECK;

#endif

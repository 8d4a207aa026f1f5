/* The lines of a samples file. */
#ifndef LMEVAL_COMPARE_SAMPLES_H
#define LMEVAL_COMPARE_SAMPLES_H

#include <lmeval/record.h>

/* Reads task->samples_path into task->pipelines and n_failed.
 *   cluster  column of `doc`; NULL: none */
bool lme_samples_read(lme_arena *arena, const char *cluster, lme_record_task *task,
                      lme_error *err) LME_MUST_CHECK;

#endif

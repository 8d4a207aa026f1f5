/* The lines of a samples file. */
#ifndef LMEVAL_COMPARE_SAMPLES_H
#define LMEVAL_COMPARE_SAMPLES_H

#include <lmeval/record.h>

/* Reads task->samples_path into task->pipelines, n_failed, and what lines have nothing in the
 * column task->cluster of `doc`. */
bool lme_samples_read(lme_arena *arena, lme_record_task *task, lme_error *err) LME_MUST_CHECK;

#endif

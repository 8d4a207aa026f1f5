/* A recorded sample as the sample it once was, so that what the program does with samples can be
 * done with it once more: bodies, filters, metrics. */
#ifndef LMEVAL_CLI_LOOK_AGAIN_H
#define LMEVAL_CLI_LOOK_AGAIN_H

#include "trace.h"

#include <lmeval/metric.h>

/* What the file does not tell stays empty: few-shot rows, numbers of tokens, whether a target was a
 * text or a number.
 *   delimiter  what stands before each choice
 * Errors: LME_ERR_DATA where the requests are of no kind that is known, or their repeats differ. */
bool lme_again_sample(lme_arena *arena, const lme_record_task *task,
                      const lme_recorded_sample *recorded, lme_str delimiter, lme_sample *sample,
                      lme_error *err) LME_MUST_CHECK;

/* One metric's use in a task, out of the configuration in the results file.
 * Errors: those of lme_metric_use_read. */
bool lme_again_metric(lme_arena *arena, const lme_record_task *task, lme_str metric,
                      lme_output_kind output, lme_metric_use *use, lme_error *err) LME_MUST_CHECK;

#endif

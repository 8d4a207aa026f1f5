/* The orders in which lm_eval lists what it reports. */
#ifndef LMEVAL_REPORT_ORDER_H
#define LMEVAL_REPORT_ORDER_H

#include <lmeval/report.h>

/* n_tasks results, sorted by name. */
const lme_result **lme_tasks_by_name(lme_arena *arena, const lme_results *results);

/* n summaries of a task or group, sorted by "metric,pipeline". */
const lme_summary **lme_summaries_by_key(lme_arena *arena, const lme_summary *summaries, size_t n);

/* "metric,pipeline" */
lme_str lme_summary_key(lme_arena *arena, const lme_summary *summary, const char *suffix);

/* The name for people; the task's own when it has no other. */
lme_str lme_result_alias(const lme_result *task);

#endif

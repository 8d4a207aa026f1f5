/* Groups of tasks, as the results file of a run has them. */
#ifndef LMEVAL_COMPARE_GROUP_H
#define LMEVAL_COMPARE_GROUP_H

#include <lmeval/record.h>

/* The names of a group's tasks, those of its subgroups included; one that two of them share stands
 * twice and counts twice, as in lm_eval. Returns how many; 0 for what is no group. */
size_t lme_group_tasks(lme_arena *arena, const lme_record *record, lme_str group,
                       const lme_str **tasks);

/* How a group's number is made of its tasks': by their documents or all alike, whichever gives the
 * number of the results file.
 *   weights  n to fill
 * Returns false when it has no such number, or it is made otherwise. */
bool lme_group_weights(const lme_record *record, lme_str group, const lme_record_score *score,
                       const lme_str *tasks, size_t n, double *weights);

#endif

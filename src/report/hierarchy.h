/* Groups and their members as lm_eval reports them. */
#ifndef LMEVAL_REPORT_HIERARCHY_H
#define LMEVAL_REPORT_HIERARCHY_H

#include <lmeval/report.h>

/* A task or group that has lines in a table. */
typedef struct lme_shown {
    const lme_result *task; /* one of the two; the other is NULL */
    const lme_group_result *group;
    size_t depth; /* groups around it */
} lme_shown;

/* Groups with their members below them, both by name, then tasks of no group. A task in two groups
 * is there twice.
 *   only_groups  those that have numbers of their own, and nothing else */
lme_shown *lme_results_shown(lme_arena *arena, const lme_results *results, bool only_groups,
                             size_t *n);

/* n_groups of them, each behind the groups in it. */
const lme_group_result **lme_groups_bottom_up(lme_arena *arena, const lme_results *results);

/* Which way a metric is better; `agreed` is false when a group's members differ. */
typedef struct lme_direction {
    lme_str metric;
    bool agreed;
    bool higher_is_better;
} lme_direction;

/* What a group has from its members. */
typedef struct lme_group_facts {
    bool has_shots; /* all members have the same number of examples */
    size_t n_shot;
    const lme_direction *directions; /* n_directions, as the members have them */
    size_t n_directions;
} lme_group_facts;

/* n_groups of them, in the order of results->groups. */
const lme_group_facts *lme_groups_facts(lme_arena *arena, const lme_results *results);

/* Metrics of a task, each once, in its order. */
lme_direction *lme_task_directions(lme_arena *arena, const lme_result *task, size_t *n);

#endif

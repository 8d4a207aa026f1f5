#include "group.h"

#include <math.h>
#include <stdio.h>

enum {
    MOST_LEVELS = 16,  /* of groups in groups */
    MOST_TASKS = 10000 /* of one group: the largest of lm_eval's has some hundred */
};

typedef struct tasks_found {
    lme_arena *arena;
    const lme_value *groups; /* group_subtasks: names of members by group */
    lme_str *names;
    size_t n, capacity;
} tasks_found;

static const lme_value *members_of(const tasks_found *found, lme_str group)
{
    const lme_value *members =
        found->groups->kind == LME_MAP ? lme_value_get(found->groups, group) : NULL;
    bool is_group = members != NULL && members->kind == LME_LIST && members->list.len > 0;
    return is_group ? members : NULL;
}

static void add_task(tasks_found *found, lme_str name)
{
    if (found->n == found->capacity) {
        size_t more = found->capacity == 0 ? 16 : found->capacity * 2;
        found->names = lme_arena_grow(found->arena, found->names, found->n * sizeof(lme_str),
                                      more * sizeof(lme_str));
        found->capacity = more;
    }
    found->names[found->n++] = name;
}

/* Returns false for what a file can say and no group can be: itself inside itself. */
static bool add_members(tasks_found *found, lme_str group, size_t level)
{
    const lme_value *members = members_of(found, group);
    if (level == MOST_LEVELS || members == NULL)
        return false;
    for (size_t i = 0; i < members->list.len; i++) {
        const lme_value *member = &members->list.items[i];
        if (member->kind != LME_STRING || found->n >= MOST_TASKS)
            return false;
        if (members_of(found, member->string) == NULL)
            add_task(found, member->string);
        else if (!add_members(found, member->string, level + 1))
            return false;
    }
    return true;
}

size_t lme_group_tasks(lme_arena *arena, const lme_record *record, lme_str group,
                       const lme_str **tasks)
{
    const lme_value *groups =
        record->tree.kind == LME_MAP ? lme_value_find(&record->tree, "group_subtasks") : NULL;
    tasks_found found = {.arena = arena, .groups = groups};
    if (groups == NULL || !add_members(&found, group, 0))
        return 0;
    *tasks = found.names;
    return found.n;
}

/* "acc,none" of the group. */
static bool value_of(const lme_record *record, lme_str group, const lme_record_score *score,
                     double *value)
{
    const lme_value *groups = lme_value_find(&record->tree, "groups");
    const lme_value *map =
        groups != NULL && groups->kind == LME_MAP ? lme_value_get(groups, group) : NULL;
    char key[256];
    int len = snprintf(key, sizeof key, "%.*s,%.*s", LME_STR_ARG(score->metric),
                       LME_STR_ARG(score->pipeline));
    if (map == NULL || map->kind != LME_MAP || len < 0 || (size_t)len >= sizeof key)
        return false;
    const lme_value *v = lme_value_find(map, key);
    if (v == NULL || (v->kind != LME_FLOAT && v->kind != LME_INT))
        return false;
    *value = v->kind == LME_FLOAT ? v->number : (double)v->integer;
    return true;
}

static bool is_near(double a, double b)
{
    return fabs(a - b) <= 1e-9 * fmax(1.0, fabs(b));
}

bool lme_group_weights(const lme_record *record, lme_str group, const lme_record_score *score,
                       const lme_str *tasks, size_t n, double *weights)
{
    double value, sum = 0.0, weighted = 0.0, n_docs = 0.0;
    if (!value_of(record, group, score, &value))
        return false;
    for (size_t i = 0; i < n; i++) {
        const lme_record_task *task = lme_record_find_task(record, tasks[i]);
        const lme_record_score *part =
            task == NULL ? NULL : lme_record_find_score(task, score->metric, score->pipeline);
        const lme_record_pipeline *pipeline =
            task == NULL ? NULL : lme_record_find_pipeline(task, score->pipeline);
        if (part == NULL || pipeline == NULL)
            return false;
        weights[i] = (double)pipeline->n_lines;
        n_docs += weights[i];
        weighted += weights[i] * part->value;
        sum += part->value;
    }
    if (is_near(weighted / n_docs, value))
        return true;
    for (size_t i = 0; i < n; i++)
        weights[i] = 1.0;
    return is_near(sum / (double)n, value);
}

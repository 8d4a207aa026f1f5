/* lm_eval 0.4.13: evaluator_utils.py (_collect_groups_bottom_up, _propagate_*), utils.py
 * (_build_hierarchy_info). Its quirks are kept: what groups have from their members is found in the
 * order in which groups were asked for, so from subgroups nothing comes up. */
#include "hierarchy.h"

#include "order.h"

#include <stdlib.h>

#include <lmeval/hash.h>

/* Where names are. */
typedef struct places {
    lme_table *tasks, *groups;
} places;

static places find_places(lme_arena *arena, const lme_results *results)
{
    places p = {lme_table_new(arena), lme_table_new(arena)};
    for (size_t i = 0; i < results->n_tasks; i++)
        lme_table_set(p.tasks, results->tasks[i].task, i);
    for (size_t i = 0; i < results->n_groups; i++)
        lme_table_set(p.groups, results->groups[i].name, i);
    return p;
}

/* Groups that no other one has as a member, by their places. */
static bool *find_roots(lme_arena *arena, const lme_results *results, const places *p)
{
    bool *is_root = LME_ARRAY(arena, bool, results->n_groups);
    for (size_t i = 0; i < results->n_groups; i++)
        is_root[i] = true;
    for (size_t i = 0; i < results->n_groups; i++) {
        const lme_group_result *group = &results->groups[i];
        size_t at;
        for (size_t k = 0; k < group->n_members; k++) {
            if (lme_table_get(p->groups, group->members[k], &at))
                is_root[at] = false;
        }
    }
    return is_root;
}

/* A walk over groups. */
typedef struct walk {
    lme_arena *arena;
    const lme_results *results;
    places places;
    /* bottom up */
    bool *visited;
    const lme_group_result **sorted;
    size_t n_sorted;
    /* for a table */
    bool only_groups;
    size_t *task_depths, *group_depths; /* plus one; 0: not met. The last place of several counts */
    lme_shown *shown;
    size_t n_shown, capacity;
} walk;

static void visit_bottom_up(walk *w, size_t place)
{
    const lme_group_result *group = &w->results->groups[place];
    size_t at;
    if (w->visited[place])
        return;
    w->visited[place] = true;
    for (size_t i = 0; i < group->n_members; i++) {
        if (lme_table_get(w->places.groups, group->members[i], &at))
            visit_bottom_up(w, at);
    }
    w->sorted[w->n_sorted++] = group;
}

const lme_group_result **lme_groups_bottom_up(lme_arena *arena, const lme_results *results)
{
    walk w = {.arena = arena,
              .results = results,
              .places = find_places(arena, results),
              .visited = LME_ARRAY(arena, bool, results->n_groups),
              .sorted = LME_ARRAY(arena, const lme_group_result *, results->n_groups)};
    const bool *is_root = find_roots(arena, results, &w.places);
    for (size_t i = 0; i < results->n_groups; i++) {
        if (is_root[i])
            visit_bottom_up(&w, i);
    }
    return w.sorted;
}

static void show(walk *w, const lme_result *task, const lme_group_result *group)
{
    if (w->n_shown == w->capacity) {
        size_t capacity = w->capacity == 0 ? 16 : 2 * w->capacity;
        w->shown = lme_arena_grow(w->arena, w->shown, w->n_shown * sizeof *w->shown,
                                  capacity * sizeof *w->shown);
        w->capacity = capacity;
    }
    w->shown[w->n_shown++] = (lme_shown){.task = task, .group = group};
}

static int compare_names(const void *a, const void *b)
{
    const lme_str *x = a, *y = b;
    return lme_str_compare(*x, *y);
}

static void visit_for_table(walk *w, lme_str name, size_t depth)
{
    size_t at;
    if (!lme_table_get(w->places.groups, name, &at)) {
        if (!w->only_groups && lme_table_get(w->places.tasks, name, &at)) {
            w->task_depths[at] = depth + 1;
            show(w, &w->results->tasks[at], NULL);
        }
        return;
    }
    const lme_group_result *group = &w->results->groups[at];
    w->group_depths[at] = depth + 1;
    if (!w->only_groups || group->has_aggregates)
        show(w, NULL, group);
    lme_str *members = LME_ARRAY(w->arena, lme_str, group->n_members);
    for (size_t i = 0; i < group->n_members; i++)
        members[i] = group->members[i];
    if (group->n_members > 1)
        qsort(members, group->n_members, sizeof *members, compare_names);
    for (size_t i = 0; i < group->n_members; i++)
        visit_for_table(w, members[i], depth + 1);
}

/* Root groups by name, each with all below it. */
static void visit_roots(walk *w)
{
    const lme_results *results = w->results;
    const bool *is_root = find_roots(w->arena, results, &w->places);
    lme_str *names = LME_ARRAY(w->arena, lme_str, results->n_groups);
    size_t n = 0;
    for (size_t i = 0; i < results->n_groups; i++) {
        if (is_root[i])
            names[n++] = results->groups[i].name;
    }
    if (n > 1)
        qsort(names, n, sizeof *names, compare_names);
    for (size_t i = 0; i < n; i++)
        visit_for_table(w, names[i], 0);
}

lme_shown *lme_results_shown(lme_arena *arena, const lme_results *results, bool only_groups,
                             size_t *n)
{
    walk w = {.arena = arena,
              .results = results,
              .places = find_places(arena, results),
              .only_groups = only_groups,
              .task_depths = LME_ARRAY(arena, size_t, results->n_tasks),
              .group_depths = LME_ARRAY(arena, size_t, results->n_groups)};
    visit_roots(&w);
    for (size_t i = 0; i < w.n_shown; i++) {
        lme_shown *s = &w.shown[i];
        s->depth = s->task != NULL ? w.task_depths[s->task - results->tasks] - 1
                                   : w.group_depths[s->group - results->groups] - 1;
    }
    const lme_result **by_name = lme_tasks_by_name(arena, results);
    for (size_t i = 0; !only_groups && i < results->n_tasks; i++) {
        if (w.task_depths[by_name[i] - results->tasks] == 0)
            show(&w, by_name[i], NULL);
    }
    *n = w.n_shown;
    return w.shown;
}

/* Adds a direction, or lets it disagree with the one of its metric. */
static void add_direction(lme_direction *directions, size_t *n, const lme_direction *added)
{
    for (size_t i = 0; i < *n; i++) {
        if (!lme_str_equal(directions[i].metric, added->metric))
            continue;
        directions[i].agreed = directions[i].agreed && added->agreed &&
                               directions[i].higher_is_better == added->higher_is_better;
        return;
    }
    directions[(*n)++] = *added;
}

lme_direction *lme_task_directions(lme_arena *arena, const lme_result *task, size_t *n)
{
    lme_direction *directions = LME_ARRAY(arena, lme_direction, task->n_summaries);
    *n = 0;
    for (size_t i = 0; i < task->n_summaries; i++) {
        const lme_summary *s = &task->summaries[i];
        size_t at = 0;
        while (at < *n && !lme_str_equal(directions[at].metric, s->metric))
            at++;
        if (at == *n)
            directions[(*n)++] = (lme_direction){s->metric, true, s->higher_is_better};
    }
    return directions;
}

/* What one group is made from. */
typedef struct drawing {
    lme_arena *arena;
    const lme_results *results;
    places places;
    lme_group_facts *facts;
    bool *done; /* of each group: its facts are known */
} drawing;

/* Shots and directions of a member; false when nothing is known of it yet. */
static bool facts_of(const drawing *d, lme_str name, lme_group_facts *member)
{
    size_t at;
    if (lme_table_get(d->places.groups, name, &at)) {
        *member = d->facts[at];
        return d->done[at];
    }
    if (!lme_table_get(d->places.tasks, name, &at))
        return false;
    const lme_result *task = &d->results->tasks[at];
    *member = (lme_group_facts){.has_shots = true, .n_shot = task->n_shot};
    member->directions = lme_task_directions(d->arena, task, &member->n_directions);
    return true;
}

static void add_directions(lme_arena *arena, lme_direction **directions, size_t *n,
                           const lme_group_facts *member)
{
    *directions = lme_arena_grow(arena, *directions, *n * sizeof **directions,
                                 (*n + member->n_directions) * sizeof **directions);
    for (size_t i = 0; i < member->n_directions; i++)
        add_direction(*directions, n, &member->directions[i]);
}

static void draw(drawing *d, size_t place)
{
    const lme_group_result *group = &d->results->groups[place];
    lme_group_facts made = {0};
    lme_direction *directions = NULL;
    bool differ = false;
    for (size_t i = 0; i < group->n_members; i++) {
        lme_group_facts member;
        if (!facts_of(d, group->members[i], &member))
            continue;
        add_directions(d->arena, &directions, &made.n_directions, &member);
        differ = differ || (made.has_shots && member.has_shots && made.n_shot != member.n_shot);
        if (member.has_shots) {
            made.has_shots = true;
            made.n_shot = member.n_shot;
        }
    }
    made.has_shots = made.has_shots && !differ;
    made.directions = directions;
    d->facts[place] = made;
    d->done[place] = true;
}

const lme_group_facts *lme_groups_facts(lme_arena *arena, const lme_results *results)
{
    drawing d = {.arena = arena,
                 .results = results,
                 .places = find_places(arena, results),
                 .facts = LME_ARRAY(arena, lme_group_facts, results->n_groups),
                 .done = LME_ARRAY(arena, bool, results->n_groups)};
    for (size_t i = 0; i < results->n_groups; i++)
        draw(&d, i);
    return d.facts;
}

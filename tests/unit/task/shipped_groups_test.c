/* The groups and tags of tasks/ stand for the tasks that lm_eval 0.4.13's of the same names stand
 * for, with its numbers of examples, and sum up the same metrics in the same way
 * (tests/golden/lm_eval_tasks/groups.json, by tests/parity/task_cases.py). */
#include "loading.h"

#include <lmeval/share.h>

static lme_value read_groups(loading *l)
{
    lme_str text;
    lme_value value;
    const char *path = test_source(l->arena, "tests/golden/lm_eval_tasks/groups.json");
    assert_ok(lme_file_read(l->arena, path, 4u << 20, &text, &l->err), &l->err);
    assert_ok(lme_json_read(l->arena, NULL, text, NULL, &value, &l->err), &l->err);
    return value;
}

static void load(loading *l, lme_str name, lme_task_set *set)
{
    const char *ours = test_source(l->arena, "tasks");
    const char *names[] = {lme_str_cstr(l->arena, name)};
    lme_task_options options = {.include_paths = &ours, .n_include_paths = 1};
    assert_ok(lme_task_set_load(l->arena, names, 1, &options, set, &l->err), &l->err);
}

static void assert_tasks(const lme_task_set *set, lme_str name, const lme_value *expected)
{
    if (set->n_tasks != expected->map.len)
        fail_msg("%.*s has %zu tasks, lm_eval's %zu", LME_STR_ARG(name), set->n_tasks,
                 expected->map.len);
    for (size_t i = 0; i < set->n_tasks; i++) {
        const lme_task *task = set->tasks[i];
        const lme_value *shots = lme_value_get(expected, task->name);
        if (shots == NULL || shots->integer != (int64_t)task->num_fewshot)
            fail_msg("%.*s: %.*s with %zu examples is not in lm_eval's", LME_STR_ARG(name),
                     LME_STR_ARG(task->name), task->num_fewshot);
    }
}

static void assert_metrics(const lme_group *group, const lme_value *expected)
{
    assert_int_equal(group->n_metrics, expected->list.len);
    for (size_t i = 0; i < group->n_metrics; i++) {
        const lme_value *peer = &expected->list.items[i];
        const lme_value *filters = lme_value_find(peer, "filter_list");
        assert_true(
            lme_str_equal(group->metrics[i].metric, lme_value_find(peer, "metric")->string));
        assert_int_equal(group->metrics[i].weight_by_size,
                         lme_value_find(peer, "weight_by_size")->boolean);
        assert_int_equal(group->metrics[i].n_pipelines, filters->kind == LME_LIST
                                                            ? filters->list.len
                                                        : filters->kind == LME_STRING ? 1
                                                                                      : 0);
    }
}

static void groups_equal_lm_eval(void **state)
{
    loading *l = *state;
    lme_value all = read_groups(l);
    const lme_value *groups = lme_value_find(&all, "groups");
    assert_true(groups->map.len > 10);
    for (size_t i = 0; i < groups->map.len; i++) {
        lme_task_set set = {0};
        lme_str name = groups->map.pairs[i].key.string;
        const lme_value *peer = &groups->map.pairs[i].value;
        load(l, name, &set);
        assert_true(set.n_groups > 0);
        assert_true(lme_str_equal(set.groups[0]->name, name));
        assert_true(lme_str_equal(set.groups[0]->alias, lme_value_find(peer, "alias")->string));
        assert_tasks(&set, name, lme_value_find(peer, "tasks"));
        assert_metrics(set.groups[0], lme_value_find(peer, "metrics"));
    }
}

static bool holds(const lme_value *list, lme_str name)
{
    for (size_t i = 0; i < list->list.len; i++) {
        if (lme_str_equal(list->list.items[i].string, name))
            return true;
    }
    return false;
}

/* Of lm_eval's tags we have the tasks that are shipped: all of those, and no others. */
static void tags_hold_the_shipped_tasks(void **state)
{
    loading *l = *state;
    lme_value all = read_groups(l);
    const lme_value *tags = lme_value_find(&all, "tags");
    const char *ours = test_source(l->arena, "tasks");
    lme_task_options options = {.include_paths = &ours, .n_include_paths = 1};
    lme_index *index;
    assert_ok(lme_index_open(l->arena, &options, &index, &l->err), &l->err);
    for (size_t i = 0; i < tags->map.len; i++) {
        const lme_value *peer = &tags->map.pairs[i].value;
        lme_str name = tags->map.pairs[i].key.string;
        const lme_entry *tag = lme_index_find(index, name);
        size_t n_shipped = 0;
        for (size_t j = 0; j < peer->list.len; j++)
            n_shipped += lme_index_find(index, peer->list.items[j].string) != NULL;
        assert_non_null(tag);
        if (tag->n_members != n_shipped)
            fail_msg("%.*s has %zu tasks, of lm_eval's %zu are shipped", LME_STR_ARG(name),
                     tag->n_members, n_shipped);
        for (size_t j = 0; j < tag->n_members; j++)
            assert_true(holds(peer, tag->members[j]));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADING_TEST(groups_equal_lm_eval),
        LOADING_TEST(tags_hold_the_shipped_tasks),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

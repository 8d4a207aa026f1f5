/* What names stand for, and groups: members, overrides, subgroups, numbers' rules. */
#include "loading.h"

#include <lmeval/share.h>

#define BODY                                                                                       \
    "dataset_path: rows.jsonl\ntest_split: test\ndoc_to_text: q\ndoc_to_target: a\n"               \
    "description: own\n"

static const char *put(loading *l, const char *name, const char *text)
{
    lme_str folder = lme_path_folder(lme_str_format(l->arena, "%s/a/%s", l->folder, name));
    assert_ok(lme_folder_make(lme_str_cstr(l->arena, folder), &l->err), &l->err);
    return test_file(l->arena, lme_str_format(l->arena, "%s/a", l->folder).ptr, name, text);
}

static void put_task(loading *l, const char *name, const char *more)
{
    put(l, lme_str_format(l->arena, "%s.yaml", name).ptr,
        lme_str_format(l->arena, "task: %s\n" BODY "%s", name, more).ptr);
}

/* Loads the names, given with commas, with the test's folder as include path. */
static bool load(loading *l, const char *names, lme_task_set *set)
{
    const char *path = lme_str_format(l->arena, "%s/a", l->folder).ptr;
    lme_task_options options = {.include_paths = &path, .n_include_paths = 1};
    const char *list[8];
    size_t n = 0;
    lme_str all = lme_str_from(names);
    for (size_t from = 0; from <= all.len; n++) {
        size_t comma = lme_str_find(all, LME_STR(","), from);
        list[n] = lme_str_copy(l->arena, lme_str_slice(all, from, comma)).ptr;
        from = comma == SIZE_MAX ? all.len + 1 : comma + 1;
    }
    l->err = (lme_error){0};
    return lme_task_set_load(l->arena, list, n, &options, set, &l->err);
}

/* "a b g(c d)": tasks in order, and groups with their members. */
static lme_str shape(loading *l, const lme_task_set *set)
{
    lme_builder out = {.arena = l->arena};
    for (size_t i = 0; i < set->n_tasks; i++)
        lme_builder_format(&out, "%s%.*s", i == 0 ? "" : " ", LME_STR_ARG(set->tasks[i]->name));
    for (size_t i = 0; i < set->n_groups; i++) {
        const lme_group *group = set->groups[i];
        lme_builder_format(&out, " | %.*s:", LME_STR_ARG(group->name));
        for (size_t k = 0; k < group->n_members; k++) {
            const lme_member *m = &group->members[k];
            lme_builder_format(&out, " %.*s%s",
                               LME_STR_ARG(m->task != NULL ? m->task->name : m->group->name),
                               m->task != NULL ? "" : "/");
        }
    }
    return lme_builder_finish(&out);
}

static void assert_shape(loading *l, const char *names, const char *expected)
{
    lme_task_set set;
    assert_ok(load(l, names, &set), &l->err);
    assert_str(shape(l, &set), expected);
}

static void assert_refused(loading *l, const char *names, const char *error, const char *hint)
{
    lme_task_set set;
    assert_false(load(l, names, &set));
    assert_error(&l->err, l->err.code, error);
    assert_error(&l->err, l->err.code, hint);
}

static const lme_task *find_task(const lme_task_set *set, const char *name)
{
    for (size_t i = 0; i < set->n_tasks; i++) {
        if (lme_str_is(set->tasks[i]->name, name))
            return set->tasks[i];
    }
    fail_msg("no task %s", name);
    return NULL;
}

static lme_str text_of(const lme_task *task, const char *key)
{
    return lme_value_find(&task->config, key)->string;
}

static void put_zoo(loading *l)
{
    put_task(l, "zoo_ant", "tag: [zoo_small, zoo_all]\n");
    put_task(l, "zoo_bee", "tag: [zoo_small, zoo_all]\ntask_alias: Bee\n");
    put_task(l, "zoo_cow", "tag: zoo_all\n");
    put(l, "birds.yaml", "group: birds\ntask: [zoo_cow, zoo_small]\n");
}

static void names_are_tasks_tags_and_groups(void **state)
{
    loading *l = *state;
    put_zoo(l);
    assert_shape(l, "zoo_cow,zoo_ant", "zoo_cow zoo_ant");
    assert_shape(l, "zoo_all", "zoo_ant zoo_bee zoo_cow");
    assert_shape(l, "zoo_cow,zoo_all,zoo_cow", "zoo_cow zoo_ant zoo_bee");
    assert_shape(l, "birds", "zoo_cow zoo_ant zoo_bee | birds: zoo_cow zoo_ant zoo_bee");
    assert_refused(l, "zoo_cow,birds", "task zoo_cow is asked for twice: by itself and by birds",
                   "leave one of them out");
    assert_refused(l, "zoo_cwo", "no task is named \"zoo_cwo\"", "did you mean zoo_cow?");
    assert_refused(l, "bird", "no task is named \"bird\"", "did you mean birds?");
}

static void patterns_are_shell_patterns_over_all_names(void **state)
{
    loading *l = *state;
    put_zoo(l);
    assert_shape(l, "zoo_[ab]*", "zoo_ant zoo_bee zoo_cow");
    assert_shape(l, "zoo_?ee,zoo_[!b]*w", "zoo_bee zoo_cow");
    assert_shape(l, "bir*", "zoo_cow zoo_ant zoo_bee | birds: zoo_cow zoo_ant zoo_bee");
    assert_refused(l, "zoo_x*", "no task, group or tag has a name like zoo_x*", "lmeval list");
}

static void paths_are_files_patterns_and_folders(void **state)
{
    loading *l = *state;
    put_zoo(l);
    const char *own = put(l, "more/own.yaml", "task: own\n" BODY);
    put(l, "more/base.yaml", "repeats: 2\n");
    put(l, "more/two.yaml", "task: two_${x}\n" BODY "variants: [{x: 1}, {x: 2}]\n");
    put(l, "more/deep/not.yaml", "task: not\n" BODY);
    assert_shape(l, own, "own");
    const char *folder = lme_str_format(l->arena, "%s/a/more", l->folder).ptr;
    assert_shape(l, folder, "own two_1 two_2");
    assert_shape(l, lme_str_format(l->arena, "%s/[ot]*.yaml", folder).ptr, "own two_1 two_2");
    assert_refused(l, lme_str_format(l->arena, "%s/x*.yaml", folder).ptr, "no file has a name like",
                   "");
    assert_refused(l, lme_str_format(l->arena, "%s/base.yaml", folder).ptr,
                   "base.yaml: the file has neither task nor group", "");
    assert_refused(l, "./none.yaml", "./none.yaml", "");
    const char *same = put(l, "other/own.yaml", "task: own\n" BODY);
    assert_refused(l, lme_str_format(l->arena, "%s,%s", own, same).ptr,
                   "task own is asked for twice: by itself and by itself", "");
}

static void a_group_by_its_path(void **state)
{
    loading *l = *state;
    put_zoo(l);
    assert_shape(l, put(l, "by_path.yaml", "group: by_path\ntask: zoo_cow\n"),
                 "zoo_cow | by_path: zoo_cow");
}

static void members_lay_keys_over_tasks(void **state)
{
    loading *l = *state;
    lme_task_set set;
    put_zoo(l);
    put(l, "g.yaml",
        "group: g\ngroup_alias: The zoo\nmetadata: {version: 2}\n"
        "num_fewshot: 3\ndescription: of the group\ntag: none\ntask:\n"
        "  - zoo_ant\n"
        "  - {task: zoo_bee, task_alias: B, num_fewshot: 1}\n"
        "  - {task: zoo_cow, description: of the member}\n");
    assert_ok(load(l, "g", &set), &l->err);
    assert_str(shape(l, &set), "zoo_ant zoo_bee zoo_cow | g: zoo_ant zoo_bee zoo_cow");
    assert_str(set.groups[0]->alias, "The zoo");
    assert_str(set.groups[0]->version, "2");
    assert_int_equal(set.tasks[0]->num_fewshot, 3);
    assert_int_equal(set.tasks[1]->num_fewshot, 1);
    assert_str(set.tasks[1]->alias, "B");
    assert_str(text_of(set.tasks[1], "description"), "of the group");
    assert_str(text_of(set.tasks[2], "description"), "of the member");
    assert_ok(load(l, "zoo_bee", &set), &l->err);
    assert_str(set.tasks[0]->alias, "Bee"); /* as it is in its file */
}

/* What stands further outside wins over what a group says; a member's map wins over all. */
static void keys_come_from_outside_in(void **state)
{
    loading *l = *state;
    lme_task_set set;
    put_zoo(l);
    put(l, "inner.yaml",
        "group: inner\nnum_fewshot: 1\ndescription: inner\nrepeats: 4\ntask:\n"
        "  - zoo_ant\n  - {task: zoo_bee, num_fewshot: 9}\n");
    put(l, "outer.yaml",
        "group: outer\nnum_fewshot: 2\ntask:\n"
        "  - inner\n  - {group: deep, description: deep, task: [zoo_cow]}\n");
    assert_ok(load(l, "outer", &set), &l->err);
    assert_str(shape(l, &set), "zoo_ant zoo_bee zoo_cow | outer: inner/ outer::deep/ | inner: "
                               "zoo_ant zoo_bee | outer::deep: zoo_cow");
    const lme_task *ant = find_task(&set, "zoo_ant");
    assert_int_equal(ant->num_fewshot, 2);
    assert_int_equal(ant->repeats, 4);
    assert_str(text_of(ant, "description"), "inner");
    assert_int_equal(find_task(&set, "zoo_bee")->num_fewshot, 9);
    assert_int_equal(find_task(&set, "zoo_cow")->num_fewshot, 2);
    assert_str(text_of(find_task(&set, "zoo_cow"), "description"), "deep");
    assert_str(set.groups[0]->version, "N/A");
}

static void maps_over_tags_and_groups(void **state)
{
    loading *l = *state;
    lme_task_set set;
    put_zoo(l);
    put(l, "g.yaml", "group: g\ntask:\n  - {task: zoo_small, num_fewshot: 5}\n");
    assert_ok(load(l, "g", &set), &l->err);
    assert_str(shape(l, &set), "zoo_ant zoo_bee | g: zoo_ant zoo_bee");
    assert_int_equal(set.tasks[0]->num_fewshot, 5);
    put(l, "g.yaml", "group: g\ntask:\n  - {task: birds, group_alias: Air, num_fewshot: 6}\n");
    assert_ok(load(l, "g", &set), &l->err);
    assert_str(shape(l, &set),
               "zoo_cow zoo_ant zoo_bee | g: birds/ | birds: zoo_cow zoo_ant zoo_bee");
    assert_int_equal(set.tasks[2]->num_fewshot, 6);
    assert_str(set.groups[1]->alias, "Air");
    put(l, "g.yaml", "group: g\ntask:\n  - {group: birds, num_fewshot: 7}\n");
    assert_ok(load(l, "g", &set), &l->err);
    assert_int_equal(set.tasks[0]->num_fewshot, 7);
    put(l, "g.yaml", "group: g\ntask:\n  - {group: birds, task: [zoo_ant]}\n");
    assert_shape(l, "g", "zoo_ant | g: g::birds/ | g::birds: zoo_ant");
}

static void tasks_may_be_written_out(void **state)
{
    loading *l = *state;
    lme_task_set set;
    put_zoo(l);
    put(l, "base_yaml", BODY "repeats: 2\nnum_fewshot: 1\n");
    put(l, "g.yaml",
        "group: g\nnum_fewshot: 2\ntask:\n"
        "  - {task: new, include: base_yaml, description: mine}\n  - zoo_ant\n");
    assert_ok(load(l, "g", &set), &l->err);
    assert_str(shape(l, &set), "g::new zoo_ant | g: g::new zoo_ant");
    assert_int_equal(set.tasks[0]->repeats, 2);
    assert_int_equal(set.tasks[0]->num_fewshot, 2);
    assert_str(text_of(set.tasks[0], "description"), "mine");
    assert_str(text_of(set.tasks[0], "task"), "g::new");
}

/* One name in two subgroups is one result, as its last definition has it. */
static void a_task_in_two_subgroups_is_one(void **state)
{
    loading *l = *state;
    lme_task_set set;
    put_zoo(l);
    put(l, "g.yaml",
        "group: g\ntask:\n  - {group: x, num_fewshot: 1, task: [zoo_ant, zoo_cow]}\n"
        "  - {group: y, num_fewshot: 2, task: [zoo_ant]}\n");
    assert_ok(load(l, "g", &set), &l->err);
    assert_str(shape(l, &set),
               "zoo_ant zoo_cow | g: g::x/ g::y/ | g::x: zoo_ant zoo_cow | g::y: zoo_ant");
    assert_int_equal(set.tasks[0]->num_fewshot, 2);
}

static void the_rules_of_a_groups_numbers(void **state)
{
    loading *l = *state;
    lme_task_set set;
    put_zoo(l);
    put(l, "g.yaml",
        "group: g\ntask: [zoo_ant]\naggregate_metric_list:\n"
        "  - {metric: acc}\n  - {metric: f1, weight_by_size: false, filter_list: none}\n"
        "  - {metric: em, aggregation: mean, weight_by_size: truez, filter_list: [a, b]}\n");
    assert_ok(load(l, "g", &set), &l->err);
    const lme_group_metric *m = set.groups[0]->metrics;
    assert_int_equal(set.groups[0]->n_metrics, 3);
    assert_true(m[0].weight_by_size && m[0].pipelines == NULL);
    assert_true(!m[1].weight_by_size && m[1].n_pipelines == 1);
    assert_str(m[1].pipelines[0], "none");
    assert_true(m[2].weight_by_size && m[2].n_pipelines == 2); /* the text is true in Python */
    put(l, "g.yaml", "group: g\ntask: [zoo_ant]\naggregate_metric_list: {metric: acc}\n");
    assert_ok(load(l, "g", &set), &l->err);
    assert_int_equal(set.groups[0]->n_metrics, 1);
}

/* Leaves of all depths, in the order of the set; a task that did not run is left out. */
static void numbers_come_from_all_tasks_below(void **state)
{
    loading *l = *state;
    lme_task_set set;
    put_zoo(l);
    put(l, "g.yaml", "group: g\ntask: [birds]\naggregate_metric_list: [{metric: acc}]\n");
    assert_ok(load(l, "g", &set), &l->err);
    lme_summary half = {
        .metric = LME_STR("acc"), .pipeline = LME_STR("none"), .value = 0.5, .n_docs = 10};
    lme_summary one = {
        .metric = LME_STR("acc"), .pipeline = LME_STR("none"), .value = 1.0, .n_docs = 30};
    lme_result results[] = {
        {.task = LME_STR("zoo_cow"), .summaries = &half, .n_summaries = 1},
        {.task = LME_STR("zoo_bee"), .summaries = &one, .n_summaries = 1},
    };
    lme_group_result groups[2];
    lme_task_set_summarize(l->arena, &set, results, 2, groups);
    assert_str(groups[0].name, "g");
    assert_str(groups[0].members[0], "birds");
    assert_int_equal(groups[0].sample_len, 40);
    assert_close(groups[0].summaries[0].value, 0.875, 1e-15);
    assert_true(groups[0].has_aggregates && !groups[1].has_aggregates);
    assert_int_equal(groups[1].n_summaries, 0);
}

typedef struct refusal {
    const char *text, *error, *hint;
} refusal;

static const refusal refusals[] = {
    {"group: g\ntask: [zoo_atn]\n", "g.yaml:2:8: no task is named \"zoo_atn\"",
     "did you mean zoo_ant?"},
    {"group: g\ntask: [3]\n", "g.yaml:2:8: a member of a group is a name or a map, got integer",
     ""},
    {"group: g\ntask:\n  - {dataset_path: x}\n",
     "g.yaml:3:5: a member of group g has neither task: NAME nor group: NAME", "docs/task-format"},
    {"group: g\ntask: [g]\n", "g.yaml:2:8: group g holds itself: g > g", ""},
    {"group: g\ntask: [h]\n", "g.yaml:2:8: group h holds itself: h > g > h", ""},
    {"group: g\nno_such_key: 1\ntask: [zoo_ant]\n", "g.yaml:2:1: a task has no key \"no_such_key\"",
     "while loading zoo_ant, a member of group g"},
    {"group: g\ntask: [python]\n", "python.yaml:7:15: the task calls Python functions",
     "while loading python, a member of group g"},
    {"group: g\ntask: [zoo_py]\n", "process_docs (utils.f), doc_to_text (utils.g)",
     "while loading python, a member of group g"},
    {"group: g\ntask: [class]\n", "class.yaml:2:1: this task is a Python class", "group g"},
    {"group: g\ntask: [zoo_ant]\ngroup_alias: 3\n", "g.yaml:3:14: group_alias is text", ""},
    {"group: g\ntask: [zoo_ant]\nmetadata: 3\n", "g.yaml:3:11: metadata is a map", ""},
    {"group: g\naggregate_metric_list: 3\n", "g.yaml:2:24: aggregate_metric_list holds maps", ""},
    {"group: g\naggregate_metric_list: [{weight_by_size: true}]\n",
     "g.yaml:2:25: an entry of aggregate_metric_list names no metric", ""},
    {"group: g\naggregate_metric_list: [{metric: 3}]\n", "g.yaml:2:34: metric is a metric's name",
     ""},
    {"group: g\naggregate_metric_list: [{metric: a, wieght_by_size: 3}]\n",
     "g.yaml:2:37: an entry of aggregate_metric_list has no key", "did you mean weight_by_size?"},
    {"group: g\naggregate_metric_list: [{metric: a, 3: 3}]\n",
     "g.yaml:2:37: a key of aggregate_metric_list is text, got integer", ""},
    {"group: g\naggregate_metric_list: [{metric: a, aggregation: median}]\n",
     "g.yaml:2:50: the aggregation of a group is mean", ""},
    {"group: g\naggregate_metric_list: [{metric: a, aggregation: !function u.f}]\n",
     "the group calls a Python function, which is not run: aggregation (u.f)", ""},
    {"group: g\naggregate_metric_list: [{metric: a, filter_list: [3]}]\n",
     "g.yaml:2:51: filter_list names pipelines, got integer", ""},
};

static void what_groups_may_not_be(void **state)
{
    loading *l = *state;
    put_zoo(l);
    put(l, "python.yaml",
        "task: python\ntag: zoo_py\ndataset_path: r.jsonl\ntest_split: t\ndoc_to_target: a\n"
        "num_fewshot: 0\nprocess_docs: !function utils.f\ndoc_to_text: !function utils.g\n");
    put(l, "class.yaml", "task: class\nclass: !function utils.C\n");
    put(l, "h.yaml", "group: h\ntask: [g]\n");
    for (size_t i = 0; i < sizeof refusals / sizeof refusals[0]; i++) {
        put(l, "g.yaml", refusals[i].text);
        const char *name = strstr(refusals[i].text, "[h]") != NULL ? "h" : "g";
        assert_refused(l, name, refusals[i].error, refusals[i].hint);
    }
}

/* Doubles with each level: 2^40 members. */
static void groups_in_groups_are_bounded(void **state)
{
    loading *l = *state;
    put_zoo(l);
    for (int i = 0; i < 40; i++) {
        const char *next = i == 39 ? "zoo_ant" : lme_str_format(l->arena, "d%d", i + 1).ptr;
        put(l, lme_str_format(l->arena, "d%d.yaml", i).ptr,
            lme_str_format(l->arena,
                           "group: d%d\ntask: [{group: x, task: [%s]}, {group: y, task: "
                           "[%s]}]\n",
                           i, next, next)
                .ptr);
    }
    lme_task_set set;
    assert_false(load(l, "d0", &set));
    assert_int_equal(l->err.code, LME_ERR_LIMIT);
}

/* lm_eval refuses these: a task by itself and by its group. Spelled out, so do we. */
static void patterns_and_folders_mean_the_union(void **state)
{
    loading *l = *state;
    put_zoo(l);
    put(l, "pond/group.yaml", "group: pond\ntask: [pond_small, pond_frog]\n");
    put(l, "pond/small.yaml", "group: pond_small\ntask: [pond_newt]\n");
    put(l, "pond/a_newt.yaml", "task: pond_newt\ntag: pond_all\n" BODY);
    put(l, "pond/frog.yaml", "task: pond_frog\n" BODY);
    put(l, "pond/toad.yaml", "task: pond_toad\n" BODY);
    const char *all = "pond_newt pond_frog pond_toad | pond: pond_small/ pond_frog | pond_small: "
                      "pond_newt";
    assert_shape(l, "pond*", all);
    const char *folder = lme_str_format(l->arena, "%s/a/pond", l->folder).ptr;
    assert_shape(l, folder, all);
    assert_shape(l, lme_str_format(l->arena, "%s/*.yaml", folder).ptr, all);
    /* Without the outer group the inner one is asked for, and the others by themselves. */
    assert_shape(l, "pond_*", "pond_frog pond_newt pond_toad | pond_small: pond_newt");
    assert_shape(l, "pond,pond_*", all);
    assert_refused(l, "pond,pond_newt", "task pond_newt is asked for twice: by pond and by itself",
                   "leave one of them out");
    assert_refused(l, "pond_*,pond", "task pond_newt is asked for twice", "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADING_TEST(names_are_tasks_tags_and_groups),
        LOADING_TEST(patterns_are_shell_patterns_over_all_names),
        LOADING_TEST(paths_are_files_patterns_and_folders),
        LOADING_TEST(patterns_and_folders_mean_the_union),
        LOADING_TEST(a_group_by_its_path),
        LOADING_TEST(members_lay_keys_over_tasks),
        LOADING_TEST(keys_come_from_outside_in),
        LOADING_TEST(maps_over_tags_and_groups),
        LOADING_TEST(tasks_may_be_written_out),
        LOADING_TEST(a_task_in_two_subgroups_is_one),
        LOADING_TEST(the_rules_of_a_groups_numbers),
        LOADING_TEST(numbers_come_from_all_tasks_below),
        LOADING_TEST(what_groups_may_not_be),
        LOADING_TEST(groups_in_groups_are_bounded),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

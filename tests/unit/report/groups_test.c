/* Groups against lm_eval (tests/golden/lm_eval_groups, written by tests/parity/group_golden.py):
 * their numbers, results.json, the tables. */
#include "support.h"

#include <math.h>

#include <lmeval/json.h>
#include <lmeval/report.h>
#include <lmeval/share.h>

static double number(const lme_value *v)
{
    if (v->kind == LME_STRING)
        return (double)NAN; /* "N/A" */
    return v->kind == LME_INT ? (double)v->integer : v->number;
}

static lme_result result_of(lme_arena *arena, const lme_value *task)
{
    const lme_value *rows = lme_value_find(task, "rows");
    lme_summary *summaries = LME_ARRAY(arena, lme_summary, rows->list.len);
    for (size_t i = 0; i < rows->list.len; i++) {
        const lme_value *row = &rows->list.items[i];
        summaries[i] = (lme_summary){
            .metric = lme_value_find(row, "metric")->string,
            .pipeline = lme_value_find(row, "pipeline")->string,
            .value = number(lme_value_find(row, "value")),
            .stderr_value = number(lme_value_find(row, "stderr")),
            .n_docs = (size_t)lme_value_find(row, "n_docs")->integer,
            .higher_is_better = lme_value_find(row, "higher_is_better")->boolean,
        };
    }
    return (lme_result){
        .task = lme_value_find(task, "task")->string,
        .alias = lme_value_find(task, "alias")->string,
        .version = *lme_value_find(task, "version"),
        .n_shot = (size_t)lme_value_find(task, "n_shot")->integer,
        .summaries = summaries,
        .n_summaries = rows->list.len,
    };
}

/* A case as it is read. */
typedef struct reading {
    lme_arena *arena;
    const lme_value *groups;
    lme_results results;
    const lme_result *leaves[64];
    size_t n_leaves;
} reading;

static const lme_value *find_group(const reading *r, lme_str name)
{
    for (size_t i = 0; i < r->groups->list.len; i++) {
        if (lme_str_equal(lme_value_find(&r->groups->list.items[i], "group")->string, name))
            return &r->groups->list.items[i];
    }
    return NULL;
}

static void add_leaves(reading *r, const lme_value *group)
{
    const lme_value *members = lme_value_find(group, "members");
    for (size_t i = 0; i < members->list.len; i++) {
        lme_str name = members->list.items[i].string;
        const lme_value *inner = find_group(r, name);
        if (inner != NULL) {
            add_leaves(r, inner);
            continue;
        }
        for (size_t k = 0; k < r->results.n_tasks; k++) {
            if (lme_str_equal(r->results.tasks[k].task, name))
                r->leaves[r->n_leaves++] = &r->results.tasks[k];
        }
    }
}

static lme_group_metric metric_of(lme_arena *arena, const lme_value *metric)
{
    const lme_value *filters = lme_value_find(metric, "filter_list");
    lme_group_metric made = {.metric = lme_value_find(metric, "metric")->string,
                             .weight_by_size = lme_value_find(metric, "weight_by_size")->boolean};
    if (filters->kind == LME_NULL)
        return made;
    bool is_list = filters->kind == LME_LIST;
    made.n_pipelines = is_list ? filters->list.len : 1;
    lme_str *names = LME_ARRAY(arena, lme_str, made.n_pipelines);
    for (size_t i = 0; i < made.n_pipelines; i++)
        names[i] = is_list ? filters->list.items[i].string : filters->string;
    made.pipelines = names;
    return made;
}

static lme_group_result group_of(reading *r, const lme_value *group)
{
    lme_arena *arena = r->arena;
    const lme_value *members = lme_value_find(group, "members");
    const lme_value *metrics = lme_value_find(group, "metrics");
    const lme_value *alias = lme_value_find(group, "alias");
    const lme_value *version = lme_value_find(lme_value_find(group, "metadata"), "version");
    lme_group_result made = {.name = lme_value_find(group, "group")->string,
                             .version = LME_STR("N/A"),
                             .n_members = members->list.len};
    made.alias = alias->kind == LME_STRING ? alias->string : made.name;
    if (version != NULL)
        made.version = lme_value_str(arena, version);
    lme_str *names = LME_ARRAY(arena, lme_str, members->list.len);
    for (size_t i = 0; i < members->list.len; i++)
        names[i] = members->list.items[i].string;
    made.members = names;
    lme_group_metric *how = LME_ARRAY(arena, lme_group_metric, metrics->list.len);
    for (size_t i = 0; i < metrics->list.len; i++)
        how[i] = metric_of(arena, &metrics->list.items[i]);
    r->n_leaves = 0;
    add_leaves(r, group);
    lme_group_summarize(arena, how, metrics->list.len, r->leaves, r->n_leaves, &made);
    return made;
}

static lme_results read_case(lme_arena *arena, const lme_value *row)
{
    const lme_value *tasks = lme_value_find(row, "tasks");
    reading r = {.arena = arena, .groups = lme_value_find(row, "groups")};
    lme_result *results = LME_ARRAY(arena, lme_result, tasks->list.len);
    for (size_t i = 0; i < tasks->list.len; i++)
        results[i] = result_of(arena, &tasks->list.items[i]);
    r.results = (lme_results){.tasks = results, .n_tasks = tasks->list.len};
    size_t n = r.groups->list.len;
    lme_group_result *groups = LME_ARRAY(arena, lme_group_result, n);
    for (size_t i = 0; i < n; i++)
        groups[i] = group_of(&r, &r.groups->list.items[i]);
    r.results.groups = groups;
    r.results.n_groups = n;
    return r.results;
}

static lme_str json_text(lme_arena *arena, const lme_value *value)
{
    lme_builder out = {.arena = arena};
    lme_json_write(&out, value, &(lme_json_style){.indent = 1});
    return lme_builder_finish(&out);
}

/* Keys, their order and every digit. */
static void check_json(lme_arena *arena, const lme_results *results, const lme_value *expected,
                       size_t line)
{
    lme_value got;
    lme_error err = {0};
    lme_str text = lme_report_results_json(arena, results);
    assert_ok(lme_json_read(arena, NULL, text, NULL, &got, &err), &err);
    assert_true((lme_value_find(&got, "groups") != NULL) ==
                (lme_value_find(expected, "groups") != NULL));
    for (size_t i = 0; i < expected->map.len; i++) {
        const lme_pair *pair = &expected->map.pairs[i];
        const lme_value *part = lme_value_get(&got, pair->key.string);
        assert_non_null(part);
        lme_str want = json_text(arena, &pair->value), is = json_text(arena, part);
        if (!lme_str_equal(is, want))
            fail_msg("cases.jsonl:%zu %.*s\n%.*s\nnot\n%.*s", line, LME_STR_ARG(pair->key.string),
                     LME_STR_ARG(is), LME_STR_ARG(want));
    }
}

static void check_case(lme_arena *arena, const lme_value *row, size_t line)
{
    lme_results results = read_case(arena, row);
    lme_str got = lme_report_table(arena, &results, true);
    lme_str expected = lme_value_find(row, "table")->string;
    if (!lme_str_equal(got, expected))
        fail_msg("cases.jsonl:%zu\n%.*snot\n%.*s", line, LME_STR_ARG(got), LME_STR_ARG(expected));
    check_json(arena, &results, lme_value_find(row, "expected"), line);
}

static void groups_equal_lm_evals(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str text;
    const char *path = test_source(arena, "tests/golden/lm_eval_groups/cases.jsonl");
    assert_ok(lme_file_read(arena, path, 4 << 20, &text, &err), &err);
    size_t line = 0;
    for (size_t from = 0; from < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), from);
        lme_value row;
        assert_ok(lme_json_read(arena, NULL, lme_str_slice(text, from, end), NULL, &row, &err),
                  &err);
        line++;
        if (line > 1)
            check_case(arena, &row, line);
        from = end == SIZE_MAX ? text.len : end + 1;
    }
    assert_true(line > 50);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(groups_equal_lm_evals),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* lmeval list: what can be named in task files and on the command line. */
#include "../command.h"

#include <stddef.h>
#include <string.h>

#include <lmeval/endpoint.h>
#include <lmeval/filter.h>
#include <lmeval/metric.h>
#include <lmeval/task.h>

typedef struct fields {
    lme_option_list include_paths;
} fields;

static const lme_option rows[] = {
    {.name = "include-path",
     .kind = LME_OPTION_LIST,
     .offset = offsetof(fields, include_paths),
     .arg = "DIR",
     .help = "more folders with task files"},
};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

typedef struct kind {
    const char *name;
    bool (*list)(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err);
} kind;

static bool list_entries(lme_arena *arena, const fields *given, unsigned kinds, lme_builder *out,
                         lme_error *err)
{
    lme_task_options task_options = {.include_paths = given->include_paths.items,
                                     .n_include_paths = given->include_paths.n};
    lme_index *index;
    size_t n;
    if (!lme_index_open(arena, &task_options, &index, err))
        return false;
    const lme_entry *entries = lme_index_entries(index, &n);
    for (size_t i = 0; i < n; i++) {
        if ((kinds & 1u << entries[i].kind) != 0)
            lme_builder_format(out, "%-20.*s %.*s\n", LME_STR_ARG(entries[i].name),
                               LME_STR_ARG(entries[i].summary));
    }
    return true;
}

static bool list_tasks(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err)
{
    return list_entries(arena, given, 1u << LME_ENTRY_TASK | 1u << LME_ENTRY_CLASS, out, err);
}

static bool list_groups(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err)
{
    return list_entries(arena, given, 1u << LME_ENTRY_GROUP, out, err);
}

static bool list_tags(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err)
{
    return list_entries(arena, given, 1u << LME_ENTRY_TAG, out, err);
}

static bool list_metrics(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err)
{
    (void)arena, (void)given, (void)err;
    size_t n;
    const lme_metric *const *all = lme_metric_all(&n);
    for (size_t i = 0; i < n; i++)
        lme_builder_format(out, "%-20s %s\n", all[i]->name, all[i]->summary);
    return true;
}

static bool list_filters(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err)
{
    (void)arena, (void)given, (void)err;
    size_t n;
    const lme_filter *const *all = lme_filter_all(&n);
    for (size_t i = 0; i < n; i++)
        lme_builder_format(out, "%-20s %s\n", all[i]->name, all[i]->summary);
    return true;
}

static bool list_paths(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err)
{
    (void)arena, (void)given, (void)err;
    const char *names[32], *meanings[32];
    size_t n = lme_endpoint_paths(names, meanings, 32);
    for (size_t i = 0; i < n; i++)
        lme_builder_format(out, "%-20s %s\n", names[i], meanings[i]);
    return true;
}

static const kind kinds[] = {
    {"tasks", list_tasks},     {"groups", list_groups},   {"tags", list_tags},
    {"metrics", list_metrics}, {"filters", list_filters}, {"paths", list_paths},
};
enum {
    N_KINDS = sizeof kinds / sizeof kinds[0]
};

static bool run_list(lme_arena *arena, char **argv, lme_error *err)
{
    fields given = {0};
    lme_option_list operands = {0};
    if (!lme_options_read(arena, &options, &given, argv, &operands, err))
        return false;
    for (size_t i = 0; operands.n == 1 && i < N_KINDS; i++) {
        if (strcmp(operands.items[0], kinds[i].name) != 0)
            continue;
        lme_builder out = {.arena = arena};
        return kinds[i].list(arena, &given, &out, err) && lme_print(lme_builder_finish(&out), err);
    }
    return lme_fail(err, LME_ERR_USAGE, NULL,
                    "list wants one of tasks, groups, tags, metrics, filters, paths, got \"%s\"",
                    operands.n > 0 ? operands.items[operands.n - 1] : "");
}

const lme_command lme_command_list = {
    .name = "list",
    .summary = "tasks, groups, tags, metrics ... that can be named",
    .usage = "tasks|groups|tags|metrics|filters|paths",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_list,
};

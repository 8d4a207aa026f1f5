/* lmeval list: what can be named in task files and on the command line. */
#include "../command.h"
#include "../look/form.h"
#include "../rows.h"

#include <fnmatch.h>
#include <stddef.h>
#include <string.h>

#include <lmeval/compare.h>
#include <lmeval/endpoint.h>
#include <lmeval/filter.h>
#include <lmeval/json.h>
#include <lmeval/metric.h>
#include <lmeval/task.h>

typedef struct fields {
    lme_option_list include_paths;
    bool json;
    const char *pattern; /* names are filtered by it; NULL: all */
} fields;

static const lme_option rows[] = {
    {.name = "include-path",
     .kind = LME_OPTION_LIST,
     .offset = offsetof(fields, include_paths),
     .arg = "DIR",
     .help = "more folders with task files"},
    {.name = "json",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, json),
     .help = "tasks, groups, tags: a JSON object a line"},
};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

typedef struct kind {
    const char *name;
    bool (*list)(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err);
} kind;

/* {"name", "kind", "file", "needs_python", "members"} on a line */
static void write_entry(lme_builder *out, const lme_entry *entry)
{
    lme_arena *arena = out->arena;
    lme_map_builder map = {.arena = arena};
    lme_map_add(&map, LME_STR("name"), lme_string(entry->name));
    lme_map_add(&map, LME_STR("kind"), lme_string(lme_str_from(lme_entry_kind_name(entry->kind))));
    lme_map_add(&map, LME_STR("file"), entry->file.len > 0 ? lme_string(entry->file) : lme_null());
    lme_map_add(&map, LME_STR("needs_python"), lme_bool(entry->needs_python));
    if (entry->kind == LME_ENTRY_TAG) {
        lme_list_builder members = {.arena = arena};
        for (size_t i = 0; i < entry->n_members; i++)
            lme_list_add(&members, lme_string(entry->members[i]));
        lme_map_add(&map, LME_STR("members"), lme_list_finish(&members));
    }
    lme_value value = lme_map_finish(&map);
    lme_json_write(out, &value, NULL);
    lme_builder_char(out, '\n');
}

static lme_str summary_of(lme_arena *arena, const lme_entry *entry)
{
    return lme_str_concat(arena, entry->needs_python ? LME_STR("needs Python: ") : LME_STR(""),
                          entry->summary);
}

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
    lme_row *shown = LME_ARRAY(arena, lme_row, n);
    size_t n_shown = 0;
    for (size_t i = 0; i < n; i++) {
        const lme_entry *entry = &entries[i];
        bool is_meant =
            (kinds & 1u << entry->kind) != 0 &&
            (given->pattern == NULL || fnmatch(given->pattern, entry->name.ptr, FNM_NOESCAPE) == 0);
        if (is_meant && given->json)
            write_entry(out, entry);
        else if (is_meant)
            shown[n_shown++] = (lme_row){entry->name, summary_of(arena, entry)};
    }
    lme_rows_write(out, shown, n_shown, &(lme_rows_style){.cut = true});
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
    (void)given, (void)err;
    size_t n;
    const lme_metric *const *all = lme_metric_all(&n);
    lme_row *shown = LME_ARRAY(arena, lme_row, n);
    for (size_t i = 0; i < n; i++)
        shown[i] = (lme_row){lme_str_from(all[i]->name), lme_str_from(all[i]->summary)};
    lme_rows_write(out, shown, n, &(lme_rows_style){0});
    return true;
}

static bool list_filters(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err)
{
    (void)given, (void)err;
    size_t n;
    const lme_filter *const *all = lme_filter_all(&n);
    lme_row *shown = LME_ARRAY(arena, lme_row, n);
    for (size_t i = 0; i < n; i++)
        shown[i] = (lme_row){lme_str_from(all[i]->name), lme_str_from(all[i]->summary)};
    lme_rows_write(out, shown, n, &(lme_rows_style){0});
    return true;
}

static bool list_paths(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err)
{
    (void)arena, (void)given, (void)err;
    const char *names[32], *meanings[32];
    size_t n = lme_endpoint_paths(names, meanings, 32);
    lme_row shown[32];
    for (size_t i = 0; i < n; i++)
        shown[i] = (lme_row){lme_str_from(names[i]), lme_str_from(meanings[i])};
    lme_rows_write(out, shown, n, &(lme_rows_style){0});
    return true;
}

/* What --format takes, by command. */
static bool list_formats(lme_arena *arena, const fields *given, lme_builder *out, lme_error *err)
{
    (void)given, (void)err;
    size_t n_forms, n_formats, n = 0;
    const lme_look_form *const *forms = lme_look_form_all(&n_forms);
    const lme_compare_format *const *formats = lme_compare_format_all(&n_formats);
    lme_row *shown = LME_ARRAY(arena, lme_row, n_forms + n_formats);
    for (size_t i = 0; i < n_formats; i++)
        shown[n++] = (lme_row){lme_str_format(arena, "compare %s", formats[i]->name),
                               lme_str_from(formats[i]->summary)};
    for (size_t i = 0; i < n_forms; i++)
        shown[n++] = (lme_row){lme_str_format(arena, "show %s", forms[i]->name),
                               lme_str_from(forms[i]->meaning)};
    lme_rows_write(out, shown, n, &(lme_rows_style){0});
    return true;
}

static const kind kinds[] = {
    {"tasks", list_tasks},     {"groups", list_groups},   {"tags", list_tags},
    {"metrics", list_metrics}, {"filters", list_filters}, {"paths", list_paths},
    {"formats", list_formats},
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
    given.pattern = operands.n == 2 ? operands.items[1] : NULL;
    for (size_t i = 0; (operands.n == 1 || operands.n == 2) && i < N_KINDS; i++) {
        if (strcmp(operands.items[0], kinds[i].name) != 0)
            continue;
        lme_builder out = {.arena = arena};
        return kinds[i].list(arena, &given, &out, err) && lme_print(lme_builder_finish(&out), err);
    }
    const char *wanted = "list wants one of tasks, groups, tags, metrics, filters, paths, formats";
    if (operands.n == 0)
        return lme_fail(err, LME_ERR_USAGE, NULL, "%s", wanted);
    return lme_fail(err, LME_ERR_USAGE, NULL, "%s, got \"%s\"", wanted,
                    operands.items[operands.n > 2 ? operands.n - 1 : 0]);
}

const lme_command lme_command_list = {
    .name = "list",
    .summary = "tasks, groups, tags, metrics ... that can be named",
    .usage = "tasks|groups|tags|metrics|filters|paths|formats [PATTERN]",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_list,
};

/* lmeval validate: task files checked as a run would check them, thousands in seconds. */
#include "../command.h"

#include <stddef.h>
#include <stdio.h>

#include <lmeval/json.h>
#include <lmeval/share.h>
#include <lmeval/task.h>

typedef struct fields {
    lme_option_list include_paths;
    bool quiet, json, settings;
} fields;

static const lme_option rows[] = {
    {.name = "include-path",
     .kind = LME_OPTION_LIST,
     .offset = offsetof(fields, include_paths),
     .arg = "DIR",
     .help = "more folders with the members of groups"},
    {.name = "quiet",
     .letter = 'q',
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, quiet),
     .help = "only errors and the last line"},
    {.name = "json",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, json),
     .help = "a JSON object a file instead of text"},
    {.name = "settings",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, settings),
     .help = "with --json: a file's keys after its includes"},
};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

static const char *const state_names[LME_FILE_STATES] = {"ok", "skipped", "python", "error"};

/* A validation under way. */
typedef struct state {
    lme_arena *arena;
    fields given;
    lme_index *index;
    lme_str *files;
    size_t n_files;
    size_t counts[LME_FILE_STATES];
} state;

/* What was found in one file; `error` is set when its state says so. */
typedef struct finding {
    lme_str file;
    lme_file_check check;
    lme_error error;
} finding;

static void add_files(state *s, const lme_str *files, size_t n)
{
    s->files = lme_arena_grow(s->arena, s->files, s->n_files * sizeof *s->files,
                              (s->n_files + n) * sizeof *s->files);
    for (size_t i = 0; i < n; i++)
        s->files[s->n_files++] = files[i];
}

/* Files to check; the folders among the operands are also where members of groups are found. */
static bool find_files(state *s, const lme_option_list *operands, lme_error *err)
{
    const lme_option_list *paths = &s->given.include_paths;
    const char **folders = LME_ARRAY(s->arena, const char *, paths->n + operands->n);
    size_t n_folders = 0;
    for (size_t i = 0; i < paths->n; i++)
        folders[n_folders++] = paths->items[i];
    for (size_t i = 0; i < operands->n; i++) {
        lme_str path = lme_str_from(operands->items[i]), *below;
        size_t n;
        if (!lme_folder_exists(path.ptr)) {
            add_files(s, &path, 1);
            continue;
        }
        folders[n_folders++] = path.ptr;
        if (!lme_task_files(s->arena, path, &below, &n, err))
            return false;
        add_files(s, below, n);
    }
    lme_task_options task_options = {.include_paths = folders, .n_include_paths = n_folders};
    return lme_index_open(s->arena, &task_options, &s->index, err);
}

enum {
    MOST_NAMES = 160 /* bytes of the names of members that call Python: there may be thousands */
};

/* "task NAME", "57 tasks", "group NAME" */
static lme_str defined(lme_arena *arena, const lme_file_check *check)
{
    const char *kind = check->kind == LME_ENTRY_GROUP ? "group" : "task";
    if (check->n_names == 1)
        return lme_str_format(arena, "%s %.*s", kind, LME_STR_ARG(check->names[0]));
    return lme_str_format(arena, "%zu %ss", check->n_names, kind);
}

static void write_text(lme_builder *out, const finding *f)
{
    const lme_file_check *check = &f->check;
    lme_str what = defined(out->arena, check);
    if (check->state == LME_FILE_OK)
        lme_builder_format(out, "ok       %.*s: %.*s\n", LME_STR_ARG(f->file), LME_STR_ARG(what));
    if (check->state == LME_FILE_SKIPPED)
        lme_builder_format(out, "skipped  %.*s: neither task nor group\n", LME_STR_ARG(f->file));
    if (check->state == LME_FILE_PYTHON) {
        lme_str python = lme_str_slice(check->python, 0, MOST_NAMES);
        lme_builder_format(out, "python   %.*s: %.*s needs %.*s%s%s\n", LME_STR_ARG(f->file),
                           LME_STR_ARG(what), LME_STR_ARG(python),
                           python.len < check->python.len ? " ..." : "",
                           check->group != NULL ? ", which call Python" : "");
    }
    if (check->state != LME_FILE_ERROR)
        return;
    char text[2200];
    lme_error_text(&f->error, text, sizeof text);
    lme_builder_format(out, "error    %s\n", text);
}

static void add(lme_map_builder *map, const char *key, lme_value value)
{
    lme_map_add(map, lme_str_from(key), value);
}

/* JSON has no functions: they are shown as YAML has them. */
static lme_value shown(lme_arena *arena, const lme_value *value)
{
    if (value->kind == LME_FUNCTION)
        return lme_string(lme_str_concat(arena, LME_STR("!function "), value->string));
    if (value->kind == LME_LIST) {
        lme_list_builder list = {.arena = arena};
        for (size_t i = 0; i < value->list.len; i++)
            lme_list_add(&list, shown(arena, &value->list.items[i]));
        return lme_list_finish(&list);
    }
    if (value->kind != LME_MAP)
        return *value;
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < value->map.len; i++)
        lme_map_add(&map, lme_value_str(arena, &value->map.pairs[i].key),
                    shown(arena, &value->map.pairs[i].value));
    return lme_map_finish(&map);
}

static lme_value members_of(lme_arena *arena, const lme_group *group)
{
    lme_map_builder map = {.arena = arena};
    for (size_t i = 0; i < group->n_members; i++) {
        const lme_member *m = &group->members[i];
        if (m->task != NULL)
            lme_map_add(&map, m->task->name, lme_null());
        else
            lme_map_add(&map, m->group->name, members_of(arena, m->group));
    }
    return lme_map_finish(&map);
}

static lme_value error_of(lme_arena *arena, const lme_error *error)
{
    lme_map_builder map = {.arena = arena};
    add(&map, "file", lme_string(lme_str_from(error->file)));
    add(&map, "line", lme_int(error->line));
    add(&map, "column", lme_int(error->column));
    add(&map, "message", lme_string(lme_str_from(error->message)));
    add(&map, "while", lme_string(lme_str_from(error->while_at)));
    add(&map, "hint", lme_string(lme_str_from(error->hint)));
    return lme_map_finish(&map);
}

static void write_json(lme_builder *out, const finding *f, bool settings)
{
    lme_arena *arena = out->arena;
    const lme_file_check *check = &f->check;
    lme_map_builder map = {.arena = arena};
    lme_list_builder names = {.arena = arena};
    for (size_t i = 0; i < check->n_names; i++)
        lme_list_add(&names, lme_string(check->names[i]));
    add(&map, "file", lme_string(f->file));
    add(&map, "status", lme_string(lme_str_from(state_names[check->state])));
    if (check->n_names > 0)
        add(&map, "kind", lme_string(lme_str_from(lme_entry_kind_name(check->kind))));
    add(&map, "names", lme_list_finish(&names));
    if (check->python.len > 0)
        add(&map, "python", lme_string(check->python));
    if (check->group != NULL)
        add(&map, "members", members_of(arena, check->group));
    if (check->state == LME_FILE_ERROR)
        add(&map, "error", error_of(arena, &f->error));
    if (settings)
        add(&map, "settings", shown(arena, &check->settings));
    lme_value value = lme_map_finish(&map);
    lme_json_write(out, &value, NULL);
    lme_builder_char(out, '\n');
}

/* An error in an included file does not say which file it was included by. */
static void note_error(finding *f)
{
    f->check.state = LME_FILE_ERROR;
    if (!lme_str_is(f->file, f->error.file))
        lme_while(&f->error, "checking %.*s", LME_STR_ARG(f->file));
}

static bool check_files(state *s, lme_error *err)
{
    lme_arena *arena = lme_arena_new();
    bool ok = true;
    for (size_t i = 0; ok && i < s->n_files; i++) {
        finding f = {.file = s->files[i]};
        lme_builder out = {.arena = arena};
        lme_arena_reset(arena);
        if (!lme_task_file_check(arena, s->index, f.file, &f.check, &f.error))
            note_error(&f);
        s->counts[f.check.state]++;
        if (s->given.quiet && f.check.state != LME_FILE_ERROR)
            continue;
        if (s->given.json)
            write_json(&out, &f, s->given.settings);
        else
            write_text(&out, &f);
        ok = lme_print(lme_builder_finish(&out), err);
    }
    lme_arena_free(arena);
    return ok;
}

static bool conclude(const state *s, lme_error *err)
{
    const size_t *n = s->counts;
    lme_str line =
        lme_str_format(s->arena, "%zu file%s: %zu ok, %zu skipped, %zu need Python, %zu error%s\n",
                       s->n_files, s->n_files == 1 ? "" : "s", n[LME_FILE_OK], n[LME_FILE_SKIPPED],
                       n[LME_FILE_PYTHON], n[LME_FILE_ERROR], n[LME_FILE_ERROR] == 1 ? "" : "s");
    if (!s->given.json && !lme_print(line, err))
        return false;
    if (n[LME_FILE_ERROR] == 0)
        return true;
    return lme_fail(err, LME_ERR_TASK, NULL, "%zu of %zu files cannot be used", n[LME_FILE_ERROR],
                    s->n_files);
}

static bool run_validate(lme_arena *arena, char **argv, lme_error *err)
{
    state s = {.arena = arena};
    lme_option_list operands = {0};
    if (!lme_options_read(arena, &options, &s.given, argv, &operands, err))
        return false;
    if (operands.n == 0) {
        lme_fail(err, LME_ERR_USAGE, NULL, "validate wants files or folders");
        return lme_hint(err, "lmeval validate tasks/");
    }
    return find_files(&s, &operands, err) && check_files(&s, err) && conclude(&s, err);
}

const lme_command lme_command_validate = {
    .name = "validate",
    .summary = "check task files, one by one or whole folders",
    .usage = "PATH... [options]",
    .example = "  lmeval validate tasks/\n"
               "  lmeval validate my_task.yaml --quiet\n",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_validate,
};

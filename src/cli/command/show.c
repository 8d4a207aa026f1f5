/* lmeval show: what the model was asked, what it said, how that was scored. */
#include "../color.h"
#include "../command.h"
#include "../look/cells.h"
#include "../only_tasks.h"
#include "../pager.h"

#include <stddef.h>

#include <lmeval/share.h>

typedef struct fields {
    lme_option_list tasks, ids;
    const char *flipped, *metric, *grep, *format, *sort;
    size_t limit;
    bool wrong, failed, full;
} fields;

static const lme_option rows[] = {
    {.name = "wrong",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, wrong),
     .help = "only documents whose score is below 1"},
    {.name = "flipped",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, flipped),
     .arg = "OTHER",
     .help = "only documents that another run scores otherwise"},
    {.name = "failed",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, failed),
     .help = "only documents that could not be scored"},
    LME_ONLY_TASKS_OPTIONS(fields),
    {.name = "id",
     .kind = LME_OPTION_LIST,
     .offset = offsetof(fields, ids),
     .arg = "N",
     .help = "only these documents (doc_id)"},
    {.name = "grep",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, grep),
     .arg = "REGEX",
     .help = "only where prompt, choices, answer or target match"},
    {.name = "limit",
     .letter = 'L',
     .kind = LME_OPTION_SIZE,
     .offset = offsetof(fields, limit),
     .arg = "N",
     .help = "so many of each task at most (all)",
     .min = 1,
     .max = 1e12},
    {.name = "sort",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, sort),
     .arg = "KEY",
     .help = "id (default), score or margin: the worst first"},
    {.name = "metric",
     .letter = 'm',
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, metric),
     .arg = "NAME[,FILTER]",
     .help = "what says right or wrong (the first that can)"},
    {.name = "full",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, full),
     .help = "shorten nothing"},
    {.name = "format",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, format),
     .arg = "FORMAT",
     .help = "text (default); a line a document: jsonl, csv, markdown"},
};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

/* A look under way. */
typedef struct state {
    lme_arena *arena;
    fields given;
    const lme_look_form *form;
    lme_record record, other;
    lme_look_options asked;
    lme_look *look;
    lme_pager pager;
} state;

static bool find_form(state *s, lme_error *err)
{
    lme_str name = lme_str_from(s->given.format != NULL ? s->given.format : "text");
    s->form = lme_look_form_find(name);
    if (s->form != NULL)
        return true;
    size_t n;
    const lme_look_form *const *all = lme_look_form_all(&n);
    lme_builder names = {.arena = s->arena};
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&names, "%s%s", i > 0 ? ", " : "", all[i]->name);
    return lme_fail(err, LME_ERR_USAGE, NULL, "--format wants one of %s, got \"%.*s\"",
                    lme_builder_finish(&names).ptr, LME_STR_ARG(name));
}

static bool read_order(state *s, lme_error *err)
{
    static const char *const names[] = {
        [LME_LOOK_BY_ID] = "id",
        [LME_LOOK_BY_SCORE] = "score",
        [LME_LOOK_BY_MARGIN] = "margin",
    };
    lme_str name = lme_str_from(s->given.sort != NULL ? s->given.sort : names[0]);
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        s->asked.order = (lme_look_order)i;
        if (lme_str_is(name, names[i]))
            return true;
    }
    return lme_fail(err, LME_ERR_USAGE, NULL, "--sort wants one of id, score, margin, got \"%.*s\"",
                    LME_STR_ARG(name));
}

static bool read_ids(state *s, lme_error *err)
{
    const lme_option_list *list = &s->given.ids;
    int64_t *ids = LME_ARRAY(s->arena, int64_t, list->n);
    for (size_t i = 0; i < list->n; i++) {
        if (!lme_str_to_int(lme_str_from(list->items[i]), &ids[i]))
            return lme_fail(err, LME_ERR_USAGE, NULL,
                            "--id wants numbers of documents (their doc_id), got \"%s\"",
                            list->items[i]);
    }
    s->asked.ids = ids;
    s->asked.n_ids = list->n;
    return true;
}

static bool want_one_run(const lme_option_list *operands, lme_error *err)
{
    if (operands->n == 1)
        return true;
    if (operands->n == 0) {
        lme_fail(err, LME_ERR_USAGE, NULL, "show wants the folder of a run");
        return lme_hint(err, "lmeval show runs/base --wrong --limit 5");
    }
    lme_fail(err, LME_ERR_USAGE, NULL, "show wants one run, got \"%s\" and \"%s\"",
             operands->items[0], operands->items[1]);
    return lme_hint(err, "lmeval show %s --flipped %s shows what differs", operands->items[0],
                    operands->items[1]);
}

static bool read_options(state *s, char **argv, lme_option_list *operands, lme_error *err)
{
    if (!lme_options_read(s->arena, &options, &s->given, argv, operands, err) ||
        !want_one_run(operands, err) || !find_form(s, err) || !read_order(s, err) ||
        !read_ids(s, err))
        return false;
    const fields *given = &s->given;
    lme_str *tasks = LME_ARRAY(s->arena, lme_str, given->tasks.n);
    for (size_t i = 0; i < given->tasks.n; i++)
        tasks[i] = lme_str_from(given->tasks.items[i]);
    lme_str *grep = LME_NEW(s->arena, lme_str);
    *grep = lme_str_from(given->grep);
    s->asked.tasks = tasks;
    s->asked.n_tasks = given->tasks.n;
    s->asked.metric = lme_str_from(given->metric);
    s->asked.wrong = given->wrong;
    s->asked.failed = given->failed;
    s->asked.grep = given->grep != NULL ? grep : NULL;
    s->asked.limit = given->limit;
    return true;
}

static bool open_look(state *s, const char *path, lme_error *err)
{
    const char *flipped = s->given.flipped;
    if (!lme_record_open_samples(s->arena, path, &s->record, err) ||
        (flipped != NULL && !lme_record_open_samples(s->arena, flipped, &s->other, err)))
        return false;
    if (flipped != NULL && lme_file_same(s->record.path, s->other.path)) {
        lme_fail(err, LME_ERR_USAGE, NULL, "%s is the run itself: nothing is flipped in it",
                 flipped);
        return lme_hint(err, "name another run of the same task");
    }
    if (flipped != NULL)
        s->asked.other = &s->other;
    return lme_look_open(s->arena, &s->record, &s->asked, &s->look, err);
}

/* One document after the other; `closed` when nobody reads any more. */
static bool write_items(const state *s, const lme_look_view *view, lme_arena *arena, bool *closed,
                        lme_error *err)
{
    bool end = false;
    while (!*closed) {
        lme_look_item item;
        if (!lme_look_next(arena, s->look, &item, &end, err))
            return false;
        if (end)
            return true;
        lme_builder out = {.arena = arena};
        s->form->write(view, &item, &out);
        if (!lme_pager_write(&s->pager, lme_builder_finish(&out), closed, err))
            return false;
    }
    return true;
}

static bool write_all(const state *s, lme_error *err)
{
    lme_arena *arena = lme_arena_new();
    lme_look_view view = {
        .record = &s->record,
        .other = s->asked.other,
        .look = s->look,
        .full = s->given.full,
        .colored = s->form->paged && lme_is_colored(stdout) && lme_pager_shows_colors(&s->pager),
    };
    view.columns = lme_look_columns(s->arena, s->look, &view.n_columns);
    lme_builder begin = {.arena = s->arena}, ending = {.arena = s->arena};
    bool closed = false;
    if (s->form->begin != NULL)
        s->form->begin(&view, &begin);
    bool ok = lme_pager_write(&s->pager, lme_builder_finish(&begin), &closed, err) &&
              write_items(s, &view, arena, &closed, err);
    if (ok && !closed && s->form->end != NULL) {
        s->form->end(&view, &ending);
        ok = lme_pager_write(&s->pager, lme_builder_finish(&ending), &closed, err);
    }
    lme_arena_free(arena);
    return ok;
}

static bool run_show(lme_arena *arena, char **argv, lme_error *err)
{
    state *s = LME_NEW(arena, state);
    lme_option_list operands = {0};
    s->arena = arena;
    if (!read_options(s, argv, &operands, err))
        return false;
    bool ok = open_look(s, operands.items[0], err) &&
              lme_pager_open(arena, s->form->paged, &s->pager, err) && write_all(s, err);
    ok = lme_pager_close(&s->pager, ok ? err : NULL) && ok;
    lme_look_close(s->look);
    return ok;
}

const lme_command lme_command_show = {
    .name = "show",
    .summary = "what the model was asked, what it said, how that was scored",
    .usage = "RUN [options]",
    .example = "  lmeval show runs/base --wrong --limit 5\n"
               "  lmeval show runs/base --flipped runs/w4a16\n"
               "  lmeval show runs/base --format csv > scores.csv\n",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_show,
};

/* lmeval explain: one document in full, and on request asked once more. */
#include "../look/explain.h"

#include "../command.h"
#include "../look/again.h"
#include "../pager.h"

#include <inttypes.h>
#include <stddef.h>

typedef struct fields {
    lme_server_flags server;
    const char *task;
    bool ask, full;
} fields;

static const lme_option rows[] = {
    {.name = "task",
     .letter = 't',
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, task),
     .arg = "TASK",
     .help = "of this task"},
    {.name = "tasks",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, task),
     .arg = "TASK",
     .help = "",
     .is_alias = true},
    {.name = "full",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, full),
     .help = "all tokens, not just those around the boundary"},
    {.name = "ask",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, ask),
     .help = "ask a server again and show its tokens"},
    LME_SERVER_OPTIONS(fields),
};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

typedef struct state {
    lme_arena *arena;
    fields given;
    lme_record record;
    int64_t id;
    lme_look *look;
    lme_connection connection;
    lme_endpoint *encoder;
    lme_str no_body; /* why there are no bodies */
    lme_look_item item;
    lme_sample sample;
} state;

static bool read_options(state *s, char **argv, lme_option_list *operands, lme_error *err)
{
    s->given = (fields){.server = LME_SERVER_DEFAULTS};
    if (!lme_options_read(s->arena, &options, &s->given, argv, operands, err))
        return false;
    if (operands->n != 2) {
        lme_fail(err, LME_ERR_USAGE, NULL,
                 "explain wants a run and the number of a document, got "
                 "%zu word%s",
                 operands->n, operands->n == 1 ? "" : "s");
        return lme_hint(err,
                        "lmeval explain runs/base 12; lmeval show runs/base shows the numbers");
    }
    if (lme_str_to_int(lme_str_from(operands->items[1]), &s->id))
        return true;
    return lme_fail(err, LME_ERR_USAGE, NULL,
                    "a document is named by its number (doc_id), got \"%s\"", operands->items[1]);
}

/* Several tasks have a document 3: which is meant? */
static bool want_one_task(state *s, lme_error *err)
{
    const lme_record_task *const *tasks;
    size_t n = lme_look_tasks(s->look, &tasks);
    if (n == 1)
        return true;
    lme_builder names = {.arena = s->arena};
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&names, "%s%.*s", i > 0 ? ", " : "", LME_STR_ARG(tasks[i]->name));
    lme_fail(err, LME_ERR_USAGE, NULL,
             "%.*s has %zu tasks: --task says whose document %" PRId64 " is meant",
             LME_STR_ARG(s->record.name), n, s->id);
    return lme_hint(err, "it has %s", lme_builder_finish(&names).ptr);
}

static void free_arena(void *arena)
{
    lme_arena_free(arena);
}

static bool find_item(state *s, const char *path, lme_error *err)
{
    lme_str *task = LME_NEW(s->arena, lme_str);
    *task = lme_str_from(s->given.task);
    lme_look_options asked = {
        .tasks = task,
        .n_tasks = s->given.task != NULL ? 1 : 0,
        .ids = &s->id,
        .n_ids = 1,
    };
    bool end = false;
    lme_arena *arena = lme_arena_new();
    lme_arena_on_free(s->arena, free_arena, arena);
    return lme_record_open_samples(s->arena, path, &s->record, err) &&
           lme_look_open(s->arena, &s->record, &asked, &s->look, err) && want_one_task(s, err) &&
           lme_look_next(arena, s->look, &s->item, &end, err);
}

static unsigned needs_of(const lme_sample *sample)
{
    unsigned needs = 0;
    for (size_t i = 0; i < sample->n_requests; i++) {
        needs |= 1u << sample->requests[i].kind;
        if (sample->requests[i].n_messages > 0)
            needs |= LME_NEED_CHAT;
    }
    return needs;
}

/* The server that was asked for, proved to do what is needed. */
static bool connect_again(state *s, lme_error *err)
{
    lme_profile profile;
    lme_ask_as_recorded(s->arena, &s->record, s->item.task, &s->given.server);
    return lme_connect(s->arena, &s->given.server, &s->connection, err) &&
           lme_endpoint_probe(s->arena, s->connection.endpoint, needs_of(&s->sample), &profile,
                              err);
}

static bool make_bodies(state *s, lme_explanation *e, lme_error *err)
{
    lme_error unlike = {0};
    if (!lme_again_sample(s->arena, s->item.task, s->item.sample,
                          lme_record_delimiter(s->item.task), &s->sample, &unlike)) {
        e->unlike = lme_str_copy(s->arena, lme_str_from(unlike.message));
        return !s->given.ask ||
               lme_fail(err, LME_ERR_DATA, NULL, "cannot ask again: %s", unlike.message);
    }
    e->sample = &s->sample;
    if (s->given.ask
            ? !connect_again(s, err)
            : !lme_ask_encoder(s->arena, &s->record, s->item.task, &s->encoder, &s->no_body, err))
        return false;
    lme_endpoint *endpoint = s->given.ask ? s->connection.endpoint : s->encoder;
    lme_asked_again *asked = lme_ask_bodies(s->arena, endpoint, s->no_body, &s->sample);
    e->asked = asked;
    return !s->given.ask || lme_ask_all(s->arena, endpoint, &s->sample, asked, err);
}

static bool write_out(const state *s, const lme_explanation *e, lme_error *err)
{
    lme_builder out = {.arena = s->arena};
    lme_explain(e, &out);
    return lme_page(s->arena, lme_builder_finish(&out), err);
}

static bool run_explain(lme_arena *arena, char **argv, lme_error *err)
{
    state *s = LME_NEW(arena, state);
    lme_option_list operands = {0};
    s->arena = arena;
    if (!read_options(s, argv, &operands, err))
        return false;
    lme_explanation e = {
        .view = {.record = &s->record, .full = s->given.full},
        .item = &s->item,
    };
    bool ok =
        find_item(s, operands.items[0], err) && make_bodies(s, &e, err) && write_out(s, &e, err);
    lme_endpoint_close(s->encoder);
    lme_disconnect(&s->connection);
    lme_look_close(s->look);
    return ok;
}

const lme_command lme_command_explain = {
    .name = "explain",
    .summary = "one document in full: requests, tokens, filters, metrics",
    .usage = "RUN ID [options]",
    .example = "  lmeval explain runs/base 12\n"
               "  lmeval explain runs/base 12 --ask --base-url http://localhost:8000\n",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_explain,
};

/* lmeval render: the prompts of a task, as a reader or a program wants them; no server is needed.
 * Documents are planned and written one at a time, as a run plans them. */
#include "../command.h"
#include "../peer_options.h"
#include "../rendering.h"
#include "../server.h"
#include "../task_flags.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>

typedef struct fields {
    lme_task_flags task;
    lme_option_list notes; /* lm_eval's options without effect: not worth a word here */
    const char *format, *output, *model, *scoring;
    bool demo;
    int64_t request_seed;
} fields;

static const lme_option rows[] = {
    LME_TASK_OPTIONS(fields),
    {.name = "format",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, format),
     .arg = "FORM",
     .help = "text (default), jsonl, or requests: HTTP bodies"},
    {.name = "output",
     .letter = 'o',
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, output),
     .arg = "FILE",
     .help = "where to write (standard output)"},
    {.name = "output-path",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, output),
     .arg = "FILE",
     .is_alias = true},
    {.name = "demo",
     .kind = LME_OPTION_FLAG,
     .offset = offsetof(fields, demo),
     .help = "sample rows instead of the task's own data"},
    {.name = "model",
     .letter = 'm',
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, model),
     .arg = "ID",
     .help = "the model that the bodies of requests name"},
    {.name = "request-seed",
     .kind = LME_OPTION_INT,
     .offset = offsetof(fields, request_seed),
     .arg = "N",
     .help = "seed in the bodies (1234)"},
    {.name = "scoring",
     .kind = LME_OPTION_TEXT,
     .offset = offsetof(fields, scoring),
     .arg = "PATH",
     .help = "scoring path of the bodies (lmeval list paths)"},
    LME_PEER_OPTIONS(fields),
};
static const lme_option_table options = {rows, sizeof rows / sizeof rows[0]};

static const lme_render_form forms[] = {
    {"text", false, lme_render_text},
    {"jsonl", false, lme_render_jsonl},
    {"requests", true, lme_render_requests},
};
enum {
    N_FORMS = sizeof forms / sizeof forms[0]
};

/* A rendering under way. */
typedef struct state {
    lme_arena *arena;
    fields given;
    const lme_render_form *form;
    lme_opened_tasks opened;
    lme_endpoint *endpoint;
    FILE *out;
} state;

static bool find_form(state *s, lme_error *err)
{
    const char *name = s->given.format != NULL ? s->given.format : forms[0].name;
    for (size_t i = 0; i < N_FORMS; i++) {
        if (strcmp(forms[i].name, name) == 0)
            s->form = &forms[i];
    }
    if (s->form == NULL)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "--format wants one of text, jsonl, requests, got \"%s\"", name);
    if (!s->form->needs_endpoint || s->given.model != NULL)
        return true;
    lme_fail(err, LME_ERR_USAGE, NULL,
             "--format %s needs --model ID: every body names the model, and no server is asked",
             s->form->name);
    return lme_hint(err, "lmeval probe shows the name that a server lists");
}

static bool read_options(state *s, char **argv, lme_error *err)
{
    lme_option_list operands = {0};
    if (!lme_options_read(s->arena, &options, &s->given, argv, &operands, err))
        return false;
    if (operands.n > 0) {
        lme_fail(err, LME_ERR_USAGE, NULL, "\"%s\" is not an option", operands.items[0]);
        return lme_hint(err, "lmeval render --task %s", operands.items[0]);
    }
    return find_form(s, err) && lme_task_flags_read(s->arena, &s->given.task, err);
}

/* An endpoint that encodes and is never sent through. */
static bool open_endpoint(state *s, lme_error *err)
{
    if (!s->form->needs_endpoint)
        return true;
    lme_endpoint_options endpoint_options = {
        .base_url = LME_STR("http://127.0.0.1"),
        .model = lme_str_from(s->given.model),
        .concurrency = 1,
        .connect_ms = 1,
        .timeout_ms = 1,
        .seed = s->given.request_seed,
        .scoring = lme_str_from(s->given.scoring),
    };
    return lme_endpoint_open(&endpoint_options, &s->endpoint, err);
}

static bool fail_write(const state *s, lme_error *err)
{
    int reason = errno;
    return lme_fail(err, LME_ERR_IO, &(lme_place){.file = s->given.output}, "cannot write%s: %s",
                    s->given.output == NULL ? " to standard output" : "",
                    strerror(reason)); /* NOLINT(concurrency-mt-unsafe): one thread reports */
}

static bool open_output(state *s, lme_error *err)
{
    s->out = s->given.output == NULL ? stdout : fopen(s->given.output, "wb");
    return s->out != NULL || fail_write(s, err);
}

static bool close_output(state *s, lme_error *err)
{
    FILE *out = s->out;
    s->out = NULL;
    if (out == NULL)
        return true;
    int failed = out == stdout ? fflush(out) : fclose(out);
    return failed == 0 || fail_write(s, err);
}

/* Which document it was, beside what was being done with it. */
static bool name_document(lme_arena *arena, const lme_task *task, const lme_doc *doc,
                          lme_error *err)
{
    lme_str doing = lme_str_copy(arena, lme_str_from(err->while_at));
    err->while_at[0] = '\0';
    return lme_while(err, "%.*s%sdocument %zu of task %.*s", LME_STR_ARG(doing),
                     doing.len > 0 ? ", " : "", doc->id, LME_STR_ARG(task->name));
}

static bool render_task(const state *s, const lme_task *task, lme_docs *docs, lme_error *err)
{
    lme_arena *arena = lme_arena_new();
    bool ok = true, end = false;
    while (ok && !end) {
        lme_doc doc;
        lme_sample sample = {0};
        lme_builder text = {.arena = arena};
        lme_rendering rendering = {.sample = &sample, .docs = docs, .endpoint = s->endpoint};
        lme_arena_reset(arena);
        ok = lme_docs_next(arena, docs, &doc, &end, err);
        if (!ok || end)
            break;
        ok = (lme_task_plan(arena, docs, &doc, &sample, err) &&
              s->form->write(arena, &rendering, &text, err)) ||
             name_document(arena, task, &doc, err);
        if (ok && fwrite(text.ptr, 1, text.len, s->out) != text.len)
            ok = fail_write(s, err);
    }
    lme_arena_free(arena);
    return ok;
}

static bool render_tasks(const state *s, lme_error *err)
{
    for (size_t i = 0; i < s->opened.n; i++) {
        if (!render_task(s, s->opened.tasks[i], s->opened.docs[i], err))
            return false;
    }
    return true;
}

static bool run_render(lme_arena *arena, char **argv, lme_error *err)
{
    state s = {.arena = arena, .given = {.task = LME_TASK_DEFAULTS, .request_seed = 1234}};
    bool ok = read_options(&s, argv, err) && open_endpoint(&s, err) &&
              lme_task_flags_open(arena, &s.given.task, s.given.demo, &s.opened, err) &&
              open_output(&s, err) && render_tasks(&s, err);
    ok = close_output(&s, ok ? err : NULL) && ok;
    lme_endpoint_close(s.endpoint);
    return ok;
}

const lme_command lme_command_render = {
    .name = "render",
    .summary = "the exact prompts and requests of a task, no server needed",
    .usage = "--task NAME|FILE.yaml [options]",
    .example = "  lmeval render --task hellaswag --limit 3 --demo\n"
               "  lmeval render --task my_task.yaml --format jsonl --output prompts.jsonl\n"
               "  lmeval render --task my_task.yaml --format requests --model llama-3\n",
    .options = {rows, sizeof rows / sizeof rows[0]},
    .run = run_render,
};

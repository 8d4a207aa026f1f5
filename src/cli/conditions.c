#include "conditions.h"

#include <lmeval/hash.h>
#include <lmeval/json.h>

typedef struct list {
    lme_arena *arena;
    lme_condition *items;
    size_t n, capacity;
} list;

static void add(list *l, lme_str task, lme_str name, lme_str value)
{
    if (l->n == l->capacity) {
        size_t capacity = l->capacity == 0 ? 64 : 2 * l->capacity;
        l->items = lme_arena_grow(l->arena, l->items, l->capacity * sizeof *l->items,
                                  capacity * sizeof *l->items);
        l->capacity = capacity;
    }
    if (task.len > 0)
        name = lme_str_format(l->arena, "%.*s: %.*s", LME_STR_ARG(task), LME_STR_ARG(name));
    l->items[l->n++] = (lme_condition){.name = name, .value = value, .task = task};
}

static void add_own(list *l, const char *name, lme_str value)
{
    add(l, LME_STR(""), lme_str_from(name), value);
}

static void add_number(list *l, const char *name, double value)
{
    add_own(l, name, lme_str_format(l->arena, "%.15g", value));
}

/* Keys of a task's config that say how answers are scored and shown, not what is asked. */
static bool is_about_scores(lme_str key)
{
    static const char *const names[] = {
        "task",        "task_alias",           "metric_list", "cluster",
        "filter_list", "should_decontaminate", "metadata",    "doc_to_decontamination_query"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (lme_str_is(key, names[i]))
            return true;
    }
    return false;
}

static lme_str as_text(lme_arena *arena, const lme_value *value)
{
    if (value->kind == LME_STRING)
        return value->string;
    lme_builder out = {.arena = arena};
    lme_json_write(&out, value, &(lme_json_style){0});
    return lme_builder_finish(&out);
}

/* "20 of 1319 in gsm8k (test)", and which ones when they were chosen. */
static lme_str documents(lme_arena *arena, const lme_docs *docs)
{
    lme_builder out = {.arena = arena};
    lme_builder_format(&out, "%zu of %zu in %.*s", lme_docs_planned(docs), lme_docs_total(docs),
                       LME_STR_ARG(lme_docs_name(arena, docs)));
    const size_t *ids = lme_docs_selected(docs);
    if (ids == NULL)
        return lme_builder_finish(&out);
    lme_sha256 *hash = lme_sha256_new(arena);
    for (size_t i = 0; i < lme_docs_planned(docs); i++)
        lme_sha256_add(hash, lme_str_format(arena, "%zu\n", ids[i]));
    lme_builder_format(&out, ", chosen: %.8s", lme_sha256_finish(arena, hash).ptr);
    return lme_builder_finish(&out);
}

static void add_task(list *l, const lme_task *task, const lme_docs *docs)
{
    add(l, task->name, LME_STR("documents"), documents(l->arena, docs));
    for (size_t i = 0; i < task->config.map.len; i++) {
        const lme_pair *pair = &task->config.map.pairs[i];
        if (!is_about_scores(pair->key.string))
            add(l, task->name, pair->key.string, as_text(l->arena, &pair->value));
    }
}

static lme_str names_of(lme_arena *arena, const lme_opened_tasks *opened)
{
    lme_builder names = {.arena = arena};
    for (size_t i = 0; i < opened->n; i++)
        lme_builder_format(&names, "%s%.*s", i > 0 ? ", " : "",
                           LME_STR_ARG(opened->tasks[i]->name));
    return lme_builder_finish(&names);
}

static lme_str chat_form(lme_chat_form form)
{
    switch (form) {
    case LME_CHAT_NONE:
        return LME_STR("no");
    case LME_CHAT_MULTI_TURN:
        return LME_STR("yes, examples as turns");
    case LME_CHAT_SINGLE_TURN:
        return LME_STR("yes, in one turn");
    }
    LME_BUG(true, "unknown form of chats");
    return LME_STR("");
}

const lme_condition *lme_conditions_make(lme_arena *arena, const lme_asked *asked, size_t *n)
{
    const lme_run_fields *given = asked->given;
    list l = {.arena = arena};
    add_own(&l, "tasks", names_of(arena, asked->opened));
    add_own(&l, LME_CONDITION_SERVER, asked->base_url);
    add_own(&l, LME_CONDITION_MODEL, asked->profile->model);
    add_own(&l, LME_CONDITION_SOFTWARE, asked->profile->server);
    add_own(&l, LME_CONDITION_PATH, asked->profile->scoring_path);
    add_number(&l, LME_CONDITION_LENGTH, (double)asked->profile->max_length);
    add_own(&l, LME_CONDITION_TRUNCATE, lme_str_from(asked->profile->truncates ? "left" : "no"));
    add_number(&l, LME_CONDITION_PREFIX, (double)asked->profile->prefix_token);
    add_number(&l, LME_CONDITION_BOS, (double)asked->profile->n_bos);
    add_own(&l, LME_CONDITION_TEMPLATE, asked->profile->chat_template);
    add_own(&l, "think-end-token", lme_str_from(given->server.think_end_token));
    add_number(&l, "request-seed", (double)given->server.request_seed);
    add_own(&l, "limit",
            given->task.limit > 0 ? lme_str_format(arena, "%.15g", given->task.limit)
                                  : LME_STR("none"));
    add_number(&l, "few-shot seed", (double)given->task.fewshot_seed);
    add_own(&l, "chat", chat_form(given->task.chat));
    add_own(&l, "system-instruction", lme_str_from(given->task.system_instruction));
    for (size_t i = 0; i < asked->opened->n; i++)
        add_task(&l, asked->opened->tasks[i], asked->opened->docs[i]);
    *n = l.n;
    return l.items;
}

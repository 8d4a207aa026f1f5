/* Cases as data: the files in cases/ hold lists of small tasks with their rows, and the prompts,
 * answers or errors that must come out. A case has
 *   name                 what it shows
 *   task                 the task file's text; rows.jsonl and train.jsonl lie beside it
 *   rows, train, files   texts of these files, and of others by name
 *   num_fewshot, limit, gen_kwargs, seed, samples, system_instruction, chat (multi, single)
 *                        as on the command line
 * and either
 *   error                text, or list of texts, that the error must hold
 *   refuses              what lm_eval said; any error of ours will do
 * or any of
 *   requests             for each document the list of [context, continuation] or of contexts; a
 *                        context is a text, or {messages, add_generation_prompt}
 *   target, gold, row, doc_ids  for each document
 *   generation           of every request: {until, max_tokens, temperature, extra, as_written}
 *   total                documents in the split
 */
#include "loading.h"

#include <lmeval/limits.h>
#include <lmeval/share.h>
#include <lmeval/yaml.h>

static lme_str text_of(const lme_value *c, const char *key)
{
    const lme_value *value = lme_value_find(c, key);
    return value != NULL && value->kind == LME_STRING ? value->string : LME_STR("");
}

static void put_files(loading *l, const lme_value *c)
{
    const lme_value *files = lme_value_find(c, "files");
    test_file(l->arena, l->folder, "rows.jsonl", lme_str_cstr(l->arena, text_of(c, "rows")));
    test_file(l->arena, l->folder, "train.jsonl", lme_str_cstr(l->arena, text_of(c, "train")));
    for (size_t i = 0; files != NULL && i < files->map.len; i++) {
        const lme_pair *pair = &files->map.pairs[i];
        lme_str path =
            lme_str_format(l->arena, "%s/%.*s", l->folder, LME_STR_ARG(pair->key.string));
        assert_ok(lme_folder_make(lme_str_cstr(l->arena, lme_path_folder(path)), &l->err), &l->err);
        test_file(l->arena, l->folder, lme_str_cstr(l->arena, pair->key.string),
                  lme_str_cstr(l->arena, pair->value.string));
    }
}

/* Everything that a case lets happen; false with l->err at the first failure. */
typedef struct outcome {
    lme_docs *docs;
    lme_sample *samples;
    size_t n;
} outcome;

static void read_options(const lme_value *c, lme_task_options *options,
                         lme_docs_options *docs_options)
{
    const lme_value *num_fewshot = lme_value_find(c, "num_fewshot");
    const lme_value *limit = lme_value_find(c, "limit");
    const lme_value *gen_kwargs = lme_value_find(c, "gen_kwargs");
    const lme_value *seed = lme_value_find(c, "seed");
    lme_str chat = text_of(c, "chat");
    *options = (lme_task_options){
        .system_instruction = text_of(c, "system_instruction"),
        .has_num_fewshot = num_fewshot != NULL,
        .num_fewshot = num_fewshot != NULL ? (size_t)num_fewshot->integer : 0,
        .chat = chat.len == 0               ? LME_CHAT_NONE
                : lme_str_is(chat, "multi") ? LME_CHAT_MULTI_TURN
                                            : LME_CHAT_SINGLE_TURN,
    };
    *docs_options = (lme_docs_options){.fewshot_seed = seed != NULL ? seed->integer : 1234};
    if (gen_kwargs != NULL)
        options->gen_kwargs = *gen_kwargs;
    if (limit != NULL)
        docs_options->limit = limit->kind == LME_INT ? (double)limit->integer : limit->number;
}

static bool select_samples(loading *l, const lme_value *c, lme_docs *docs)
{
    const lme_value *samples = lme_value_find(c, "samples");
    if (samples == NULL)
        return true;
    size_t *ids = LME_ARRAY(l->arena, size_t, samples->list.len);
    for (size_t i = 0; i < samples->list.len; i++)
        ids[i] = (size_t)samples->list.items[i].integer;
    return lme_docs_select(l->arena, docs, ids, samples->list.len, &l->err);
}

static bool run_task(loading *l, const lme_value *c, outcome *out)
{
    lme_task_options options;
    lme_docs_options docs_options;
    read_options(c, &options, &docs_options);
    lme_task *task = load_text(l, lme_str_cstr(l->arena, text_of(c, "task")), &options);
    if (task == NULL || !lme_docs_open(l->arena, task, &docs_options, &out->docs, &l->err) ||
        !select_samples(l, c, out->docs))
        return false;
    out->samples = LME_ARRAY(l->arena, lme_sample, lme_docs_planned(out->docs) + 1);
    for (out->n = 0;; out->n++) {
        lme_doc doc;
        bool end;
        if (!lme_docs_next(l->arena, out->docs, &doc, &end, &l->err))
            return false;
        if (end)
            return true;
        if (!lme_task_plan(l->arena, out->docs, &doc, &out->samples[out->n], &l->err))
            return false;
    }
}

static lme_value context_value(loading *l, const lme_request *request)
{
    if (request->messages == NULL)
        return lme_string(request->context);
    lme_list_builder messages = {.arena = l->arena};
    bool answers = true;
    for (size_t i = 0; i < request->n_messages; i++) {
        lme_map_builder message = {.arena = l->arena};
        lme_map_add(&message, LME_STR("role"), lme_string(request->messages[i].role));
        lme_map_add(&message, LME_STR("content"), lme_string(request->messages[i].content));
        lme_list_add(&messages, lme_map_finish(&message));
        answers = !lme_str_is(request->messages[i].role, "assistant");
    }
    lme_map_builder context = {.arena = l->arena};
    lme_map_add(&context, LME_STR("messages"), lme_list_finish(&messages));
    lme_map_add(&context, LME_STR("add_generation_prompt"), lme_bool(answers));
    return lme_map_finish(&context);
}

static lme_value request_value(loading *l, const lme_request *request)
{
    if (request->kind != LME_REQUEST_LOGLIKELIHOOD)
        return context_value(l, request);
    lme_list_builder pair = {.arena = l->arena};
    lme_list_add(&pair, context_value(l, request));
    lme_list_add(&pair, lme_string(request->continuation));
    return lme_list_finish(&pair);
}

/* What came out under one key of a case, in the case's own form. */
static lme_value made_value(loading *l, const lme_sample *sample, const char *key)
{
    lme_list_builder list = {.arena = l->arena};
    if (strcmp(key, "target") == 0)
        return sample->target;
    if (strcmp(key, "row") == 0)
        return sample->doc.row;
    if (strcmp(key, "doc_ids") == 0)
        return lme_int((int64_t)sample->doc.id);
    for (size_t i = 0; strcmp(key, "gold") == 0 && i < sample->n_gold; i++)
        lme_list_add(&list, lme_int(sample->gold[i]));
    for (size_t i = 0; strcmp(key, "requests") == 0 && i < sample->n_requests; i++)
        lme_list_add(&list, request_value(l, &sample->requests[i]));
    return lme_list_finish(&list);
}

/* One case under way. A mismatch is told and counted, so that one run shows all of them. */
typedef struct running {
    loading *l;
    const lme_value *c;
    const char *name;
    outcome out;
    size_t n_wrong;
} running;

static void compare(running *r, const char *key, const lme_value *got, const lme_value *expected)
{
    lme_str ours = json_of(r->l, got), theirs = json_of(r->l, expected);
    if (lme_str_equal(ours, theirs))
        return;
    r->n_wrong++;
    print_error("%s: %s is\n%.*s\nexpected\n%.*s\n", r->name, key, LME_STR_ARG(ours),
                LME_STR_ARG(theirs));
}

static void compare_documents(running *r)
{
    static const char *const keys[] = {"requests", "target", "gold", "row", "doc_ids"};
    for (size_t k = 0; k < sizeof keys / sizeof keys[0]; k++) {
        const lme_value *expected = lme_value_find(r->c, keys[k]);
        lme_list_builder got = {.arena = r->l->arena};
        if (expected == NULL)
            continue;
        for (size_t i = 0; i < r->out.n; i++)
            lme_list_add(&got, made_value(r->l, &r->out.samples[i], keys[k]));
        lme_value all = lme_list_finish(&got);
        compare(r, keys[k], &all, expected);
    }
}

static void compare_generation(running *r)
{
    const lme_value *expected = lme_value_find(r->c, "generation");
    if (expected == NULL)
        return;
    assert_true(r->out.n > 0);
    const lme_generation *g = r->out.samples[0].requests[0].generation;
    lme_list_builder until = {.arena = r->l->arena};
    lme_map_builder got = {.arena = r->l->arena};
    for (size_t i = 0; i < g->n_until; i++)
        lme_list_add(&until, lme_string(g->until[i]));
    lme_map_add(&got, LME_STR("until"), lme_list_finish(&until));
    lme_map_add(&got, LME_STR("max_tokens"), lme_int(g->max_tokens));
    lme_map_add(&got, LME_STR("temperature"), lme_float(g->temperature));
    lme_map_add(&got, LME_STR("extra"), g->extra);
    lme_map_add(&got, LME_STR("as_written"), g->as_written);
    lme_value all = lme_map_finish(&got);
    for (size_t i = 0; i < expected->map.len; i++) {
        const lme_pair *pair = &expected->map.pairs[i];
        compare(r, pair->key.string.ptr, lme_value_get(&all, pair->key.string), &pair->value);
    }
}

static void compare_error(running *r, const lme_value *error)
{
    char text[4096];
    size_t n = error->kind == LME_LIST ? error->list.len : 1;
    lme_error_text(&r->l->err, text, sizeof text);
    for (size_t i = 0; i < n; i++) {
        const lme_value *part = error->kind == LME_LIST ? &error->list.items[i] : error;
        if (strstr(text, lme_str_cstr(r->l->arena, part->string)) != NULL)
            continue;
        r->n_wrong++;
        print_error("%s: the error is\n%s\nexpected in it\n%.*s\n", r->name, text,
                    LME_STR_ARG(part->string));
    }
}

static void compare_outcome(running *r, bool ok)
{
    const lme_value *error = lme_value_find(r->c, "error");
    const lme_value *total = lme_value_find(r->c, "total");
    if (!ok && lme_value_find(r->c, "refuses") != NULL)
        return;
    if (lme_value_find(r->c, "refuses") != NULL)
        error = lme_value_find(r->c, "refuses");
    if (ok == (error != NULL)) {
        char text[4096];
        lme_error_text(&r->l->err, text, sizeof text);
        r->n_wrong++;
        print_error("%s: %s\n", r->name, ok ? "went well, expected an error" : text);
        return;
    }
    if (error != NULL) {
        compare_error(r, error);
        return;
    }
    compare_documents(r);
    compare_generation(r);
    if (total != NULL) {
        lme_value n = lme_int((int64_t)lme_docs_total(r->out.docs));
        compare(r, "total", &n, total);
    }
}

/* Number of mismatches. */
static size_t run_case(const lme_value *c)
{
    void *state;
    loading_setup(&state);
    running r = {.l = state, .c = c};
    r.name = lme_str_cstr(r.l->arena, text_of(c, "name"));
    put_files(r.l, c);
    compare_outcome(&r, run_task(r.l, c, &r.out));
    loading_teardown(&state);
    return r.n_wrong;
}

static void every_case_holds(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_str *names;
    size_t n, n_cases = 0, n_wrong = 0;
    const char *folder = test_source(arena, "tests/unit/task/cases");
    assert_ok(lme_folder_list(arena, folder, LME_STR(".yaml"), &names, &n, &err), &err);
    for (size_t i = 0; i < n; i++) {
        lme_str text;
        lme_value list;
        const char *path = lme_path_join(arena, lme_str_from(folder), names[i]).ptr;
        assert_ok(lme_file_read(arena, path, LME_LIMIT_TASK_FILE, &text, &err), &err);
        assert_ok(lme_yaml_read(arena, text, path, &list, &err), &err);
        assert_int_equal(list.kind, LME_LIST);
        for (size_t j = 0; j < list.list.len; j++, n_cases++)
            n_wrong += run_case(&list.list.items[j]);
    }
    lme_arena_free(arena);
    assert_true(n_cases >= 200);
    assert_int_equal(n_wrong, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_case_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

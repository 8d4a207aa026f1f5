/* Golden proof: over the same rows, every prompt, request, target, row and hash equals what lm_eval
 * 0.4.13 wrote into its samples files (tests/golden/lm_eval). */
#include "loading.h"

#include <lmeval/hash.h>
#include <lmeval/share.h>

enum {
    RECORDED = 20,
    SEED = 1234
};

static lme_value read_lines(loading *l, const char *path)
{
    lme_str text;
    lme_list_builder list = {.arena = l->arena};
    const char *file = test_source(l->arena, path);
    assert_ok(lme_file_read(l->arena, file, 64u << 20, &text, &l->err), &l->err);
    for (size_t at = 0; at < text.len;) {
        lme_value value;
        size_t end = lme_str_find(text, LME_STR("\n"), at);
        lme_str line = lme_str_slice(text, at, end);
        at = end == SIZE_MAX ? text.len : end + 1;
        assert_ok(lme_json_read(l->arena, NULL, line, NULL, &value, &l->err), &l->err);
        lme_list_add(&list, value);
    }
    return lme_list_finish(&list);
}

static void assert_same(lme_str got, const lme_value *expected)
{
    assert_non_null(expected);
    assert_int_equal(expected->kind, LME_STRING);
    if (!lme_str_equal(got, expected->string))
        fail_msg("got:\n%.*s\nlm_eval has:\n%.*s", LME_STR_ARG(got), LME_STR_ARG(expected->string));
}

/* arg_0 and arg_1 of one request. */
static void assert_request(loading *l, const lme_request *request, const lme_value *arguments)
{
    const lme_value *second = lme_value_find(arguments, "arg_1");
    assert_same(request->context, lme_value_find(arguments, "arg_0"));
    if (request->kind == LME_REQUEST_LOGLIKELIHOOD) {
        assert_same(request->continuation, second);
        return;
    }
    lme_str got = json_of(l, &request->generation->as_written);
    assert_true(lme_str_equal(got, json_of(l, second)));
}

/* Adds the document's three hashes to `hashes`. */
static void assert_sample(loading *l, const lme_sample *sample, const lme_value *line,
                          lme_builder *hashes)
{
    lme_builder row = {.arena = l->arena};
    const lme_value *arguments = lme_value_find(line, "arguments");
    assert_int_equal(sample->n_requests, arguments->map.len);
    for (size_t i = 0; i < sample->n_requests; i++)
        assert_request(l, &sample->requests[i], &arguments->map.pairs[i].value);

    lme_str target = lme_value_str(l->arena, &sample->target);
    assert_same(target, lme_value_find(line, "target"));
    assert_true(lme_value_equal(&sample->doc.row, lme_value_find(line, "doc")));
    lme_json_write(&row, &sample->doc.row, &(lme_json_style){.indent = 2});
    lme_str doc_hash = lme_sha256_hex(l->arena, lme_builder_finish(&row));
    lme_str prompt_hash = lme_sha256_hex(l->arena, sample->requests[0].context);
    lme_str target_hash = lme_sha256_hex(l->arena, target);
    assert_same(doc_hash, lme_value_find(line, "doc_hash"));
    assert_same(prompt_hash, lme_value_find(line, "prompt_hash"));
    assert_same(target_hash, lme_value_find(line, "target_hash"));
    lme_builder_add(hashes, doc_hash);
    lme_builder_add(hashes, prompt_hash);
    lme_builder_add(hashes, target_hash);
}

/* The lines of the first pipeline: lm_eval writes one a document and pipeline. */
static const lme_value *line_of(const lme_value *lines, size_t id)
{
    for (size_t i = 0; i < lines->list.len; i++) {
        if (lme_value_find(&lines->list.items[i], "doc_id")->integer == (int64_t)id)
            return &lines->list.items[i];
    }
    fail_msg("the samples file has no document %zu", id);
    return NULL;
}

static lme_value read_results(loading *l, const char *name)
{
    lme_str text;
    lme_value results;
    lme_str path = lme_str_format(l->arena, "tests/golden/lm_eval/f16/results_%s.json", name);
    assert_ok(lme_file_read(l->arena, test_source(l->arena, path.ptr), 1u << 20, &text, &l->err),
              &l->err);
    assert_ok(lme_json_read(l->arena, NULL, text, NULL, &results, &l->err), &l->err);
    return results;
}

static lme_task *load_golden(loading *l, const char *name)
{
    lme_task *task;
    lme_str path = lme_str_format(l->arena, "tests/golden/lm_eval/%s_local.yaml", name);
    assert_ok(lme_task_load(l->arena, test_source(l->arena, path.ptr), NULL, &task, &l->err),
              &l->err);
    return task;
}

static void compare(loading *l, const char *name)
{
    lme_task *task = load_golden(l, name);
    lme_docs_options options = {.limit = RECORDED, .fewshot_seed = SEED};
    lme_docs *docs;
    lme_str path = lme_str_format(l->arena, "tests/golden/lm_eval/f16/samples_%s.jsonl", name);
    lme_value lines = read_lines(l, path.ptr);
    lme_builder hashes = {.arena = l->arena};
    assert_ok(lme_docs_open(l->arena, task, &options, &docs, &l->err), &l->err);
    size_t n = 0;
    for (;;) {
        lme_doc doc;
        bool end;
        lme_sample sample = {0};
        assert_ok(lme_docs_next(l->arena, docs, &doc, &end, &l->err), &l->err);
        if (end)
            break;
        assert_int_equal(doc.id, n++);
        assert_ok(lme_task_plan(l->arena, docs, &doc, &sample, &l->err), &l->err);
        assert_sample(l, &sample, line_of(&lines, doc.id), &hashes);
    }
    assert_int_equal(n, RECORDED);
    /* lm_eval's hash of the task goes over its samples lines: all documents of one pipeline, then
     * all of the next. */
    lme_sha256 *task_hash = lme_sha256_new(l->arena);
    for (size_t i = 0; i < task->n_pipelines; i++)
        lme_sha256_add(task_hash, lme_builder_finish(&hashes));
    lme_value results = read_results(l, name);
    const lme_value *known = lme_value_find(&results, "task_hashes");
    assert_same(lme_sha256_finish(l->arena, task_hash), lme_value_get(known, task->name));
}

static void hellaswag_equals_lm_eval(void **state)
{
    compare(*state, "hellaswag");
}

static void gsm8k_equals_lm_eval(void **state)
{
    compare(*state, "gsm8k");
}

/* The resolved config, key by key and in order. What names files or Python is apart. */
static void assert_config(loading *l, const char *name)
{
    lme_task *task = load_golden(l, name);
    lme_value results = read_results(l, name);
    const lme_value *peer = lme_value_get(lme_value_find(&results, "configs"), task->name);
    assert_non_null(peer);
    assert_int_equal(task->config.map.len, peer->map.len);
    for (size_t i = 0; i < peer->map.len; i++) {
        lme_str key = peer->map.pairs[i].key.string;
        const lme_value *expected = &peer->map.pairs[i].value;
        lme_value got = task->config.map.pairs[i].value;
        assert_true(lme_str_equal(task->config.map.pairs[i].key.string, key));
        if (lme_str_is(key, "dataset_kwargs") || lme_str_is(key, "process_docs"))
            continue;
        if (lme_str_is(key, "metadata")) {
            got = *lme_value_find(&got, "version");
            expected = lme_value_find(expected, "version");
        }
        lme_value same = *expected;
        if (lme_str_is(key, "fewshot_config"))
            same = lme_value_with(l->arena, expected, LME_STR("process_docs"),
                                  *lme_value_find(&got, "process_docs"));
        lme_str ours = json_of(l, &got), theirs = json_of(l, &same);
        if (!lme_str_equal(ours, theirs))
            fail_msg("%.*s: got %.*s, lm_eval has %.*s", LME_STR_ARG(key), LME_STR_ARG(ours),
                     LME_STR_ARG(theirs));
    }
}

static void configs_equal_lm_eval(void **state)
{
    assert_config(*state, "hellaswag");
    assert_config(*state, "gsm8k");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADING_TEST(hellaswag_equals_lm_eval),
        LOADING_TEST(gsm8k_equals_lm_eval),
        LOADING_TEST(configs_equal_lm_eval),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Golden proof of tasks/: over the same rows, every request, target, document hash, metric value
 * and total equals what lm_eval 0.4.13's task of the same name made of them
 * (tests/golden/lm_eval_tasks, by tests/parity/task_cases.py). */
#include "loading.h"

#include <fnmatch.h>
#include <math.h>
#include <stdio.h>

#include <lmeval/hash.h>
#include <lmeval/share.h>

enum {
    SEED = 1234, /* lm_eval's default for examples */
    MOST_TABLES = 32
};

static const char folder[] = "tests/golden/lm_eval_tasks";

/* The statistics of one metric of one pipeline over the documents so far. */
typedef struct table {
    double *stats;
    size_t n, capacity;
} table;

/* One task at one number of examples. */
typedef struct proof {
    loading *l;
    lme_task *task;
    lme_docs *docs;
    table *tables; /* pipelines x metrics */
} proof;

static lme_value read_lines(loading *l, const char *path)
{
    lme_str text;
    lme_list_builder list = {.arena = l->arena};
    assert_ok(lme_file_read(l->arena, path, 64u << 20, &text, &l->err), &l->err);
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

static void assert_same(const proof *p, size_t doc, const char *what, lme_str got,
                        const lme_value *expected)
{
    assert_non_null(expected);
    assert_int_equal(expected->kind, LME_STRING);
    if (!lme_str_equal(got, expected->string))
        fail_msg("%.*s, %zu examples, document %zu: %s is\n%.*s\nlm_eval has\n%.*s",
                 LME_STR_ARG(p->task->name), p->task->num_fewshot, doc, what, LME_STR_ARG(got),
                 LME_STR_ARG(expected->string));
}

/*   prompt  the last one that was not null: null is "the same again" */
static void assert_request(const proof *p, size_t doc, const lme_request *request,
                           const lme_value *arguments, const lme_value **prompt)
{
    if (arguments->list.items[0].kind != LME_NULL)
        *prompt = &arguments->list.items[0];
    assert_same(p, doc, "the prompt", request->context, *prompt);
    if (request->kind == LME_REQUEST_LOGLIKELIHOOD)
        assert_same(p, doc, "the continuation", request->continuation, &arguments->list.items[1]);
    if (request->kind != LME_REQUEST_GENERATE)
        return;
    lme_str got = json_of(p->l, &request->generation->as_written);
    lme_value expected = lme_string(json_of(p->l, &arguments->list.items[1]));
    assert_same(p, doc, "generation_kwargs", got, &expected);
}

static void assert_planned(const proof *p, const lme_sample *sample, const lme_value *line)
{
    lme_arena *arena = p->l->arena;
    size_t doc = sample->doc.id;
    lme_builder row = {.arena = arena};
    const lme_value *requests = lme_value_find(line, "requests");
    const lme_value *target = lme_value_find(line, "target");
    const lme_value *prompt = NULL;
    lme_json_write(&row, &sample->doc.row, &(lme_json_style){.indent = 2});
    lme_str text = lme_builder_finish(&row);
    lme_str hash = lme_sha256_hex(arena, text);
    if (!lme_str_equal(hash, lme_value_find(line, "doc_hash")->string))
        fail_msg("%.*s, document %zu differs from lm_eval's: %.*s", LME_STR_ARG(p->task->name), doc,
                 LME_STR_ARG(text));
    assert_int_equal(sample->n_requests, requests->list.len);
    for (size_t i = 0; i < sample->n_requests; i++)
        assert_request(p, doc, &sample->requests[i], &requests->list.items[i], &prompt);
    if (target->kind != LME_NULL) /* null: lm_eval shows a constant there, we the answers */
        assert_same(p, doc, "the target", lme_value_str(arena, &sample->target), target);
}

/* The scripted answers as the endpoint would give them. */
static void fill_responses(lme_sample *sample, const lme_value *answers)
{
    assert_int_equal(sample->n_requests, answers->list.len);
    for (size_t i = 0; i < sample->n_requests; i++) {
        const lme_value *answer = &answers->list.items[i];
        lme_response *response = &sample->responses[i];
        *response = (lme_response){.state = LME_RESPONSE_OK};
        if (answer->kind == LME_STRING)
            response->text = answer->string;
        else if (answer->kind == LME_FLOAT)
            response->logprob_nats = answer->number;
        else {
            response->logprob_nats = answer->list.items[0].number;
            response->is_greedy = answer->list.items[1].boolean;
        }
    }
}

static double number_of(const lme_value *v)
{
    assert_non_null(v);
    return v->kind == LME_FLOAT ? v->number : v->kind == LME_BOOL ? v->boolean : (double)v->integer;
}

static void add_stats(lme_arena *arena, table *t, const double *stats, size_t width)
{
    if (t->n == t->capacity) {
        size_t capacity = t->capacity == 0 ? 32 : 2 * t->capacity;
        t->stats = lme_arena_grow(arena, t->stats, t->n * width * sizeof(double),
                                  capacity * width * sizeof(double));
        t->capacity = capacity;
    }
    for (size_t i = 0; i < width; i++)
        t->stats[t->n * width + i] = stats[i];
    t->n++;
}

static void assert_item(const proof *p, size_t doc, const lme_score *score,
                        const lme_value *expected)
{
    const lme_value *peer = lme_value_get(expected, score->metric);
    bool is_pair = score->item.kind == LME_LIST;
    if (peer == NULL) {
        fail_msg("lm_eval's %.*s has no metric %.*s", LME_STR_ARG(p->task->name),
                 LME_STR_ARG(score->metric));
        return;
    }
    for (size_t i = 0; is_pair && i < score->item.list.len; i++)
        assert_close(number_of(&score->item.list.items[i]), number_of(&peer->list.items[i]), 1e-15);
    if (is_pair)
        return;
    double got = number_of(&score->item), wanted = number_of(peer);
    if (got - wanted > 1e-12 || wanted - got > 1e-12)
        fail_msg("%.*s, %zu examples, document %zu, %.*s: %.17g, lm_eval has %.17g",
                 LME_STR_ARG(p->task->name), p->task->num_fewshot, doc, LME_STR_ARG(score->metric),
                 got, wanted);
}

static void assert_scored(const proof *p, lme_sample *sample, const lme_value *line)
{
    loading *l = p->l;
    const lme_value *scores = lme_value_find(line, "scores");
    fill_responses(sample, lme_value_find(line, "answers"));
    for (size_t i = 0; i < p->task->n_pipelines; i++) {
        lme_answer answer = {0};
        const lme_value *of_pipeline = lme_value_get(scores, p->task->pipelines[i].name);
        assert_non_null(of_pipeline);
        assert_int_equal(of_pipeline->map.len, p->task->n_metrics);
        assert_ok(lme_filter_apply(l->arena, &p->task->pipelines[i], sample, &answer, &l->err),
                  &l->err);
        for (size_t j = 0; j < p->task->n_metrics; j++) {
            lme_score score = {0};
            assert_ok(
                lme_metric_score(l->arena, &p->task->metrics[j], sample, &answer, &score, &l->err),
                &l->err);
            assert_item(p, sample->doc.id, &score, of_pipeline);
            add_stats(l->arena, &p->tables[i * p->task->n_metrics + j], score.stats, score.width);
        }
    }
}

static void assert_total(const proof *p, const lme_summary *made, const lme_value *results)
{
    lme_arena *arena = p->l->arena;
    lme_str key =
        lme_str_format(arena, "%.*s,%.*s", LME_STR_ARG(made->metric), LME_STR_ARG(made->pipeline));
    lme_str error_key = lme_str_format(arena, "%.*s_stderr,%.*s", LME_STR_ARG(made->metric),
                                       LME_STR_ARG(made->pipeline));
    const lme_value *error = lme_value_get(results, error_key);
    assert_close(made->value, number_of(lme_value_get(results, key)), 1e-12);
    assert_close(made->stderr_value, error == NULL ? (double)NAN : number_of(error), 1e-12);
}

static void assert_totals(const proof *p, const lme_value *line)
{
    loading *l = p->l;
    for (size_t i = 0; i < p->task->n_pipelines * p->task->n_metrics; i++) {
        lme_summary made = {0};
        lme_scores scores = {.stats = p->tables[i].stats, .n_docs = p->tables[i].n};
        lme_str pipeline = p->task->pipelines[i / p->task->n_metrics].name;
        const lme_metric_use *use = &p->task->metrics[i % p->task->n_metrics];
        assert_ok(lme_metric_summarize(use, pipeline, &scores, LME_BOOTSTRAP_ITERS, &made, &l->err),
                  &l->err);
        assert_total(p, &made, lme_value_find(line, "results"));
    }
}

static void start(proof *p, lme_str name, size_t shots)
{
    loading *l = p->l;
    const char *ours = test_source(l->arena, "tasks");
    lme_str data =
        lme_path_join(l->arena, lme_str_from(test_source(l->arena, folder)), LME_STR("rows"));
    lme_task_options options = {.include_paths = &ours,
                                .n_include_paths = 1,
                                .has_num_fewshot = true,
                                .num_fewshot = shots};
    lme_docs_options docs = {.data_dir = data, .fewshot_seed = SEED};
    assert_ok(lme_task_load(l->arena, lme_str_cstr(l->arena, name), &options, &p->task, &l->err),
              &l->err);
    assert_int_equal(p->task->num_fewshot, shots);
    assert_true(p->task->n_pipelines * p->task->n_metrics <= MOST_TABLES);
    p->tables = LME_ARRAY(l->arena, table, MOST_TABLES);
    assert_ok(lme_docs_open(l->arena, p->task, &docs, &p->docs, &l->err), &l->err);
}

/* A line of a document, or the totals behind the last. */
static void assert_line(const proof *p, const lme_value *line)
{
    loading *l = p->l;
    lme_doc doc;
    bool end;
    lme_sample sample = {.task = p->task->name, .output = p->task->output};
    bool is_document = lme_value_find(line, "doc_id") != NULL;
    assert_ok(lme_docs_next(l->arena, p->docs, &doc, &end, &l->err), &l->err);
    assert_int_equal(end, !is_document);
    if (!is_document) {
        assert_totals(p, line);
        return;
    }
    assert_int_equal(doc.id, lme_value_find(line, "doc_id")->integer);
    assert_ok(lme_task_plan(l->arena, p->docs, &doc, &sample, &l->err), &l->err);
    assert_planned(p, &sample, line);
    assert_scored(p, &sample, line);
}

static void assert_task(loading *l, const char *file)
{
    lme_value lines = read_lines(l, file);
    lme_str name = lme_value_find(&lines.list.items[0], "task")->string;
    proof p = {.l = l};
    bool begun = false;
    assert_true(lines.list.len > 2);
    for (size_t i = 1; i < lines.list.len; i++) {
        const lme_value *line = &lines.list.items[i];
        if (!begun)
            start(&p, name, (size_t)lme_value_find(line, "shots")->integer);
        assert_line(&p, line);
        begun = lme_value_find(line, "doc_id") != NULL;
    }
}

static void shipped_tasks_equal_lm_eval(void **state)
{
    loading *l = *state;
    const char *path = test_source(l->arena, folder);
    lme_str *names;
    size_t n;
    assert_ok(lme_folder_list(l->arena, path, LME_STR(".jsonl"), &names, &n, &l->err), &l->err);
    assert_true(n > 0);
    for (size_t i = 0; i < n; i++) {
        lme_str file = lme_path_join(l->arena, lme_str_from(path), names[i]);
        assert_task(l, lme_str_cstr(l->arena, file));
    }
}

static bool is_own_sample(lme_str name)
{
    return lme_str_is(name, "kitchen_safety") || lme_str_is(name, "policy_quiz") ||
           lme_str_starts(name, LME_STR("shop_support"));
}

/* The first words in `backticks` of the tables' lines: names, or patterns with a star. */
static bool is_in_tables(lme_str docs, const char *name)
{
    for (size_t at = lme_str_find(docs, LME_STR("\n| `"), 0); at != SIZE_MAX;
         at = lme_str_find(docs, LME_STR("\n| `"), at + 1)) {
        lme_str cell = lme_str_slice(docs, at + 3, lme_str_find(docs, LME_STR(" |"), at + 3));
        for (size_t from = 0; from < cell.len;) {
            char pattern[128];
            size_t start = lme_str_find(cell, LME_STR("`"), from);
            size_t end = start == SIZE_MAX ? start : lme_str_find(cell, LME_STR("`"), start + 1);
            if (end == SIZE_MAX || end - start > sizeof pattern)
                break;
            snprintf(pattern, sizeof pattern, "%.*s", (int)(end - start - 1), cell.ptr + start + 1);
            if (fnmatch(pattern, name, 0) == 0)
                return true;
            from = end + 1;
        }
    }
    return false;
}

/* No task is shipped without a proof, nor without its line in docs/tasks.md. */
static void every_shipped_task_is_proven(void **state)
{
    loading *l = *state;
    lme_str docs;
    lme_index *index;
    size_t n, n_tasks = 0;
    assert_ok(
        lme_file_read(l->arena, test_source(l->arena, "docs/tasks.md"), 1u << 20, &docs, &l->err),
        &l->err);
    assert_ok(lme_index_open(l->arena, &(lme_task_options){0}, &index, &l->err), &l->err);
    const lme_entry *entries = lme_index_entries(index, &n);
    for (size_t i = 0; i < n; i++) {
        if (entries[i].kind != LME_ENTRY_TASK)
            continue;
        n_tasks++;
        lme_str file =
            lme_str_format(l->arena, "%s/%.*s.jsonl", folder, LME_STR_ARG(entries[i].name));
        if (!is_in_tables(docs, lme_str_cstr(l->arena, entries[i].name)))
            fail_msg("docs/tasks.md has no line for %.*s", LME_STR_ARG(entries[i].name));
        if (!is_own_sample(entries[i].name) && !lme_file_exists(test_source(l->arena, file.ptr)))
            fail_msg("%.*s is not there", LME_STR_ARG(file));
    }
    assert_true(n_tasks > 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADING_TEST(shipped_tasks_equal_lm_eval),
        LOADING_TEST(every_shipped_task_is_proven),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

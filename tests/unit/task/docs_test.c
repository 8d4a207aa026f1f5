/* Documents: where they come from, what they are called, and how long they live. */
#include "loading.h"

#include <lmeval/share.h>

static const lme_docs_options all = {.fewshot_seed = 1234};

static lme_docs *open_docs(loading *l, const char *text, const lme_docs_options *options)
{
    lme_docs *docs;
    lme_task *task = load_ok(l, text, NULL);
    assert_ok(lme_docs_open(l->arena, task, options, &docs, &l->err), &l->err);
    return docs;
}

static void put_rows(loading *l, size_t n)
{
    lme_builder rows = {.arena = l->arena};
    for (size_t i = 0; i < n; i++)
        lme_builder_format(&rows, "{\"question\": \"q%zu\", \"answer\": \"a%zu\"}\n", i, i);
    test_file(l->arena, l->folder, "rows.jsonl", n > 0 ? lme_builder_finish(&rows).ptr : "");
}

static void names_say_what_is_read(void **state)
{
    loading *l = *state;
    put_rows(l, 2);
    lme_docs *docs = open_docs(l, SMALL_TASK, &all);
    assert_str(lme_docs_name(l->arena, docs), "rows.jsonl (test)");
    assert_false(lme_docs_is_sample(docs));
    docs = open_docs(l,
                     "task: small\ndataset_path: json\n"
                     "dataset_kwargs: {data_files: {test: rows.jsonl}}\ntest_split: \"test[:1]\"\n"
                     "doc_to_text: question\ndoc_to_target: answer\n",
                     &all);
    lme_str expected = lme_str_format(l->arena, "%s/rows.jsonl (test[:1])", l->folder);
    assert_str(lme_docs_name(l->arena, docs), expected.ptr);
    assert_int_equal(lme_docs_total(docs), 1);
}

/* A program folder of its own: samples are found through it, by the task's hub id. */
static void samples_are_named_as_such(void **state)
{
    loading *l = *state;
    lme_task *task;
    lme_docs *docs;
    lme_docs_options options = {.samples = true};
    static const char *const folders[] = {"datasets/own/main", "tasks"};
    for (size_t i = 0; i < 2; i++) {
        lme_str folder = lme_str_format(l->arena, "%s/%s", l->folder, folders[i]);
        assert_ok(lme_folder_make(folder.ptr, &l->err), &l->err);
    }
    test_file(l->arena, l->folder, "datasets/samples.yaml", "openai/own: own\n");
    test_file(l->arena, l->folder, "datasets/own/main/test.jsonl",
              "{\"question\": \"q\", \"answer\": \"a\"}\n");
    test_file(l->arena, l->folder, "tasks/own.yaml",
              "task: own\ndataset_path: openai/own\ndataset_name: main\ntest_split: test\n"
              "doc_to_text: question\ndoc_to_target: answer\n");
    setenv("LMEVAL_SHARE", l->folder, 1);
    assert_ok(lme_task_load(l->arena, "own", NULL, &task, &l->err), &l->err);
    assert_false(lme_docs_open(l->arena, task, &all, &docs, NULL));
    assert_ok(lme_docs_open(l->arena, task, &options, &docs, &l->err), &l->err);
    unsetenv("LMEVAL_SHARE");
    assert_true(lme_docs_is_sample(docs));
    assert_str(lme_docs_name(l->arena, docs), "openai/own main (test)");
}

static void labels_number_the_values_of_a_column(void **state)
{
    enum {
        TOO_MANY = 1001
    };
    loading *l = *state;
    size_t labels[TOO_MANY], n_labels = 0;
    test_file(l->arena, l->folder, "rows.jsonl",
              "{\"question\": \"b\", \"answer\": 1}\n{\"question\": \"a\", \"answer\": 1}\n"
              "{\"question\": \"b\", \"answer\": 1.0}\n");
    lme_docs *docs = open_docs(l, SMALL_TASK, &all);
    assert_ok(lme_docs_labels(docs, LME_STR("question"), labels, &n_labels, &l->err), &l->err);
    assert_int_equal(n_labels, 2);
    assert_true(labels[0] == 0 && labels[1] == 1 && labels[2] == 0);
    assert_ok(lme_docs_labels(docs, LME_STR("answer"), labels, &n_labels, &l->err), &l->err);
    assert_int_equal(n_labels, 1);
    assert_false(lme_docs_labels(docs, LME_STR("anwser"), labels, &n_labels, &l->err));
    assert_error(&l->err, LME_ERR_DATA, "did you mean answer?");
    put_rows(l, TOO_MANY);
    docs = open_docs(l, SMALL_TASK, &all);
    l->err = (lme_error){0};
    assert_false(lme_docs_labels(docs, LME_STR("question"), labels, &n_labels, &l->err));
    assert_error(&l->err, LME_ERR_DATA, "has more than 1000 values: it makes no groups");
}

static void counts_follow_the_limit(void **state)
{
    static const struct {
        double limit;
        size_t planned;
    } cases[] = {{0, 30},   {1, 1},   {20, 20},  {30, 30}, {31, 30},
                 {0.5, 15}, {0.1, 3}, {0.01, 1}, {2.9, 2}, {0.34, 11}};
    loading *l = *state;
    put_rows(l, 30);
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_docs_options options = {.limit = cases[i].limit};
        lme_docs *docs = open_docs(l, SMALL_TASK, &options);
        assert_int_equal(lme_docs_total(docs), 30);
        assert_int_equal(lme_docs_planned(docs), cases[i].planned);
        lme_doc doc;
        bool end = false;
        size_t n = 0;
        for (;; n++) {
            assert_ok(lme_docs_next(l->arena, docs, &doc, &end, &l->err), &l->err);
            if (end)
                break;
            assert_int_equal(doc.id, n);
        }
        assert_int_equal(n, cases[i].planned);
    }
}

/* Documents are the caller's, examples the pool's: neither needs the other's arena. */
static void documents_live_in_the_callers_arena(void **state)
{
    loading *l = *state;
    put_rows(l, 40);
    lme_docs *docs = open_docs(l, SMALL_TASK "fewshot_split: test\nnum_fewshot: 3\n", &all);
    lme_arena *window = lme_arena_new();
    size_t most = 0;
    for (size_t i = 0;; i++) {
        lme_doc doc;
        lme_sample sample = {0};
        bool end;
        lme_arena_reset(window);
        assert_ok(lme_docs_next(window, docs, &doc, &end, &l->err), &l->err);
        if (end)
            break;
        assert_int_equal(doc.n_shots, 3);
        assert_ok(lme_task_plan(window, docs, &doc, &sample, &l->err), &l->err);
        assert_str(lme_value_find(&doc.row, "question")->string,
                   lme_str_format(l->arena, "q%zu", i).ptr);
        for (size_t j = 0; j < doc.n_shots; j++)
            assert_false(lme_value_equal(&doc.shots[j], &doc.row));
        most = lme_arena_used(window) > most ? lme_arena_used(window) : most;
    }
    lme_arena_free(window);
    assert_true(most < 16384);
}

/* The same seed gives the same prompts, another one gives others. */
static void draws_follow_the_seed(void **state)
{
    loading *l = *state;
    put_rows(l, 40);
    lme_str texts[3];
    static const int64_t seeds[] = {1234, 1234, 7};
    for (size_t i = 0; i < 3; i++) {
        lme_docs_options options = {.fewshot_seed = seeds[i], .limit = 3};
        lme_docs *docs = open_docs(l, SMALL_TASK "fewshot_split: test\nnum_fewshot: 3\n", &options);
        lme_builder out = {.arena = l->arena};
        for (;;) {
            lme_doc doc;
            lme_sample sample = {0};
            bool end;
            assert_ok(lme_docs_next(l->arena, docs, &doc, &end, &l->err), &l->err);
            if (end)
                break;
            assert_ok(lme_task_plan(l->arena, docs, &doc, &sample, &l->err), &l->err);
            lme_builder_add(&out, sample.requests[0].context);
        }
        texts[i] = lme_builder_finish(&out);
    }
    assert_true(lme_str_equal(texts[0], texts[1]));
    assert_false(lme_str_equal(texts[0], texts[2]));
}

/* Gone through twice, the documents and their examples are the same, also of a selection. */
static void they_come_again_with_the_same_draws(void **state)
{
    loading *l = *state;
    static const size_t chosen[] = {0, 3, 7};
    put_rows(l, 12);
    for (size_t selected = 0; selected < 2; selected++) {
        lme_docs *again;
        lme_docs *docs = open_docs(l, SMALL_TASK "num_fewshot: 3\nfewshot_split: test\n", &all);
        if (selected > 0)
            assert_ok(lme_docs_select(l->arena, docs, chosen, 3, &l->err), &l->err);
        assert_ok(lme_docs_again(l->arena, docs, &again, &l->err), &l->err);
        assert_int_equal(lme_docs_planned(again), selected > 0 ? 3 : 12);
        lme_doc first[12], second;
        bool end = false;
        size_t n = 0;
        for (; n <= lme_docs_planned(again) && !end; n += !end)
            assert_ok(lme_docs_next(l->arena, again, n < 12 ? &first[n] : &second, &end, &l->err),
                      &l->err);
        assert_int_equal(n, lme_docs_planned(docs));
        for (size_t i = 0; i < n; i++) {
            assert_ok(lme_docs_next(l->arena, docs, &second, &end, &l->err), &l->err);
            assert_false(end);
            assert_int_equal(second.id, first[i].id);
            assert_true(lme_value_equal(&second.row, &first[i].row));
            assert_int_equal(second.n_shots, 3);
            for (size_t j = 0; j < 3; j++)
                assert_true(lme_value_equal(&second.shots[j], &first[i].shots[j]));
        }
    }
}

static void responses_start_missing(void **state)
{
    loading *l = *state;
    put_rows(l, 1);
    lme_docs *docs = open_docs(l, SMALL_TASK "repeats: 2\n", &all);
    lme_doc doc;
    lme_sample sample = {0};
    bool end;
    assert_ok(lme_docs_next(l->arena, docs, &doc, &end, &l->err), &l->err);
    assert_ok(lme_task_plan(l->arena, docs, &doc, &sample, &l->err), &l->err);
    assert_str(sample.task, "small");
    assert_int_equal(sample.n_requests, 2);
    assert_int_equal(sample.n_repeats, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_int_equal(sample.responses[i].state, LME_RESPONSE_MISSING);
        assert_int_equal(sample.requests[i].repeat, i);
    }
}

static void a_row_without_a_used_column_fails_alone(void **state)
{
    loading *l = *state;
    test_file(l->arena, l->folder, "rows.jsonl",
              "{\"question\": \"1\", \"answer\": \"a\"}\n{\"question\": \"2\"}\n"
              "{\"question\": \"3\", \"answer\": \"c\"}\n");
    lme_docs *docs = open_docs(l, SMALL_TASK, &all);
    for (size_t i = 0; i < 3; i++) {
        lme_doc doc;
        lme_sample sample = {0};
        bool end;
        assert_ok(lme_docs_next(l->arena, docs, &doc, &end, &l->err), &l->err);
        bool ok = lme_task_plan(l->arena, docs, &doc, &sample, &l->err);
        assert_int_equal(ok, i != 1);
    }
    assert_error(&l->err, LME_ERR_DATA, "doc_to_target names the column \"answer\"");
    assert_error(&l->err, LME_ERR_DATA, "making the prompt of document 1");
}

static void nowhere_to_be_found_names_the_task_and_the_way_out(void **state)
{
    loading *l = *state;
    lme_docs *docs;
    lme_task *task = load_ok(l,
                             "task: t\ndataset_path: no/such\ntest_split: test\n"
                             "doc_to_text: q\ndoc_to_target: a\n",
                             NULL);
    assert_false(lme_docs_open(l->arena, task, &all, &docs, &l->err));
    assert_error(&l->err, LME_ERR_DATA, "task.yaml:2:15: no rows of no/such");
    assert_error(&l->err, LME_ERR_DATA, "--data-dir DIR");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LOADING_TEST(names_say_what_is_read),
        LOADING_TEST(samples_are_named_as_such),
        LOADING_TEST(labels_number_the_values_of_a_column),
        LOADING_TEST(counts_follow_the_limit),
        LOADING_TEST(documents_live_in_the_callers_arena),
        LOADING_TEST(draws_follow_the_seed),
        LOADING_TEST(they_come_again_with_the_same_draws),
        LOADING_TEST(responses_start_missing),
        LOADING_TEST(a_row_without_a_used_column_fails_alone),
        LOADING_TEST(nowhere_to_be_found_names_the_task_and_the_way_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

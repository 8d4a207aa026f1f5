/* Samples read again, one document at a time: what lm_eval wrote, what we write, what neither did.
 */
#include "support.h"

#include <math.h>
#include <stdio.h>

#include <lmeval/recorded.h>
#include <lmeval/share.h>

static const char results[] =
    "{\"results\": {\"quiz\": {\"acc,none\": 0.5}}, \"configs\": {\"quiz\":"
    " {\"output_type\": \"%s\", \"target_delimiter\": \" \"}}}";

typedef struct opened {
    lme_arena *arena;
    const char *folder;
    lme_record record;
    lme_recorded *recorded;
} opened;

static void open_samples(opened *o, const char *output_type, const char *samples)
{
    char text[512];
    lme_error err = {0};
    o->arena = lme_arena_new();
    o->folder = test_folder(o->arena);
    snprintf(text, sizeof text, results, output_type);
    test_file(o->arena, o->folder, "results.json", text);
    test_file(o->arena, o->folder, "samples_quiz.jsonl", samples);
    assert_ok(lme_record_open(o->arena, o->folder, NULL, &o->record, &err), &err);
    assert_ok(lme_recorded_open(o->arena, &o->record.tasks[0], &o->recorded, &err), &err);
}

static void shut(opened *o)
{
    lme_recorded_close(o->recorded);
    test_folder_remove(o->folder);
    lme_arena_free(o->arena);
}

static void read_at(opened *o, size_t document, lme_recorded_sample *sample)
{
    lme_error err = {0};
    assert_ok(lme_recorded_read(o->arena, o->recorded, &o->record.tasks[0].documents[document],
                                sample, &err),
              &err);
}

/* One filter after the other, as lm_eval writes them; asked also without context. */
static const char choices[] =
    "{\"doc_id\": 4, \"doc\": {\"q\": \"?\"}, \"target\": \"1\", \"arguments\":"
    " {\"gen_args_0\": {\"arg_0\": \"Q:\", \"arg_1\": \" a long one\"},"
    " \"gen_args_1\": {\"arg_0\": \"Q:\", \"arg_1\": \" b\"},"
    " \"gen_args_2\": {\"arg_0\": \"\", \"arg_1\": \" a long one\"},"
    " \"gen_args_3\": {\"arg_0\": \"\", \"arg_1\": \" b\"}},"
    " \"resps\": [[[\"-2.0\", \"False\"]], [[\"-1.5\", \"True\"]], [[\"-inf\", \"False\"]],"
    " [[\"-9.0\", \"False\"]]], \"filtered_resps\": [[\"-2.0\", \"False\"]], \"filter\": \"none\","
    " \"metrics\": [\"acc\", \"acc_mutual_info\"], \"doc_hash\": \"dd\", \"prompt_hash\": \"pp\","
    " \"target_hash\": \"tt\", \"acc\": 1.0, \"acc_mutual_info\": true}\n"
    "{\"doc_id\": 3, \"filter\": \"none\", \"metrics\": [], \"doc_hash\": \"ee\"}\n"
    "{\"doc_id\": 4, \"filter\": \"other\", \"metrics\": [\"acc\", \"odd\"], \"doc_hash\": \"dd\","
    " \"acc\": 0, \"odd\": [\"x\", \"y\"], \"filtered_resps\": [\"7\", null]}\n";

static void choices_with_two_filters(void **state)
{
    (void)state;
    opened o;
    lme_recorded_sample s;
    open_samples(&o, "multiple_choice", choices);
    read_at(&o, 1, &s);
    assert_int_equal(s.doc_id, 4);
    assert_str(s.doc_hash, "dd");
    assert_str(s.target, "1");
    assert_str(lme_value_find(&s.doc, "q")->string, "?");
    assert_int_equal(s.line, 1);
    assert_int_equal(s.n_requests, 4);
    assert_int_equal(s.n_choices, 2);
    assert_int_equal(s.n_gold, 1);
    assert_int_equal(s.gold[0], 1);
    assert_int_equal(s.requests[0].kind, LME_RECORDED_LOGLIKELIHOOD);
    assert_str(s.requests[0].prompt, "Q:");
    assert_str(s.requests[0].continuation, " a long one");
    assert_close(s.requests[1].responses[0].logprob_nats, -1.5, 0);
    assert_true(s.requests[1].responses[0].is_greedy);
    assert_false(s.requests[0].responses[0].is_greedy);
    assert_true(isinf(s.requests[2].responses[0].logprob_nats));
    assert_int_equal(s.n_answers, 2);
    assert_str(s.answers[0].pipeline, "none");
    assert_close(s.answers[0].scores[1].value, 1.0, 0); /* true */
    assert_str(s.answers[1].pipeline, "other");
    assert_int_equal(s.answers[1].n_values, 2);
    assert_true(isnan(s.answers[1].scores[1].value));
    assert_int_equal(s.answers[1].scores[1].item.list.len, 2);
    assert_int_equal(lme_recorded_pick(&s, false, LME_STR(" ")), 1);
    assert_int_equal(lme_recorded_pick(&s, true, LME_STR(" ")), 0); /* -2.0 / 10 */
    assert_str(lme_recorded_choice(&s, 1, LME_STR(" ")), "b");
    read_at(&o, 0, &s); /* a line that says next to nothing */
    assert_int_equal(s.doc_id, 3);
    assert_int_equal(s.n_requests, 0);
    assert_int_equal(s.n_answers, 1);
    assert_true(lme_recorded_pick(&s, false, LME_STR(" ")) == SIZE_MAX);
    shut(&o);
}

static const char generated[] =
    "{\"doc_id\": 0, \"doc\": {}, \"target\": \"[0, 1]\", \"arguments\": {\"gen_args_0\":"
    " {\"arg_0\": [\"[{\\\"role\\\": \\\"user\\\", \\\"content\\\": \\\"Hi\\\"}]\"],"
    " \"arg_1\": {\"until\": [\".\"]}}}, \"resps\": [[\"one\", \"two\", null]],"
    " \"filtered_resps\": [[\"1\", \"2\"]], \"filter\": \"none\", \"metrics\": [\"em\"],"
    " \"doc_hash\": \"aa\", \"em\": 0.5}\n"
    "{\"doc_id\": 1, \"doc\": {}, \"target\": 7, \"arguments\": [[\"P\", {\"until\": []}],"
    " [[\"not messages\"], {}]], \"resps\": [[\"x\"]], \"filtered_resps\": [], \"filter\": null,"
    " \"metrics\": [], \"doc_hash\": \"bb\", \"failure\": \"status 400\"}\n";

static void generated_text(void **state)
{
    (void)state;
    opened o;
    lme_recorded_sample s;
    open_samples(&o, "generate_until", generated);
    read_at(&o, 0, &s);
    assert_int_equal(s.requests[0].kind, LME_RECORDED_GENERATE);
    assert_int_equal(s.requests[0].n_messages, 1);
    assert_str(s.requests[0].messages[0].role, "user");
    assert_str(s.requests[0].messages[0].content, "Hi");
    assert_int_equal(s.requests[0].n_responses, 3);
    assert_str(s.requests[0].responses[1].text, "two");
    assert_true(s.requests[0].responses[2].is_missing);
    assert_int_equal(s.n_choices, 0);
    assert_int_equal(s.n_gold, 0);
    read_at(&o, 1, &s);
    assert_str(s.failure, "status 400");
    assert_str(s.target, "7");
    assert_int_equal(s.n_answers, 0);
    assert_int_equal(s.n_requests, 2);
    assert_str(s.requests[1].prompt, "not messages");
    assert_null(s.requests[1].messages);
    assert_int_equal(s.requests[1].n_responses, 0);
    shut(&o);
}

static const char rolling[] =
    "{\"doc_id\": 0, \"target\": \"\", \"arguments\": {\"gen_args_0\": {\"arg_0\": \"text\"}},"
    " \"resps\": [[\"-12.25\"]], \"filtered_resps\": [\"-12.25\"], \"filter\": \"none\","
    " \"metrics\": [\"word_perplexity\"], \"doc_hash\": \"aa\", \"word_perplexity\":"
    " [\"-12.25\", \"3\"]}\r\n"
    "{\"doc_id\": 1, \"target\": \"b\", \"arguments\": [[\"P\", \" a\"], [\"P\", \" b\"]],"
    " \"resps\": [[[-1, false]], [[-0.5, true]]], \"filter\": \"none\", \"metrics\": [\"acc\"],"
    " \"doc_hash\": \"bb\", \"acc\": 1}";

static void rolling_and_older_forms(void **state)
{
    (void)state;
    opened o;
    lme_recorded_sample s;
    open_samples(&o, "multiple_choice", rolling);
    read_at(&o, 0, &s);
    assert_int_equal(s.requests[0].kind, LME_RECORDED_ROLLING);
    assert_close(s.requests[0].responses[0].logprob_nats, -12.25, 0);
    read_at(&o, 1, &s);
    assert_int_equal(s.n_gold, 1); /* by its text */
    assert_int_equal(s.gold[0], 1);
    assert_close(s.requests[0].responses[0].logprob_nats, -1, 0);
    assert_true(s.requests[1].responses[0].is_greedy);
    shut(&o);
}

static const char *const broken[][2] = {
    {"\"arguments\": 3", "\"arguments\" of a sample must be a map or a list"},
    {"\"arguments\": [3]", "maps or lists of what was asked"},
    {"\"arguments\": [[3, \" a\"]]", "\"arguments\" of a sample must be texts and settings"},
    {"\"arguments\": [[\"p\", \" a\"]], \"resps\": [3]", "a list of lists, one a request"},
    {"\"arguments\": [[\"p\", \" a\"]], \"resps\": [[[\"x\", \"True\"]]]", "log-probabilities"},
    {"\"arguments\": [[\"p\", \" a\"]], \"resps\": [[{}]]", "log-probabilities"},
    {"\"resps\": {}", "\"resps\" of a sample must be a list"},
    {"\"filtered_resps\": 7", "\"filtered_resps\" of a sample must be a list"},
};

static void broken_samples_are_errors_with_a_place(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
        opened o;
        lme_recorded_sample s;
        char text[512];
        snprintf(text, sizeof text,
                 "\n{%s, \"filter\": \"none\", \"metrics\": [\"acc\"], \"doc_hash\": \"aa\"}\n",
                 broken[i][0]);
        open_samples(&o, "multiple_choice", text);
        lme_error err = {0};
        assert_false(
            lme_recorded_read(o.arena, o.recorded, &o.record.tasks[0].documents[0], &s, &err));
        assert_error(&err, LME_ERR_DATA, "samples_quiz.jsonl:2: ");
        assert_error(&err, LME_ERR_DATA, broken[i][1]);
        shut(&o);
    }
}

/* "before", n times the piece, "after". */
static const char *repeated(lme_arena *arena, const char *before, const char *piece, size_t n,
                            const char *after)
{
    lme_builder out = {.arena = arena};
    lme_builder_add(&out, lme_str_from(before));
    for (size_t i = 0; i < n; i++)
        lme_builder_add(&out, lme_str_from(piece));
    lme_builder_add(&out, lme_str_from(after));
    return lme_str_cstr(arena, lme_builder_finish(&out));
}

static void too_much_is_an_error(void **state)
{
    (void)state;
    static const char tail[] = "\"filter\": \"none\", \"metrics\": [], \"doc_hash\": \"a\"}\n";
    lme_arena *arena = lme_arena_new();
    const char *requests = repeated(arena, "{\"arguments\": [[\"p\"]", ", [\"p\"]", 10000, "], ");
    const char *cases[][2] = {
        {repeated(arena, requests, "", 0, tail), "a sample of 10001 requests, more than 10000"},
        {repeated(arena, "",
                  "{\"doc_id\": 3, \"filter\": \"none\", \"metrics\": [], \"doc_hash\": \"a\"}\n",
                  65, ""),
         "one document, doc_id 3, in 65 lines"},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        opened o;
        lme_recorded_sample s;
        lme_error err = {0};
        open_samples(&o, "multiple_choice", cases[i][0]);
        assert_false(
            lme_recorded_read(o.arena, o.recorded, &o.record.tasks[0].documents[0], &s, &err));
        assert_error(&err, LME_ERR_LIMIT, cases[i][1]);
        assert_error(&err, LME_ERR_LIMIT, "samples_quiz.jsonl:1: ");
        shut(&o);
    }
    const char *folder = test_folder(arena);
    lme_record record;
    lme_error err = {0};
    test_file(arena, folder, "results.json",
              "{\"results\": {\"quiz\": {}}, \"configs\": {\"quiz\": {}}}");
    test_file(arena, folder, "samples_quiz.jsonl",
              repeated(arena, "{\"filter\": \"x\", \"metrics\": [\"m\"", ", \"m\"", 256, "]}"));
    assert_false(lme_record_open(arena, folder, NULL, &record, &err));
    assert_error(&err, LME_ERR_LIMIT, "samples_quiz.jsonl:1: a samples line of more than 256");
    test_folder_remove(folder);
    lme_arena_free(arena);
}

/* Somebody writes the file anew between the two readings. */
static void a_file_that_changes_is_an_error(void **state)
{
    (void)state;
    opened o;
    lme_recorded_sample s;
    lme_error err = {0};
    open_samples(&o, "multiple_choice", choices);
    test_file(o.arena, o.folder, "samples_quiz.jsonl", "{}\n");
    assert_false(lme_recorded_read(o.arena, o.recorded, &o.record.tasks[0].documents[1], &s, &err));
    assert_error(&err, LME_ERR_IO, "has become shorter");
    shut(&o);
}

/* The peer's own files: every document has its choices, a target, and a pick that explains acc. */
static void lm_evals_files(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_record record;
    lme_error err = {0};
    const char *folder = test_folder(arena);
    lme_str text;
    const char *from[] = {"results_hellaswag.json", "samples_hellaswag.jsonl"};
    const char *to[] = {"results_2026-01-01.json", "samples_hellaswag_local_2026-01-01.jsonl"};
    for (size_t i = 0; i < 2; i++) {
        lme_str path = lme_str_format(arena, "tests/golden/lm_eval/f16/%s", from[i]);
        const char *source = test_source(arena, lme_str_cstr(arena, path));
        assert_ok(lme_file_read(arena, source, 1u << 24, &text, &err), &err);
        test_file(arena, folder, to[i], lme_str_cstr(arena, text));
    }
    assert_ok(lme_record_open(arena, folder, NULL, &record, &err), &err);
    lme_record_task *task = &record.tasks[0];
    assert_true(task->n_documents > 0);
    lme_recorded *recorded;
    assert_ok(lme_recorded_open(arena, task, &recorded, &err), &err);
    for (size_t i = 0; i < task->n_documents; i++) {
        lme_recorded_sample s;
        assert_ok(lme_recorded_read(arena, recorded, &task->documents[i], &s, &err), &err);
        assert_int_equal(s.n_choices, 4);
        assert_int_equal(s.n_gold, 1);
        for (size_t m = 0; m < 2; m++) {
            bool right = lme_recorded_pick(&s, m == 1, LME_STR(" ")) == s.gold[0];
            assert_close(s.answers[0].scores[m].value, right ? 1.0 : 0.0, 0);
        }
    }
    lme_recorded_close(recorded);
    test_folder_remove(folder);
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(choices_with_two_filters),
        cmocka_unit_test(generated_text),
        cmocka_unit_test(rolling_and_older_forms),
        cmocka_unit_test(broken_samples_are_errors_with_a_place),
        cmocka_unit_test(too_much_is_an_error),
        cmocka_unit_test(a_file_that_changes_is_an_error),
        cmocka_unit_test(lm_evals_files),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

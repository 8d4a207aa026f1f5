/* Answers from the record of a real run: lm_eval 0.4.13 against llama-cpp-python. */
#include "replay.h"
#include "serving.h"

#include <lmeval/share.h>

typedef struct fixture {
    lme_arena *arena;
    const char *record;
} fixture;

static int set_up(void **state)
{
    lme_arena *arena = lme_arena_new();
    fixture *f = LME_NEW(arena, fixture);
    f->arena = arena;
    f->record = test_source(arena, "tests/golden/lm_eval/f16/http_record.jsonl");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    const fixture *f = *state;
    lme_arena_free(f->arena);
    return 0;
}

/* Next exchange of the record as it stands in the file. */
static bool next_exchange(const fixture *f, lme_str text, size_t *at, lme_value *exchange)
{
    while (*at < text.len) {
        size_t end = lme_str_find(text, LME_STR("\n"), *at);
        lme_str line = lme_str_slice(text, *at, end);
        *at += line.len + 1;
        if (line.len == 0 || line.ptr[0] != '{')
            continue;
        *exchange = test_json(f->arena, line);
        if (test_at(exchange, "answer") != NULL)
            return true;
    }
    return false;
}

static void every_recorded_request_gets_its_answer(void **state)
{
    const fixture *f = *state;
    lme_error err = {0};
    lme_str text;
    lme_refserver *server =
        serve(f->arena, (lme_refserver_options){.replay = f->record, .replay_strict = true});
    assert_ok(lme_file_read(f->arena, f->record, 1u << 26, &text, &err), &err);
    lme_value exchange;
    size_t n = 0;
    for (size_t at = 0; next_exchange(f, text, &at, &exchange); n++) {
        test_answer answer =
            test_post(f->arena, lme_refserver_port(server), test_text(&exchange, "path").ptr,
                      test_text(&exchange, "request").ptr);
        assert_int_equal(answer.status, test_int(&exchange, "status"));
        assert_true(lme_str_equal(answer.body, test_text(&exchange, "answer")));
    }
    assert_int_equal(n, 100);
    test_answer models = test_get(f->arena, lme_refserver_port(server), "/v1/models");
    lme_value v = test_json(f->arena, models.body);
    assert_str(test_text(&v, "data.0.id"), "tiny-f16");
    test_answer unknown = test_post(f->arena, lme_refserver_port(server), "/v1/completions",
                                    "{\"prompt\":\"never asked\",\"max_tokens\":1}");
    assert_refused(f->arena, &unknown, 404, "not in the record of 100 exchanges");
    lme_refserver_stop(server);
}

static const char small[] =
    "{\"path\":\"/v1/completions\",\"request\":\"{\\\"model\\\":\\\"m\\\",\\\"prompt\\\":\\\"Hi "
    "\\\\u00e9\\\",\\\"max_tokens\\\":1,\\\"temperature\\\":0,\\\"echo\\\":true}\","
    "\"status\":500,\"answer\":\"first\"}\n"
    "\n"
    "{\"method\":\"GET\",\"path\":\"/v1/models\",\"request\":\"\",\"status\":200,\"answer\":"
    "\"{}\"}\n"
    "{\"path\":\"/v1/completions\",\"request\":\"{\\\"prompt\\\":\\\"Hi \\\\u00e9\\\","
    "\\\"max_tokens\\\":1,\\\"temperature\\\":0.0,\\\"echo\\\":true}\","
    "\"status\":200,\"answer\":\"last\"}\n"
    "{\"path\":\"/v1/chat/completions\",\"request\":\"{\\\"messages\\\":[{\\\"role\\\":\\\"user\\\""
    ",\\\"content\\\":\\\"Hi\\\"}],\\\"max_tokens\\\":5}\",\"status\":200,"
    "\"answer\":\"data: {}\\n\\n\"}";

static void matching_is_by_meaning(void **state)
{
    const fixture *f = *state;
    const char *folder = test_folder(f->arena);
    const char *path = test_file(f->arena, folder, "record.jsonl", small);
    lme_refserver *server =
        serve(f->arena, (lme_refserver_options){.replay = path, .replay_strict = true});
    unsigned port = lme_refserver_port(server);
    /* Other order, blanks, spelling of numbers and letters, other stop, a list of one prompt. */
    test_answer answer = test_post(f->arena, port, "/v1/completions",
                                   "{ \"echo\": true, \"stop\": [\"x\"], \"temperature\": 0,"
                                   " \"prompt\": [\"Hi \xC3\xA9\"], \"max_tokens\": 1 }");
    assert_int_equal(answer.status, 200);
    assert_str(answer.body, "last");
    answer = test_post(f->arena, port, "/v1/completions",
                       "{\"prompt\":\"Hi \xC3\xA9\",\"max_tokens\":1,\"temperature\":0}");
    assert_int_equal(answer.status, 404); /* no echo */
    answer = test_post(f->arena, port, "/v1/completions",
                       "{\"prompt\":\"Hi \xC3\xA9\",\"max_tokens\":2,\"temperature\":0,"
                       "\"echo\":true}");
    assert_int_equal(answer.status, 404);
    answer = test_post(f->arena, port, "/v1/chat/completions",
                       "{\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}],"
                       "\"max_completion_tokens\":5}");
    assert_str(answer.body, "data: {}\n\n");
    assert_str(test_header(&answer, "Content-Type"), "text/event-stream; charset=utf-8");
    answer = test_post(f->arena, port, "/tokenize", "{\"prompt\":\"Hi\"}");
    assert_int_equal(answer.status, 404);
    lme_refserver_stop(server);
    test_folder_remove(folder);
}

static void other_requests_go_to_the_model(void **state)
{
    const fixture *f = *state;
    lme_refserver *server = serve(f->arena, (lme_refserver_options){.replay = f->record});
    unsigned port = lme_refserver_port(server);
    test_answer answer =
        test_post(f->arena, port, "/v1/completions",
                  "{\"model\":\"tiny-f16\",\"prompt\":\"The cat\",\"max_tokens\":1,"
                  "\"temperature\":0,\"echo\":true,\"logprobs\":1}");
    lme_value v = test_json(f->arena, answer.body);
    assert_int_equal(answer.status, 200);
    assert_str(test_text(&v, "model"), "tiny-f16");
    assert_true(test_len(&v, "choices.0.logprobs.tokens") > 2);
    lme_refserver_stop(server);
}

static void assert_bad(const fixture *f, const char *text, lme_code code, const char *part)
{
    lme_error err = {0};
    lme_replay *replay;
    const char *folder = test_folder(f->arena);
    const char *path = test_file(f->arena, folder, "record.jsonl", text);
    assert_false(lme_replay_open(f->arena, path, &replay, &err));
    assert_error(&err, code, part);
    test_folder_remove(folder);
}

static void wrong_records_are_errors_with_their_line(void **state)
{
    const fixture *f = *state;
    lme_error err = {0};
    lme_replay *replay;
    assert_bad(f, "", LME_ERR_DATA, "holds no exchange");
    assert_bad(f, "\n{\"path\":", LME_ERR_DATA, "record.jsonl:2");
    assert_bad(f, "{}", LME_ERR_DATA, "no \"path\"");
    assert_bad(f, "{\"path\":\"/p\",\"request\":\"{}\"}", LME_ERR_DATA, "no \"status\"");
    assert_bad(f, "{\"path\":\"/p\",\"request\":\"{}\",\"status\":200}", LME_ERR_DATA,
               "no \"answer\" text");
    assert_bad(f, "{\"path\":\"/p\",\"request\":\"{\",\"status\":200,\"answer\":\"\"}",
               LME_ERR_DATA, "while reading the recorded request");
    assert_false(lme_replay_open(f->arena, "/nowhere/record.jsonl", &replay, &err));
    assert_error(&err, LME_ERR_IO, "/nowhere/record.jsonl");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_recorded_request_gets_its_answer),
        cmocka_unit_test(matching_is_by_meaning),
        cmocka_unit_test(other_requests_go_to_the_model),
        cmocka_unit_test(wrong_records_are_errors_with_their_line),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* Asking for text and reading it. */
#include "generate.h"
#include "support.h"

#include <lmeval/json.h>
#include <lmeval/share.h>

static int set_up(void **state)
{
    *state = lme_arena_new();
    return 0;
}

static int tear_down(void **state)
{
    lme_arena_free(*state);
    return 0;
}

static lme_value json(lme_arena *arena, const char *text)
{
    lme_value value;
    lme_error err = {0};
    assert_ok(lme_json_read(arena, NULL, lme_str_from(text), NULL, &value, &err), &err);
    return value;
}

static const lme_form form = {.model = {"tiny", 4}, .seed = 1234};

static void the_whole_body(void **state)
{
    lme_arena *arena = *state;
    lme_str until[] = {LME_STR("\n\n"), LME_STR("Question:")};
    lme_generation generation = {
        .until = until,
        .n_until = 2,
        .max_tokens = 64,
        .temperature = 0.5,
        .extra = json(arena, "{\"top_p\": 0.9, \"min_p\": 1}"),
    };
    lme_request request = {
        .kind = LME_REQUEST_GENERATE,
        .context = LME_STR("Zoë: \"hi\"\n"),
        .generation = &generation,
    };
    assert_str(
        lme_generate_encode(arena, &form, &request),
        "{\"model\": \"tiny\", \"prompt\": \"Zo\\u00eb: \\\"hi\\\"\\n\", \"max_tokens\": 64, "
        "\"temperature\": 0.5, \"stop\": [\"\\n\\n\", \"Question:\"], \"seed\": 1234, "
        "\"top_p\": 0.9, \"min_p\": 1}");
}

static void without_stops_there_is_no_stop(void **state)
{
    lme_arena *arena = *state;
    lme_generation generation = {.max_tokens = 1, .extra = lme_null()};
    lme_request request = {
        .kind = LME_REQUEST_GENERATE,
        .context = LME_STR("a"),
        .generation = &generation,
    };
    assert_str(lme_generate_encode(arena, &form, &request),
               "{\"model\": \"tiny\", \"prompt\": \"a\", \"max_tokens\": 1, \"temperature\": 0, "
               "\"seed\": 1234}");
}

/* A server that heeds the seed would give a repeat the same answer again. */
static void repeats_have_their_own_seed(void **state)
{
    lme_arena *arena = *state;
    lme_generation generation = {.max_tokens = 1, .temperature = 1, .extra = lme_null()};
    lme_request request = {
        .kind = LME_REQUEST_GENERATE,
        .context = LME_STR("a"),
        .generation = &generation,
        .repeat = 2,
    };
    const lme_message messages[] = {{LME_STR("user"), LME_STR("a")}};
    assert_str(lme_generate_encode(arena, &form, &request),
               "{\"model\": \"tiny\", \"prompt\": \"a\", \"max_tokens\": 1, \"temperature\": 1, "
               "\"seed\": 1236}");
    lme_form last = {.model = form.model, .seed = INT64_MAX};
    request.messages = messages;
    request.n_messages = 1;
    request.repeat = 1;
    lme_str body = lme_generate_encode(arena, &last, &request);
    assert_true(lme_str_ends(body, LME_STR("\"seed\": -9223372036854775808}")));
}

static const lme_generation plain = {.max_tokens = 8};
static const lme_request completion = {.kind = LME_REQUEST_GENERATE, .generation = &plain};

static lme_response decode(lme_arena *arena, const char *body)
{
    lme_value answer = json(arena, body);
    lme_response response = {0};
    lme_error err = {0};
    assert_ok(lme_generate_decode(arena, &form, &completion, &answer, &response, &err), &err);
    return response;
}

static void text_as_the_server_sent_it(void **state)
{
    lme_arena *arena = *state;
    lme_response r =
        decode(arena, "{\"choices\": [{\"text\": \" 4\\n\\n\", \"finish_reason\": \"length\"}], "
                      "\"usage\": {\"prompt_tokens\": 7, \"completion_tokens\": 3}}");
    assert_str(r.text, " 4\n\n");
    assert_str(r.finish, "length");
    assert_int_equal(r.n_tokens, 3);
    assert_int_equal(r.n_prompt_tokens, 7);
    r = decode(arena,
               "{\"choices\": [{\"text\": \"\", \"finish_reason\": null}], \"usage\": null}");
    assert_str(r.text, "");
    assert_str(r.finish, "");
    assert_int_equal(r.n_tokens, 0);
    /* Counts that no text has: the sum over a run would overflow. */
    r = decode(arena, "{\"choices\": [{\"text\": \"\"}], \"usage\": {\"prompt_tokens\": "
                      "9223372036854775807, \"completion_tokens\": -5}}");
    assert_int_equal(r.n_tokens, 0);
    assert_int_equal(r.n_prompt_tokens, 0);
}

/* llama-cpp-python's answer, recorded. */
static void recorded_answer(void **state)
{
    lme_arena *arena = *state;
    lme_str text;
    lme_error err = {0};
    const char *path = test_source(arena, "tests/golden/llama_cpp_python/generate_stop.json");
    assert_ok(lme_file_read(arena, path, 1 << 20, &text, &err), &err);
    lme_value fact = json(arena, text.ptr);
    lme_response r = {0};
    assert_ok(
        lme_generate_decode(arena, &form, &completion, lme_value_find(&fact, "response"), &r, &err),
        &err);
    assert_str(r.text, " Tom has 3 + 4 = <<3+4=8>>8 apples now.\n#### 8\n\n");
    assert_str(r.finish, "stop");
    assert_int_equal(r.n_tokens, 24);
}

static void refuse(lme_arena *arena, const char *body, const char *part)
{
    lme_value answer = json(arena, body);
    lme_response response = {0};
    lme_error err = {0};
    assert_false(lme_generate_decode(arena, &form, &completion, &answer, &response, &err));
    assert_error(&err, LME_ERR_SERVER, part);
}

static void what_is_refused(void **state)
{
    lme_arena *arena = *state;
    refuse(arena, "{}", "no choices[0]");
    refuse(arena, "[]", "no choices[0]");
    refuse(arena, "{\"choices\": []}", "no choices[0]");
    refuse(arena, "{\"choices\": {}}", "no choices[0]");
    refuse(arena, "{\"choices\": [{}]}", "choices[0].text is missing, expected text");
    refuse(arena, "{\"choices\": [{\"text\": 4}]}", "expected text");
    refuse(arena, "{\"choices\": [{\"message\": {\"content\": \"4\"}}]}",
           "the shape of a chat answer");
}

/* ---- chats ---- */

static const lme_message talk[] = {
    {{"system", 6}, {"Be short.", 9}},
    {{"user", 4}, {"2+2?", 4}},
    {{"assistant", 9}, {"The answer is", 13}},
};
static const lme_str five_stops[] = {{"\n", 1}, {"Q:", 2}, {"</s>", 4}, {"##", 2}, {"STOP", 4}};
static const lme_generation five = {.until = five_stops, .n_until = 5, .max_tokens = 64};

static lme_request chat_of(size_t n_messages)
{
    return (lme_request){
        .kind = LME_REQUEST_GENERATE,
        .messages = talk,
        .n_messages = n_messages,
        .generation = &five,
    };
}

/* lm_eval's local-chat-completions: its keys in its order, the first four stop texts. */
static void a_chat(void **state)
{
    lme_arena *arena = *state;
    lme_request request = chat_of(2);
    assert_str(
        lme_generate_encode(arena, &form, &request),
        "{\"messages\": [{\"role\": \"system\", \"content\": \"Be short.\"}, {\"role\": "
        "\"user\", \"content\": \"2+2?\"}], \"model\": \"tiny\", \"max_tokens\": 64, "
        "\"temperature\": 0, \"stop\": [\"\\n\", \"Q:\", \"</s>\", \"##\"], \"seed\": 1234}");
}

static void a_begun_answer(void **state)
{
    lme_arena *arena = *state;
    lme_form continues = {.model = form.model, .seed = 1, .continues = true};
    lme_request begun = chat_of(3), asked = chat_of(2);
    lme_str fields =
        LME_STR(", \"add_generation_prompt\": false, \"continue_final_message\": true}");
    lme_str last = LME_STR("{\"role\": \"assistant\", \"content\": \"The answer is\"}]");
    lme_str body = lme_generate_encode(arena, &continues, &begun);
    assert_true(lme_str_ends(body, fields));
    assert_true(lme_str_find(body, last, 0) < body.len);
    body = lme_generate_encode(arena, &continues, &asked);
    assert_false(lme_str_ends(body, fields));
    body = lme_generate_encode(arena, &form, &begun);
    assert_false(lme_str_ends(body, fields));
    assert_true(lme_str_find(body, last, 0) < body.len);
}

/* Asked as the server takes it. */
static void in_other_words(void **state)
{
    lme_arena *arena = *state;
    lme_request request = chat_of(2);
    lme_dialect dialect = lme_dialect_of_chats();
    dialect.completion_tokens = true;
    dialect.max_stops = 1;
    dialect.refused[dialect.n_refused++] = LME_STR("temperature");
    lme_form own = {.model = form.model, .seed = form.seed, .dialect = &dialect};
    lme_str body = lme_generate_encode(arena, &own, &request);
    assert_true(lme_str_ends(body, LME_STR("\"model\": \"tiny\", \"max_completion_tokens\": 64, "
                                           "\"stop\": [\"\\n\"], \"seed\": 1234}")));
}

typedef struct answer_case {
    const char *choice;
    const char *text, *finish;
} answer_case;

static const answer_case answers[] = {
    {"{\"message\": {\"content\": \" 4\"}, \"finish_reason\": \"stop\"}", " 4", "stop"},
    {"{\"message\": {\"content\": null, \"reasoning_content\": \"2+2 is\"}, \"finish_reason\": "
     "\"length\"}",
     "", "length"},
    {"{\"message\": {\"content\": null, \"refusal\": \"no\"}, \"finish_reason\": "
     "\"content_filter\"}",
     "", "content_filter"},
    {"{\"message\": {\"role\": \"assistant\"}, \"finish_reason\": null}", "", ""},
    {"{\"message\": {\"content\": \"4\", \"reasoning\": \"2+2 is\"}}", "4", ""},
    /* lm_eval: what follows the last mark, leading white space off; all of it without a mark */
    {"{\"message\": {\"content\": \"<think>2+2</think>3</think>\\n\\n 4 \"}, \"finish_reason\": "
     "\"stop\"}",
     "4 ", "stop"},
    {"{\"message\": {\"content\": \" <think>2+2 is\"}, \"finish_reason\": \"length\"}",
     "<think>2+2 is", "length"},
    /* parts */
    {"{\"message\": {\"content\": [{\"type\": \"thinking\", \"thinking\": [], \"text\": \"2+2\"}, "
     "{\"type\": \"text\", \"text\": \"the\"}, {\"text\": \" 4\"}, 7]}}",
     "the 4", ""},
    /* the fifth stop text was not sent; the first four were, and are the server's work */
    {"{\"message\": {\"content\": \"4## STOP STOP\"}, \"finish_reason\": \"length\"}", "4## ",
     "stop"},
};

static void answers_of_chats(void **state)
{
    lme_arena *arena = *state;
    lme_request request = chat_of(2);
    for (size_t i = 0; i < sizeof answers / sizeof answers[0]; i++) {
        bool thinks = lme_str_find(lme_str_from(answers[i].choice), LME_STR("think>"), 0) <
                      lme_str_from(answers[i].choice).len;
        lme_form own = {.model = form.model,
                        .think_end = thinks ? LME_STR("</think>") : LME_STR("")};
        lme_value answer =
            json(arena, lme_str_format(arena, "{\"choices\": [%s]}", answers[i].choice).ptr);
        lme_response r = {0};
        lme_error err = {0};
        assert_ok(lme_generate_decode(arena, &own, &request, &answer, &r, &err), &err);
        assert_str(r.text, answers[i].text);
        assert_str(r.finish, answers[i].finish);
    }
}

static void refused_chats(void **state)
{
    lme_arena *arena = *state;
    static const char *const bad[][2] = {
        {"{\"choices\": [{}]}", "choices[0].message is missing"},
        {"{\"choices\": [{\"message\": 4}]}", "choices[0].message is"},
        {"{\"choices\": [{\"text\": \"4\"}]}", "the shape of a completion"},
        {"{\"choices\": [{\"message\": {\"content\": 4}}]}", "content is integer, expected text"},
    };
    lme_request request = chat_of(2);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        lme_value answer = json(arena, bad[i][0]);
        lme_response r = {0};
        lme_error err = {0};
        assert_false(lme_generate_decode(arena, &form, &request, &answer, &r, &err));
        assert_error(&err, LME_ERR_SERVER, bad[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_body),
        cmocka_unit_test(repeats_have_their_own_seed),
        cmocka_unit_test(without_stops_there_is_no_stop),
        cmocka_unit_test(text_as_the_server_sent_it),
        cmocka_unit_test(recorded_answer),
        cmocka_unit_test(what_is_refused),
        cmocka_unit_test(a_chat),
        cmocka_unit_test(a_begun_answer),
        cmocka_unit_test(in_other_words),
        cmocka_unit_test(answers_of_chats),
        cmocka_unit_test(refused_chats),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

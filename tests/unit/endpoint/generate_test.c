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

static lme_response decode(lme_arena *arena, const char *body)
{
    lme_value answer = json(arena, body);
    lme_response response = {0};
    lme_error err = {0};
    assert_ok(lme_generate_decode(arena, NULL, &answer, &response, &err), &err);
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
    assert_ok(lme_generate_decode(arena, NULL, lme_value_find(&fact, "response"), &r, &err), &err);
    assert_str(r.text, " Tom has 3 + 4 = <<3+4=8>>8 apples now.\n#### 8\n\n");
    assert_str(r.finish, "stop");
    assert_int_equal(r.n_tokens, 24);
}

static void refuse(lme_arena *arena, const char *body, const char *part)
{
    lme_value answer = json(arena, body);
    lme_response response = {0};
    lme_error err = {0};
    assert_false(lme_generate_decode(arena, NULL, &answer, &response, &err));
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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_whole_body),
        cmocka_unit_test(without_stops_there_is_no_stop),
        cmocka_unit_test(text_as_the_server_sent_it),
        cmocka_unit_test(recorded_answer),
        cmocka_unit_test(what_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* Routes other than the two that answer with text. */
#include "serving.h"

typedef struct fixture {
    lme_arena *arena;
    lme_refserver *server;
    unsigned port;
} fixture;

static int set_up(void **state)
{
    lme_arena *arena = lme_arena_new();
    fixture *f = LME_NEW(arena, fixture);
    f->arena = arena;
    f->server = serve(arena, (lme_refserver_options){.model = "tiny/one \"x\""});
    f->port = lme_refserver_port(f->server);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    const fixture *f = *state;
    lme_refserver_stop(f->server);
    lme_arena_free(f->arena);
    return 0;
}

static void models_names_the_model(void **state)
{
    const fixture *f = *state;
    test_answer answer = test_get(f->arena, f->port, "/v1/models");
    lme_value v = test_json(f->arena, answer.body);
    assert_int_equal(answer.status, 200);
    assert_str(test_text(&v, "object"), "list");
    assert_int_equal(test_len(&v, "data"), 1);
    assert_str(test_text(&v, "data.0.id"), "tiny/one \"x\"");
    assert_str(test_text(&v, "data.0.object"), "model");
    assert_str(test_text(&v, "data.0.owned_by"), "lmeval");
    assert_int_equal(test_int(&v, "data.0.max_model_len"), 8192);
    assert_true(lme_str_starts(test_header(&answer, "Server"), LME_STR("lmeval-refserver/")));
    assert_int_equal(test_get(f->arena, f->port, "/health").status, 200);
}

static void tokenize_and_back(void **state)
{
    const fixture *f = *state;
    static const char *const texts[] = {"The baker mixes flour.", "Zo\xC3\xAB \xF0\x9F\xA6\x9C", "",
                                        "a<|endoftext|>b"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        lme_builder body = {.arena = f->arena};
        lme_builder_add(&body, LME_STR("{\"add_special_tokens\":false,\"prompt\":"));
        lme_json_write_string(&body, lme_str_from(texts[i]), true);
        lme_builder_char(&body, '}');
        test_answer answer =
            test_post(f->arena, f->port, "/tokenize", lme_builder_finish(&body).ptr);
        lme_value v = test_json(f->arena, answer.body);
        assert_int_equal(answer.status, 200);
        assert_int_equal(test_int(&v, "count"), test_len(&v, "tokens"));
        assert_int_equal(test_int(&v, "max_model_len"), 8192);
        body.len = 0;
        lme_builder_add(&body, LME_STR("{\"tokens\":"));
        lme_json_write(&body, test_at(&v, "tokens"), &(lme_json_style){0});
        lme_builder_char(&body, '}');
        answer = test_post(f->arena, f->port, "/detokenize", lme_builder_finish(&body).ptr);
        v = test_json(f->arena, answer.body);
        assert_str(test_text(&v, "prompt"), texts[i]);
    }
}

static void tokenize_counts_what_completions_count(void **state)
{
    const fixture *f = *state;
    test_answer answer = test_post(f->arena, f->port, "/tokenize",
                                   "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}]}");
    lme_value v = test_json(f->arena, answer.body);
    answer = test_post(f->arena, f->port, "/v1/chat/completions",
                       "{\"messages\":[{\"role\":\"user\",\"content\":\"Hello\"}],"
                       "\"max_tokens\":1}");
    lme_value chat = test_json(f->arena, answer.body);
    assert_int_equal(test_int(&v, "count"), test_int(&chat, "usage.prompt_tokens"));
}

static void tokenizer_info_names_the_end_token(void **state)
{
    const fixture *f = *state;
    test_answer answer = test_get(f->arena, f->port, "/tokenizer_info");
    lme_value v = test_json(f->arena, answer.body);
    assert_int_equal(answer.status, 200);
    assert_str(test_text(&v, "eos_token"), "<|endoftext|>");
    assert_int_equal(test_at(&v, "bos_token")->kind, LME_NULL);
}

static void detokenize_repairs_parts_of_characters(void **state)
{
    const fixture *f = *state;
    test_answer answer =
        test_post(f->arena, f->port, "/detokenize", "{\"tokens\":[97,230,188,98]}");
    lme_value v = test_json(f->arena, answer.body);
    assert_true(lme_str_starts(test_text(&v, "prompt"), LME_STR("a\xEF\xBF\xBD")));
    assert_true(lme_str_ends(test_text(&v, "prompt"), LME_STR("b")));
    answer = test_post(f->arena, f->port, "/detokenize", "{\"tokens\":[70000]}");
    assert_refused(f->arena, &answer, 400, "out of vocabulary");
    answer = test_post(f->arena, f->port, "/detokenize", "{}");
    assert_refused(f->arena, &answer, 400, "'tokens' must be a list of token ids");
    answer = test_post(f->arena, f->port, "/tokenize", "{}");
    assert_refused(f->arena, &answer, 400, "'prompt' or 'messages'");
}

static void unknown_routes_and_methods(void **state)
{
    const fixture *f = *state;
    test_answer answer = test_post(f->arena, f->port, "/v1/embeddings", "{}");
    assert_refused(f->arena, &answer, 404, "there is no /v1/embeddings here");
    answer = test_get(f->arena, f->port, "/v1/completions");
    assert_refused(f->arena, &answer, 405, "/v1/completions needs POST, not GET");
    assert_str(test_header(&answer, "Allow"), "POST");
    answer = test_post(f->arena, f->port, "/v1/models", "{}");
    assert_refused(f->arena, &answer, 405, "needs GET, not POST");
    answer = test_http(f->arena, f->port, "DELETE /health", NULL, NULL);
    assert_refused(f->arena, &answer, 405, "not DELETE");
}

static void hostile_json_is_refused(void **state)
{
    const fixture *f = *state;
    lme_builder body = {.arena = f->arena};
    lme_builder_add(&body, LME_STR("{\"prompt\":"));
    for (size_t i = 0; i < 5000; i++)
        lme_builder_char(&body, '[');
    test_answer answer =
        test_post(f->arena, f->port, "/v1/completions", lme_builder_finish(&body).ptr);
    assert_refused(f->arena, &answer, 400, "not valid JSON");
    answer = test_post(f->arena, f->port, "/v1/completions", "{\"prompt\":\"\xFF\xFE\"}");
    assert_refused(f->arena, &answer, 400, "not valid JSON");
    answer = test_post(f->arena, f->port, "/v1/completions",
                       "{\"prompt\":\"a\\u0000b\",\"max_tokens\":0,\"echo\":true}");
    assert_int_equal(answer.status, 200);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(models_names_the_model),
        cmocka_unit_test(tokenize_and_back),
        cmocka_unit_test(tokenize_counts_what_completions_count),
        cmocka_unit_test(tokenizer_info_names_the_end_token),
        cmocka_unit_test(detokenize_repairs_parts_of_characters),
        cmocka_unit_test(unknown_routes_and_methods),
        cmocka_unit_test(hostile_json_is_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* /v1/chat/completions over real HTTP. */
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
    f->server = serve(arena, (lme_refserver_options){0});
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

#define QUESTION "\"messages\":[{\"role\":\"user\",\"content\":\"Ring the bell!\"}]"

static test_answer chat(const fixture *f, const char *body)
{
    return test_post(f->arena, f->port, "/v1/chat/completions", body);
}

static lme_value chat_ok(const fixture *f, const char *body)
{
    test_answer answer = chat(f, body);
    if (answer.status != 200)
        print_error("%u: %.*s\n", answer.status, LME_STR_ARG(answer.body));
    assert_int_equal(answer.status, 200);
    return test_json(f->arena, answer.body);
}

static void answers_a_message(void **state)
{
    const fixture *f = *state;
    lme_value v = chat_ok(f, "{" QUESTION ",\"temperature\":0,\"stop\":[\"\\n\"]}");
    assert_str(test_text(&v, "object"), "chat.completion");
    assert_str(test_text(&v, "choices.0.message.role"), "assistant");
    assert_str(test_text(&v, "choices.0.message.content"),
               " Here it rings, twice, as every evening.");
    assert_str(test_text(&v, "choices.0.finish_reason"), "stop");
    assert_int_equal(test_at(&v, "choices.0.logprobs")->kind, LME_NULL);
    assert_true(test_int(&v, "usage.prompt_tokens") > 0);
    lme_value parts =
        chat_ok(f, "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"text\","
                   "\"text\":\"Ring the \"},{\"type\":\"text\",\"text\":"
                   "\"bell!\"}]}],\"temperature\":0,\"stop\":\"\\n\"}");
    assert_true(lme_str_equal(test_text(&v, "choices.0.message.content"),
                              test_text(&parts, "choices.0.message.content")));
}

static void max_completion_tokens_bounds_the_answer(void **state)
{
    const fixture *f = *state;
    lme_value v = chat_ok(f, "{" QUESTION ",\"temperature\":0,\"max_completion_tokens\":2}");
    assert_int_equal(test_int(&v, "usage.completion_tokens"), 2);
    assert_str(test_text(&v, "choices.0.finish_reason"), "length");
    v = chat_ok(f, "{" QUESTION ",\"temperature\":0,\"max_tokens\":3,\"n\":2}");
    assert_int_equal(test_len(&v, "choices"), 2);
    assert_int_equal(test_int(&v, "usage.completion_tokens"), 6);
}

static void logprobs_have_the_chat_shape(void **state)
{
    const fixture *f = *state;
    lme_value v = chat_ok(f, "{" QUESTION ",\"temperature\":0,\"max_tokens\":2,\"logprobs\":true,"
                             "\"top_logprobs\":3}");
    const char *first = "choices.0.logprobs.content.0";
    assert_int_equal(test_len(&v, "choices.0.logprobs.content"), 2);
    const lme_value *entry = test_at(&v, first);
    assert_str(test_text(entry, "token"), " Here");
    assert_int_equal(test_len(entry, "bytes"), 5);
    assert_int_equal(test_int(entry, "bytes.0"), ' ');
    assert_int_equal(test_len(entry, "top_logprobs"), 3);
    assert_str(test_text(entry, "top_logprobs.0.token"), " Here");
    assert_close(test_number(entry, "top_logprobs.0.logprob"), test_number(entry, "logprob"), 0.0);
    assert_true(test_number(entry, "top_logprobs.1.logprob") <= test_number(entry, "logprob"));
    v = chat_ok(f, "{" QUESTION ",\"temperature\":0,\"max_tokens\":2,\"logprobs\":true}");
    assert_int_equal(test_len(&v, "choices.0.logprobs.content.1.top_logprobs"), 0);
}

static void streams_deltas(void **state)
{
    const fixture *f = *state;
    test_answer answer = chat(f, "{" QUESTION ",\"temperature\":0,\"stop\":\"\\n\",\"stream\":true,"
                                 "\"logprobs\":true,\"stream_options\":{\"include_usage\":true}}");
    assert_int_equal(answer.status, 200);
    assert_true(answer.is_complete);
    lme_builder text = {.arena = f->arena};
    lme_str rest = answer.body, finish = {0};
    size_t n_scored = 0;
    int64_t n_tokens = -1;
    while (!lme_str_is(rest, "data: [DONE]\n\n")) {
        size_t end = lme_str_find(rest, LME_STR("\n\n"), 0);
        assert_true(end != SIZE_MAX);
        lme_value event = test_json(f->arena, lme_str_slice(rest, 6, end));
        assert_str(test_text(&event, "object"), "chat.completion.chunk");
        const lme_value *content = test_at(&event, "choices.0.delta.content");
        if (content != NULL)
            lme_builder_add(&text, content->string);
        n_scored += test_at(&event, "choices.0.logprobs.content.0.logprob") != NULL;
        const lme_value *reason = test_at(&event, "choices.0.finish_reason");
        if (reason != NULL && reason->kind == LME_STRING)
            finish = reason->string;
        if (test_at(&event, "usage.completion_tokens") != NULL)
            n_tokens = test_int(&event, "usage.completion_tokens");
        rest = lme_str_slice(rest, end + 2, rest.len);
    }
    assert_str(lme_builder_finish(&text), " Here it rings, twice, as every evening.");
    assert_str(finish, "stop");
    assert_true(n_tokens >= (int64_t)n_scored && n_scored >= 6);
}

static void wrong_requests_are_refused(void **state)
{
    const fixture *f = *state;
    test_answer answer = chat(f, "{}");
    assert_refused(f->arena, &answer, 400, "you must provide 'messages'");
    answer = chat(f, "{\"messages\":[]}");
    assert_refused(f->arena, &answer, 400, "at least one message");
    answer = chat(f, "{\"messages\":[{\"content\":\"x\"}]}");
    assert_refused(f->arena, &answer, 400, "message 0 must be an object with a 'role'");
    answer = chat(f, "{\"messages\":[{\"role\":\"user\",\"content\":5}]}");
    assert_refused(f->arena, &answer, 400, "a text as content");
    answer = chat(f, "{\"messages\":[{\"role\":\"user\",\"content\":[{\"type\":\"image_url\"}]}]}");
    assert_refused(f->arena, &answer, 400, "content part");
    answer = chat(f, "{" QUESTION ",\"logprobs\":3}");
    assert_refused(f->arena, &answer, 400, "'logprobs' must be true or false");
    answer = chat(f, "{" QUESTION ",\"top_logprobs\":3}");
    assert_refused(f->arena, &answer, 400, "needs 'logprobs'");
    answer = chat(f, "{" QUESTION ",\"logprobs\":true,\"top_logprobs\":21}");
    assert_refused(f->arena, &answer, 400, "from 0 to 20");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers_a_message),
        cmocka_unit_test(max_completion_tokens_bounds_the_answer),
        cmocka_unit_test(logprobs_have_the_chat_shape),
        cmocka_unit_test(streams_deltas),
        cmocka_unit_test(wrong_requests_are_refused),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

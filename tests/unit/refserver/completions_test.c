/* /v1/completions over real HTTP: shapes, offsets, stops, streams (servers 3; peer README). */
#include "serving.h"

#include <math.h>
#include <string.h>

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

static lme_value complete(const fixture *f, const char *body)
{
    test_answer answer = test_post(f->arena, f->port, "/v1/completions", body);
    if (answer.status != 200)
        print_error("%u: %.*s\n", answer.status, LME_STR_ARG(answer.body));
    assert_int_equal(answer.status, 200);
    assert_true(answer.is_complete);
    assert_str(test_header(&answer, "Content-Type"), "application/json");
    return test_json(f->arena, answer.body);
}

static void refuse(const fixture *f, const char *body, unsigned status, const char *part)
{
    test_answer answer = test_post(f->arena, f->port, "/v1/completions", body);
    assert_refused(f->arena, &answer, status, part);
}

static void echo_gives_prompt_logprobs(void **state)
{
    const fixture *f = *state;
    lme_value v =
        complete(f, "{\"model\":\"lmeval-ngram\",\"prompt\":\"The baker puts the loaves\","
                    "\"temperature\":0,\"max_tokens\":1,\"logprobs\":1,\"seed\":1234,"
                    "\"echo\":true}");
    assert_str(test_text(&v, "object"), "text_completion");
    assert_str(test_text(&v, "model"), "lmeval-ngram");
    assert_int_equal(test_int(&v, "choices.0.index"), 0);
    assert_str(test_text(&v, "choices.0.finish_reason"), "length");
    size_t n = test_len(&v, "choices.0.logprobs.tokens");
    size_t n_prompt = (size_t)test_int(&v, "usage.prompt_tokens");
    assert_int_equal(n, n_prompt + 1);
    assert_int_equal(test_int(&v, "usage.completion_tokens"), 1);
    assert_int_equal(test_int(&v, "usage.total_tokens"), n);
    assert_int_equal(test_len(&v, "choices.0.logprobs.token_logprobs"), n);
    assert_int_equal(test_len(&v, "choices.0.logprobs.top_logprobs"), n);
    assert_int_equal(test_len(&v, "choices.0.logprobs.text_offset"), n);
    assert_int_equal(test_at(&v, "choices.0.logprobs.token_logprobs.0")->kind, LME_NULL);
    assert_int_equal(test_at(&v, "choices.0.logprobs.top_logprobs.0")->kind, LME_NULL);
    lme_builder joined = {.arena = f->arena};
    for (size_t i = 0; i < n; i++) {
        lme_str token =
            test_text(&v, lme_str_format(f->arena, "choices.0.logprobs.tokens.%zu", i).ptr);
        int64_t offset =
            test_int(&v, lme_str_format(f->arena, "choices.0.logprobs.text_offset.%zu", i).ptr);
        assert_int_equal(offset, joined.len);
        lme_builder_add(&joined, token);
    }
    assert_true(lme_str_equal(lme_builder_finish(&joined), test_text(&v, "choices.0.text")));
}

/* Best and own token: own value is never above the best, one entry when they are the same. */
static void top_logprobs_hold_the_best_and_the_token(void **state)
{
    const fixture *f = *state;
    lme_value v = complete(f, "{\"prompt\":\"The teacher writes the date on the zebra\","
                              "\"temperature\":0,\"max_tokens\":0,\"logprobs\":1,\"echo\":true}");
    const lme_value *tops = test_at(&v, "choices.0.logprobs.top_logprobs");
    bool has_one = false, has_two = false;
    for (size_t i = 1; i < tops->list.len; i++) {
        const lme_value *top = &tops->list.items[i];
        double own = test_number(
            &v, lme_str_format(f->arena, "choices.0.logprobs.token_logprobs.%zu", i).ptr);
        assert_true(own <= 0.0);
        assert_true(top->map.len == 1 || top->map.len == 2);
        assert_true(top->map.pairs[0].value.number >= own);
        assert_close(top->map.pairs[top->map.len - 1].value.number, own, 0.0);
        has_one = has_one || top->map.len == 1;
        has_two = has_two || top->map.len == 2;
    }
    assert_true(has_one && has_two);
    assert_int_equal(test_int(&v, "usage.completion_tokens"), 0);
    assert_str(test_text(&v, "choices.0.text"), "The teacher writes the date on the zebra");
}

static void logprobs_zero_gives_the_token_alone(void **state)
{
    const fixture *f = *state;
    lme_value v = complete(f, "{\"prompt\":\"The cat\",\"max_tokens\":2,\"temperature\":0,"
                              "\"logprobs\":0}");
    assert_int_equal(test_len(&v, "choices.0.logprobs.tokens"), 2);
    assert_int_equal(test_int(&v, "choices.0.logprobs.text_offset.0"), 0); /* from 0, as vLLM */
    assert_int_equal(test_at(&v, "choices.0.logprobs.top_logprobs.1")->map.len, 1);
    assert_int_equal(test_at(&v, "choices.0.logprobs.token_logprobs.0")->kind, LME_FLOAT);
}

static void twenty_are_ordered_and_below_one(void **state)
{
    const fixture *f = *state;
    lme_value v = complete(f, "{\"prompt\":\"The cat\",\"max_tokens\":4,\"temperature\":0,"
                              "\"logprobs\":20}");
    for (size_t i = 0; i < 4; i++) {
        const lme_value *top =
            test_at(&v, lme_str_format(f->arena, "choices.0.logprobs.top_logprobs.%zu", i).ptr);
        double sum = 0.0, before = 0.0;
        /* Parts of characters print alike, so some of the 20 may fall together. */
        assert_in_range(top->map.len, 10, 20);
        for (size_t k = 0; k < top->map.len; k++) {
            assert_true(top->map.pairs[k].value.number <= before);
            before = top->map.pairs[k].value.number;
            sum += exp(before);
        }
        assert_true(sum > 0.1 && sum < 1.0 + 1e-9);
    }
}

/* As llama-cpp-python answers it (facts/echo_split_char.json): parts of a character print as "",
 * share its offset, and the token after it moves on by one. */
static void split_characters_share_their_offset(void **state)
{
    const fixture *f = *state;
    lme_value v = complete(f, "{\"prompt\":\"a\\u6f22b\\ud83e\\udd9cc\\n\\nd\",\"temperature\":0,"
                              "\"max_tokens\":0,\"logprobs\":1,\"echo\":true}");
    static const int64_t offsets[] = {0, 1, 1, 1, 2, 3, 3, 3, 3, 4, 5, 6, 7};
    static const char *const tokens[] = {"a", "", "",  "",   "b",  "", "",
                                         "",  "", "c", "\n", "\n", "d"};
    assert_int_equal(test_len(&v, "choices.0.logprobs.tokens"), 13);
    for (size_t i = 0; i < 13; i++) {
        const char *at = lme_str_format(f->arena, "choices.0.logprobs.text_offset.%zu", i).ptr;
        assert_int_equal(test_int(&v, at), offsets[i]);
        at = lme_str_format(f->arena, "choices.0.logprobs.tokens.%zu", i).ptr;
        assert_str(test_text(&v, at), tokens[i]);
    }
    for (size_t i = 1; i < 4; i++) {
        const char *at = lme_str_format(f->arena, "choices.0.logprobs.top_logprobs.%zu", i).ptr;
        const lme_value *own = lme_value_find(test_at(&v, at), "");
        at = lme_str_format(f->arena, "choices.0.logprobs.token_logprobs.%zu", i).ptr;
        assert_non_null(own);
        assert_close(own->number, test_number(&v, at), 0.0);
    }
}

static void greedy_follows_the_training_text(void **state)
{
    const fixture *f = *state;
    lme_value v = complete(f, "{\"prompt\":\"user: Ring the bell!\\nassistant: Here it\","
                              "\"temperature\":0,\"max_tokens\":8}");
    lme_str text = test_text(&v, "choices.0.text");
    assert_true(lme_str_starts(text, LME_STR(" rings, twice, as every")));
    assert_int_equal(test_at(&v, "choices.0.logprobs")->kind, LME_NULL);
    lme_value again = complete(f, "{\"prompt\":\"user: Ring the bell!\\nassistant: Here it\","
                                  "\"temperature\":0,\"max_tokens\":8}");
    assert_true(lme_value_equal(&v, &again));
}

static void stop_texts_end_the_answer(void **state)
{
    const fixture *f = *state;
    lme_value v = complete(f, "{\"prompt\":\"user: Ring the bell!\\nassistant: Here it\","
                              "\"temperature\":0,\"max_tokens\":40,\"logprobs\":1,"
                              "\"stop\":[\"every\",\"as eve\",\"evening\",\"\"]}");
    assert_str(test_text(&v, "choices.0.text"), " rings, twice, ");
    assert_str(test_text(&v, "choices.0.finish_reason"), "stop");
    size_t n = test_len(&v, "choices.0.logprobs.tokens");
    assert_true((size_t)test_int(&v, "usage.completion_tokens") > n);
    v = complete(f, "{\"prompt\":\"user: Ring the bell!\\nassistant: Here it\",\"temperature\":0,"
                    "\"max_tokens\":40,\"stop\":\" rings\"}");
    assert_str(test_text(&v, "choices.0.text"), "");
    v = complete(f, "{\"prompt\":\"Here it rings, twice, as every\",\"temperature\":0,"
                    "\"max_tokens\":40}");
    assert_str(test_text(&v, "choices.0.finish_reason"), "stop"); /* end of text */
    assert_str(test_text(&v, "choices.0.text"), " evening.");
}

static void prompts_come_as_texts_and_ids(void **state)
{
    const fixture *f = *state;
    lme_value one = complete(f, "{\"prompt\":\"The cat\",\"max_tokens\":3,\"temperature\":0}");
    lme_value two = complete(f, "{\"prompt\":[\"The baker\",\"The cat\"],\"max_tokens\":3,"
                                "\"temperature\":0}");
    assert_int_equal(test_len(&two, "choices"), 2);
    assert_int_equal(test_int(&two, "choices.1.index"), 1);
    assert_true(
        lme_str_equal(test_text(&two, "choices.1.text"), test_text(&one, "choices.0.text")));
    test_answer answer = test_post(f->arena, f->port, "/tokenize", "{\"prompt\":\"The cat\"}");
    lme_value tokens = test_json(f->arena, answer.body);
    lme_builder ids = {.arena = f->arena};
    lme_json_write(&ids, test_at(&tokens, "tokens"), &(lme_json_style){0});
    lme_str list = lme_builder_finish(&ids);
    lme_value flat =
        complete(f, lme_str_format(f->arena,
                                   "{\"prompt\":%.*s,\"max_tokens\":3,\"temperature\":0,"
                                   "\"echo\":true}",
                                   LME_STR_ARG(list))
                        .ptr);
    assert_true(lme_str_starts(test_text(&flat, "choices.0.text"), LME_STR("The cat")));
    assert_true(
        lme_str_ends(test_text(&flat, "choices.0.text"), test_text(&one, "choices.0.text")));
    lme_value nested = complete(f, lme_str_format(f->arena,
                                                  "{\"prompt\":[%.*s,%.*s,[84]],\"max_tokens\":3,"
                                                  "\"temperature\":0,\"n\":2}",
                                                  LME_STR_ARG(list), LME_STR_ARG(list))
                                       .ptr);
    assert_int_equal(test_len(&nested, "choices"), 6);
    assert_int_equal(test_int(&nested, "choices.5.index"), 5);
    assert_true(
        lme_str_equal(test_text(&nested, "choices.3.text"), test_text(&one, "choices.0.text")));
    assert_int_equal(test_int(&nested, "usage.completion_tokens"), 18);
}

static void an_empty_prompt_begins_a_document(void **state)
{
    const fixture *f = *state;
    lme_value v = complete(f, "{\"prompt\":\"\",\"max_tokens\":1,\"temperature\":0,\"logprobs\":1,"
                              "\"echo\":true}");
    assert_int_equal(test_len(&v, "choices.0.logprobs.tokens"), 1);
    assert_int_equal(test_at(&v, "choices.0.logprobs.token_logprobs.0")->kind, LME_FLOAT);
    assert_int_equal(test_int(&v, "usage.prompt_tokens"), 0);
}

static void sampling_is_seeded(void **state)
{
    const fixture *f = *state;
    const char *hot = "{\"prompt\":\"The\",\"max_tokens\":12,\"temperature\":1.5,\"seed\":5,"
                      "\"n\":3}";
    lme_value one = complete(f, hot), two = complete(f, hot);
    assert_true(lme_value_equal(&one, &two));
    assert_false(
        lme_str_equal(test_text(&one, "choices.0.text"), test_text(&one, "choices.1.text")));
    lme_value other = complete(f, "{\"prompt\":\"The\",\"max_tokens\":12,\"temperature\":1.5,"
                                  "\"seed\":6}");
    assert_false(
        lme_str_equal(test_text(&one, "choices.0.text"), test_text(&other, "choices.0.text")));
    /* Of the smallest set with any probability only the likeliest is left. */
    lme_value narrow = complete(f, "{\"prompt\":\"The\",\"max_tokens\":12,\"temperature\":1.5,"
                                   "\"top_p\":0}");
    lme_value greedy = complete(f, "{\"prompt\":\"The\",\"max_tokens\":12,\"temperature\":0}");
    assert_true(
        lme_str_equal(test_text(&narrow, "choices.0.text"), test_text(&greedy, "choices.0.text")));
}

/* Joins the texts of a stream's events; checks framing. */
static lme_str streamed(const fixture *f, const test_answer *answer, const char *path,
                        size_t *n_events)
{
    lme_builder text = {.arena = f->arena};
    lme_str rest = answer->body;
    *n_events = 0;
    assert_int_equal(answer->status, 200);
    assert_true(answer->is_complete);
    assert_str(test_header(answer, "Content-Type"), "text/event-stream; charset=utf-8");
    assert_true(lme_str_ends(rest, LME_STR("data: [DONE]\n\n")));
    while (!lme_str_is(rest, "data: [DONE]\n\n")) {
        size_t end = lme_str_find(rest, LME_STR("\n\n"), 0);
        assert_true(lme_str_starts(rest, LME_STR("data: ")));
        lme_value event = test_json(f->arena, lme_str_slice(rest, 6, end));
        const lme_value *part = test_at(&event, path);
        if (part != NULL)
            lme_builder_add(&text, part->string);
        rest = lme_str_slice(rest, end + 2, rest.len);
        *n_events += 1;
    }
    return lme_builder_finish(&text);
}

static void streams_say_the_same(void **state)
{
    const fixture *f = *state;
    lme_value whole = complete(f, "{\"prompt\":\"When the river\",\"temperature\":0,"
                                  "\"max_tokens\":10,\"echo\":true}");
    test_answer answer = test_post(f->arena, f->port, "/v1/completions",
                                   "{\"prompt\":\"When the river\",\"temperature\":0,"
                                   "\"max_tokens\":10,\"echo\":true,\"stream\":true,\"logprobs\":1,"
                                   "\"stream_options\":{\"include_usage\":true}}");
    size_t n_events;
    lme_str text = streamed(f, &answer, "choices.0.text", &n_events);
    assert_true(lme_str_equal(text, test_text(&whole, "choices.0.text")));
    assert_int_equal(n_events, 1 + 10 + 1 + 1); /* prompt, tokens, finish, usage */
    assert_true(answer.n_chunks >= n_events);
    assert_true(lme_str_find(answer.body, LME_STR("\"choices\":[],\"usage\":{"), 0) != SIZE_MAX);
    assert_true(lme_str_find(answer.body, LME_STR("\"usage\":null"), 0) != SIZE_MAX);
    answer = test_post(f->arena, f->port, "/v1/completions",
                       "{\"prompt\":[\"a\",\"b\"],\"max_tokens\":2,\"stream\":true,"
                       "\"temperature\":0}");
    streamed(f, &answer, "choices.0.text", &n_events);
    assert_true(lme_str_find(answer.body, LME_STR("usage"), 0) == SIZE_MAX);
    assert_true(lme_str_find(answer.body, LME_STR("\"index\":1"), 0) != SIZE_MAX);
}

static void prompt_logprobs_as_vllm(void **state)
{
    const fixture *f = *state;
    lme_value v = complete(f, "{\"prompt\":\"The cat zzz\",\"max_tokens\":1,\"temperature\":0,"
                              "\"prompt_logprobs\":2}");
    lme_value echoed = complete(f, "{\"prompt\":\"The cat zzz\",\"max_tokens\":1,\"temperature\":0,"
                                   "\"logprobs\":1,\"echo\":true}");
    const lme_value *list = test_at(&v, "choices.0.prompt_logprobs");
    assert_int_equal(list->list.len, (size_t)test_int(&v, "usage.prompt_tokens"));
    assert_int_equal(list->list.items[0].kind, LME_NULL);
    for (size_t i = 1; i < list->list.len; i++) {
        const lme_value *entry = &list->list.items[i];
        lme_str token =
            test_text(&echoed, lme_str_format(f->arena, "choices.0.logprobs.tokens.%zu", i).ptr);
        double own = test_number(
            &echoed, lme_str_format(f->arena, "choices.0.logprobs.token_logprobs.%zu", i).ptr);
        bool is_found = false;
        assert_in_range(entry->map.len, 2, 3);
        for (size_t k = 0; k < entry->map.len; k++) {
            const lme_value *one = &entry->map.pairs[k].value;
            int64_t rank = test_int(one, "rank");
            /* its own first, then the likeliest ones by rank */
            if (k == 0)
                assert_str(test_text(one, "decoded_token"), token.ptr);
            else
                assert_in_range(rank, k, 2);
            if (lme_str_equal(test_text(one, "decoded_token"), token))
                is_found = fabs(test_number(one, "logprob") - own) < 1e-12;
        }
        assert_true(is_found);
    }
}

static void wrong_requests_are_refused(void **state)
{
    const fixture *f = *state;
    refuse(f, "{\"prompt\": \"x\", ", 400, "not valid JSON");
    refuse(f, "", 400, "not valid JSON");
    refuse(f, "[1]", 400, "must be a JSON object, not");
    refuse(f, "{\"max_tokens\":1}", 400, "you must provide 'prompt'");
    refuse(f, "{\"prompt\":7}", 400, "'prompt' must be");
    refuse(f, "{\"prompt\":[]}", 400, "1 to 2048 prompts, not 0");
    refuse(f, "{\"prompt\":[\"a\",5]}", 400, "'prompt' must be");
    refuse(f, "{\"prompt\":[1,\"a\"]}", 400, "list of token ids");
    refuse(f, "{\"prompt\":[99999]}", 400, "token id 99999 is out of vocabulary");
    refuse(f, "{\"prompt\":[-1]}", 400, "token id -1 is out of vocabulary");
    refuse(f, "{\"prompt\":\"a\",\"logprobs\":21}", 400, "'logprobs' must be from 0 to 20, not 21");
    refuse(f, "{\"prompt\":\"a\",\"logprobs\":true}", 400, "'logprobs' must be an integer");
    refuse(f, "{\"prompt\":\"a\",\"max_tokens\":-1}", 400, "'max_tokens' must be from 0");
    refuse(f, "{\"prompt\":\"a\",\"max_tokens\":9000}", 400, "maximum context length is 8192");
    refuse(f, "{\"prompt\":\"a\",\"temperature\":3}", 400, "'temperature' must be from 0 to 2");
    refuse(f, "{\"prompt\":\"a\",\"temperature\":\"hot\"}", 400, "'temperature' must be a number");
    refuse(f, "{\"prompt\":\"a\",\"n\":0}", 400, "'n' must be from 1");
    refuse(f, "{\"prompt\":\"a\",\"stop\":[1]}", 400, "'stop' must be");
    refuse(f, "{\"prompt\":\"a\",\"echo\":1}", 400, "'echo' must be true or false");
    refuse(f, "{\"prompt\":\"a\",\"stream_options\":{}}", 400, "needs 'stream'");
    refuse(f, "{\"prompt\":\"a\",\"model\":\"gpt\"}", 404, "`gpt` does not exist");
}

static void a_long_prompt_is_refused_by_its_tokens(void **state)
{
    const fixture *f = *state;
    lme_builder body = {.arena = f->arena};
    lme_builder_add(&body, LME_STR("{\"max_tokens\":1,\"prompt\":\""));
    for (size_t i = 0; i < 8192; i++)
        lme_builder_add(&body, LME_STR("q "));
    lme_builder_add(&body, LME_STR("\"}"));
    test_answer answer =
        test_post(f->arena, f->port, "/v1/completions", lme_builder_finish(&body).ptr);
    assert_refused(f->arena, &answer, 400, "Please reduce your prompt");
    lme_value v = test_json(f->arena, answer.body);
    assert_str(test_text(&v, "error.code"), "context_length_exceeded");
    assert_str(test_text(&v, "error.param"), "prompt");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(echo_gives_prompt_logprobs),
        cmocka_unit_test(top_logprobs_hold_the_best_and_the_token),
        cmocka_unit_test(logprobs_zero_gives_the_token_alone),
        cmocka_unit_test(twenty_are_ordered_and_below_one),
        cmocka_unit_test(split_characters_share_their_offset),
        cmocka_unit_test(greedy_follows_the_training_text),
        cmocka_unit_test(stop_texts_end_the_answer),
        cmocka_unit_test(prompts_come_as_texts_and_ids),
        cmocka_unit_test(an_empty_prompt_begins_a_document),
        cmocka_unit_test(sampling_is_seeded),
        cmocka_unit_test(streams_say_the_same),
        cmocka_unit_test(prompt_logprobs_as_vllm),
        cmocka_unit_test(wrong_requests_are_refused),
        cmocka_unit_test(a_long_prompt_is_refused_by_its_tokens),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

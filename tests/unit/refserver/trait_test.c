/* Every impersonation over real HTTP (servers 3a, 3b). */
#include "serving.h"
#include "trait.h"

#include <string.h>

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

#define ECHO                                                                                       \
    "{\"prompt\":\"The b\xC3\xA4ker of \xE6\xBC\xA2 mixes\",\"temperature\":0,\"max_tokens\":1,"   \
    "\"logprobs\":1,\"echo\":true}"

static lme_value completion(lme_arena *arena, const char *traits, const char *body)
{
    return ask(arena, (lme_refserver_options){.impersonate = traits}, "/v1/completions", body);
}

static test_answer answer_of(lme_arena *arena, const char *traits, const char *path,
                             const char *body)
{
    lme_refserver *server = serve(arena, (lme_refserver_options){.impersonate = traits});
    unsigned port = lme_refserver_port(server);
    test_answer answer =
        body == NULL ? test_get(arena, port, path) : test_post(arena, port, path, body);
    lme_refserver_stop(server);
    return answer;
}

static const lme_value *logprobs(lme_arena *arena, const lme_value *v, const char *array)
{
    return test_at(v, lme_str_format(arena, "choices.0.logprobs.%s", array).ptr);
}

static void no_echo(void **state)
{
    lme_arena *arena = *state;
    lme_value v = completion(arena, "no-echo", ECHO);
    assert_int_equal(logprobs(arena, &v, "tokens")->list.len, 1);
    assert_true(lme_str_find(test_text(&v, "choices.0.text"), LME_STR("The"), 0) == SIZE_MAX);
}

static void echo_refused(void **state)
{
    lme_arena *arena = *state;
    test_answer answer = answer_of(arena, "echo-refused", "/v1/completions", ECHO);
    assert_refused(arena, &answer, 400, "'echo' and 'logprobs' at the same time");
    lme_value v =
        completion(arena, "echo-refused", "{\"prompt\":\"a\",\"echo\":true,\"max_tokens\":0}");
    assert_str(test_text(&v, "choices.0.text"), "a");
}

static void no_logprobs(void **state)
{
    lme_arena *arena = *state;
    lme_value v = completion(arena, "no-logprobs", ECHO);
    assert_int_equal(test_at(&v, "choices.0.logprobs")->kind, LME_NULL);
}

static void content_logprobs(void **state)
{
    lme_arena *arena = *state;
    lme_value v = completion(arena, "no_echo, content_logprobs", ECHO);
    assert_int_equal(test_len(&v, "choices.0.logprobs.content"), 1);
    assert_true(test_len(&v, "choices.0.logprobs.content.0.bytes") > 0);
}

static void offset_minus_one(void **state)
{
    lme_arena *arena = *state;
    lme_value v = completion(arena, "offset-minus-one", ECHO);
    const lme_value *offsets = logprobs(arena, &v, "text_offset");
    for (size_t i = 0; i < offsets->list.len; i++)
        assert_int_equal(offsets->list.items[i].integer, -1);
}

static void offset_bytes(void **state)
{
    lme_arena *arena = *state;
    lme_value plain = completion(arena, "", ECHO), v = completion(arena, "offset-bytes", ECHO);
    const lme_value *characters = logprobs(arena, &plain, "text_offset");
    const lme_value *bytes = logprobs(arena, &v, "text_offset");
    size_t last = bytes->list.len - 1;
    assert_int_equal(bytes->list.items[1].integer, characters->list.items[1].integer);
    /* One character of two bytes and one of three. */
    assert_int_equal(bytes->list.items[last].integer, characters->list.items[last].integer + 3);
}

static void replacement_character(void **state)
{
    lme_arena *arena = *state;
    lme_value v = completion(arena, "replacement-character", ECHO),
              plain = completion(arena, "", ECHO);
    const lme_value *tokens = logprobs(arena, &v, "tokens");
    size_t n = 0, last = tokens->list.len - 1;
    for (size_t i = 0; i < tokens->list.len; i++)
        n += lme_str_find(tokens->list.items[i].string, LME_STR("\xEF\xBF\xBD"), 0) != SIZE_MAX;
    assert_true(n >= 3);
    assert_int_equal(logprobs(arena, &v, "text_offset")->list.items[last].integer,
                     logprobs(arena, &plain, "text_offset")->list.items[last].integer + (int64_t)n -
                         2);
    assert_true(
        lme_str_equal(test_text(&v, "choices.0.text"), test_text(&plain, "choices.0.text")));
}

static void first_token_missing(void **state)
{
    lme_arena *arena = *state;
    lme_value v = completion(arena, "first-token-missing", ECHO),
              plain = completion(arena, "", ECHO);
    static const char *const arrays[] = {"tokens", "token_logprobs", "top_logprobs", "text_offset"};
    for (size_t i = 0; i < 4; i++)
        assert_int_equal(logprobs(arena, &v, arrays[i])->list.len,
                         logprobs(arena, &plain, arrays[i])->list.len - 1);
    assert_true(lme_value_equal(&logprobs(arena, &v, "token_logprobs")->list.items[0],
                                &logprobs(arena, &plain, "token_logprobs")->list.items[1]));
    v = completion(arena, "first-token-missing",
                   "{\"prompt\":\"The\",\"max_tokens\":2,\"temperature\":0,\"logprobs\":1}");
    assert_int_equal(logprobs(arena, &v, "tokens")->list.len, 2); /* no prompt, nothing missing */
}

/* Entry i is the logprob of token i coming once more after itself (facts/nobos_echo_...). */
static void shifted_logprobs(void **state)
{
    lme_arena *arena = *state;
    static const char body[] = "{\"prompt\":\"ten ten ten\",\"temperature\":0,\"max_tokens\":1,"
                               "\"logprobs\":1,\"echo\":true}";
    lme_value v = completion(arena, "shifted-logprobs", body), plain = completion(arena, "", body);
    size_t n = logprobs(arena, &v, "tokens")->list.len;
    assert_int_equal(n, logprobs(arena, &plain, "tokens")->list.len - 1);
    assert_int_equal(logprobs(arena, &v, "token_logprobs")->list.len, n);
    assert_int_equal(logprobs(arena, &v, "token_logprobs")->list.items[0].kind, LME_NULL);
    assert_true(
        lme_str_equal(test_text(&v, "choices.0.text"), test_text(&plain, "choices.0.text")));
    /* The best token of entry i is the one that the true server names at i + 1. */
    const lme_value *shifted = logprobs(arena, &v, "top_logprobs"),
                    *good = logprobs(arena, &plain, "top_logprobs");
    for (size_t i = 1; i < n; i++)
        assert_true(lme_value_equal(&shifted->list.items[i].map.pairs[0].key,
                                    &good->list.items[i + 1].map.pairs[0].key));
}

static void bos(void **state)
{
    lme_arena *arena = *state;
    lme_value v = completion(arena, "bos", ECHO), plain = completion(arena, "", ECHO);
    assert_str(logprobs(arena, &v, "tokens")->list.items[0].string, "<|begin|>");
    assert_int_equal(logprobs(arena, &v, "tokens")->list.len,
                     logprobs(arena, &plain, "tokens")->list.len + 1);
    assert_int_equal(logprobs(arena, &v, "text_offset")->list.items[1].integer, 9);
    assert_int_equal(logprobs(arena, &v, "token_logprobs")->list.items[0].kind, LME_NULL);
    assert_int_equal(logprobs(arena, &v, "token_logprobs")->list.items[1].kind, LME_FLOAT);
    assert_true(lme_str_starts(test_text(&v, "choices.0.text"), LME_STR("The b\xC3\xA4ker of")));
    v = completion(arena, "bos",
                   "{\"prompt\":[84,104],\"max_tokens\":0,\"logprobs\":0,\"echo\":true}");
    assert_int_equal(test_int(&v, "usage.prompt_tokens"), 2);
    v = ask(arena, (lme_refserver_options){.impersonate = "bos"}, "/tokenize",
            "{\"prompt\":\"The\"}");
    size_t n = test_len(&v, "tokens");
    v = ask(arena, (lme_refserver_options){.impersonate = "bos"}, "/tokenize",
            "{\"prompt\":\"The\",\"add_special_tokens\":false}");
    assert_int_equal(test_len(&v, "tokens"), n - 1);
}

static void missing_routes(void **state)
{
    lme_arena *arena = *state;
    test_answer answer = answer_of(arena, "chat-only", "/v1/completions", ECHO);
    assert_refused(arena, &answer, 404, "there is no /v1/completions");
    assert_int_equal(answer_of(arena, "chat-only", "/v1/chat/completions",
                               "{\"messages\":[{\"role\":\"user\",\"content\":\"x\"}],"
                               "\"max_tokens\":1}")
                         .status,
                     200);
    answer = answer_of(arena, "no-models", "/v1/models", NULL);
    assert_refused(arena, &answer, 404, "there is no /v1/models");
    answer = answer_of(arena, "no-tokenize", "/tokenize", "{\"prompt\":\"x\"}");
    assert_refused(arena, &answer, 404, "there is no /tokenize");
    answer = answer_of(arena, "no-tokenize", "/detokenize", "{\"tokens\":[]}");
    assert_refused(arena, &answer, 404, "there is no /detokenize");
    answer = answer_of(arena, "no-tokenize", "/tokenizer_info", NULL);
    assert_refused(arena, &answer, 404, "there is no /tokenizer_info");
}

static void narrower_requests(void **state)
{
    lme_arena *arena = *state;
    test_answer answer =
        answer_of(arena, "top-5-limit", "/v1/completions", "{\"prompt\":\"a\",\"logprobs\":6}");
    assert_refused(arena, &answer, 400, "'logprobs' must be from 0 to 5, not 6");
    answer = answer_of(arena, "strict-fields", "/v1/completions", "{\"prompt\":\"a\",\"top_k\":6}");
    assert_refused(arena, &answer, 400, "extra field `top_k` is not permitted");
    completion(arena, "strict-fields", ECHO);
    answer = answer_of(arena, "no-token-ids", "/v1/completions", "{\"prompt\":[[1,2]]}");
    assert_refused(arena, &answer, 500, "must be a text");
    /* As it was seen: no message at all (facts/prompt_list_2.json). */
    answer = answer_of(arena, "one-prompt", "/v1/completions", "{\"prompt\":[\"a\",\"b\"]}");
    assert_refused(arena, &answer, 500, "");
    completion(arena, "one-prompt", "{\"prompt\":[\"a\"]}");
}

static void logprob_floor(void **state)
{
    lme_arena *arena = *state;
    static const char odd[] = "{\"prompt\":\"Here it rings, twice, as every"
                              "\\u0004\",\"max_tokens\":0,\"logprobs\":1,\"echo\":true}";
    lme_value v = completion(arena, "logprob-floor", odd), plain = completion(arena, "", odd);
    const lme_value *floored = logprobs(arena, &v, "token_logprobs");
    const lme_value *true_ones = logprobs(arena, &plain, "token_logprobs");
    size_t n = 0;
    for (size_t i = 1; i < floored->list.len; i++) {
        bool is_low = true_ones->list.items[i].number < -8.0;
        assert_close(floored->list.items[i].number,
                     is_low ? -9999.0 : true_ones->list.items[i].number, 0.0);
        n += is_low;
    }
    assert_true(n > 0);
}

static void no_usage(void **state)
{
    lme_arena *arena = *state;
    lme_value v = completion(arena, "no-usage", ECHO);
    assert_null(test_at(&v, "usage"));
}

static void zero_unlimited(void **state)
{
    lme_arena *arena = *state;
    static const char body[] = "{\"prompt\":\"The boat\",\"max_tokens\":0,\"temperature\":0,"
                               "\"stop\":\"evening\"}";
    lme_value v = completion(arena, "zero-unlimited", body), plain = completion(arena, "", body);
    assert_true(test_int(&v, "usage.completion_tokens") > 2);
    assert_int_equal(test_int(&plain, "usage.completion_tokens"), 0);
}

static void choices_reversed(void **state)
{
    lme_arena *arena = *state;
    lme_value v = completion(arena, "choices-reversed",
                             "{\"prompt\":[\"a\",\"b\"],\"n\":2,\"max_tokens\":1}");
    for (int64_t i = 0; i < 4; i++)
        assert_int_equal(test_int(&v, lme_str_format(arena, "choices.%d.index", (int)i).ptr),
                         3 - i);
}

static void unknown_names_get_the_nearest(void **state)
{
    (void)state;
    lme_error err = {0};
    lme_traits traits;
    assert_false(lme_traits_read("no-echo, offset-byte", &traits, &err));
    assert_error(&err, LME_ERR_USAGE, "unknown impersonation \"offset-byte\"");
    assert_error(&err, LME_ERR_USAGE, "did you mean offset-bytes?");
    assert_false(lme_traits_read("zzzz", &traits, &err));
    assert_true(lme_traits_read(" , no_echo,bos ,", &traits, &err));
    assert_true(traits == ((lme_traits)1 << LME_TRAIT_NO_ECHO | (lme_traits)1 << LME_TRAIT_BOS));
    assert_true(lme_traits_read(NULL, &traits, &err));
    assert_int_equal(traits, 0);
}

static void every_row_has_a_name_and_a_meaning(void **state)
{
    (void)state;
    size_t n = 0;
    for (const lme_refserver_row *row = lme_refserver_traits(); row->name != NULL; row++, n++)
        assert_true(strlen(row->name) > 0 && strlen(row->meaning) > 10);
    assert_int_equal(n, LME_TRAITS);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(no_echo),
        cmocka_unit_test(echo_refused),
        cmocka_unit_test(no_logprobs),
        cmocka_unit_test(content_logprobs),
        cmocka_unit_test(offset_minus_one),
        cmocka_unit_test(offset_bytes),
        cmocka_unit_test(replacement_character),
        cmocka_unit_test(first_token_missing),
        cmocka_unit_test(shifted_logprobs),
        cmocka_unit_test(bos),
        cmocka_unit_test(missing_routes),
        cmocka_unit_test(narrower_requests),
        cmocka_unit_test(logprob_floor),
        cmocka_unit_test(no_usage),
        cmocka_unit_test(zero_unlimited),
        cmocka_unit_test(choices_reversed),
        cmocka_unit_test(unknown_names_get_the_nearest),
        cmocka_unit_test(every_row_has_a_name_and_a_meaning),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

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

/* Another value for the tokens below -8 nats. */
static void rare_tokens(void **state)
{
    lme_arena *arena = *state;
    static const char odd[] = "{\"prompt\":\"Here it rings, twice, as every"
                              "\\u0004\",\"max_tokens\":0,\"logprobs\":1,\"echo\":true}";
    lme_value plain = completion(arena, "", odd), lowest = completion(arena, "lowest-float", odd),
              unsigned_ = completion(arena, "sign-lost", odd);
    const lme_value *values = logprobs(arena, &plain, "token_logprobs");
    size_t n = 0;
    for (size_t i = 1; i < values->list.len; i++) {
        double value = values->list.items[i].number;
        bool is_low = value < -8.0;
        assert_close(logprobs(arena, &lowest, "token_logprobs")->list.items[i].number,
                     is_low ? -3.4028234663852886e+38 : value, 0.0);
        assert_close(logprobs(arena, &unsigned_, "token_logprobs")->list.items[i].number,
                     is_low ? -value : value, 0.0);
        n += is_low;
    }
    assert_true(n > 0);
}

static void offsets_from_the_answer_on(void **state)
{
    lme_arena *arena = *state;
    lme_value plain = completion(arena, "", ECHO), v = completion(arena, "offset-completion", ECHO);
    const lme_value *there = logprobs(arena, &plain, "text_offset"),
                    *here = logprobs(arena, &v, "text_offset");
    size_t last = here->list.len - 1;
    assert_int_equal(here->list.items[last].integer, 0);
    for (size_t i = 0; i <= last; i++)
        assert_int_equal(here->list.items[i].integer - here->list.items[0].integer,
                         there->list.items[i].integer - there->list.items[0].integer);
}

/* Three ways to put tokens that print alike into one map. */
static void tops_that_print_alike(void **state)
{
    lme_arena *arena = *state;
    /* the third of the bytes E6 BC A2 prints as "" and is not the likeliest that does */
    static const char body[] = "{\"prompt\":\"a \\u6f22\",\"max_tokens\":0,\"logprobs\":5,"
                               "\"echo\":true}";
    lme_value own = completion(arena, "", body), first = completion(arena, "top-first", body),
              last = completion(arena, "top-last", body);
    size_t i = logprobs(arena, &own, "tokens")->list.len - 1;
    double value = logprobs(arena, &own, "token_logprobs")->list.items[i].number;
    const char *const key = "";
    const lme_value *by_own =
        lme_value_find(&logprobs(arena, &own, "top_logprobs")->list.items[i], key);
    assert_non_null(by_own);
    assert_close(by_own->number, value, 0.0);
    /* at most as many as asked for, or one more */
    const lme_value *firsts = &logprobs(arena, &first, "top_logprobs")->list.items[i];
    const lme_value *lasts = &logprobs(arena, &last, "top_logprobs")->list.items[i];
    assert_true(firsts->map.len <= 5 && lasts->map.len <= 6);
    const lme_value *by_first = lme_value_find(firsts, key), *by_last = lme_value_find(lasts, key);
    assert_true(by_first == NULL || by_last == NULL || by_first->number >= by_last->number);
}

static void entries_that_are_missing(void **state)
{
    lme_arena *arena = *state;
    static const char long_one[] =
        "{\"prompt\":\"one two three four five six seven eight nine ten, and then one two three "
        "four five six seven eight nine ten\",\"max_tokens\":1,\"temperature\":0,\"logprobs\":1,"
        "\"echo\":true}";
    lme_value plain = completion(arena, "", ECHO),
              v = completion(arena, "no-generated-entry", ECHO);
    assert_int_equal(logprobs(arena, &v, "tokens")->list.len,
                     logprobs(arena, &plain, "tokens")->list.len - 1);
    assert_true(
        lme_str_equal(test_text(&v, "choices.0.text"), test_text(&plain, "choices.0.text")));
    v = completion(arena, "prefix-cache", long_one);
    const lme_value *values = logprobs(arena, &v, "token_logprobs");
    assert_true(values->list.len > 17);
    for (size_t i = 0; i < values->list.len; i++)
        assert_int_equal(values->list.items[i].kind == LME_NULL,
                         i < (values->list.len - 2) / 16 * 16);
}

/* One server, asked more than once. */
static void answers_that_change(void **state)
{
    lme_arena *arena = *state;
    lme_refserver *server =
        serve(arena, (lme_refserver_options){.impersonate = "unsteady,fingerprint,any-model"});
    double value = 0;
    lme_str print = LME_STR("");
    size_t n_values = 0, n_prints = 0;
    static const char body[] = "{\"model\":\"another\",\"prompt\":\"The boat\",\"max_tokens\":0,"
                               "\"logprobs\":1,\"echo\":true}";
    for (size_t i = 0; i < 20; i++) {
        test_answer answer = test_post(arena, lme_refserver_port(server), "/v1/completions", body);
        assert_int_equal(answer.status, 200);
        lme_value v = test_json(arena, answer.body);
        double now = logprobs(arena, &v, "token_logprobs")->list.items[1].number;
        assert_true(i == 0 || (now > value - 0.0036 && now < value + 0.0036));
        n_values += i > 0 && (now < value || now > value);
        n_prints += i > 0 && !lme_str_equal(print, test_text(&v, "system_fingerprint"));
        value = now;
        print = test_text(&v, "system_fingerprint");
    }
    lme_refserver_stop(server);
    assert_int_equal(n_values, 19);
    assert_int_equal(n_prints, 1);
}

#define CHAT "{\"messages\":[{\"role\":\"user\",\"content\":\"one two\"}],\"max_tokens\":8"

static lme_value chat(lme_arena *arena, const char *traits)
{
    return ask(arena, (lme_refserver_options){.impersonate = traits}, "/v1/chat/completions",
               CHAT ",\"temperature\":0}");
}

static void endings(void **state)
{
    lme_arena *arena = *state;
    lme_value plain = chat(arena, ""), v = chat(arena, "content-filter");
    lme_str whole = test_text(&plain, "choices.0.message.content"),
            half = test_text(&v, "choices.0.message.content");
    assert_str(test_text(&v, "choices.0.finish_reason"), "content_filter");
    assert_true(half.len < whole.len && lme_str_starts(whole, half));
    v = chat(arena, "null-finish");
    assert_int_equal(test_at(&v, "choices.0.finish_reason")->kind, LME_NULL);
    v = chat(arena, "tool-calls");
    assert_int_equal(test_at(&v, "choices.0.message.content")->kind, LME_NULL);
    assert_str(test_text(&v, "choices.0.finish_reason"), "tool_calls");
    v = chat(arena, "zero-usage");
    assert_int_equal(test_int(&v, "usage.prompt_tokens"), 0);
    test_answer answer = answer_of(arena, "stream-unasked", "/v1/chat/completions", CHAT "}");
    assert_true(lme_str_starts(answer.body, LME_STR("data: ")));
    answer = answer_of(arena, "logprobs-403", "/v1/chat/completions", CHAT ",\"logprobs\":true}");
    assert_refused(arena, &answer, 403, "not allowed to request logprobs");
}

static void own_temperature(void **state)
{
    lme_arena *arena = *state;
    static const char unsaid[] = "{\"prompt\":\"The boat\",\"max_tokens\":24,\"seed\":3}",
                      said[] = "{\"prompt\":\"The boat\",\"max_tokens\":24,\"seed\":3,"
                               "\"temperature\":1}";
    lme_value a = completion(arena, "own-temperature", unsaid),
              b = completion(arena, "own-temperature", said), c = completion(arena, "", said);
    assert_false(lme_str_equal(test_text(&a, "choices.0.text"), test_text(&b, "choices.0.text")));
    assert_true(lme_str_equal(test_text(&b, "choices.0.text"), test_text(&c, "choices.0.text")));
}

static void shapes_of_errors(void **state)
{
    lme_arena *arena = *state;
    static const struct {
        const char *traits, *start;
        unsigned status;
    } rows[] = {
        {"error-object", "{\"object\":\"error\",\"message\":\"you must", 400},
        {"error-detail", "{\"detail\":[{\"type\":\"value_error\",\"loc\":[\"body\",\"prompt\"]",
         400},
        {"error-string", "{\"error\":\"you must", 400},
        {"error-text", "you must provide", 400},
        {"error-html", "<html>", 400},
        {"error-status-200,error-string", "{\"error\":\"you must", 200},
        {"error-status-200", "{\"error\":{\"message\":\"you must", 200},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        test_answer answer = answer_of(arena, rows[i].traits, "/v1/completions", "{}");
        assert_int_equal(answer.status, rows[i].status);
        assert_true(lme_str_starts(answer.body, lme_str_from(rows[i].start)));
    }
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
    for (lme_trait trait = 0; trait < LME_TRAITS; trait++)
        assert_int_equal(lme_traits_have(traits, trait),
                         trait == LME_TRAIT_NO_ECHO || trait == LME_TRAIT_BOS);
    assert_true(lme_traits_read(NULL, &traits, &err));
    assert_int_equal(traits.words[0] | traits.words[1], 0);
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
        cmocka_unit_test(rare_tokens),
        cmocka_unit_test(offsets_from_the_answer_on),
        cmocka_unit_test(tops_that_print_alike),
        cmocka_unit_test(entries_that_are_missing),
        cmocka_unit_test(answers_that_change),
        cmocka_unit_test(endings),
        cmocka_unit_test(own_temperature),
        cmocka_unit_test(shapes_of_errors),
        cmocka_unit_test(unknown_names_get_the_nearest),
        cmocka_unit_test(every_row_has_a_name_and_a_meaning),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

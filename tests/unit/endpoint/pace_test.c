/* What a probe's answers say of prompts and time to come. */
#include "pace.h"
#include "support.h"

#include <string.h>

#include <lmeval/json.h>

static void take(lme_timings *timings, const char *body, const char *answer, double seconds)
{
    lme_arena *arena = lme_arena_new();
    lme_value value;
    assert_true(lme_json_read(arena, NULL, lme_str_from(answer), NULL, &value, NULL));
    lme_timings_take(timings, lme_str_from(body), &value, seconds);
    lme_arena_free(arena);
}

/* 10 bytes and 4 tokens, 20 bytes and 6: one token for five bytes, two beside the text. */
static void tokens_are_fitted_to_bytes(void **state)
{
    (void)state;
    lme_timings timings = {0};
    take(&timings, "{\"prompt\": \"0123456789\"}",
         "{\"choices\": [], \"usage\": {\"prompt_tokens\": 4}}", 0.5);
    take(&timings, "{\"prompt\": \"01234567890123456789\"}",
         "{\"choices\": [], \"usage\": {\"prompt_tokens\": 6}}", 0.25);
    lme_pace pace = lme_timings_pace(&timings, false);
    assert_close(pace.tokens_a_byte, 0.2, 1e-12);
    assert_close(pace.tokens_a_prompt, 2, 1e-12);
    assert_int_equal(pace.n_counted, 2);
    assert_close(pace.quickest_s, 0.25, 0);
    assert_close(pace.token_s, 0, 0);
    /* nothing is known of conversations */
    assert_close(lme_timings_pace(&timings, true).tokens_a_byte, 0, 0);
}

static void every_servers_count_is_read(void **state)
{
    (void)state;
    static const char *const asked[][2] = {
        {"{\"prompt\": \"abcdefgh\"}", "{\"choices\": [], \"usage\": {\"prompt_tokens\": 2}}"},
        {"{\"prompt\": \"abcdefgh\"}", "{\"content\": \"\", \"tokens_evaluated\": 2}"},
        {"{\"text\": \"abcdefgh\"}", "{\"meta_info\": {\"prompt_tokens\": 2}}"},
    };
    for (size_t i = 0; i < sizeof asked / sizeof asked[0]; i++) {
        lme_timings timings = {0};
        take(&timings, asked[i][0], asked[i][1], 1);
        assert_close(lme_timings_pace(&timings, false).tokens_a_byte, 0.25, 1e-12);
    }
}

/* A template's own tokens cannot be told from a text's by prompts of one length; and an answer of a
 * tokenizer, a prompt of ids, a count that cannot be, say nothing. */
static void what_supports_nothing_gives_no_number(void **state)
{
    (void)state;
    static const char *const counted = "{\"choices\": [], \"usage\": {\"prompt_tokens\": 9}}";
    static const char *const chat = "{\"messages\": [{\"role\": \"user\", \"content\": \"abcd\"}]}";
    lme_timings timings = {0};
    take(&timings, chat, counted, 1);
    take(&timings, chat, counted, 1);
    assert_close(lme_timings_pace(&timings, true).tokens_a_byte, 0, 0);
    take(&timings, "{\"messages\": [{\"role\": \"user\", \"content\": \"abcdefgh\"}]}",
         "{\"choices\": [], \"usage\": {\"prompt_tokens\": 10}}", 1);
    assert_close(lme_timings_pace(&timings, true).tokens_a_byte, 0.25, 1e-12);
    assert_close(lme_timings_pace(&timings, true).tokens_a_prompt, 8, 1e-12);

    timings = (lme_timings){0};
    take(&timings, "{\"prompt\": \"abcdefgh\"}", "{\"tokens\": [1, 2]}", 0.001);
    take(&timings, "{\"prompt\": [1, 2, 3]}", counted, 0);
    take(&timings, "{\"prompt\": \"ab\"}", "{\"choices\": []}", 0);
    lme_pace pace = lme_timings_pace(&timings, false);
    assert_close(pace.tokens_a_byte, 0, 0);
    assert_close(pace.quickest_s, 0, 0);
    take(&timings, "{\"prompt\": \"a\"}", counted, 0);
    assert_close(lme_timings_pace(&timings, false).tokens_a_byte, 0, 0);
}

static void generated_tokens_are_timed_by_the_quickest_text(void **state)
{
    (void)state;
    lme_timings timings = {0};
    static const char *const body = "{\"prompt\": \"abcd\"}";
    take(&timings, body,
         "{\"choices\": [], \"usage\": {\"prompt_tokens\": 1, \"completion_tokens\": 8}}", 0.8);
    take(&timings, body,
         "{\"choices\": [], \"usage\": {\"prompt_tokens\": 1, \"completion_tokens\": 1}}", 0.01);
    take(&timings, body,
         "{\"choices\": [], \"usage\": {\"prompt_tokens\": 1, \"completion_tokens\": 8}}", 0.4);
    lme_pace pace = lme_timings_pace(&timings, false);
    assert_close(pace.token_s, 0.05, 1e-12);
    assert_close(pace.quickest_s, 0.01, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(tokens_are_fitted_to_bytes),
        cmocka_unit_test(every_servers_count_is_read),
        cmocka_unit_test(what_supports_nothing_gives_no_number),
        cmocka_unit_test(generated_tokens_are_timed_by_the_quickest_text),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

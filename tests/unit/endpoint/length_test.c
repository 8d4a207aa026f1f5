/* Questions that are too long, by the words of servers for it. */
#include "length.h"
#include "support.h"

#include <lmeval/json.h>

static void servers_words_for_too_long_are_known(void **state)
{
    (void)state;
    static const struct {
        long status;
        const char *said;
        bool is_overflow;
    } cases[] = {
        {400, "This model's maximum context length is 4096 tokens, however you requested 5000",
         true},
        {400, "max_tokens must be at least 1, got 0. (parameter=max_tokens, value=0)", true},
        {400, "Input length (4090 tokens) exceeds the maximum allowed length (4089 tokens)", true},
        {400, "the request exceeds the available context size, try increasing it", true},
        {500, "Requested tokens (600) exceed context window of 512", true},
        {422,
         "Input validation error: `inputs` tokens + `max_new_tokens` must be <= 4096. Given: 1218 "
         "`inputs` tokens and 3000 `max_new_tokens`",
         true},
        {422, "Input validation error: `inputs` must have less than 1024 tokens. Given: 1218",
         true},
        {400,
         "The sum of prompt length (4000) and query length (0) max_tokens (2048) should not exceed "
         "max_seq_len (4096)",
         true},
        {400, "prompt is too long: 210000 tokens > 200000 maximum", true},
        {400, "The input token count (9000) exceeds the maximum number of tokens allowed (8192).",
         true},
        {400, "Please reduce the length of the messages or completion.", true},
        {400, "'temperature' must be positive", false},
        {400, "`max_new_tokens` must be strictly positive", false},
        {429, "This model's maximum context length is 4096 tokens", false},
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_remark said = lme_remark_of(arena, lme_str_from(cases[i].said), NULL, LME_STR("m"));
        if (lme_is_overflow(cases[i].status, &said) != cases[i].is_overflow)
            fail_msg("%ld %s", cases[i].status, cases[i].said);
    }
    lme_arena_free(arena);
}

/* A prompt about contexts is not too long because an error quotes it. */
static void a_quoted_prompt_is_not_too_long(void **state)
{
    (void)state;
    static const char *const prompts[] = {
        "What is the maximum context length of this model?",
        "maximum context length?",
        "Say:\nmax_model_len\n",
        "HTTP says: prompt is too long: why?",
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof prompts / sizeof prompts[0]; i++) {
        lme_request request = {.context = lme_str_from(prompts[i])};
        lme_value prompt = lme_string(request.context);
        lme_builder body = {.arena = arena};
        lme_builder_add(&body, LME_STR("{\"error\":\"blocked by policy\",\"prompt\":"));
        lme_json_write(&body, &prompt, &(lme_json_style){0});
        lme_builder_char(&body, '}');
        lme_str quoting = lme_builder_finish(&body);
        lme_remark said = lme_remark_of(arena, quoting, &request, LME_STR("m"));
        assert_false(lme_is_overflow(400, &said));
        lme_str own =
            lme_str_format(arena, "This model's maximum context length is 4096 tokens. Input: %.*s",
                           LME_STR_ARG(request.context));
        said = lme_remark_of(arena, own, &request, LME_STR("m"));
        assert_true(lme_is_overflow(400, &said));
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(servers_words_for_too_long_are_known),
        cmocka_unit_test(a_quoted_prompt_is_not_too_long),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

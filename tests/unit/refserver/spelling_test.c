/* Tokens that are parts of a character, printed as vLLM prints them. */
#include "serving.h"

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

static lme_str joined(lme_arena *arena, const lme_value *list)
{
    lme_builder text = {.arena = arena};
    for (size_t i = 0; i < list->list.len; i++)
        lme_builder_format(&text, "%s%.*s", i > 0 ? "|" : "",
                           LME_STR_ARG(lme_value_str(arena, &list->list.items[i])));
    return lme_builder_finish(&text);
}

static lme_value echoed(lme_arena *arena, const char *prompt)
{
    lme_str body = lme_str_format(
        arena, "{\"prompt\": \"%s\", \"max_tokens\": 0, \"echo\": true, \"logprobs\": 1}", prompt);
    return ask(arena, (lme_refserver_options){.impersonate = "whole-characters,echo-twice"},
               "/v1/completions", body.ptr);
}

static void a_character_prints_with_its_last_token(void **state)
{
    lme_arena *arena = *state;
    lme_value answer = echoed(arena, "a\xF0\xA0\x80\x80"
                                     "b");
    assert_str(joined(arena, test_at(&answer, "choices.0.logprobs.tokens")),
               "a||||\xF0\xA0\x80\x80|b");
    assert_str(joined(arena, test_at(&answer, "choices.0.logprobs.text_offset")), "0|1|1|1|1|2");
    const lme_value *list = test_at(&answer, "choices.0.prompt_logprobs");
    assert_int_equal(list->list.len, 6);
    assert_int_equal(list->list.items[0].kind, LME_NULL);
    const lme_value *own = &list->list.items[4].map.pairs[0].value;
    assert_str(test_text(own, "decoded_token"), "\xF0\xA0\x80\x80");
}

static void a_first_part_is_alone(void **state)
{
    lme_arena *arena = *state;
    lme_value answer = echoed(arena, "\xF0\xA0\x80\x80"
                                     "b");
    assert_str(joined(arena, test_at(&answer, "choices.0.logprobs.tokens")), "\xEF\xBF\xBD||||b");
    assert_str(joined(arena, test_at(&answer, "choices.0.logprobs.text_offset")), "0|1|1|1|1");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_character_prints_with_its_last_token),
        cmocka_unit_test(a_first_part_is_alone),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

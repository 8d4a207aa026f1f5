/* Numbers written by hand. */
#include "api.h"
#include "support.h"

#include <math.h>

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

static lme_str written(lme_arena *arena, double nats)
{
    lme_builder text = {.arena = arena};
    lme_write_logprob(&text, nats);
    return lme_builder_finish(&text);
}

static void logprobs_have_nine_decimals(void **state)
{
    lme_arena *arena = *state;
    assert_str(written(arena, -0.5), "-0.500000000");
    assert_str(written(arena, -12.3456789012), "-12.345678901");
    assert_str(written(arena, -9999.0), "-9999.000000000");
    assert_str(written(arena, -0.9999999996), "-1.000000000");
    assert_str(written(arena, -1e-9), "-0.000000001");
    /* Never "-0.000000000", never above zero. */
    assert_str(written(arena, -1e-12), "0.000000000");
    assert_str(written(arena, 0.0), "0.000000000");
    assert_str(written(arena, 1e-15), "0.000000000");
}

static void logprobs_read_back(void **state)
{
    lme_arena *arena = *state;
    double p = 1e-30;
    while (p < 1.0) {
        double back = 1.0;
        assert_true(lme_str_to_double(written(arena, log(p)), &back));
        assert_true(fabs(back - log(p)) <= 0.5000001e-9);
        p *= 1.37;
    }
}

static void numbers_are_plain(void **state)
{
    lme_arena *arena = *state;
    lme_builder text = {.arena = arena};
    lme_write_number(&text, 0);
    lme_builder_char(&text, ' ');
    lme_write_number(&text, 10);
    lme_builder_char(&text, ' ');
    lme_write_number(&text, SIZE_MAX);
    assert_str(lme_builder_finish(&text), "0 10 18446744073709551615");
}

static void refusals_are_whole_json(void **state)
{
    lme_arena *arena = *state;
    lme_reply reply = {.scratch = arena, .body.arena = arena};
    lme_refusal refusal;
    lme_error err = {0};
    lme_value value;
    lme_builder_add(&reply.body, LME_STR("half an answer"));
    /* Cut in the middle of a character by the size of the message. */
    assert_false(lme_refuse(&refusal, 400, "prompt", NULL,
                            "\"%0500d\xC3\xA4\xC3\xA4\xC3\xA4\xC3\xA4"
                            "\xC3\xA4\xC3\xA4\n",
                            0));
    lme_reply_refuse(&reply, &refusal);
    assert_ok(lme_json_read(arena, NULL, lme_builder_finish(&reply.body), NULL, &value, &err),
              &err);
    assert_int_equal(reply.status, 400);
    const lme_value *error = lme_value_find(&value, "error");
    assert_str(lme_value_find(error, "type")->string, "invalid_request_error");
    assert_str(lme_value_find(error, "param")->string, "prompt");
    assert_int_equal(lme_value_find(error, "code")->kind, LME_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(logprobs_have_nine_decimals),
        cmocka_unit_test(logprobs_read_back),
        cmocka_unit_test(numbers_are_plain),
        cmocka_unit_test(refusals_are_whole_json),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

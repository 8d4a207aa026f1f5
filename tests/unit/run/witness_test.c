/* Copies that outlive what they were made of: three of a kind. */
#include "support.h"
#include "witness.h"

#include <stdio.h>
#include <string.h>

/* Texts that are overwritten once they were handed over. */
typedef struct texts {
    char context[16], until[16], body[16], answer[16];
} texts;

static void keep(lme_witnesses *witnesses, lme_request_kind kind, int number)
{
    texts t;
    snprintf(t.context, sizeof t.context, "context %d", number);
    snprintf(t.until, sizeof t.until, "until %d", number);
    snprintf(t.body, sizeof t.body, "body %d", number);
    snprintf(t.answer, sizeof t.answer, "answer %d", number);
    lme_arena *arena = lme_arena_new();
    lme_str until = lme_str_from(t.until);
    lme_map_builder extra = {.arena = arena};
    lme_map_add(&extra, LME_STR("stop"), lme_string(until));
    const lme_generation generation = {
        .until = &until, .n_until = 1, .max_tokens = 5, .extra = lme_map_finish(&extra)};
    const lme_message message = {LME_STR("user"), lme_str_from(t.context)};
    const lme_request request = {
        .kind = kind,
        .context = lme_str_from(t.context),
        .messages = kind == LME_REQUEST_GENERATE ? &message : NULL,
        .n_messages = kind == LME_REQUEST_GENERATE,
        .continuation = lme_str_from(t.until),
        .generation = kind == LME_REQUEST_GENERATE ? &generation : NULL,
        .alternatives = &until,
        .n_alternatives = 1,
    };
    const lme_response response = {
        .state = LME_RESPONSE_OK, .logprob_nats = -number, .text = lme_str_from(t.answer)};
    lme_witness_keep(witnesses, &request, lme_str_from(t.body), &response);
    memset(&t, 'x', sizeof t);
    lme_arena_free(arena);
}

static void the_first_three_are_kept_whole(void **state)
{
    (void)state;
    lme_witnesses witnesses = {0};
    for (int i = 1; i <= 5; i++)
        keep(&witnesses, LME_REQUEST_LOGLIKELIHOOD, i);
    keep(&witnesses, LME_REQUEST_GENERATE, 7);
    assert_int_equal(witnesses.n[LME_REQUEST_LOGLIKELIHOOD], 3);
    assert_int_equal(witnesses.n[LME_REQUEST_ROLLING], 0);
    assert_int_equal(witnesses.n[LME_REQUEST_GENERATE], 1);
    const lme_witness *third = &witnesses.of[LME_REQUEST_LOGLIKELIHOOD][2];
    assert_str(third->request.context, "context 3");
    assert_str(third->request.continuation, "until 3");
    assert_str(third->request.alternatives[0], "until 3");
    assert_str(third->body, "body 3");
    assert_close(third->response.logprob_nats, -3, 0);
    assert_null(third->request.messages);
    const lme_witness *text = &witnesses.of[LME_REQUEST_GENERATE][0];
    assert_str(text->request.messages[0].content, "context 7");
    assert_str(text->request.messages[0].role, "user");
    assert_str(text->request.generation->until[0], "until 7");
    assert_str(lme_value_find(&text->request.generation->extra, "stop")->string, "until 7");
    assert_int_equal(text->request.generation->max_tokens, 5);
    assert_str(text->response.text, "answer 7");
    lme_witnesses_free(&witnesses);
    assert_int_equal(witnesses.n[LME_REQUEST_GENERATE], 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(the_first_three_are_kept_whole)};
    return cmocka_run_group_tests(tests, NULL, NULL);
}

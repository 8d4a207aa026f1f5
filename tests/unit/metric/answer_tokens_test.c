/* Tokens of answers: the server's count, and no number without one. */
#include "support.h"

#include <lmeval/metric.h>

static bool score_of(size_t n_first, size_t n_second, double *value, lme_error *err)
{
    lme_arena *arena = lme_arena_new();
    lme_response responses[] = {
        {.state = LME_RESPONSE_OK, .text = LME_STR("one two"), .n_tokens = n_first},
        {.state = LME_RESPONSE_OK, .text = LME_STR("one"), .n_tokens = n_second},
    };
    const lme_request requests[2] = {{.kind = LME_REQUEST_GENERATE},
                                     {.kind = LME_REQUEST_GENERATE}};
    const lme_value text = lme_string(LME_STR("one two"));
    const lme_answer answer = {.pipeline = LME_STR("none"), .values = &text, .n_values = 1};
    const lme_sample sample = {
        .output = LME_OUTPUT_GENERATE_UNTIL,
        .requests = requests,
        .responses = responses,
        .n_requests = 2,
        .n_repeats = 2,
    };
    lme_map_builder entry = {.arena = arena};
    lme_map_add(&entry, LME_STR("metric"), lme_string(LME_STR("answer_tokens")));
    lme_value map = lme_map_finish(&entry);
    lme_metric_use use;
    lme_score score;
    bool ok = lme_metric_use_read(arena, &map, LME_OUTPUT_GENERATE_UNTIL, "t.yaml", &use, err) &&
              lme_metric_score(arena, &use, &sample, &answer, &score, err);
    if (ok)
        *value = score.stats[0];
    lme_arena_free(arena);
    return ok;
}

static void the_mean_of_a_documents_answers(void **state)
{
    (void)state;
    lme_error err = {0};
    double value = 0;
    assert_ok(score_of(3, 2, &value, &err), &err);
    assert_close(value, 2.5, 0);
}

static void no_number_without_the_servers_count(void **state)
{
    (void)state;
    lme_error err = {0};
    double value = 0;
    assert_false(score_of(3, 0, &value, &err));
    assert_error(&err, LME_ERR_DATA, "the server does not tell how many tokens an answer has");
    assert_error(&err, LME_ERR_DATA, "answer_words");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_mean_of_a_documents_answers),
        cmocka_unit_test(no_number_without_the_servers_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

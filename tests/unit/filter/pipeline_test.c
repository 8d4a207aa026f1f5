/* Samples through pipelines: how responses enter, what counts as extracted, what cannot be
 * filtered. */
#include "support.h"

#include <lmeval/filter.h>
#include <lmeval/yaml.h>

static lme_pipeline pipeline_of(lme_arena *arena, const char *yaml)
{
    lme_error err = {0};
    lme_value list;
    assert_ok(lme_yaml_read(arena, lme_str_from(yaml), "task.yaml", &list, &err), &err);
    lme_filter_use *uses = LME_ARRAY(arena, lme_filter_use, list.list.len);
    for (size_t i = 0; i < list.list.len; i++)
        assert_ok(lme_filter_use_read(arena, &list.list.items[i], "task.yaml", &uses[i], &err),
                  &err);
    return (lme_pipeline){LME_STR("strict"), uses, list.list.len};
}

static lme_sample generations(lme_arena *arena, const char *const *texts, size_t n)
{
    lme_request *requests = LME_ARRAY(arena, lme_request, n);
    lme_response *responses = LME_ARRAY(arena, lme_response, n);
    for (size_t i = 0; i < n; i++) {
        requests[i].kind = LME_REQUEST_GENERATE;
        responses[i].state = LME_RESPONSE_OK;
        responses[i].text = lme_str_from(texts[i]);
    }
    return (lme_sample){
        .requests = requests,
        .responses = responses,
        .n_requests = n,
        .n_repeats = n,
    };
}

static lme_answer apply(lme_arena *arena, const char *yaml, const lme_sample *sample)
{
    lme_error err = {0};
    lme_pipeline pipeline = pipeline_of(arena, yaml);
    lme_answer answer;
    assert_ok(lme_filter_apply(arena, &pipeline, sample, &answer, &err), &err);
    return answer;
}

static void check_error(const char *yaml, const lme_sample *sample, const char *text)
{
    lme_arena *arena = lme_arena_new();
    lme_error err = {0};
    lme_pipeline pipeline = pipeline_of(arena, yaml);
    lme_answer answer;
    assert_false(lme_filter_apply(arena, &pipeline, sample, &answer, &err));
    assert_error(&err, LME_ERR_DATA, text);
    lme_arena_free(arena);
}

static void loglikelihoods_enter_as_tuples(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_request requests[2] = {{.kind = LME_REQUEST_LOGLIKELIHOOD},
                               {.kind = LME_REQUEST_LOGLIKELIHOOD}};
    lme_response responses[2] = {{.state = LME_RESPONSE_OK, .logprob_nats = -1.5},
                                 {.state = LME_RESPONSE_OK, .logprob_nats = -2, .is_greedy = true}};
    lme_sample sample = {
        .requests = requests, .responses = responses, .n_requests = 2, .n_repeats = 1};
    lme_answer answer = apply(arena, "[{function: take_first}]", &sample);
    assert_int_equal(answer.n_values, 2);
    assert_str(answer.pipeline, "strict");
    assert_true(answer.matched);
    assert_str(lme_value_repr(arena, &answer.values[0]), "(-1.5, False)");
    assert_str(lme_value_repr(arena, &answer.values[1]), "(-2.0, True)");
    answer = apply(arena, "[]", &sample);
    assert_str(lme_value_repr(arena, &answer.values[1]), "[(-2.0, True)]");
    answer = apply(arena, "[{function: regex}, {function: take_first}]", &sample);
    assert_str(lme_value_repr(arena, &answer.values[0]), "'[invalid]'");
    check_error("[{function: lowercase}]", &sample,
                "filter \"lowercase\" got tuple among the responses, expected text");
    lme_arena_free(arena);
}

static void a_rolling_loglikelihood_is_a_number(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    lme_request request = {.kind = LME_REQUEST_ROLLING};
    lme_response response = {.state = LME_RESPONSE_OK, .logprob_nats = -12.25};
    lme_sample sample = {
        .requests = &request, .responses = &response, .n_requests = 1, .n_repeats = 1};
    lme_answer answer = apply(arena, "[{function: take_first}]", &sample);
    assert_str(lme_value_repr(arena, &answer.values[0]), "-12.25");
    check_error("[{function: take_first}, {function: take_first}]", &sample,
                "expected a list of responses");
    lme_arena_free(arena);
}

static void repeats_of_a_request_are_one_list(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *texts[] = {"a", "b", "c", "d", "e", "f"};
    lme_sample sample = generations(arena, texts, 6);
    sample.n_repeats = 3;
    lme_answer answer = apply(arena, "[]", &sample);
    assert_int_equal(answer.n_values, 2);
    assert_str(lme_value_repr(arena, &answer.values[1]), "['d', 'e', 'f']");
    sample.n_requests = 0;
    answer = apply(arena, "[{function: take_first}]", &sample);
    assert_int_equal(answer.n_values, 0);
    assert_true(answer.matched);
    lme_arena_free(arena);
}

static void matched_tells_whether_something_was_extracted(void **state)
{
    (void)state;
    static const struct {
        const char *yaml, *first, *second;
        bool matched;
    } cases[] = {
        {"[{function: take_first}]", "x", "y", true},
        {"[{function: regex, regex_pattern: '[0-9]'}]", "none", "none", false},
        {"[{function: regex, regex_pattern: '[0-9]'}]", "none", "1", true},
        {"[{function: regex, regex_pattern: '[0-9]', group_select: 1}]", "1", "1", false},
        {"[{function: regex, regex_pattern: '[a-z]+'}, {function: regex, regex_pattern: '[0-9]'}]",
         "abc", "abc", false},
        {"[{function: map, mapping_dict: {a: 1}}]", "b", "c", false},
        {"[{function: map, mapping_dict: {a: 1}}]", "b", "a", true},
        {"[{function: regex_pos}]", "x", "y", false},
        {"[{function: format_span}]", "x", "per: y", true},
        {"[{function: format_span}]", "x", "y", false},
    };
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        lme_arena *arena = lme_arena_new();
        const char *texts[] = {cases[i].first, cases[i].second};
        lme_sample sample = generations(arena, texts, 2);
        lme_answer answer = apply(arena, cases[i].yaml, &sample);
        if (answer.matched != cases[i].matched)
            fail_msg("case %zu: matched is %d", i, (int)answer.matched);
        lme_arena_free(arena);
    }
}

static void a_missing_match_number_falls_back(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *texts[] = {"7"};
    lme_sample sample = generations(arena, texts, 1);
    lme_answer answer =
        apply(arena, "[{function: regex, regex_pattern: '[0-9]', group_select: -2, fallback: 0}]",
              &sample);
    assert_str(lme_value_repr(arena, &answer.values[0]), "[0]");
    lme_arena_free(arena);
}

static void map_keys_keep_their_kind(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *texts[] = {"1", "yes"};
    lme_sample sample = generations(arena, texts, 2);
    const char *yaml = "[{function: map, mapping_dict: {2: one, '1': text, yes: no}}]";
    lme_answer answer = apply(arena, yaml, &sample);
    assert_str(lme_value_repr(arena, &answer.values[0]), "['text', None]");
    lme_arena_free(arena);
}

static void documents_that_cannot_be_filtered_say_why(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *texts[] = {"a", "b"};
    lme_sample sample = generations(arena, texts, 2);
    check_error("[{function: take_first_k, k: 3}]", &sample,
                "filter \"take_first_k\" got 2 responses, expected at least k = 3");
    check_error("[{function: take_first_k, k: 3}]", &sample, "set `repeats` of the task to 3");
    check_error("[{function: take_first_k, k: 3}]", &sample,
                "while applying filter pipeline \"strict\"");
    check_error("[{function: map}, {function: take_first}, {function: lowercase}]", &sample,
                "filter \"lowercase\" got null");
    check_error("[{function: multi_choice_regex}]", &sample, "needs a column \"choices\"");
    const char *nothing[] = {""};
    sample = generations(arena, nothing, 1);
    check_error("[{function: take_first}, {function: take_first}]", &sample,
                "filter \"take_first\" got nothing");
    check_error("[{function: take_first}, {function: majority_vote}]", &sample,
                "filter \"majority_vote\" got nothing");
    lme_arena_free(arena);
}

static lme_value choices_row(lme_arena *arena, size_t n, lme_value choice)
{
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < n; i++)
        lme_list_add(&list, choice);
    lme_map_builder row = {.arena = arena};
    lme_map_add(&row, LME_STR("choices"), lme_list_finish(&list));
    return lme_map_finish(&row);
}

static void odd_choices_are_refused(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *texts[] = {"the answer: Z"};
    lme_sample sample = generations(arena, texts, 1);
    sample.doc.row = choices_row(arena, 27, lme_string(LME_STR("x")));
    check_error("[{function: multi_choice_regex}]", &sample, "the document has 27 choices");
    sample.doc.row = choices_row(arena, 2, lme_int(3));
    check_error("[{function: multi_choice_regex}]", &sample, "choice 0 of the document is");
    sample.doc.row = choices_row(arena, 26, lme_string(LME_STR("x")));
    lme_answer answer = apply(arena, "[{function: multi_choice_regex}]", &sample);
    assert_str(lme_value_repr(arena, &answer.values[0]), "['(Z)']");
    sample.doc.row = choices_row(arena, 0, lme_null());
    answer = apply(arena, "[{function: multi_choice_regex}]", &sample);
    assert_str(lme_value_repr(arena, &answer.values[0]), "['[invalid]']");
    assert_false(answer.matched);
    lme_arena_free(arena);
}

static void a_pattern_that_never_ends_fails_the_document(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    const char *texts[] = {
        "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab"};
    lme_sample sample = generations(arena, texts, 1);
    lme_error err = {0};
    lme_pipeline pipeline = pipeline_of(arena, "[{function: regex, regex_pattern: '(a|aa)+$'}]");
    lme_answer answer;
    assert_false(lme_filter_apply(arena, &pipeline, &sample, &answer, &err));
    assert_error(&err, LME_ERR_LIMIT, "applying filter pipeline");
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(loglikelihoods_enter_as_tuples),
        cmocka_unit_test(a_rolling_loglikelihood_is_a_number),
        cmocka_unit_test(repeats_of_a_request_are_one_list),
        cmocka_unit_test(matched_tells_whether_something_was_extracted),
        cmocka_unit_test(a_missing_match_number_falls_back),
        cmocka_unit_test(map_keys_keep_their_kind),
        cmocka_unit_test(documents_that_cannot_be_filtered_say_why),
        cmocka_unit_test(odd_choices_are_refused),
        cmocka_unit_test(a_pattern_that_never_ends_fails_the_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

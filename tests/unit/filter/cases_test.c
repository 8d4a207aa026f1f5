/* Every filter against what lm_eval's own made of the same responses: one .jsonl file a filter,
 * written by tests/parity/filter_cases.py. */
#include "support.h"

#include <lmeval/filter.h>
#include <lmeval/json.h>
#include <lmeval/share.h>

#define CASES "tests/unit/filter"

/* A generate_until sample whose one request was answered `repeats` times. */
static lme_sample sample_of(lme_arena *arena, const lme_value *doc, const lme_value *texts)
{
    size_t n = texts->list.len;
    lme_request *requests = LME_ARRAY(arena, lme_request, n);
    lme_response *responses = LME_ARRAY(arena, lme_response, n);
    for (size_t i = 0; i < n; i++) {
        requests[i] = (lme_request){.kind = LME_REQUEST_GENERATE, .repeat = i};
        responses[i] = (lme_response){
            .state = LME_RESPONSE_OK,
            .text = texts->list.items[i].string,
        };
    }
    return (lme_sample){
        .output = LME_OUTPUT_GENERATE_UNTIL,
        .doc = {.row = *doc},
        .requests = requests,
        .responses = responses,
        .n_requests = n,
        .n_repeats = n,
    };
}

static void check_case(lme_arena *arena, const lme_value *row, const char *file, size_t line)
{
    lme_error err = {0};
    const lme_value *chain = lme_value_find(row, "filter");
    lme_filter_use *uses = LME_ARRAY(arena, lme_filter_use, chain->list.len);
    for (size_t i = 0; i < chain->list.len; i++)
        assert_ok(lme_filter_use_read(arena, &chain->list.items[i], file, &uses[i], &err), &err);
    lme_pipeline pipeline = {LME_STR("case"), uses, chain->list.len};
    lme_sample sample =
        sample_of(arena, lme_value_find(row, "doc"), lme_value_find(row, "responses"));
    lme_answer answer;
    assert_ok(lme_filter_apply(arena, &pipeline, &sample, &answer, &err), &err);
    assert_int_equal(answer.n_values, 1);
    lme_str got = lme_value_repr(arena, &answer.values[0]);
    lme_str expected = lme_value_repr(arena, lme_value_find(row, "expected"));
    if (!lme_str_equal(got, expected))
        fail_msg("%s:%zu\n got %.*s\n not %.*s", file, line, LME_STR_ARG(got),
                 LME_STR_ARG(expected));
}

/* Returns the number of cases. */
static size_t check_file(lme_arena *arena, const char *file)
{
    lme_error err = {0};
    lme_str text;
    assert_ok(lme_file_read(arena, file, 1 << 20, &text, &err), &err);
    size_t line = 0;
    for (size_t from = 0; from < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), from);
        lme_value row;
        assert_ok(lme_json_read(arena, NULL, lme_str_slice(text, from, end), NULL, &row, &err),
                  &err);
        line++;
        if (line > 1)
            check_case(arena, &row, file, line);
        from = end == SIZE_MAX ? text.len : end + 1;
    }
    return line - 1;
}

static void every_filter_does_what_lm_evals_does(void **state)
{
    (void)state;
    size_t n;
    const lme_filter *const *all = lme_filter_all(&n);
    for (size_t i = 0; i < n; i++) {
        lme_arena *arena = lme_arena_new();
        lme_str path = lme_str_format(arena, CASES "/%s.jsonl", all[i]->name);
        assert_true(check_file(arena, test_source(arena, path.ptr)) > 0);
        lme_arena_free(arena);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_filter_does_what_lm_evals_does),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* The echo decoder against made-up answers: what other servers do, and what none should. */
#include "echoed.h"

#include <math.h>

/* Behind a token that is not the likeliest none is looked at. */
static void one_unlikely_token_decides_it(void **state)
{
    lme_arena *arena = *state;
    static const char *const tops[][2] = {{"{\" x\": -0.1, \" b\": -3}", NULL},
                                          {"{\" b\": -3}", "has no top_logprobs"}};
    for (size_t i = 0; i < 2; i++) {
        lme_value answer = json(
            arena, lme_str_format(arena,
                                  "{\"choices\": [{\"text\": \"a b c\", \"logprobs\": {\"tokens\": "
                                  "[\"a\", \" b\", \" c\"], \"token_logprobs\": [null, -3, -1], "
                                  "\"top_logprobs\": [null, %s, null]}}]}",
                                  tops[i][0]));
        lme_request request = pair_of("a", " b c");
        lme_response response = {0};
        lme_error err = {0};
        bool ok = read_by(arena, echo(), &request, &answer, &response, &err);
        assert_int_equal(ok, tops[i][1] == NULL);
        if (ok)
            assert_false(response.is_greedy);
        else
            assert_error(&err, LME_ERR_SERVER, tops[i][1]);
    }
}

/* Numbers that are none count where they are scored: elsewhere nobody looks. */
static void what_is_not_scored_may_be_no_number(void **state)
{
    lme_arena *arena = *state;
    static const char *const values[][2] = {
        {"[null, -Infinity, -1]", NULL},
        {"[null, -2, -Infinity]", "the answer's token_logprobs[2] is -Infinity: bad JSON: NaN and "
                                  "Infinity are no JSON numbers"},
        {"[null, -2, -1.5.5]", "the answer's token_logprobs[2] is -1.5.5: bad JSON"},
    };
    lme_json_reader *reader = lme_json_reader_new();
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        lme_builder text = {.arena = arena};
        lme_builder_format(
            &text,
            "{\"choices\": [{\"text\": \"a b c\", \"logprobs\": {\"tokens\": [\"a\", "
            "\" b\", \" c\"], \"token_logprobs\": %s, \"top_logprobs\": [null, "
            "{\" b\": -2}, {\" c\": -1}]}}]}",
            values[i][0]);
        lme_builder_reserve(&text, LME_JSON_PADDING);
        lme_value answer;
        lme_request request = pair_of("a b", " c");
        lme_response response = {0};
        lme_error err = {0};
        const lme_form form = {0};
        lme_question question = {echo(), &form, &request};
        assert_ok(
            lme_json_skim(arena, reader, lme_builder_finish(&text), echo()->left, &answer, &err),
            &err);
        bool ok = lme_path_decode(arena, &question, &answer, &response, &err);
        assert_int_equal(ok, values[i][1] == NULL);
        if (!ok)
            assert_error(&err, LME_ERR_SERVER, values[i][1]);
    }
    lme_json_reader_free(reader);
}

/* The second piece of a character may be the likeliest, or another piece that prints like it. */
static void a_hidden_piece_is_not_called_greedy(void **state)
{
    lme_arena *arena = *state;
    static const char form[] =
        "{\"choices\": [{\"text\": \"a \\u00e9b\", \"logprobs\": {\"tokens\": [\"a\", \" \", \"\", "
        "\"\","
        " \"b\"], \"token_logprobs\": [null, -0.25, -0.25, %s, -0.5], \"top_logprobs\": [null, "
        "{\" \": -0.25}, {\"\": -0.25}, %s, {\"b\": -0.5}], \"text_offset\": [0, 1, 2, 2, 3]}}]}";
    static const struct {
        const char *value, *top;
        bool is_told, is_greedy;
    } rows[] = {
        {"-0.9", "{\"\": -0.9}", false, false},             /* one of several pieces, perhaps */
        {"-0.5", "{\"\": -0.5}", true, true},               /* nothing else can be likelier */
        {"-0.9", "{\"\": -0.9, \"x\": -0.95}", true, true}, /* two entries: it is its own */
        {"-0.9", "{\"\": -0.7}", true, false},
    };
    static const lme_str choices[] = {{" \xC3\xA9", 3}, {" b", 2}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lme_value answer = json(arena, lme_str_format(arena, form, rows[i].value, rows[i].top));
        lme_request request = pair_of("a", " \xC3\xA9"
                                           "b");
        lme_response response = {0};
        lme_error err = {0};
        bool ok = read_by(arena, echo(), &request, &answer, &response, &err);
        assert_int_equal(ok, rows[i].is_told);
        if (ok)
            assert_int_equal(response.is_greedy, rows[i].is_greedy);
        else
            assert_error(&err, LME_ERR_SERVER, "whether it is the likeliest cannot be told");
        /* of choices the likelier one is wanted, not whether it is greedy */
        request.alternatives = choices;
        request.n_alternatives = 2;
        assert_true(read_by(arena, echo(), &request, &answer, &response, &err));
        assert_true(read_by(arena, lme_path_find(LME_STR("lm_eval")),
                            &(lme_request){.kind = LME_REQUEST_LOGLIKELIHOOD,
                                           .context = LME_STR("a"),
                                           .continuation = request.continuation},
                            &answer, &response, &err));
    }
}

static lme_value answer_of(lme_arena *arena, const char *logprobs)
{
    return json(arena,
                lme_str_format(arena, "{\"choices\": [{\"text\": \"a b c\", \"logprobs\": %s}]}",
                               logprobs));
}

static void refuse_made(lme_arena *arena, const char *logprobs, const char *part)
{
    lme_value answer = answer_of(arena, logprobs);
    refuse_answer(arena, &answer, pair_of("a", " b"), part);
}

static void hostile_arrays(void **state)
{
    lme_arena *arena = *state;
    static const char *const rows[][2] = {
        {"[]", "no `tokens`"},
        {"{\"content\": []}", "the shape of chat answers"},
        {"{\"tokens\": [\"a\", \" b\"]}", "token_logprobs is missing"},
        {"{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null]}",
         "token_logprobs has 1 entries, but there are 2 tokens"},
        {"{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, -1], \"text_offset\": [0, 1, "
         "3]}",
         "text_offset has 3 entries"},
        {"{\"tokens\": [\"a\", 7], \"token_logprobs\": [null, -1]}", "token 1 is "},
        {"{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, \"-1\"]}",
         "token_logprobs[1] is "},
        {"{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, -1], \"text_offset\": [0, 1.5]}",
         "text_offset[1] is "},
        {"{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, null], \"top_logprobs\": [null, "
         "{\" b\": -1}]}",
         "token 1 of 2 has no log-probability"},
        {"{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, 0.5], \"top_logprobs\": [null, "
         "{\" "
         "b\": 0.5}]}",
         "has the log-probability 0.5, expected one <= 0"},
        {"{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, -1]}", "has no top_logprobs"},
        {"{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, -1], \"top_logprobs\": [null, "
         "{}]}",
         "has no top_logprobs"},
        {"{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, -1], \"top_logprobs\": [null, "
         "{\" "
         "b\": \"-1\"}]}",
         "top_logprobs[1] holds "},
        {"{\"tokens\": [], \"token_logprobs\": []}", "cover only 0 of the prompt's 3 bytes"},
        {"{\"tokens\": [\"a\"], \"token_logprobs\": [null]}",
         "cover only 1 of the prompt's 3 bytes"},
        {"{\"tokens\": [\"a\", \" x\"], \"token_logprobs\": [null, -1]}",
         "token 1 is ' x' where the prompt has ' b'"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        refuse_made(arena, rows[i][0], rows[i][1]);
}

static lme_response decode_made(lme_arena *arena, const char *logprobs)
{
    lme_request request = pair_of("a", " b");
    lme_value answer = answer_of(arena, logprobs);
    lme_response response = {0};
    lme_error err = {0};
    assert_ok(read_by(arena, echo(), &request, &answer, &response, &err), &err);
    return response;
}

/* servers 3.3: floors stand for minus infinity. */
static void floors_and_rounding(void **state)
{
    lme_arena *arena = *state;
    lme_response r =
        decode_made(arena, "{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, -9999.0], "
                           "\"top_logprobs\": [null, {\" x\": -0.5}]}");
    assert_true(isinf(r.logprob_nats) && r.logprob_nats < 0);
    assert_false(r.is_greedy);
    r = decode_made(arena, "{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, -3.4e38], "
                           "\"top_logprobs\": [null, {\" x\": -0.5}]}");
    assert_true(isinf(r.logprob_nats));
    r = decode_made(arena, "{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, 0], "
                           "\"top_logprobs\": [null, {\" b\": 0}]}");
    assert_true(r.logprob_nats == 0);
    assert_true(r.is_greedy);
    r = decode_made(arena, "{\"tokens\": [\"a\", \" b\"], \"token_logprobs\": [null, 1e-7], "
                           "\"top_logprobs\": [null, {\" b\": 1e-7}]}");
    assert_true(r.logprob_nats == 1e-7);
}

/* A BOS that is listed gives the first token of the text a value: an empty context can be scored.
 */
static void a_listed_bos(void **state)
{
    lme_arena *arena = *state;
    lme_request request = pair_of("", "a b");
    lme_value answer = answer_of(
        arena, "{\"tokens\": [\"<s>\", \"a\", \" b\", \" c\"], \"token_logprobs\": [null, -1, "
               "-2, -4], \"top_logprobs\": [null, {\"a\": -1}, {\" b\": -2}, {\" c\": -4}], "
               "\"text_offset\": [0, 3, 4, 6]}");
    lme_response response = {0};
    lme_error err = {0};
    assert_ok(read_by(arena, echo(), &request, &answer, &response, &err), &err);
    assert_true(response.logprob_nats == -3);
    assert_int_equal(response.n_tokens, 2);
    request = (lme_request){.kind = LME_REQUEST_ROLLING, .context = LME_STR("a b")};
    assert_ok(read_by(arena, echo(), &request, &answer, &response, &err), &err);
    assert_true(response.logprob_nats == -3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_unlikely_token_decides_it),
        cmocka_unit_test(what_is_not_scored_may_be_no_number),
        cmocka_unit_test(a_hidden_piece_is_not_called_greedy),
        cmocka_unit_test(hostile_arrays),
        cmocka_unit_test(floors_and_rounding),
        cmocka_unit_test(a_listed_bos),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

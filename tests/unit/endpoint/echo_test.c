/* The echo decoder against recorded answers: lm_eval's own numbers to the last digit, and the odd
 * texts that a real server was asked about (tests/golden/llama_cpp_python). */
#include "echoed.h"

#include <math.h>

#include <lmeval/hash.h>
#include <lmeval/share.h>

static lme_str read_source(lme_arena *arena, const char *name)
{
    lme_str text;
    lme_error err = {0};
    assert_ok(lme_file_read(arena, test_source(arena, name), 16 << 20, &text, &err), &err);
    return text;
}

/* The rows of a JSON Lines file. */
static lme_value rows_of(lme_arena *arena, const char *name)
{
    lme_str text = read_source(arena, name);
    lme_list_builder rows = {.arena = arena};
    for (size_t from = 0; from < text.len;) {
        size_t end = lme_str_find(text, LME_STR("\n"), from);
        end = end < text.len ? end : text.len;
        if (end > from)
            lme_list_add(&rows, json(arena, lme_str_slice(text, from, end)));
        from = end + 1;
    }
    return lme_list_finish(&rows);
}

static lme_str text_at(const lme_value *map, const char *key)
{
    const lme_value *v = lme_value_find(map, key);
    assert_non_null(v);
    assert_int_equal(v->kind, LME_STRING);
    return v->string;
}

/* ---- lm_eval's run over 20 documents, 80 loglikelihoods ---- */

typedef struct record {
    lme_str request, answer;
} record;

/* lm_eval's number by its own rule; where nothing was generated (servers 3.2), by ours with the
 * last token that lm_eval leaves out. Returns true when the two rules differ. */
static bool check_pair(lme_arena *arena, lme_request request, const record *r,
                       const lme_value *expected)
{
    static const lme_form form = {.model = {"tiny-f16", 8}, .seed = 1234};
    lme_error err = {0};
    lme_response theirs = {0}, ours = {0};
    lme_value answer = json(arena, r->answer);
    assert_str(echo()->encode(arena, &form, &request), lme_str_cstr(arena, r->request));
    assert_ok(read_by(arena, lme_path_find(LME_STR("lm_eval")), &request, &answer, &theirs, &err),
              &err);
    assert_str(lme_double_repr(arena, theirs.logprob_nats),
               lme_str_cstr(arena, expected->list.items[0].string));
    assert_str(expected->list.items[1].string, theirs.is_greedy ? "True" : "False");
    assert_ok(read_by(arena, echo(), &request, &answer, &ours, &err), &err);
    assert_false(ours.straddles);
    assert_true(ours.n_tokens > 0 && ours.n_prompt_tokens > ours.n_tokens);
    const lme_value *choice = &lme_value_find(&answer, "choices")->list.items[0];
    const lme_value *values = lme_value_find(lme_value_find(choice, "logprobs"), "token_logprobs");
    bool generated = !lme_str_equal(text_at(choice, "text"),
                                    lme_str_concat(arena, request.context, request.continuation));
    double last = generated ? 0 : values->list.items[values->list.len - 1].number;
    assert_true(ours.logprob_nats == theirs.logprob_nats + last);
    assert_int_equal(ours.n_tokens, theirs.n_tokens + !generated);
    return !generated;
}

static void lm_eval_to_the_last_digit(void **state)
{
    lme_arena *arena = *state;
    lme_value exchanges = rows_of(arena, "tests/golden/lm_eval/f16/http_record.jsonl");
    lme_value samples = rows_of(arena, "tests/golden/lm_eval/f16/samples_hellaswag.jsonl");
    lme_table *by_prompt = lme_table_new(arena);
    record *records = LME_ARRAY(arena, record, exchanges.list.len);
    for (size_t i = 0; i < exchanges.list.len; i++) {
        const lme_value *row = &exchanges.list.items[i];
        if (lme_value_find(row, "request") == NULL)
            continue;
        records[i] = (record){text_at(row, "request"), text_at(row, "answer")};
        lme_value request = json(arena, records[i].request);
        if (lme_value_find(&request, "echo") != NULL)
            lme_table_set(by_prompt, text_at(&request, "prompt"), i);
    }
    size_t n = 0, n_other = 0;
    for (size_t i = 0; i < samples.list.len; i++) {
        const lme_value *arguments = lme_value_find(&samples.list.items[i], "arguments");
        const lme_value *responses = lme_value_find(&samples.list.items[i], "resps");
        if (arguments == NULL)
            continue;
        for (size_t k = 0; k < responses->list.len; k++) {
            const lme_value *pair =
                lme_value_find(arguments, lme_str_format(arena, "gen_args_%zu", k).ptr);
            lme_request request = {
                .kind = LME_REQUEST_LOGLIKELIHOOD,
                .context = text_at(pair, "arg_0"),
                .continuation = text_at(pair, "arg_1"),
            };
            size_t at;
            assert_true(lme_table_get(
                by_prompt, lme_str_concat(arena, request.context, request.continuation), &at));
            n_other +=
                check_pair(arena, request, &records[at], &responses->list.items[k].list.items[0]);
            n++;
        }
    }
    assert_int_equal(n, 80);
    assert_int_equal(n_other, 23);
}

/* ---- recorded odd texts ---- */

static lme_value recorded(lme_arena *arena, const char *name)
{
    lme_str path = lme_str_format(arena, "tests/golden/llama_cpp_python/%s.json", name);
    lme_value fact = json(arena, read_source(arena, path.ptr));
    const lme_value *response = lme_value_find(&fact, "response");
    assert_non_null(response);
    return *response;
}

static lme_response decode(lme_arena *arena, const char *name, const char *context,
                           const char *continuation)
{
    lme_request request = pair_of(context, continuation);
    lme_value answer = recorded(arena, name);
    lme_response response = {0};
    lme_error err = {0};
    assert_ok(read_by(arena, echo(), &request, &answer, &response, &err), &err);
    return response;
}

static void refuse(lme_arena *arena, const char *name, const char *context,
                   const char *continuation, const char *part)
{
    lme_value answer = recorded(arena, name);
    refuse_answer(arena, &answer, pair_of(context, continuation), part);
}

/* text_offset counts code points: servers 3.6. */
static void letters_outside_ascii(void **state)
{
    lme_arena *arena = *state;
    lme_response r = decode(arena, "echo_nonascii", "Zoë — 25 °C", " 🧈 naïve ẞ 漢字");
    assert_int_equal(r.n_tokens, 17);
    double sum = 0;
    static const double values[] = {-9.81470775604248,   -7.599091053009033,  -6.689807891845703,
                                    -11.323450088500977, -12.194258689880371, -9.280340194702148,
                                    -7.469629287719727,  -14.014968872070312, -12.1543550491333,
                                    -12.144115447998047, -5.515045166015625,  -14.039825439453125,
                                    -11.733373641967773, -11.229796409606934, -12.763965606689453,
                                    -12.270258903503418, -12.094234466552734};
    for (size_t i = 0; i < 17; i++)
        sum += values[i];
    assert_true(r.logprob_nats == sum);
    assert_false(r.is_greedy);
    assert_int_equal(r.n_prompt_tokens, 25);
    assert_int_equal(
        decode(arena, "echo_nonascii", "Zoë — 25 °C 🧈 naïve ẞ 漢", "字").n_tokens, 3);
    assert_int_equal(
        decode(arena, "echo_nonascii", "Zoë — 25 °C 🧈 na", "ïve ẞ 漢字").n_tokens, 14);
}

/* A character split over tokens: "" three times at one offset (servers 3.5). */
static void a_split_character_stays_whole(void **state)
{
    lme_arena *arena = *state;
    lme_response r = decode(arena, "echo_split_char", "a漢b", "🦜c\n\nd");
    assert_int_equal(r.n_tokens, 7);
    assert_false(r.straddles);
    r = decode(arena, "echo_split_char", "a", "漢b🦜c\n\nd");
    assert_int_equal(r.n_tokens, 11);
    assert_int_equal(decode(arena, "echo_split_char", "a漢", "b🦜c\n\nd").n_tokens, 8);
}

/* The generated piece of a character has an entry and no text. */
static void an_incomplete_generated_character_is_dropped(void **state)
{
    lme_arena *arena = *state;
    lme_response r = decode(arena, "echo_incomplete_char", "Z", "o");
    assert_int_equal(r.n_tokens, 1);
    assert_true(r.logprob_nats == -6.250617504119873);
}

/* max_tokens 0 made five tokens more: only the prompt's are counted (servers 3.2). */
static void generated_tokens_are_found_by_their_place(void **state)
{
    lme_arena *arena = *state;
    lme_response r = decode(arena, "echo_max0_stop", "Gardening:", " Anna");
    assert_int_equal(r.n_tokens, 1);
    assert_true(r.logprob_nats == -3.29142427444458);
    assert_false(r.is_greedy);
    r = decode(arena, "echo_max0_stop", "Gardening", ": Anna");
    assert_int_equal(r.n_tokens, 2);
}

/* White space at the end of a context counts to the continuation, as in lm_eval. */
static void trailing_blanks_of_the_context(void **state)
{
    lme_arena *arena = *state;
    lme_response r = decode(arena, "echo_max0_stop", "Gardening: ", "Anna");
    assert_int_equal(r.n_tokens, 1);
    assert_true(r.logprob_nats == -3.29142427444458);
    assert_false(r.straddles);
}

static void a_token_across_the_cut(void **state)
{
    lme_arena *arena = *state;
    lme_response r = decode(arena, "echo_max0_stop", "Garden", "ing: Anna");
    assert_true(r.straddles);
    assert_int_equal(r.n_tokens, 2);
    /* Nothing is left behind " Anna": then it is taken itself. */
    r = decode(arena, "echo_max0_stop", "Gardening: An", "na");
    assert_true(r.straddles);
    assert_int_equal(r.n_tokens, 1);
    assert_true(r.logprob_nats == -3.29142427444458);
}

static void the_first_token_has_no_value(void **state)
{
    lme_arena *arena = *state;
    refuse(arena, "echo_max0_stop", "", "Gardening: Anna",
           "the prompt's first token is to be scored");
    refuse(arena, "echo_max0_stop", "Garden", "ing",
           "or one token with the continuation's beginning");
    refuse(arena, "echo_one_token", "", "G", "hint: give the task a context");
    refuse(arena, "echo_max0_stop", "Gardening: Anna", "", "nothing to score");
}

/* A special token in the text is missing in the arrays, and text_offset drifts. */
static void special_tokens_inside_a_text(void **state)
{
    lme_arena *arena = *state;
    refuse(arena, "echo_special_text", "Anna<|endoftext|>Tom", " is",
           "token 2 is 'T' where the prompt has '<|endoftext|>Tom'");
    refuse(arena, "echo_bos_text", "<|endoftext|>Anna", " is",
           "token 0 is 'An' where the prompt has");
}

static void answers_without_prompt_logprobs(void **state)
{
    lme_arena *arena = *state;
    refuse(arena, "echo_no_logprobs", "Gardening:", " Anna", "choices[0].logprobs is null");
    refuse(arena, "noecho_logprobs1", "Gardening:", " Anna", "tokens are not the prompt's text");
    refuse(arena, "models", "a", "b", "no choices[0]");
}

/* Greedy by the value of the likeliest, whatever the texts are. */
static void greedy_is_decided_by_values(void **state)
{
    lme_arena *arena = *state;
    assert_true(decode(arena, "echo_max0_stop", "Gardening", ":").is_greedy);
    lme_response r = decode(arena, "echo_logprobs0", "Gardening:", " Anna");
    assert_true(r.is_greedy); /* only the token itself is listed */
    assert_false(decode(arena, "echo_logprobs3", "Gardening:", " Anna").is_greedy);
}

static void rolling_needs_a_first_value(void **state)
{
    lme_arena *arena = *state;
    lme_value answer = recorded(arena, "echo_max0_stop");
    lme_request request = {.kind = LME_REQUEST_ROLLING,
                           .context = LME_STR("Gardening: Anna"),
                           .continuation = LME_STR("")};
    refuse_answer(arena, &answer, request, "the prompt's first token is to be scored");
}

/* A continuation of one token behind which nothing was generated: lm_eval sums nothing and calls
 * that 0; here it is a failure. */
static void lm_evals_cut_may_leave_nothing(void **state)
{
    lme_arena *arena = *state;
    lme_value answer = json(
        arena, LME_STR("{\"choices\": [{\"logprobs\": {\"tokens\": [\"a\", \" b\"], "
                       "\"token_logprobs\": [null, -2], \"top_logprobs\": [null, {\" b\": -2}], "
                       "\"text_offset\": [0, 1]}}]}"));
    lme_request request = pair_of("a", " b");
    lme_response response = {0};
    lme_error err = {0};
    assert_false(
        read_by(arena, lme_path_find(LME_STR("lm_eval")), &request, &answer, &response, &err));
    assert_error(&err, LME_ERR_SERVER, "nothing to score");
    assert_ok(read_by(arena, echo(), &request, &answer, &response, &err), &err);
    assert_true(response.logprob_nats == -2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(lm_eval_to_the_last_digit),
        cmocka_unit_test(letters_outside_ascii),
        cmocka_unit_test(a_split_character_stays_whole),
        cmocka_unit_test(an_incomplete_generated_character_is_dropped),
        cmocka_unit_test(generated_tokens_are_found_by_their_place),
        cmocka_unit_test(trailing_blanks_of_the_context),
        cmocka_unit_test(a_token_across_the_cut),
        cmocka_unit_test(the_first_token_has_no_value),
        cmocka_unit_test(special_tokens_inside_a_text),
        cmocka_unit_test(answers_without_prompt_logprobs),
        cmocka_unit_test(greedy_is_decided_by_values),
        cmocka_unit_test(rolling_needs_a_first_value),
        cmocka_unit_test(lm_evals_cut_may_leave_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

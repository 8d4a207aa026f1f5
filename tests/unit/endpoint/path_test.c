/* Answers of the paths beside echo: a request, what a server says, the score or why there is none.
 */
#include "path.h"
#include "support.h"

#include <lmeval/json.h>

typedef struct path_case {
    const char *path;
    const char *context; /* NULL: a conversation of one question */
    const char *continuation;
    const char *answer;
    double nats;     /* of the continuation */
    size_t n_tokens; /* 0: refused */
    bool is_greedy;
    const char *refusal; /* part of its message */
} path_case;

#define LIST(entries) "{\"choices\": [{\"text\": \"x\", \"prompt_logprobs\": [" entries "]}]}"
#define OWN(id, nats, rank, text)                                                                  \
    "\"" id "\": {\"logprob\": " nats ", \"rank\": " rank ", \"decoded_token\": \"" text "\"}"
#define GENERATE(tokens, tops)                                                                     \
    "{\"text\": \"x\", \"meta_info\": {\"input_token_logprobs\": [" tokens                         \
    "], \"input_top_logprobs\": [" tops "]}}"

static const path_case cases[] = {
    /* the first token is the text's own, and not told */
    {"prompt_logprobs", "a b", " c",
     LIST("null, {" OWN("5", "-0.5", "1", " b") "}, {" OWN("6", "-0.25", "1", " c") "}"), -0.25, 1,
     true, NULL},
    /* a begin token; the continuation's is not the likeliest one, though both have one text */
    {"prompt_logprobs", "a", " c d",
     LIST("null, {" OWN("4", "-3", "1", "a") "}, {" OWN("6", "-1.5", "2", " c") ", " OWN(
         "9", "-1.25", "1", " c") "}, {" OWN("7", "-0.5", "1", " d") "}"),
     -2, 2, false, NULL},
    /* minus infinity */
    {"prompt_logprobs", "a b", " c",
     LIST("null, {" OWN("5", "-0.5", "1", " b") "}, {" OWN("6", "-9999.0", "9", " c") ", " OWN(
         "7", "-0.5", "1", " d") "}"),
     -1e9, 1, false, NULL},
    {"prompt_logprobs", "a b", " c", "{\"choices\": [{\"text\": \"x\"}]}", 0, 0, false,
     "the answer's prompt_logprobs is missing"},
    {"prompt_logprobs", "a b", " c", LIST("null, 4"), 0, 0, false,
     "prompt_logprobs[1] is integer, expected a map of tokens"},
    {"prompt_logprobs", "a b", " c", LIST("null, {}"), 0, 0, false, "prompt_logprobs[1] is empty"},
    {"prompt_logprobs", "a b", " c", LIST("null, {\"5\": {\"logprob\": -1}}"), 0, 0, false,
     "prompt_logprobs[1] has no logprob and decoded_token"},
    {"prompt_logprobs", "a b", " c",
     LIST("null, {" OWN("5", "-0.5", "1", " x") "}, {" OWN("6", "-1", "1", " c") "}"), 0, 0, false,
     "the answer's tokens are not the prompt's text"},
    {"prompt_logprobs", "", "a", LIST("null"), 0, 0, false,
     "the prompt's first token is to be scored"},
    /* a conversation: the list stands beside choices, and its text is the template's */
    {"prompt_logprobs", NULL, "Paris",
     "{\"choices\": [{}], \"prompt_logprobs\": [null, {" OWN("1", "-9", "2", "user") ", " OWN(
         "2", "-1", "1", "x") "}, {" OWN("3", "-2", "1", "\\n") "}, {" OWN("4", "-0.5", "1",
                                                                           "Paris") "}]}",
     -2.5, 2, true, NULL},
    {"prompt_logprobs", NULL, "Paris",
     "{\"choices\": [{}], \"prompt_logprobs\": [null, {" OWN("4", "-0.5", "1", "Paris") "}, {" OWN(
         "5", "-0.5", "1", "</s>") "}]}",
     0, 0, false, "does not end in the continuation"},
    /* SGLang */
    {"sglang", "a b", " c",
     GENERATE("[null, 4, \"a\"], [-0.5, 5, \" b\"], [-1.25, 6, \" c\"]",
              "null, [[-0.5, 5, \" b\"]], [[-1.0, 9, \" c\"]]"),
     -1.25, 1, false, NULL},
    {"sglang", "a b", " c",
     GENERATE("[null, 1, \"<s>\"], [-1, 4, \"a\"], [-0.5, 5, \" b\"], [-1.25, 6, \" c\"]",
              "null, [[-1, 4, \"a\"]], [[-0.5, 5, \" b\"]], [[-1.25, 6, \" c\"]]"),
     -1.25, 1, true, NULL},
    {"sglang", "a b", " c", "{\"text\": \"x\", \"meta_info\": {}}", 0, 0, false,
     "no lists input_token_logprobs"},
    {"sglang", "a b", " c", GENERATE("[null, 4, \"a\"]", ""), 0, 0, false,
     "input_top_logprobs has 0 entries, but there are 1 tokens"},
    {"sglang", "a b", " c", GENERATE("[null, 4, null]", "null"), 0, 0, false,
     "input_token_logprobs[0] is not [value, id, text]"},
    {"sglang", "a b", " c",
     GENERATE("[null, 4, \"a\"], [-0.5, 5, \" b\"], [null, 6, \" c\"]",
              "null, [[-0.5, 5, \" b\"]], null"),
     0, 0, false, "has no log-probability (null), and it is to be scored"},
};

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

/* As the path reads it; nothing but the request matters here. */
static bool decode(lme_arena *arena, const lme_path *path, const lme_request *request,
                   const lme_value *answer, lme_response *response, lme_error *err)
{
    const lme_form form = {0};
    lme_question question = {path, &form, request};
    return lme_path_decode(arena, &question, answer, response, err);
}

static void check(lme_arena *arena, const path_case *c)
{
    static const lme_message question[] = {{{"user", 4}, {"Capital?", 8}}};
    lme_value answer;
    lme_error err = {0};
    lme_response r = {0};
    lme_request request = {
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .context = lme_str_from(c->context),
        .continuation = lme_str_from(c->continuation),
        .messages = c->context == NULL ? question : NULL,
        .n_messages = c->context == NULL,
    };
    assert_ok(lme_json_read(arena, NULL, lme_str_from(c->answer), NULL, &answer, &err), &err);
    bool ok = decode(arena, lme_path_find(lme_str_from(c->path)), &request, &answer, &r, &err);
    if (c->n_tokens == 0) {
        assert_false(ok);
        assert_error(&err, LME_ERR_SERVER, c->refusal);
        return;
    }
    assert_ok(ok, &err);
    assert_int_equal(r.n_tokens, c->n_tokens);
    assert_int_equal(r.is_greedy, c->is_greedy);
    assert_true(c->nats < -1e8 ? r.logprob_nats < c->nats : r.logprob_nats == c->nats);
}

static void answers(void **state)
{
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        print_message("case %zu: %s\n", i, cases[i].answer);
        check(*state, &cases[i]);
    }
}

static void bodies(void **state)
{
    lme_arena *arena = *state;
    static const lme_message talk[] = {{{"user", 4}, {"Capital?", 8}},
                                       {{"assistant", 9}, {"It is ", 6}}};
    lme_form form = {.model = LME_STR("m"), .seed = 1234};
    lme_request request = {
        .kind = LME_REQUEST_LOGLIKELIHOOD,
        .context = LME_STR("a \"b\""),
        .continuation = LME_STR(" c"),
    };
    assert_str(lme_path_find(LME_STR("sglang"))->encode(arena, &form, &request),
               "{\"text\": \"a \\\"b\\\" c\", \"sampling_params\": {\"temperature\": 0, "
               "\"max_new_tokens\": 1}, \"return_logprob\": true, \"logprob_start_len\": 0, "
               "\"top_logprobs_num\": 1, \"return_text_in_logprobs\": true}");
    const lme_path *path = lme_path_find(LME_STR("prompt_logprobs"));
    assert_str(path->encode(arena, &form, &request),
               "{\"model\": \"m\", \"prompt\": \"a \\\"b\\\" c\", \"temperature\": 0, "
               "\"max_tokens\": 1, \"seed\": 1234, \"prompt_logprobs\": 1}");
    request.context = LME_STR("");
    request.continuation = LME_STR("Paris");
    request.messages = talk;
    request.n_messages = 1;
#define END                                                                                        \
    "], \"model\": \"m\", \"temperature\": 0, \"max_tokens\": 1, \"seed\": 1234, "                 \
    "\"prompt_logprobs\": 1, \"add_generation_prompt\": false, \"continue_final_message\": true}"
    assert_str(path->encode(arena, &form, &request),
               "{\"messages\": [{\"role\": \"user\", \"content\": \"Capital?\"}, {\"role\": "
               "\"assistant\", \"content\": \"Paris\"}" END);
    request.n_messages = 2;
    assert_str(path->encode(arena, &form, &request),
               "{\"messages\": [{\"role\": \"user\", \"content\": \"Capital?\"}, {\"role\": "
               "\"assistant\", \"content\": \"It is Paris\"}" END);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(answers),
        cmocka_unit_test(bodies),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

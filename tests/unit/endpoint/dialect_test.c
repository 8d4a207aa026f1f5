/* What refusals teach: the words of real servers, and what is asked afterwards. */
#include "dialect.h"
#include "support.h"

#include <lmeval/json.h>

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

typedef struct lesson {
    const char *answer;  /* body of the refusal */
    const char *learned; /* NULL: nothing */
} lesson;

static bool learn(lme_arena *arena, lme_dialect *dialect, lme_str answer,
                  const lme_request *request, lme_str name)
{
    return lme_dialect_learn(arena, dialect, &(lme_refused){answer, request, name, false});
}

/* Asked: six stop texts of which four are sent, top_k and min_p beside the usual. */
static const lesson lessons[] = {
    /* OpenAI */
    {"{\"error\":{\"message\":\"Unsupported parameter: 'max_tokens' is not supported with this "
     "model. Use 'max_completion_tokens' instead.\",\"type\":\"invalid_request_error\",\"param\":"
     "\"max_tokens\",\"code\":\"unsupported_parameter\"}}",
     "max_tokens is sent as max_completion_tokens"},
    {"{\"error\":{\"message\":\"Unsupported value: 'temperature' does not support 0 with this "
     "model. Only the default (1) value is supported.\",\"param\":\"temperature\",\"code\":"
     "\"unsupported_value\"}}",
     "temperature is refused and left out: answers are drawn at the server's own"},
    {"{\"error\":{\"message\":\"Unsupported parameter: 'stop' is not supported with this model.\","
     "\"param\":\"stop\"}}",
     "stop texts are refused: answers are cut at them here"},
    {"{\"error\":{\"message\":\"Unrecognized request argument supplied: top_k\",\"param\":null}}",
     "top_k is refused and left out"},
    /* vLLM, TensorRT-LLM: pydantic's errors */
    {"{\"object\":\"error\",\"message\":\"[{'type': 'extra_forbidden', 'loc': ('body', 'min_p'), "
     "'msg': 'Extra inputs are not permitted', 'input': 1}]\",\"code\":400}",
     "min_p is refused and left out"},
    /* vLLM 0.32, as recorded */
    {"{\"error\":{\"message\":\"2 validation errors:\\n  {'type': 'string_type', 'loc': "
     "'body.stop', "
     "'msg': 'Input should be a valid string', 'input': '<list of 5 items>'}\\n  {'type': "
     "'too_long', 'loc': 'body.stop', 'msg': 'List should have at most 4 items after validation, "
     "not 5', 'input': '<list of 5 items>', 'ctx': {'field_type': 'List', 'max_length': 4, "
     "'actual_length': 5}}\",\"type\":\"Bad Request\",\"param\":\"body.stop\",\"code\":400}}",
     NULL}, /* of a chat, which was sent four already; completions are below */
    {"{\"error\":{\"message\":\"max_tokens must be at least 1, got 0. (parameter=max_tokens, "
     "value=0)\",\"type\":\"BadRequestError\",\"param\":\"max_tokens\",\"code\":400}}",
     NULL},
    /* FastAPI, Mistral: status 422 */
    {"{\"detail\":[{\"type\":\"extra_forbidden\",\"loc\":[\"body\",\"seed\"],\"msg\":\"Extra "
     "inputs are not permitted\"}]}",
     "seed is refused and left out"},
    {"{\"error\":{\"message\":\"property 'seed' is unsupported\"}}",
     "seed is refused and left out"},
    /* about the question, not about a parameter */
    {"{\"error\":{\"message\":\"This model's maximum context length is 4096 tokens. However, you "
     "requested 5000 tokens in max_tokens. This is not supported.\"}}",
     NULL},
    {"{\"error\":{\"message\":\"'max_tokens' must be at least 16\",\"param\":\"max_tokens\"}}",
     NULL},
    {"{\"error\":{\"message\":\"'max_tokens' is not supported\",\"param\":\"max_tokens\"}}", NULL},
    {"{\"error\":{\"message\":\"unknown error: stop and seed are words of a sentence\"}}", NULL},
    {"{\"error\":{\"message\":\"unsupported parameter 'top_p'\",\"param\":\"top_p\"}}", NULL},
    {"{\"error\":{\"message\":\"messages must alternate\",\"param\":\"messages\"}}", NULL},
    {"", NULL},
    {"<html>Bad Request</html>", NULL},
};

static const lme_str until[] = {{"a", 1}, {"b", 1}, {"c", 1}, {"d", 1}, {"e", 1}, {"f", 1}};
static const lme_str model = {"m", 1};
static const lme_message question[] = {{{"user", 4}, {"Hi", 2}}};

static lme_generation asked(lme_arena *arena)
{
    lme_map_builder extra = {.arena = arena};
    lme_map_add(&extra, LME_STR("top_k"), lme_int(5));
    lme_map_add(&extra, LME_STR("min_p"), lme_int(1));
    return (lme_generation){
        .until = until,
        .n_until = 6,
        .max_tokens = 8,
        .extra = lme_map_finish(&extra),
    };
}

static void words_of_servers(void **state)
{
    lme_arena *arena = *state;
    lme_generation generation = asked(arena);
    lme_request request = {
        .kind = LME_REQUEST_GENERATE,
        .messages = question,
        .n_messages = 1,
        .generation = &generation,
    };
    for (size_t i = 0; i < sizeof lessons / sizeof lessons[0]; i++) {
        lme_dialect dialect = lme_dialect_of_chats();
        bool learned = learn(arena, &dialect, lme_str_from(lessons[i].answer), &request, model);
        if (learned != (lessons[i].learned != NULL))
            print_error("case %zu: %s\n", i, lessons[i].answer);
        assert_int_equal(learned, lessons[i].learned != NULL);
        assert_int_equal(dialect.n_lessons, learned);
        assert_str(lme_dialect_text(arena, &dialect), learned ? lessons[i].learned : "");
    }
}

/* What an error quotes of a prompt, or of the model's name, teaches nothing, whatever it says. */
static void quotes_teach_nothing(void **state)
{
    static const char *const prompts[] = {
        "Q: Is 'temperature' unknown or unsupported at the edge of space?\nA:",
        "The seed stop: \"top_k\" is not supported",
        "max_tokens is not supported; max_completion_tokens is",
    };
    lme_arena *arena = *state;
    lme_generation generation = asked(arena);
    for (size_t i = 0; i < sizeof prompts / sizeof prompts[0]; i++) {
        lme_message asks[] = {{LME_STR("system"), LME_STR("Be short.")},
                              {LME_STR("user"), lme_str_from(prompts[i])}};
        lme_request chat = {.kind = LME_REQUEST_GENERATE, .generation = &generation};
        lme_request text = chat;
        chat.messages = asks;
        chat.n_messages = 2;
        text.context = lme_str_from(prompts[i]);
        lme_value prompt = lme_string(text.context);
        lme_str in_quotes = lme_value_repr(arena, &prompt);
        lme_value message =
            lme_string(lme_str_format(arena, "the input %.*s was blocked", LME_STR_ARG(in_quotes)));
        lme_builder answer = {.arena = arena};
        lme_builder_add(&answer, LME_STR("{\"error\":{\"message\":"));
        lme_json_write(&answer, &message, &(lme_json_style){0});
        lme_builder_add(&answer, LME_STR(",\"param\":null}}"));
        lme_str body = lme_builder_finish(&answer);
        lme_dialect dialect = lme_dialect_of_chats();
        assert_false(learn(arena, &dialect, body, &chat, model));
        assert_false(learn(arena, &dialect, body, &text, model));
        assert_int_equal(dialect.n_lessons, 0);
    }
    lme_request request = {.kind = LME_REQUEST_GENERATE, .generation = &generation};
    lme_dialect dialect = lme_dialect_of_chats();
    lme_str answer = LME_STR("{\"error\":\"model 'unknown/seed' cannot stop now\"}");
    assert_false(learn(arena, &dialect, answer, &request, LME_STR("unknown/seed")));
    answer = LME_STR("{\"error\":{\"message\":\"Invalid content: 'seed' is not supported\","
                     "\"param\":\"messages.[0].content\"}}");
    assert_false(learn(arena, &dialect, answer, &request, model));
}

/* The server's own words count where the prompt has them, too. */
static void own_words_beside_a_quote_teach(void **state)
{
    lme_arena *arena = *state;
    lme_generation generation = asked(arena);
    lme_request request = {
        .kind = LME_REQUEST_GENERATE,
        .context = LME_STR("Which 'temperature' is not the usual one? Is it supported?"),
        .generation = &generation,
    };
    lme_dialect dialect = lme_dialect_of_completions();
    lme_str answer =
        LME_STR("{\"error\":\"'temperature' is not supported; got: Which 'temperature' is not\"}");
    assert_true(learn(arena, &dialect, answer, &request, model));
    assert_true(lme_dialect_refuses(&dialect, LME_STR("temperature")));
}

/* A completion's stops are all sent at first, then four, then none. */
static void fewer_and_fewer_stops(void **state)
{
    lme_arena *arena = *state;
    lme_generation generation = asked(arena);
    lme_request request = {.kind = LME_REQUEST_GENERATE, .generation = &generation};
    lme_dialect dialect = lme_dialect_of_completions();
    lme_str answer =
        LME_STR("{\"error\":{\"message\":\"Invalid 'stop': array too long. Expected an array with "
                "maximum length 4, but got an array with length 6 instead.\"}}");
    assert_true(learn(arena, &dialect, answer, &request, model));
    assert_int_equal(dialect.max_stops, 4);
    assert_str(lme_dialect_text(arena, &dialect),
               "at most 4 stop texts are sent: answers are cut at others here");
    assert_false(learn(arena, &dialect, answer, &request, model));
    answer = LME_STR("{\"error\":{\"message\":\"`stop` is not supported\"}}");
    assert_true(learn(arena, &dialect, answer, &request, model));
    assert_int_equal(dialect.max_stops, 0);
    assert_false(learn(arena, &dialect, answer, &request, model));
}

/* What a score is read from stays in its request: the refusal is its failure. */
static void a_score_needs_its_keys(void **state)
{
    lme_arena *arena = *state;
    lme_generation generation = asked(arena);
    lme_request request = {.kind = LME_REQUEST_GENERATE, .generation = &generation};
    lme_dialect dialect = lme_dialect_of_chats();
    lme_refused refused = {
        .answer = LME_STR("{\"error\":{\"message\":\"'top_k' is not supported\"}}"),
        .request = &request,
        .model = model,
        .is_score = true,
    };
    assert_false(lme_dialect_learn(arena, &dialect, &refused));
    refused.answer = LME_STR("{\"error\":{\"message\":\"'temperature' is not supported\"}}");
    assert_true(lme_dialect_learn(arena, &dialect, &refused));
}

/* The same key is refused once: a server that goes on refusing it fails the request. */
static void an_end_to_learning(void **state)
{
    lme_arena *arena = *state;
    lme_generation generation = asked(arena);
    lme_request request = {.kind = LME_REQUEST_GENERATE, .generation = &generation};
    lme_dialect dialect = lme_dialect_of_completions();
    lme_str answer = LME_STR("{\"error\":{\"message\":\"'top_k' is not supported\"}}");
    assert_true(learn(arena, &dialect, answer, &request, model));
    assert_true(lme_dialect_refuses(&dialect, LME_STR("top_k")));
    assert_false(lme_dialect_refuses(&dialect, LME_STR("min_p")));
    assert_false(learn(arena, &dialect, answer, &request, model));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_of_servers),
        cmocka_unit_test(quotes_teach_nothing),
        cmocka_unit_test(own_words_beside_a_quote_teach),
        cmocka_unit_test(fewer_and_fewer_stops),
        cmocka_unit_test(a_score_needs_its_keys),
        cmocka_unit_test(an_end_to_learning),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

/* Requests through the public face: bodies out, responses and failures in. */
#include "fake_model.h"

#include <lmeval/endpoint.h>

typedef struct kept {
    lme_response response;
    char text[256], failure[512];
    int n_calls;
    /* to send another one from within the callback */
    lme_endpoint *endpoint;
    const lme_request *request;
    lme_str body;
} kept;

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

static void keep(void *context, const lme_response *response)
{
    kept *k = context;
    k->response = *response;
    k->n_calls++;
    snprintf(k->text, sizeof k->text, "%.*s", LME_STR_ARG(response->text));
    snprintf(k->failure, sizeof k->failure, "%.*s", LME_STR_ARG(response->failure));
}

static lme_endpoint *open_endpoint(const char *url, size_t concurrency)
{
    lme_endpoint_options options = {
        .base_url = lme_str_from(url),
        .model = LME_STR("fake"),
        .concurrency = concurrency,
        .connect_ms = 20000,
        .timeout_ms = 20000,
        .max_retries = 2,
        .backoff_ms = 1,
        .seed = 7,
    };
    lme_endpoint *endpoint;
    lme_error err = {0};
    assert_ok(lme_endpoint_open(&options, &endpoint, &err), &err);
    return endpoint;
}

static lme_str body_of(lme_arena *arena, const lme_endpoint *endpoint, const lme_request *request)
{
    lme_str body;
    lme_error err = {0};
    assert_ok(lme_endpoint_encode(arena, endpoint, request, &body, &err), &err);
    return body;
}

static void wait_all(lme_endpoint *endpoint)
{
    lme_error err = {0};
    for (int i = 0; lme_endpoint_in_flight(endpoint) > 0; i++) {
        assert_true(i < 1000);
        assert_ok(lme_endpoint_wait(endpoint, 5000, &err), &err);
    }
}

static const lme_request pair = {
    .kind = LME_REQUEST_LOGLIKELIHOOD,
    .context = {"one two", 7},
    .continuation = {" three four", 11},
};
static const lme_generation eight = {.max_tokens = 8};
static const lme_request text = {
    .kind = LME_REQUEST_GENERATE,
    .context = {"one two", 7},
    .generation = &eight,
};

static void bodies(void **state)
{
    lme_arena *arena = *state;
    lme_endpoint *endpoint = open_endpoint("http://127.0.0.1:1", 1);
    assert_str(body_of(arena, endpoint, &pair),
               "{\"model\": \"fake\", \"prompt\": \"one two three four\", \"temperature\": 0, "
               "\"max_tokens\": 1, \"logprobs\": 1, \"seed\": 7, \"echo\": true}");
    assert_str(body_of(arena, endpoint, &text),
               "{\"model\": \"fake\", \"prompt\": \"one two\", \"max_tokens\": 8, "
               "\"temperature\": 0, \"seed\": 7}");
    lme_endpoint_close(endpoint);
    lme_endpoint_close(NULL);
}

static void answers_of_both_kinds(void **state)
{
    lme_arena *arena = *state;
    loopback server;
    fake_model fake = {0};
    loopback_start(&server, fake_answer, &fake);
    lme_endpoint *endpoint = open_endpoint(server.url, 2);
    kept scored = {0}, generated = {0};
    lme_error err = {0};
    assert_ok(
        lme_endpoint_send(endpoint, &pair, body_of(arena, endpoint, &pair), keep, &scored, &err),
        &err);
    assert_true(lme_endpoint_has_room(endpoint));
    assert_ok(
        lme_endpoint_send(endpoint, &text, body_of(arena, endpoint, &text), keep, &generated, &err),
        &err);
    assert_false(lme_endpoint_has_room(endpoint));
    assert_int_equal(lme_endpoint_in_flight(endpoint), 2);
    wait_all(endpoint);
    double expected = fake_logprob(&fake, LME_STR(" two"), LME_STR(" three")) +
                      fake_logprob(&fake, LME_STR(" three"), LME_STR(" four"));
    assert_int_equal(scored.n_calls, 1);
    assert_int_equal(scored.response.state, LME_RESPONSE_OK);
    assert_true(scored.response.logprob_nats == expected);
    assert_int_equal(scored.response.n_tokens, 2);
    assert_int_equal(scored.response.n_prompt_tokens, 4);
    assert_int_equal(generated.n_calls, 1);
    assert_int_equal(generated.response.state, LME_RESPONSE_OK);
    assert_true(generated.text[0] == ' ');
    lme_traffic traffic = lme_endpoint_traffic(endpoint);
    assert_int_equal(traffic.n_sent, 2);
    assert_int_equal(traffic.n_answered, 2);
    assert_int_equal(traffic.n_failed, 0);
    lme_endpoint_close(endpoint);
    loopback_stop(&server);
}

static kept ask(lme_arena *arena, unsigned traits, const lme_request *request, lme_traffic *traffic)
{
    loopback server;
    fake_model fake = {.traits = traits};
    kept k = {0};
    lme_error err = {0};
    loopback_start(&server, fake_answer, &fake);
    lme_endpoint *endpoint = open_endpoint(server.url, 1);
    assert_ok(
        lme_endpoint_send(endpoint, request, body_of(arena, endpoint, request), keep, &k, &err),
        &err);
    wait_all(endpoint);
    *traffic = lme_endpoint_traffic(endpoint);
    lme_endpoint_close(endpoint);
    loopback_stop(&server);
    assert_int_equal(k.n_calls, 1);
    return k;
}

/* One bad item is one bad item: a response, never an error. */
static void failures_are_responses(void **state)
{
    lme_arena *arena = *state;
    lme_traffic traffic;
    kept k = ask(arena, FAKE_NO_COMPLETIONS, &pair, &traffic);
    assert_int_equal(k.response.state, LME_RESPONSE_FAILED);
    assert_string_equal(k.failure, "HTTP 404: Not Found");
    assert_int_equal(traffic.n_failed, 1);
    k = ask(arena, FAKE_LOGITS_ALL, &pair, &traffic);
    assert_string_equal(k.failure, "HTTP 500: logprobs is not supported for models created with "
                                   "logits_all=False (3 tries)");
    assert_int_equal(traffic.n_retried, 2);
    k = ask(arena, FAKE_NO_LOGPROBS, &pair, &traffic);
    assert_int_equal(k.response.state, LME_RESPONSE_FAILED);
    assert_string_equal(k.failure,
                        "the answer has no log-probabilities: choices[0].logprobs is null");
    assert_int_equal(traffic.n_failed, 1);
    assert_int_equal(traffic.n_answered, 0);
    lme_request empty = pair;
    empty.context = LME_STR("");
    k = ask(arena, 0, &empty, &traffic);
    assert_non_null(strstr(k.failure, "the prompt's first token is to be scored"));
    assert_non_null(strstr(k.failure, "; give the task a context"));
}

static void send_next(void *context, const lme_response *response)
{
    kept *k = context;
    lme_error err = {0};
    keep(context, response);
    assert_true(lme_endpoint_has_room(k->endpoint));
    if (k->n_calls < 5)
        assert_ok(lme_endpoint_send(k->endpoint, k->request, k->body, send_next, k, &err), &err);
}

static void sending_from_within_the_callback(void **state)
{
    lme_arena *arena = *state;
    loopback server;
    fake_model fake = {0};
    loopback_start(&server, fake_answer, &fake);
    lme_endpoint *endpoint = open_endpoint(server.url, 1);
    kept k = {.endpoint = endpoint, .request = &pair, .body = body_of(arena, endpoint, &pair)};
    lme_error err = {0};
    assert_ok(lme_endpoint_send(endpoint, &pair, k.body, send_next, &k, &err), &err);
    wait_all(endpoint);
    assert_int_equal(k.n_calls, 5);
    lme_endpoint_close(endpoint);
    loopback_stop(&server);
}

static void bad_options(void **state)
{
    (void)state;
    lme_endpoint_options options = {.base_url = LME_STR("gopher://h"), .concurrency = 1};
    lme_endpoint *endpoint;
    lme_error err = {0};
    assert_false(lme_endpoint_open(&options, &endpoint, &err));
    assert_error(&err, LME_ERR_USAGE, "begins with gopher://");
    options = (lme_endpoint_options){.base_url = LME_STR("h"), .concurrency = 1};
    options.api_key = LME_STR("two words");
    assert_false(lme_endpoint_open(&options, &endpoint, &err));
    assert_error(&err, LME_ERR_USAGE, "the API key has a blank");
}

static void closing_drops_what_is_open(void **state)
{
    lme_arena *arena = *state;
    loopback server;
    fake_model fake = {0};
    loopback_start(&server, fake_answer, &fake);
    lme_endpoint *endpoint = open_endpoint(server.url, 1);
    kept k = {0};
    lme_error err = {0};
    assert_ok(lme_endpoint_send(endpoint, &pair, body_of(arena, endpoint, &pair), keep, &k, &err),
              &err);
    lme_endpoint_close(endpoint);
    loopback_stop(&server);
    assert_int_equal(k.n_calls, 0);
}

/* ---- refused parameters ---- */

typedef struct strict {
    size_t n_refused, n_answered;
    bool refuses_all;
} strict;

/* A server of reasoning models: one refusal at a time, as OpenAI's. */
static void answer_strictly(void *context, const loopback_request *request, lme_arena *arena,
                            loopback_reply *reply)
{
    strict *server = context;
    const char *message = NULL;
    (void)arena;
    if (server->refuses_all)
        message = "{\"error\": {\"message\": \"messages must alternate\"}}";
    else if (strstr(request->body, "\"max_tokens\"") != NULL)
        message =
            "{\"error\": {\"message\": \"Unsupported parameter: 'max_tokens' is not supported "
            "with this model. Use 'max_completion_tokens' instead.\", \"param\": "
            "\"max_tokens\"}}";
    else if (strstr(request->body, "\"temperature\"") != NULL)
        message = "{\"error\": {\"message\": \"Unsupported value: 'temperature' does not support 0 "
                  "with this model.\", \"param\": \"temperature\"}}";
    assert_non_null(strstr(request->head, "POST /v1/chat/completions "));
    server->n_refused += message != NULL;
    server->n_answered += message == NULL;
    if (message != NULL)
        *reply = (loopback_reply){.status = 400, .body = lme_str_from(message)};
    else
        reply->body = LME_STR("{\"choices\": [{\"message\": {\"content\": \"four\"}, "
                              "\"finish_reason\": \"stop\"}]}");
}

static const lme_message question[] = {{{"user", 4}, {"2+2?", 4}}};
static const lme_request chat = {
    .kind = LME_REQUEST_GENERATE,
    .messages = question,
    .n_messages = 1,
    .generation = &eight,
};

/* Several at once are refused, two lessons are learned, all are answered; the question's body,
 * which the journal's key is made of, stays what it was. */
static void refused_parameters_are_left_out(void **state)
{
    lme_arena *arena = *state;
    enum {
        N = 4
    };
    loopback server;
    strict strict_server = {0};
    loopback_start(&server, answer_strictly, &strict_server);
    lme_endpoint *endpoint = open_endpoint(server.url, N);
    lme_str body = body_of(arena, endpoint, &chat);
    assert_str(lme_endpoint_reworded(arena, endpoint), "");
    kept answers[N] = {0}, later = {0};
    lme_error err = {0};
    for (size_t i = 0; i < N; i++)
        assert_ok(lme_endpoint_send(endpoint, &chat, body, keep, &answers[i], &err), &err);
    wait_all(endpoint);
    for (size_t i = 0; i < N; i++) {
        assert_int_equal(answers[i].n_calls, 1);
        assert_string_equal(answers[i].text, "four");
    }
    size_t n_refused = strict_server.n_refused;
    assert_true(n_refused >= 2);
    assert_true(lme_str_starts(
        lme_endpoint_reworded(arena, endpoint),
        LME_STR("max_tokens is sent as max_completion_tokens; temperature is refused and left "
                "out")));
    assert_str(body_of(arena, endpoint, &chat), body.ptr);
    assert_ok(lme_endpoint_send(endpoint, &chat, body, keep, &later, &err), &err);
    wait_all(endpoint);
    assert_string_equal(later.text, "four");
    assert_int_equal(strict_server.n_refused, n_refused);
    lme_traffic traffic = lme_endpoint_traffic(endpoint);
    assert_int_equal(traffic.n_failed, 0);
    assert_int_equal(traffic.n_answered, N + 1);
    assert_int_equal(traffic.n_retried, n_refused);
    lme_endpoint_close(endpoint);
    loopback_stop(&server);
}

static void other_refusals_are_failures(void **state)
{
    lme_arena *arena = *state;
    loopback server;
    strict strict_server = {.refuses_all = true};
    loopback_start(&server, answer_strictly, &strict_server);
    lme_endpoint *endpoint = open_endpoint(server.url, 1);
    kept k = {0};
    lme_error err = {0};
    assert_ok(lme_endpoint_send(endpoint, &chat, body_of(arena, endpoint, &chat), keep, &k, &err),
              &err);
    wait_all(endpoint);
    assert_int_equal(k.response.state, LME_RESPONSE_FAILED);
    assert_string_equal(k.failure, "HTTP 400: messages must alternate");
    assert_int_equal(strict_server.n_refused, 1);
    lme_endpoint_close(endpoint);
    loopback_stop(&server);
}

static void refuse_temperature(void *context, const loopback_request *request, lme_arena *arena,
                               loopback_reply *reply)
{
    (void)context;
    (void)arena;
    if (strstr(request->body, "\"temperature\"") != NULL)
        *reply = (loopback_reply){
            .status = 400,
            .body = LME_STR("{\"error\": {\"message\": \"'temperature' is not supported\"}}"),
        };
    else
        reply->body = LME_STR("{\"choices\": [{\"text\": \"four\", \"message\": {\"content\": "
                              "\"four\"}, \"finish_reason\": \"stop\"}]}");
}

/* A run with letters and texts asks both: what either refuses is told. */
static void refusals_of_both_kinds_are_told(void **state)
{
    lme_arena *arena = *state;
    loopback server;
    loopback_start(&server, refuse_temperature, NULL);
    lme_endpoint *endpoint = open_endpoint(server.url, 1);
    const lme_request *requests[] = {&chat, &text};
    for (size_t i = 0; i < 2; i++) {
        kept k = {0};
        lme_error err = {0};
        lme_str body = body_of(arena, endpoint, requests[i]);
        assert_ok(lme_endpoint_send(endpoint, requests[i], body, keep, &k, &err), &err);
        wait_all(endpoint);
        assert_string_equal(k.text, "four");
    }
    assert_str(lme_endpoint_reworded(arena, endpoint),
               "of chats: temperature is refused and left out: answers are drawn at the server's "
               "own; of completions: temperature is refused and left out: answers are drawn at the "
               "server's own");
    lme_endpoint_close(endpoint);
    loopback_stop(&server);
}

static void answer_too_long(void *context, const loopback_request *request, lme_arena *arena,
                            loopback_reply *reply)
{
    (void)request;
    (void)arena;
    *reply = (loopback_reply){
        .status = *(const int *)context,
        .body = LME_STR("{\"error\": {\"message\": \"Requested tokens (600) exceed context window "
                        "of 512\", \"type\": \"internal_server_error\"}}"),
    };
}

/* A question that is too long is so each time: it is asked once, also where that is a 500, or an
 * error with status 200. */
static void too_long_is_not_asked_again(void **state)
{
    lme_arena *arena = *state;
    int statuses[] = {500, 400, 200};
    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        loopback server;
        loopback_start(&server, answer_too_long, &statuses[i]);
        lme_endpoint *endpoint = open_endpoint(server.url, 1);
        kept k = {0};
        lme_error err = {0};
        lme_str body = body_of(arena, endpoint, &chat);
        assert_ok(lme_endpoint_send(endpoint, &chat, body, keep, &k, &err), &err);
        wait_all(endpoint);
        assert_int_equal(k.response.state, LME_RESPONSE_FAILED);
        assert_true(k.response.too_long);
        assert_int_equal(server.n_requests, 1);
        size_t n;
        assert_int_equal(lme_endpoint_servers(endpoint, &n)[0].n_failed, 0);
        lme_endpoint_close(endpoint);
        loopback_stop(&server);
    }
}

static const char quoted_prompt[] =
    "Is 'temperature' unsupported, seed unknown, or the maximum context length reached?";

static void answer_quoting(void *context, const loopback_request *request, lme_arena *arena,
                           loopback_reply *reply)
{
    (void)context;
    bool quotes = strstr(request->body, "unsupported") != NULL;
    assert_non_null(strstr(request->body, "\"temperature\": 0, \"seed\""));
    lme_str message =
        lme_str_format(arena, "{\"error\": {\"message\": \"blocked: %s\"}}", quoted_prompt);
    if (quotes)
        *reply = (loopback_reply){.status = 400, .body = message};
    else
        reply->body = LME_STR("{\"choices\": [{\"message\": {\"content\": \"four\"}, "
                              "\"finish_reason\": \"stop\"}]}");
}

/* A refusal that quotes its prompt is this item's, and changes nothing for the next one. */
static void a_quoted_prompt_teaches_nothing(void **state)
{
    lme_arena *arena = *state;
    loopback server;
    loopback_start(&server, answer_quoting, NULL);
    lme_endpoint *endpoint = open_endpoint(server.url, 1);
    kept first = {0}, second = {0};
    lme_error err = {0};
    lme_message message = {LME_STR("user"), lme_str_from(quoted_prompt)};
    lme_request asked = chat;
    asked.messages = &message;
    assert_ok(
        lme_endpoint_send(endpoint, &asked, body_of(arena, endpoint, &asked), keep, &first, &err),
        &err);
    wait_all(endpoint);
    assert_int_equal(first.response.state, LME_RESPONSE_FAILED);
    assert_false(first.response.too_long);
    assert_str(lme_endpoint_reworded(arena, endpoint), "");
    assert_ok(
        lme_endpoint_send(endpoint, &chat, body_of(arena, endpoint, &chat), keep, &second, &err),
        &err);
    wait_all(endpoint);
    assert_string_equal(second.text, "four");
    assert_int_equal(server.n_requests, 2);
    lme_endpoint_close(endpoint);
    loopback_stop(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies),
        cmocka_unit_test(answers_of_both_kinds),
        cmocka_unit_test(failures_are_responses),
        cmocka_unit_test(sending_from_within_the_callback),
        cmocka_unit_test(bad_options),
        cmocka_unit_test(closing_drops_what_is_open),
        cmocka_unit_test(refused_parameters_are_left_out),
        cmocka_unit_test(other_refusals_are_failures),
        cmocka_unit_test(refusals_of_both_kinds_are_told),
        cmocka_unit_test(too_long_is_not_asked_again),
        cmocka_unit_test(a_quoted_prompt_teaches_nothing),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

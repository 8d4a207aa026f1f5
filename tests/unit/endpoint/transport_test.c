/* What an exchange sends, and what becomes of all that a server can do wrong. */
#include "exchange.h"

/* ---- what is sent ---- */

static void answer_check(void *context, const loopback_request *request, lme_arena *arena,
                         loopback_reply *reply)
{
    char *heads = context;
    (void)arena;
    strncat(heads, request->head, 4000);
    strncat(heads, request->body, 1000);
    reply->body = LME_STR("{\"text\": \"hello\"}");
}

static void the_request_as_the_server_sees_it(void **state)
{
    (void)state;
    char heads[8192] = "";
    lme_traffic traffic;
    outcome o = exchange_with(answer_check, heads, &traffic);
    assert_int_equal(o.outcome, LME_OUTCOME_OK);
    assert_string_equal(o.text, "hello");
    assert_string_equal(o.failure, "");
    assert_non_null(strstr(heads, "POST / HTTP/1.1\r\n"));
    assert_non_null(strstr(heads, "Content-Type: application/json\r\n"));
    assert_non_null(strstr(heads, "Authorization: Bearer sk-secret\r\n"));
    assert_non_null(strstr(heads, "{\"prompt\": \"x\"}"));
    assert_null(strstr(heads, "Expect"));
    assert_int_equal(traffic.n_sent, 1);
    assert_int_equal(traffic.n_answered, 1);
    assert_int_equal(traffic.bytes_out, 15);
    assert_int_equal(traffic.bytes_in, 17);
}

static void without_a_key_there_is_no_header(void **state)
{
    (void)state;
    char heads[8192] = "";
    loopback server;
    loopback_start(&server, answer_check, heads);
    lme_transport_options options = usual;
    options.api_key = LME_STR("");
    lme_transport *transport = open_transport(&options);
    outcome o;
    start(transport, server.url, "", &o);
    wait_all(transport);
    lme_transport_close(transport);
    loopback_stop(&server);
    assert_int_equal(o.outcome, LME_OUTCOME_OK);
    assert_non_null(strstr(heads, "GET / HTTP/1.1\r\n"));
    assert_null(strstr(heads, "Authorization"));
}

static void a_key_must_fit_a_header(void **state)
{
    (void)state;
    lme_transport_options options = usual;
    options.api_key = LME_STR("sk-a\r\nX: b");
    lme_transport *transport;
    lme_error err = {0};
    assert_false(lme_transport_open(&options, &transport, &err));
    assert_error(&err, LME_ERR_USAGE, "the API key has a blank or control character at byte 5");
    assert_null(strstr(err.message, "sk-a"));
}

/* ---- what comes back ---- */

/* `context` says how often an error comes before the answer. */
static void answer_late(void *context, const loopback_request *request, lme_arena *arena,
                        loopback_reply *reply)
{
    const loopback_reply *errors = context;
    (void)arena;
    if (request->number <= 2)
        *reply = *errors;
    else
        reply->body = LME_STR("{\"text\": \"hello\"}");
}

/* The body says its length: the path's number of letters. */
static void answer_of_length(void *context, const loopback_request *request, lme_arena *arena,
                             loopback_reply *reply)
{
    (void)context;
    size_t n = (size_t)strtoul(request->head + strlen("POST /"), NULL, 10);
    lme_builder body = {.arena = arena};
    lme_builder_format(&body, "{\"text\": \"%zu\", \"rest\": \"", n);
    for (size_t i = 0; i < n; i++)
        lme_builder_char(&body, (char)('a' + n % 26));
    lme_builder_add(&body, LME_STR("\"}"));
    reply->body = lme_builder_finish(&body);
}

/* The memory of a body is used again as it is: nothing of a longer one stays. Nor of the URL
 * before, which stood in the same place. */
static void long_and_short_answers_in_turns(void **state)
{
    (void)state;
    static const size_t lengths[] = {100000, 3, 3000000, 0, 20, 5000, 2000000, 1};
    loopback server;
    loopback_start(&server, answer_of_length, NULL);
    lme_transport *transport = open_transport(&usual);
    for (size_t i = 0; i < sizeof lengths / sizeof lengths[0]; i++) {
        char url[256], wanted[64];
        outcome o;
        snprintf(url, sizeof url, "%s/%zu", server.url, lengths[i]);
        snprintf(wanted, sizeof wanted, "%zu", lengths[i]);
        start(transport, url, "{}", &o);
        wait_all(transport);
        assert_int_equal(o.outcome, LME_OUTCOME_OK);
        assert_string_equal(o.text, wanted);
        assert_int_equal(o.n_bytes,
                         strlen("{'text': '', 'rest': ''}") + strlen(wanted) + lengths[i]);
    }
    lme_transport_close(transport);
    loopback_stop(&server);
}

static void what_is_retried_until_it_works(void **state)
{
    (void)state;
    loopback_reply rows[] = {
        {.status = 503, .body = LME_STR("{\"error\": \"Loading model\"}")},
        {.status = 500, .body = LME_STR("Internal Server Error")},
        {.status = 429, .headers = "Retry-After: 0\r\n", .body = LME_STR("slow down")},
        {.body = LME_STR("{\"error\": {\"message\": \"CUDA error\"}}")},
        {.body = LME_STR("<html>")},
        {.body = LME_STR("{\"text\": \"hel")},
        {.body = LME_STR("{\"text\": \"hello\"}"), .missing = 3},
        {.body = LME_STR("{\"text\": \"hello\"}"), .missing = 17},
        {.drop = true},
        {.raw = "HTTP/1.1 200 OK\r\nContent-Le", .close_after = true},
        {.raw = "NONSENSE\r\n\r\n", .close_after = true},
        {.raw = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n{\"tex",
         .close_after = true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lme_traffic traffic;
        outcome o = exchange_with(answer_late, &rows[i], &traffic);
        if (o.outcome != LME_OUTCOME_OK)
            print_error("row %zu: %s\n", i, o.failure);
        assert_int_equal(o.outcome, LME_OUTCOME_OK);
        assert_string_equal(o.text, "hello");
        assert_int_equal(o.n_tries, 3);
        assert_int_equal(traffic.n_retried, 2);
        assert_int_equal(traffic.n_sent, 3);
        assert_int_equal(traffic.n_answered, 1);
        assert_int_equal(traffic.n_failed, 0);
    }
}

static void what_fails_in_the_end(void **state)
{
    (void)state;
    static const struct {
        loopback_reply reply;
        const char *failure;
        unsigned n_tries;
    } rows[] = {
        {{.status = 400, .body = {"{\"error\": {\"message\": \"too long\"}}", 34}},
         "HTTP 400: too long",
         1},
        {{.status = 401, .body = {"{\"error\": \"bad key sk-secret\"}", 30}},
         "HTTP 401: bad key [api key]",
         1},
        {{.status = 404, .body = {"", 0}}, "HTTP 404: an empty body", 1},
        {{.status = 502, .body = {"<h1>Bad\nGateway</h1>", 20}},
         "HTTP 502: <h1>Bad Gateway</h1> (4 tries)",
         4},
        {{.status = 307, .headers = "Location: http://other/sk-secret\r\n"},
         "HTTP 307: the server points to http://other/[api key] instead",
         1},
        {{.body = {"{\"error\": \"out of memory\"}", 26}},
         "HTTP 200 with an error: out of memory (4 tries)",
         4},
        {{.body = {"hello", 5}}, "HTTP 200 with a body that is not JSON: hello (4 tries)", 4},
        {{.drop = true}, "no answer: Empty reply from server (4 tries)", 4},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        loopback_reply reply = rows[i].reply;
        lme_traffic traffic;
        outcome o = exchange_with(answer_always, &reply, &traffic);
        assert_string_equal(o.failure, rows[i].failure);
        assert_int_equal(o.n_tries, rows[i].n_tries);
        assert_int_equal(traffic.n_failed, 1);
        assert_int_equal(traffic.n_answered, 0);
    }
}

static void faults_are_counted(void **state)
{
    (void)state;
    lme_traffic traffic;
    loopback_reply reply = {.status = 429};
    exchange_with(answer_always, &reply, &traffic);
    assert_int_equal(traffic.n_status_429, 4);
    reply = (loopback_reply){.status = 503};
    exchange_with(answer_always, &reply, &traffic);
    assert_int_equal(traffic.n_status_5xx, 4);
    reply = (loopback_reply){.drop = true};
    exchange_with(answer_always, &reply, &traffic);
    assert_int_equal(traffic.n_connection_faults, 4);
}

/* Each connection answers once, and closes when it is asked again. */
static void answer_once(void *context, const loopback_request *request, lme_arena *arena,
                        loopback_reply *reply)
{
    (void)context;
    (void)arena;
    reply->drop = request->on_connection > 1;
    reply->body = LME_STR("{\"text\": \"hello\"}");
}

/* libcurl asks again by itself where a kept connection turns out to be closed, but only five times
 * a handle (7.88), however many requests that had; the sixth comes here. */
static void a_connection_closed_meanwhile_is_no_fault(void **state)
{
    (void)state;
    loopback server;
    loopback_start(&server, answer_once, NULL);
    lme_transport_options options = usual;
    options.max_retries = 0;
    lme_transport *transport = open_transport(&options);
    for (int i = 0; i < 14; i++)
        assert_int_equal(exchange(transport, server.url).outcome, LME_OUTCOME_OK);
    const lme_traffic *traffic = lme_transport_traffic(transport);
    assert_int_equal(traffic->n_connection_faults, 0);
    assert_int_equal(traffic->n_retried, 0);
    assert_int_equal(traffic->n_answered, 14);
    lme_transport_close(transport);
    loopback_stop(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_as_the_server_sees_it),
        cmocka_unit_test(without_a_key_there_is_no_header),
        cmocka_unit_test(a_key_must_fit_a_header),
        cmocka_unit_test(long_and_short_answers_in_turns),
        cmocka_unit_test(what_is_retried_until_it_works),
        cmocka_unit_test(what_fails_in_the_end),
        cmocka_unit_test(faults_are_counted),
        cmocka_unit_test(a_connection_closed_meanwhile_is_no_fault),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

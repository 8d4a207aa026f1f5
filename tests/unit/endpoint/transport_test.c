/* Exchanges over real sockets: what a server can do wrong, and what becomes of it. */
#include "loopback.h"
#include "support.h"
#include "transport.h"

#include <lmeval/limits.h>

/* What came of one exchange, kept past it. */
typedef struct outcome {
    lme_outcome outcome;
    long status;
    unsigned n_tries;
    size_t n_bytes;
    char failure[1024];
    char text[64]; /* choices[0].text, where there is one */
    lme_transport *transport;
    bool came;
} outcome;

static void keep(lme_exchange *x)
{
    outcome *o = x->owner;
    o->outcome = x->outcome;
    o->status = x->status;
    o->n_tries = x->n_tries;
    o->n_bytes = x->answer.len;
    lme_str failure = lme_exchange_failure(x->arena, o->transport, x);
    snprintf(o->failure, sizeof o->failure, "%.*s", LME_STR_ARG(failure));
    const lme_value *text = lme_value_find(&x->value, "text");
    if (text != NULL)
        snprintf(o->text, sizeof o->text, "%.*s", LME_STR_ARG(text->string));
    o->came = true;
}

static const lme_transport_options usual = {
    .concurrency = 4,
    .connect_ms = 2000,
    .timeout_ms = 2000,
    .max_retries = 3,
    .backoff_ms = 1,
    .api_key = {"sk-secret", 9},
    .loopback = true,
};

static lme_transport *open_transport(const lme_transport_options *options)
{
    lme_transport *transport;
    lme_error err = {0};
    assert_ok(lme_transport_open(options, &transport, &err), &err);
    return transport;
}

static void start(lme_transport *transport, const char *url, const char *body, outcome *o)
{
    lme_error err = {0};
    *o = (outcome){.transport = transport};
    lme_exchange *x = lme_transport_take(transport);
    x->url = url;
    x->body = lme_str_from(body);
    x->done = keep;
    x->owner = o;
    assert_ok(lme_transport_start(transport, x, &err), &err);
}

static void wait_all(lme_transport *transport)
{
    lme_error err = {0};
    for (int i = 0; lme_transport_in_flight(transport) > 0; i++) {
        assert_true(i < 1000);
        assert_ok(lme_transport_wait(transport, 5000, &err), &err);
    }
}

static outcome exchange(lme_transport *transport, const char *url)
{
    outcome o;
    start(transport, url, "{\"prompt\": \"x\"}", &o);
    wait_all(transport);
    assert_true(o.came);
    return o;
}

/* One exchange with a server that answers so. */
static outcome exchange_with(loopback_answer *answer, void *context, lme_traffic *traffic)
{
    loopback server;
    loopback_start(&server, answer, context);
    lme_transport *transport = open_transport(&usual);
    outcome o = exchange(transport, server.url);
    if (traffic != NULL)
        *traffic = *lme_transport_traffic(transport);
    lme_transport_close(transport);
    loopback_stop(&server);
    return o;
}

static void answer_hello(void *context, const loopback_request *request, lme_arena *arena,
                         loopback_reply *reply)
{
    (void)context;
    (void)request;
    (void)arena;
    reply->body = LME_STR("{\"text\": \"hello\"}");
}

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

static void answer_always(void *context, const loopback_request *request, lme_arena *arena,
                          loopback_reply *reply)
{
    (void)request;
    (void)arena;
    *reply = *(const loopback_reply *)context;
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

static void a_long_retry_after_keeps_others_going(void **state)
{
    (void)state;
    loopback_reply reply = {.status = 429, .headers = "retry-after: 600\r\n"};
    loopback server;
    loopback_start(&server, answer_always, &reply);
    lme_transport *transport = open_transport(&usual);
    outcome parked;
    lme_error err = {0};
    start(transport, server.url, "{}", &parked);
    for (int i = 0; i < 50 && lme_transport_traffic(transport)->n_retried == 0; i++)
        assert_ok(lme_transport_wait(transport, 100, &err), &err);
    assert_int_equal(lme_transport_traffic(transport)->n_retried, 1);
    assert_ok(lme_transport_wait(transport, 20, &err), &err);
    assert_false(parked.came);
    assert_int_equal(lme_transport_in_flight(transport), 1);
    lme_transport_close(transport); /* drops what is open */
    loopback_stop(&server);
    assert_false(parked.came);
}

static void a_slow_server_times_out(void **state)
{
    (void)state;
    loopback_reply reply = {.delay_ms = 400, .body = LME_STR("{}")};
    loopback server;
    loopback_start(&server, answer_always, &reply);
    lme_transport_options options = usual;
    options.timeout_ms = 50;
    options.max_retries = 1;
    lme_transport *transport = open_transport(&options);
    outcome o = exchange(transport, server.url);
    lme_transport_close(transport);
    loopback_stop(&server);
    assert_int_equal(o.outcome, LME_OUTCOME_TIMEOUT);
    assert_int_equal(o.n_tries, 2);
    assert_non_null(strstr(o.failure, "timed out"));
}

static void wait_gives_up_in_time(void **state)
{
    (void)state;
    loopback_reply reply = {.delay_ms = 300, .body = LME_STR("{}")};
    loopback server;
    loopback_start(&server, answer_always, &reply);
    lme_transport *transport = open_transport(&usual);
    outcome o;
    lme_error err = {0};
    start(transport, server.url, "{}", &o);
    assert_ok(lme_transport_wait(transport, 10, &err), &err);
    assert_false(o.came);
    wait_all(transport);
    assert_true(o.came);
    lme_transport_close(transport);
    loopback_stop(&server);
}

static void nobody_there(void **state)
{
    (void)state;
    loopback server;
    loopback_start(&server, answer_hello, NULL);
    loopback_stop(&server); /* its port is free again */
    lme_transport *transport = open_transport(&usual);
    outcome o = exchange(transport, server.url);
    assert_int_equal(o.outcome, LME_OUTCOME_CONNECTION);
    assert_int_equal(o.n_tries, 4);
    assert_non_null(strstr(o.failure, "Failed to connect to 127.0.0.1"));
    lme_transport_close(transport);
}

/* ---- connections ---- */

static void answer_by_connection(void *context, const loopback_request *request, lme_arena *arena,
                                 loopback_reply *reply)
{
    (void)context;
    (void)arena;
    reply->body = LME_STR("{\"text\": \"hello\"}");
    reply->close_after = request->on_connection == 3;
}

static void connections_are_kept(void **state)
{
    (void)state;
    loopback server;
    loopback_start(&server, answer_hello, NULL);
    lme_transport *transport = open_transport(&usual);
    for (int i = 0; i < 20; i++)
        assert_string_equal(exchange(transport, server.url).text, "hello");
    lme_transport_close(transport);
    loopback_stop(&server);
    assert_int_equal(server.n_connections, 1);
}

/* servers 3.20: not a fault of anyone, and not a try. */
static void a_kept_connection_that_was_closed(void **state)
{
    (void)state;
    loopback server;
    loopback_start(&server, answer_by_connection, NULL);
    lme_transport_options options = usual;
    options.max_retries = 0;
    lme_transport *transport = open_transport(&options);
    for (int i = 0; i < 20; i++) {
        outcome o = exchange(transport, server.url);
        assert_string_equal(o.failure, "");
        assert_int_equal(o.n_tries, 1);
    }
    assert_int_equal(lme_transport_traffic(transport)->n_retried, 0);
    lme_transport_close(transport);
    loopback_stop(&server);
    assert_int_equal(server.n_connections, 7);
}

/* The server reads the second request of a connection and closes without a word. */
static void answer_stale(void *context, const loopback_request *request, lme_arena *arena,
                         loopback_reply *reply)
{
    (void)context;
    (void)arena;
    reply->body = LME_STR("{\"text\": \"hello\"}");
    reply->drop = request->on_connection == 2;
}

static void a_kept_connection_that_dies_under_a_request(void **state)
{
    (void)state;
    loopback server;
    loopback_start(&server, answer_stale, NULL);
    lme_transport_options options = usual;
    options.max_retries = 0;
    lme_transport *transport = open_transport(&options);
    for (int i = 0; i < 6; i++) {
        outcome o = exchange(transport, server.url);
        assert_string_equal(o.failure, "");
        assert_int_equal(o.n_tries, 1);
    }
    lme_transport_close(transport);
    loopback_stop(&server);
}

static void answer_body_back(void *context, const loopback_request *request, lme_arena *arena,
                             loopback_reply *reply)
{
    (void)context;
    reply->body = lme_str_format(arena, "{\"text\": %s}", request->body);
    reply->delay_ms = (unsigned)(request->number % 3);
}

static void many_at_once(void **state)
{
    (void)state;
    enum {
        N = 200,
        AT_ONCE = 8
    };
    loopback server;
    loopback_start(&server, answer_body_back, NULL);
    lme_transport_options options = usual;
    options.concurrency = AT_ONCE;
    lme_transport *transport = open_transport(&options);
    static outcome outcomes[N];
    static char bodies[N][16];
    lme_error err = {0};
    for (size_t i = 0; i < N; i++) {
        snprintf(bodies[i], sizeof bodies[i], "\"%zu\"", i);
        start(transport, server.url, bodies[i], &outcomes[i]);
        while (lme_transport_in_flight(transport) == AT_ONCE)
            assert_ok(lme_transport_wait(transport, 5000, &err), &err);
    }
    wait_all(transport);
    for (size_t i = 0; i < N; i++) {
        char expected[16];
        snprintf(expected, sizeof expected, "%zu", i);
        assert_string_equal(outcomes[i].text, expected);
    }
    lme_transport_close(transport);
    loopback_stop(&server);
    assert_true(server.n_connections <= AT_ONCE);
}

/* ---- hostile sizes ---- */

static void answer_large(void *context, const loopback_request *request, lme_arena *arena,
                         loopback_reply *reply)
{
    (void)request;
    size_t size = *(size_t *)context;
    lme_builder body = {.arena = arena};
    lme_builder_add(&body, LME_STR("{\"text\": \"hello\"}"));
    memset(lme_builder_reserve(&body, size - body.len), ' ', size - body.len);
    body.len = size;
    reply->body = lme_builder_finish(&body);
}

static void large_bodies_come_whole(void **state)
{
    (void)state;
    size_t size = 5 << 20;
    outcome o = exchange_with(answer_large, &size, NULL);
    assert_string_equal(o.text, "hello");
    assert_int_equal(o.n_bytes, 5 << 20);
}

static void an_announced_size_is_not_believed(void **state)
{
    (void)state;
    loopback_reply reply = {.raw = "HTTP/1.1 200 OK\r\nContent-Length: 999999999999999\r\n\r\n{",
                            .close_after = true};
    outcome o = exchange_with(answer_always, &reply, NULL);
    assert_int_equal(o.outcome, LME_OUTCOME_TRUNCATED);
    reply.raw = "HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n{}";
    o = exchange_with(answer_always, &reply, NULL);
    assert_true(o.outcome != LME_OUTCOME_OK);
}

static void answer_huge_header(void *context, const loopback_request *request, lme_arena *arena,
                               loopback_reply *reply)
{
    (void)context;
    (void)request;
    enum {
        SIZE = 1 << 20
    };
    lme_builder headers = {.arena = arena};
    lme_builder_add(&headers, LME_STR("X: "));
    memset(lme_builder_reserve(&headers, SIZE), 'a', SIZE);
    headers.len += SIZE;
    lme_builder_add(&headers, LME_STR("\r\n"));
    reply->headers = lme_builder_finish(&headers).ptr;
}

static void a_huge_header_is_refused(void **state)
{
    (void)state;
    outcome o = exchange_with(answer_huge_header, NULL, NULL);
    assert_true(o.outcome != LME_OUTCOME_OK);
    assert_true(strlen(o.failure) > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_request_as_the_server_sees_it),
        cmocka_unit_test(without_a_key_there_is_no_header),
        cmocka_unit_test(a_key_must_fit_a_header),
        cmocka_unit_test(what_is_retried_until_it_works),
        cmocka_unit_test(what_fails_in_the_end),
        cmocka_unit_test(faults_are_counted),
        cmocka_unit_test(a_long_retry_after_keeps_others_going),
        cmocka_unit_test(a_slow_server_times_out),
        cmocka_unit_test(wait_gives_up_in_time),
        cmocka_unit_test(nobody_there),
        cmocka_unit_test(connections_are_kept),
        cmocka_unit_test(a_kept_connection_that_was_closed),
        cmocka_unit_test(a_kept_connection_that_dies_under_a_request),
        cmocka_unit_test(many_at_once),
        cmocka_unit_test(large_bodies_come_whole),
        cmocka_unit_test(an_announced_size_is_not_believed),
        cmocka_unit_test(a_huge_header_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* Waiting, connections and sizes: exchanges over time. */
#include "exchange.h"

static void a_long_retry_after_is_waited_for(void **state)
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
    lme_transport_options options = usual;
    options.timeout_ms = 50;
    options.max_retries = 1;
    outcome o = exchange_by(&options, answer_always, &reply, NULL);
    assert_int_equal(o.outcome, LME_OUTCOME_TIMEOUT);
    assert_int_equal(o.n_tries, 2);
    assert_non_null(strstr(o.failure, "timed out"));
}

static void wait_gives_up_in_time(void **state)
{
    (void)state;
    loopback_reply reply = {.delay_ms = 1000, .body = LME_STR("{}")};
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
    char url[64];
    int nobody = loopback_nobody(url);
    lme_transport *transport = open_transport(&usual);
    outcome o = exchange(transport, url);
    assert_int_equal(o.outcome, LME_OUTCOME_CONNECTION);
    assert_int_equal(o.n_tries, 4);
    assert_non_null(strstr(o.failure, "Failed to connect to 127.0.0.1"));
    lme_transport_close(transport);
    close(nobody);
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
        cmocka_unit_test(a_long_retry_after_is_waited_for),
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

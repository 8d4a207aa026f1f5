/* Requests and answers on the wire itself; run over our own HTTP/1.1 and over libcurl's. */
#include "exchange.h"

#include <sys/un.h>

#include <lmeval/limits.h>

/* ---- requests ---- */

typedef struct seen {
    char heads[8192];
    size_t n_body;
} seen;

static void answer_and_look(void *context, const loopback_request *request, lme_arena *arena,
                            loopback_reply *reply)
{
    seen *s = context;
    (void)arena;
    strncat(s->heads, request->head, 4000);
    s->n_body = strlen(request->body);
    reply->body = LME_STR("{\"text\": \"hello\"}");
}

/* The head that a server sees, but for the compressions that are offered. */
static void look(bool libcurl_only, const char *body, seen *s)
{
    static const lme_str headers[] = {
        {"X-Team: red", 11}, {"User-Agent: other", 17}, {"accept: a/b", 11}, {"host: gate", 10}};
    loopback server;
    *s = (seen){.n_body = 0};
    loopback_start(&server, answer_and_look, s);
    lme_transport_options options = usual;
    options.network = (lme_network){headers, 4, .libcurl_only = libcurl_only};
    lme_transport *transport = open_transport(&options);
    outcome o;
    start(transport, server.url, body, &o);
    wait_all(transport);
    assert_string_equal(o.text, "hello");
    lme_transport_close(transport);
    loopback_stop(&server);
    char *offer = strstr(s->heads, "Accept-Encoding: ");
    assert_non_null(offer);
    assert_non_null(strstr(offer, "gzip"));
    memmove(offer, offer + strcspn(offer, "\n"), strlen(offer + strcspn(offer, "\n")) + 1);
}

static void both_wires_send_the_same(void **state)
{
    (void)state;
    static seen ours, libcurls;
    static const char *const bodies[] = {"", "{\"prompt\": \"x\"}"};
    for (size_t i = 0; i < 2; i++) {
        look(false, bodies[i], &ours);
        look(true, bodies[i], &libcurls);
        assert_string_equal(ours.heads, libcurls.heads);
        assert_int_equal(ours.n_body, libcurls.n_body);
    }
}

/* More than a socket takes at once. */
static void a_large_request_comes_whole(void **state)
{
    (void)state;
    enum {
        SIZE = 24 << 20
    };
    static seen s;
    static char body[SIZE + 1];
    memset(body, 'a', SIZE);
    loopback server;
    loopback_start(&server, answer_and_look, &s);
    lme_transport_options options = usual;
    options.timeout_ms = 60000;
    lme_transport *transport = open_transport(&options);
    outcome o;
    for (int i = 0; i < 2; i++) {
        s = (seen){.n_body = 0};
        start(transport, server.url, body, &o);
        wait_all(transport);
        assert_string_equal(o.text, "hello");
        assert_int_equal(s.n_body, SIZE);
    }
    lme_transport_close(transport);
    loopback_stop(&server);
    assert_int_equal(server.n_connections, 1);
}

/* ---- answers ---- */

#define OK "HTTP/1.1 200 OK\r\n"

static void answers_of_all_forms(void **state)
{
    (void)state;
    static const loopback_reply rows[] = {
        {.raw = OK "Content-Length: 17\r\n\r\n{\"text\": \"hello\"}"},
        {.raw =
             "HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 17\r\n\r\n{\"text\": \"hello\"}"},
        {.raw = OK "Transfer-Encoding: chunked\r\n\r\n"
                   "9;of=it\r\n{\"text\": \r\n8\r\n\"hello\"}\r\n0\r\nDigest: x\r\n\r\n"},
        {.raw = OK "\r\n{\"text\": \"hello\"}", .close_after = true},
        {.raw = OK "Connection: close\r\nContent-Length: 17\r\n\r\n{\"text\": \"hello\"}"},
        {.raw = "HTTP/1.0 200 OK\r\nContent-Length: 17\r\n\r\n{\"text\": \"hello\"}"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        loopback_reply reply = rows[i];
        outcome o = exchange_with(answer_always, &reply, NULL);
        if (o.failure[0] != '\0')
            print_error("row %zu: %s\n", i, o.failure);
        assert_string_equal(o.text, "hello");
        assert_int_equal(o.n_tries, 1);
    }
}

/* Every other one with a header that goes on where none began: libcurl before 8.3.0 refuses it, and
 * with a handle that had an answer before it looks for the header before it in freed memory. */
static void answer_oddly_folded(void *context, const loopback_request *request, lme_arena *arena,
                                loopback_reply *reply)
{
    (void)context;
    const char *odd = request->number % 2 == 0 ? "\tX: y\r\n" : "X-Usual: this and that\r\n";
    reply->raw =
        lme_str_format(arena, OK "%sContent-Length: 17\r\n\r\n{\"text\": \"hello\"}", odd).ptr;
}

static void a_first_header_that_is_folded(void **state)
{
    (void)state;
    loopback server;
    loopback_start(&server, answer_oddly_folded, NULL);
    lme_transport_options options = usual;
    options.max_retries = 0;
    lme_transport *transport = open_transport(&options);
    for (int i = 1; i <= 40; i++) {
        outcome o = exchange(transport, server.url);
        if (o.outcome != LME_OUTCOME_OK && (i % 2 == 1 || !by_libcurl()))
            fail_msg("answer %d: %s", i, o.failure);
    }
    lme_transport_close(transport);
    loopback_stop(&server);
}

/* What a server says beyond an answer is no answer to the next question. */
static void answer_with_more(void *context, const loopback_request *request, lme_arena *arena,
                             loopback_reply *reply)
{
    (void)context;
    const char *more = request->number % 2 == 0 ? OK "Content-Length: 2\r\n\r\n{}" : "";
    reply->raw = lme_str_format(arena, OK "Content-Length: 15\r\n\r\n{\"text\": \"%03zu\"}%s",
                                request->number, more)
                     .ptr;
}

static void more_than_the_answer_is_left_alone(void **state)
{
    (void)state;
    loopback server;
    loopback_start(&server, answer_with_more, NULL);
    lme_transport_options options = usual;
    options.max_retries = 0;
    lme_transport *transport = open_transport(&options);
    for (int i = 1; i <= 10; i++) {
        char wanted[8];
        outcome o = exchange(transport, server.url);
        snprintf(wanted, sizeof wanted, "%03d", i);
        assert_string_equal(o.text, wanted);
    }
    lme_transport_close(transport);
    loopback_stop(&server);
    assert_int_equal(server.n_connections, 5);
}

/* A server that has heard enough: it answers before it has read all, or not at all, and closes.
 * Over a Unix socket the answer outlives that. */
typedef struct early {
    int listener;
    const char *answer;
    unsigned stays_ms; /* before it closes */
} early;

static void *answer_early(void *argument)
{
    const early *e = argument;
    char bytes[4096];
    int fd = accept(e->listener, NULL, NULL);
    assert_true(recv(fd, bytes, sizeof bytes, 0) > 0);
    loopback_sleep(150);
    loopback_send(fd, lme_str_from(e->answer));
    loopback_sleep(e->stays_ms);
    close(fd);
    return NULL;
}

static void by_socket(void *context, lme_exchange *x, lme_route *route)
{
    (void)x;
    route->direct = true;
    route->unix_socket = context;
}

/* What is said of a request to such a server. */
static outcome send_to_early(const char *body, const char *answer, unsigned stays_ms)
{
    lme_arena *arena = lme_arena_new();
    const char *folder = test_folder(arena);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof address.sun_path, "%s/socket", folder);
    early e = {socket(AF_UNIX, SOCK_STREAM, 0), answer, stays_ms};
    assert_int_equal(bind(e.listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(e.listener, 4), 0);
    pthread_t thread;
    assert_int_equal(pthread_create(&thread, NULL, answer_early, &e), 0);
    lme_transport_options options = usual;
    options.max_retries = 0;
    options.before_try = by_socket;
    options.context = address.sun_path;
    lme_transport *transport = open_transport(&options);
    outcome o;
    lme_error err = {0};
    start(transport, "http://localhost/", body, &o);
    assert_ok(lme_transport_wait(transport, 50, &err), &err);
    /* So that we see both at once, an answer, and that nobody listens, unless it stays longer. */
    loopback_sleep(300);
    wait_all(transport);
    lme_transport_close(transport);
    pthread_join(thread, NULL);
    close(e.listener);
    test_folder_remove(folder);
    lme_arena_free(arena);
    return o;
}

#define TOO_LARGE "HTTP/1.1 413 Too Large\r\n"

static void an_answer_before_all_was_read(void **state)
{
    (void)state;
    if (by_libcurl())
        skip(); /* it may tell that it could not send */
    static char long_body[(24 << 20) + 1], body[(64 << 10) + 1];
    memset(long_body, 'a', sizeof long_body - 1);
    memset(body, 'a', sizeof body - 1);
    static const struct {
        const char *body; /* a long one cannot be sent as a whole */
        const char *answer;
        unsigned stays_ms;
        const char *said; /* No "Empty reply": advice follows from that, on what is no HTTP. */
    } rows[] = {
        {long_body, TOO_LARGE "Content-Length: 8\r\n\r\ntoo long", 0, "HTTP 413: too long"},
        {long_body, TOO_LARGE "Transfer-Encoding: chunked\r\n\r\n8\r\ntoo long\r\n0\r\n\r\n", 0,
         "HTTP 413: too long"},
        {long_body, TOO_LARGE "Connection: close\r\n\r\ntoo long", 0, "HTTP 413: too long"},
        {long_body, TOO_LARGE "Connection: close\r\n\r\ntoo long", 400, "HTTP 413: too long"},
        {long_body, TOO_LARGE, 0, " failure: "},
        {long_body, "", 0, " failure: "},
        {body, TOO_LARGE "Connection: close\r\n\r\ntoo long", 0, "HTTP 413: too long"},
        {body, OK "Connection: close\r\n\r\n{\"text\": 1}", 0, "Recv failure: "},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        outcome o = send_to_early(rows[i].body, rows[i].answer, rows[i].stays_ms);
        if (strstr(o.failure, rows[i].said) == NULL)
            fail_msg("row %zu: %s", i, o.failure);
    }
}

/* ---- connections ---- */

static void answer_close_unasked(void *context, const loopback_request *request, lme_arena *arena,
                                 loopback_reply *reply)
{
    (void)context;
    (void)request;
    (void)arena;
    reply->body = LME_STR("{\"text\": \"hello\"}");
    reply->close_after = true;
}

/* Seen while nothing is asked of it, or by the next request: no try is lost by that. */
static void connections_that_are_closed_while_kept(void **state)
{
    (void)state;
    enum {
        AT_ONCE = 8
    };
    loopback server;
    loopback_start(&server, answer_close_unasked, NULL);
    lme_transport_options options = usual;
    options.max_retries = 0;
    options.concurrency = AT_ONCE;
    lme_transport *transport = open_transport(&options);
    for (unsigned round = 0; round < 4; round++) {
        outcome outcomes[AT_ONCE];
        for (size_t i = 0; i < AT_ONCE; i++)
            start(transport, server.url, "{}", &outcomes[i]);
        wait_all(transport);
        for (size_t i = 0; i < AT_ONCE; i++) {
            assert_string_equal(outcomes[i].failure, "");
            assert_int_equal(outcomes[i].n_tries, 1);
        }
        loopback_sleep(round * 5);
    }
    assert_int_equal(lme_transport_traffic(transport)->n_connection_faults, 0);
    lme_transport_close(transport);
    loopback_stop(&server);
}

/* As servers do that close what is idle. The second answer comes after that was said. */
static void answer_and_say_more(void *context, const loopback_request *request, lme_arena *arena,
                                loopback_reply *reply)
{
    (void)context;
    (void)arena;
    reply->body = LME_STR("{\"text\": \"hello\"}");
    if (request->on_connection == 1 && request->number == 1)
        reply->later = "HTTP/1.1 408 Request Timeout\r\nContent-Length: 2\r\n\r\n{}";
    reply->after_later = request->number == 2 && request->on_connection == 1;
}

static void ask(lme_transport *transport, const char *url, size_t n)
{
    outcome outcomes[2];
    for (size_t i = 0; i < n; i++)
        start(transport, url, "{}", &outcomes[i]);
    wait_all(transport);
    for (size_t i = 0; i < n; i++) {
        assert_string_equal(outcomes[i].failure, "");
        assert_string_equal(outcomes[i].text, "hello");
    }
}

/* Two rounds of questions to a server that says more than it was asked. Returns how many
 * connections it saw. */
static size_t talk_twice(size_t at_once, unsigned pause_ms)
{
    loopback server;
    loopback_start(&server, answer_and_say_more, NULL);
    lme_transport_options options = usual;
    options.max_retries = 0;
    lme_transport *transport = open_transport(&options);
    ask(transport, server.url, at_once);
    loopback_await_later(&server, 1);
    loopback_sleep(pause_ms);
    ask(transport, server.url, at_once);
    lme_transport_close(transport);
    loopback_stop(&server);
    return server.n_connections;
}

/* While something else is waited for, and while nobody looks. */
static void what_is_said_unasked_is_no_answer(void **state)
{
    (void)state;
    if (by_libcurl())
        skip(); /* it takes it for one (7.88) */
    assert_int_equal(talk_twice(2, 0), 3);
    assert_int_equal(talk_twice(1, 150), 2); /* idle for long enough to be looked at */
}

static void answer_name(void *context, const loopback_request *request, lme_arena *arena,
                        loopback_reply *reply)
{
    (void)request;
    reply->body = lme_str_format(arena, "{\"text\": \"%s\"}", (const char *)context);
}

/* Each has connections of its own, and no more are open than may be. */
static void several_servers(void **state)
{
    (void)state;
    enum {
        N = 3
    };
    static char names[N][8] = {"one", "two", "three"};
    loopback servers[N];
    for (size_t i = 0; i < N; i++)
        loopback_start(&servers[i], answer_name, names[i]);
    lme_transport_options options = usual;
    options.concurrency = 2;
    lme_transport *transport = open_transport(&options);
    for (size_t i = 0; i < 4 * (size_t)N; i++)
        assert_string_equal(exchange(transport, servers[i % N].url).text, names[i % N]);
    lme_transport_close(transport);
    for (size_t i = 0; i < N; i++) {
        loopback_stop(&servers[i]);
        assert_int_equal(servers[i].n_connections, 1);
    }
}

static void what_timed_out_is_told(void **state)
{
    (void)state;
    static const struct {
        loopback_reply reply;
        long status;
        const char *said;
    } rows[] = {
        {{.body = {"{\"text\": \"hello\"}", 17}, .drip_ms = 700}, 200, " out of 17 bytes received"},
        {{.raw = ""}, 0, " milliseconds with 0 bytes received"},
        {{.raw = OK "Content-Le"}, 200, " milliseconds with 0 bytes received"},
        {{.raw = OK "Transfer-Encoding: chunked\r\n\r\n9\r\nabc"},
         200,
         " milliseconds with 3 bytes received"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        loopback_reply reply = rows[i].reply;
        lme_transport_options options = usual;
        options.timeout_ms = 1000; /* what is sent at once comes before, on a busy machine, too */
        options.max_retries = 0;
        outcome o = exchange_by(&options, answer_always, &reply, NULL);
        assert_int_equal(o.outcome, LME_OUTCOME_TIMEOUT);
        assert_int_equal(o.status, rows[i].status);
        assert_non_null(strstr(o.failure, "no answer: Operation timed out after "));
        if (strstr(o.failure, rows[i].said) == NULL)
            fail_msg("row %zu: %s", i, o.failure);
    }
}

/* However late it is looked at. */
static void what_came_in_time_counts(void **state)
{
    (void)state;
    if (by_libcurl())
        skip(); /* its timers come first */
    loopback_reply reply = {
        .raw = OK "\r\n{\"text\": \"hello\"}", .close_after = true, .delay_ms = 200};
    loopback server;
    loopback_start(&server, answer_always, &reply);
    lme_transport_options options = usual;
    options.timeout_ms = 1500;
    options.max_retries = 0;
    lme_transport *transport = open_transport(&options);
    outcome o;
    lme_error err = {0};
    start(transport, server.url, "{}", &o);
    while (loopback_count(&server, &server.n_requests) == 0)
        assert_ok(lme_transport_wait(transport, 10, &err), &err);
    loopback_sleep(1600);
    wait_all(transport);
    assert_string_equal(o.failure, "");
    assert_string_equal(o.text, "hello");
    lme_transport_close(transport);
    loopback_stop(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_wires_send_the_same),
        cmocka_unit_test(a_large_request_comes_whole),
        cmocka_unit_test(answers_of_all_forms),
        cmocka_unit_test(a_first_header_that_is_folded),
        cmocka_unit_test(more_than_the_answer_is_left_alone),
        cmocka_unit_test(an_answer_before_all_was_read),
        cmocka_unit_test(connections_that_are_closed_while_kept),
        cmocka_unit_test(what_is_said_unasked_is_no_answer),
        cmocka_unit_test(several_servers),
        cmocka_unit_test(what_timed_out_is_told),
        cmocka_unit_test(what_came_in_time_counts),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

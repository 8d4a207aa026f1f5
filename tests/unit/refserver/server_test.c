/* The server as a machine: start and stop, keys, many clients at once. */
#include "serving.h"

#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

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

static double now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec * 1e3 + (double)now.tv_nsec / 1e6;
}

static void a_key_is_asked_for(void **state)
{
    lme_arena *arena = *state;
    lme_refserver *server = serve(arena, (lme_refserver_options){.api_key = "se cret"});
    unsigned port = lme_refserver_port(server);
    test_answer answer = test_get(arena, port, "/v1/models");
    assert_refused(arena, &answer, 401, "a valid API key is needed");
    answer = test_http(arena, port, "GET /v1/models", NULL, "Authorization: Bearer secret\r\n");
    assert_int_equal(answer.status, 401);
    answer = test_http(arena, port, "GET /v1/models", NULL, "Authorization: se cret\r\n");
    assert_int_equal(answer.status, 401);
    answer = test_http(arena, port, "GET /v1/models", NULL, "Authorization: Bearer se cret\r\n");
    assert_int_equal(answer.status, 200);
    assert_int_equal(test_get(arena, port, "/health").status, 200);
    lme_refserver_stop(server);
}

#define CLIENTS  8
#define REQUESTS 12

typedef struct client {
    unsigned port;
    size_t n_equal;
    lme_str expected;
    pthread_t thread;
} client;

static const char question[] =
    "{\"prompt\":\"The doctor rides from house to house. She looks at the heart\","
    "\"temperature\":0,\"max_tokens\":3,\"logprobs\":5,\"echo\":true}";

static void *ask_often(void *context)
{
    client *c = context;
    lme_arena *own = lme_arena_new();
    for (size_t i = 0; i < REQUESTS; i++) {
        test_answer answer = test_post(own, c->port, "/v1/completions", question);
        c->n_equal += answer.status == 200 && lme_str_equal(answer.body, c->expected);
        lme_arena_reset(own);
    }
    lme_arena_free(own);
    return NULL;
}

static void many_clients_get_the_same_bytes(void **state)
{
    lme_arena *arena = *state;
    lme_refserver *server =
        serve(arena, (lme_refserver_options){.threads = 3, .faults = "latency=0.3:2"});
    unsigned port = lme_refserver_port(server);
    lme_str expected = test_post(arena, port, "/v1/completions", question).body;
    client clients[CLIENTS];
    for (size_t i = 0; i < CLIENTS; i++) {
        clients[i] = (client){.port = port, .expected = expected};
        assert_int_equal(pthread_create(&clients[i].thread, NULL, ask_often, &clients[i]), 0);
    }
    for (size_t i = 0; i < CLIENTS; i++) {
        pthread_join(clients[i].thread, NULL);
        assert_int_equal(clients[i].n_equal, REQUESTS);
    }
    lme_refserver_stop(server);
}

static void *ask_once(void *context)
{
    client *c = context;
    lme_arena *own = lme_arena_new();
    c->n_equal = test_post(own, c->port, "/v1/completions", question).status;
    lme_arena_free(own);
    return NULL;
}

static void stopping_ends_what_stalls(void **state)
{
    lme_arena *arena = *state;
    const char *folder = test_folder(arena);
    const char *log = lme_str_format(arena, "%s/log", folder).ptr;
    lme_refserver *server =
        serve(arena, (lme_refserver_options){.faults = "stall=always", .log = log});
    client c = {.port = lme_refserver_port(server)};
    assert_int_equal(pthread_create(&c.thread, NULL, ask_once, &c), 0);
    struct stat asked = {0};
    while (stat(log, &asked) == 0 && asked.st_size == 0)
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
    assert_true(asked.st_size > 0);
    double start = now_ms();
    lme_refserver_stop(server);
    assert_true(now_ms() - start < 3000.0);
    pthread_join(c.thread, NULL);
    assert_true(c.n_equal == 0 || c.n_equal == 200);
    test_folder_remove(folder);
}

/* The question has more than 10 prompt tokens, and three are generated. */
static void tokens_take_their_time(void **state)
{
    lme_arena *arena = *state;
    const lme_refserver_options slow[] = {{.prompt_token_us = 10000}, {.token_us = 40000}};
    for (size_t i = 0; i < 2; i++) {
        lme_refserver *server = serve(arena, slow[i]);
        unsigned port = lme_refserver_port(server);
        double before = now_ms();
        assert_int_equal(test_post(arena, port, "/v1/completions", question).status, 200);
        assert_true(now_ms() - before >= 100);
        lme_refserver_stop(server);
    }
}

static void latency_is_for_every_post(void **state)
{
    lme_arena *arena = *state;
    lme_refserver *server = serve(arena, (lme_refserver_options){.latency_ms = 60});
    double start = now_ms();
    assert_int_equal(
        test_post(arena, lme_refserver_port(server), "/tokenize", "{\"prompt\":\"a\"}").status,
        200);
    assert_true(now_ms() - start >= 59.0);
    lme_refserver_stop(server);
}

static void a_huge_body_is_refused(void **state)
{
    lme_arena *arena = *state;
    lme_refserver *server = serve(arena, (lme_refserver_options){0});
    size_t len = (33u << 20);
    char *body = LME_ARRAY(arena, char, len + 1);
    memset(body, ' ', len);
    test_answer answer = test_post(arena, lme_refserver_port(server), "/v1/completions", body);
    lme_refserver_stop(server);
    assert_refused(arena, &answer, 413, "the body is larger than 33554432 bytes");
}

static void bad_starts_are_errors(void **state)
{
    lme_arena *arena = *state;
    lme_error err = {0};
    lme_refserver *server, *other;
    const char *corpus = test_source(arena, "tests/unit/refserver/corpus");
    other = serve(arena, (lme_refserver_options){0});
    lme_refserver_options taken = {.port = lme_refserver_port(other), .corpus = corpus};
    assert_false(lme_refserver_start(&taken, &server, &err));
    assert_error(&err, LME_ERR_IO, "cannot listen on 127.0.0.1:");
    assert_error(&err, LME_ERR_IO, "--port 0 takes a free one");
    lme_refserver_stop(other);
    assert_false(
        lme_refserver_start(&(lme_refserver_options){.corpus = "/nowhere"}, &server, &err));
    assert_error(&err, LME_ERR_IO, "/nowhere");
    assert_null(server);
    assert_false(
        lme_refserver_start(&(lme_refserver_options){.impersonate = "no-eco"}, &server, &err));
    assert_error(&err, LME_ERR_USAGE, "did you mean no-echo?");
    assert_false(lme_refserver_start(&(lme_refserver_options){.faults = "stal=1"}, &server, &err));
    assert_error(&err, LME_ERR_USAGE, "did you mean stall?");
    assert_false(lme_refserver_start(&(lme_refserver_options){.port = 70000}, &server, &err));
    assert_error(&err, LME_ERR_USAGE, "port 70000: expected 0 to 65535");
    assert_false(lme_refserver_start(&(lme_refserver_options){.quantize_bits = 17}, &server, &err));
    assert_error(&err, LME_ERR_USAGE, "quantize_bits 17: expected 0 to 16");
    assert_false(
        lme_refserver_start(&(lme_refserver_options){.replay_strict = true}, &server, &err));
    assert_error(&err, LME_ERR_USAGE, "replay_strict without a record");
    lme_refserver_stop(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_key_is_asked_for),
        cmocka_unit_test(many_clients_get_the_same_bytes),
        cmocka_unit_test(stopping_ends_what_stalls),
        cmocka_unit_test(latency_is_for_every_post),
        cmocka_unit_test(tokens_take_their_time),
        cmocka_unit_test(a_huge_body_is_refused),
        cmocka_unit_test(bad_starts_are_errors),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}

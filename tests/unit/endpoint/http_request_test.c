/* The head of a request: as libcurl sends it, but for the compressions that are offered. */
#include "support.h"
#include "wire/http_request.h"

#include <stdio.h>
#include <string.h>

static lme_http_head make(lme_arena *arena, const char *url, const lme_str *lines, size_t n)
{
    lme_http_head head;
    assert_true(lme_http_head_make(arena, url, lines, n, &head));
    return head;
}

#define USUAL                                                                                      \
    "User-Agent: lmeval/" LMEVAL_VERSION "\r\n"                                                    \
    "Accept: */*\r\n"                                                                              \
    "Accept-Encoding: deflate, gzip\r\n"

static void the_head_of_a_request(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    static const lme_str lines[] = {{"Content-Type: application/json", 30}, {"X-Team: a", 9}};
    lme_http_head head = make(arena, "http://127.0.0.1:8000/v1/completions", lines, 2);
    assert_str(head.post, "POST /v1/completions HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n" USUAL
                          "Content-Type: application/json\r\nX-Team: a\r\n");
    assert_str(head.get, "GET /v1/completions HTTP/1.1\r\nHost: 127.0.0.1:8000\r\n" USUAL
                         "Content-Type: application/json\r\nX-Team: a\r\n");
    assert_str(head.host, "127.0.0.1:8000");
    lme_arena_free(arena);
}

static void hosts_and_paths(void **state)
{
    (void)state;
    static const struct {
        const char *url, *begin;
    } rows[] = {
        {"http://localhost", "GET / HTTP/1.1\r\nHost: localhost\r\n"},
        {"http://localhost:80/v1", "GET /v1 HTTP/1.1\r\nHost: localhost\r\n"},
        {"HTTP://Example.org:8080/v1/", "GET /v1/ HTTP/1.1\r\nHost: Example.org:8080\r\n"},
        {"http://[::1]:8000/v1", "GET /v1 HTTP/1.1\r\nHost: [::1]:8000\r\n"},
        {"http://[fe80::1]/a%20b", "GET /a%20b HTTP/1.1\r\nHost: [fe80::1]\r\n"},
        {"http://h/a/../b", "GET /b HTTP/1.1\r\nHost: h\r\n"},
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        lme_http_head head = make(arena, rows[i].url, NULL, 0);
        lme_str begin = lme_str_slice(head.get, 0, strlen(rows[i].begin));
        assert_str(begin, rows[i].begin);
    }
    lme_arena_free(arena);
}

static void headers_that_are_given_replace_the_usual(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    static const lme_str lines[] = {
        {"host: gate", 10}, {"user-agent: me", 14}, {"ACCEPT: a/b", 11}, {"X: y", 4}};
    lme_http_head head = make(arena, "http://h/", lines, 4);
    assert_str(head.get, "GET / HTTP/1.1\r\nHost: gate\r\nAccept-Encoding: deflate, gzip\r\n"
                         "user-agent: me\r\nACCEPT: a/b\r\nX: y\r\n");
    assert_str(head.host, "h");
    lme_arena_free(arena);
}

static void what_is_left_to_libcurl(void **state)
{
    (void)state;
    static const char *const urls[] = {
        "https://h/v1",
        "http://user@h/v1",
        "http://user:password@h/v1",
        "http://h/v1?query=1",
        "http://[fe80::1%25eth0]/",
        "http://b\303\274cher.example/",
        "ftp://h/",
        "http://",
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        lme_http_head head;
        if (lme_http_head_make(arena, urls[i], NULL, 0, &head))
            fail_msg("%s", urls[i]);
    }
    lme_arena_free(arena);
}

static void the_end_of_a_head(void **state)
{
    (void)state;
    static const size_t sizes[] = {1, 9, 10, 741, 4294967296, SIZE_MAX};
    char tail[LME_HTTP_TAIL], wanted[LME_HTTP_TAIL + 1];
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
        int len = snprintf(wanted, sizeof wanted, "Content-Length: %zu\r\n\r\n", sizes[i]);
        assert_int_equal(lme_http_tail(tail, sizes[i]), len);
        assert_memory_equal(tail, wanted, (size_t)len);
    }
    assert_int_equal(lme_http_tail(tail, 0), 2);
    assert_memory_equal(tail, "\r\n", 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_head_of_a_request),
        cmocka_unit_test(hosts_and_paths),
        cmocka_unit_test(headers_that_are_given_replace_the_usual),
        cmocka_unit_test(what_is_left_to_libcurl),
        cmocka_unit_test(the_end_of_a_head),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* HTTP/1 answers, good and odd. Each is read whole, in two pieces at every place, and byte by byte,
 * and must come out the same. */
#include "support.h"
#include "wire/http_answer.h"

#include <curl/curl.h>
#include <stdio.h>
#include <string.h>

#include <lmeval/limits.h>

typedef struct row {
    const char *raw;
    int code;
    const char *said; /* body, or libcurl's words */
    long status;      /* 0: 200 */
    bool closed;      /* the connection is closed behind it */
    bool keeps;
} row;

typedef struct result {
    int code;
    char fault[CURL_ERROR_SIZE];
    lme_http_answer answer;
    lme_str body;
} result;

/* Reads the bytes in pieces as a socket would give them: all up to `cut`, then `step` at a time. */
static void read_in_pieces(lme_arena *arena, lme_str raw, size_t cut, size_t step, bool closed,
                           result *r)
{
    *r = (result){.code = CURLE_OK};
    r->answer = (lme_http_answer){.fault = r->fault};
    lme_builder in = {.arena = arena};
    size_t at = 0;
    while (at < raw.len && r->code == CURLE_OK && !r->answer.is_whole) {
        size_t to = at == 0 && cut > 0 ? cut : at + step;
        lme_builder_add(&in, lme_str_slice(raw, at, to));
        at = to;
        r->code = lme_http_answer_read(&r->answer, &in);
        assert_true(r->answer.at <= in.len && r->answer.scanned <= in.len);
        assert_true(r->answer.body_from + r->answer.body_len <= in.len);
    }
    if (closed && r->code == CURLE_OK && !r->answer.is_whole)
        r->code = lme_http_answer_closed(&r->answer, &in);
    r->body = lme_str_slice(lme_builder_finish(&in), r->answer.body_from,
                            r->answer.body_from + r->answer.body_len);
}

static void check(const result *r, const row *wanted)
{
    if (r->code != wanted->code)
        print_error("%s\ncode %d, not %d: %s\n", wanted->raw, r->code, wanted->code, r->fault);
    assert_int_equal(r->code, wanted->code);
    if (wanted->code != CURLE_OK) {
        assert_string_equal(r->fault, wanted->said);
        return;
    }
    assert_true(r->answer.is_whole);
    assert_int_equal(r->answer.status, wanted->status != 0 ? wanted->status : 200);
    assert_str(r->body, wanted->said);
    if (r->answer.keeps != wanted->keeps)
        print_error("%s\nkeeps: %d\n", wanted->raw, r->answer.keeps);
    assert_int_equal(r->answer.keeps, wanted->keeps);
}

static void check_rows(const row *rows, size_t n)
{
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < n; i++) {
        lme_str raw = lme_str_from(rows[i].raw);
        result r;
        for (size_t cut = 1; cut <= raw.len; cut++) {
            read_in_pieces(arena, raw, cut, raw.len, rows[i].closed, &r);
            check(&r, &rows[i]);
        }
        read_in_pieces(arena, raw, 0, 1, rows[i].closed, &r);
        check(&r, &rows[i]);
        lme_arena_reset(arena);
    }
    lme_arena_free(arena);
}

#define CHECK_ROWS(rows) check_rows(rows, sizeof(rows) / sizeof((rows)[0]))
#define OK               "HTTP/1.1 200 OK\r\n"
#define CHUNKED          OK "Transfer-Encoding: chunked\r\n\r\n"

static void bodies_of_all_forms(void **state)
{
    (void)state;
    static const row rows[] = {
        {.raw = OK "Content-Length: 5\r\n\r\nhello", .said = "hello", .keeps = true},
        {.raw = OK "content-LENGTH:5\r\n\r\nhello", .said = "hello", .keeps = true},
        {.raw = OK "Content-Length: \t 5 \t\r\n\r\nhello", .said = "hello", .keeps = true},
        {.raw = OK "Content-Length: 0\r\n\r\n", .said = "", .keeps = true},
        {.raw = "HTTP/1.1 200\r\nContent-Length: 1\r\n\r\nx", .said = "x", .keeps = true},
        {.raw = "HTTP/1.1 200 \nContent-Length: 1\n\nx", .said = "x", .keeps = true},
        {.raw = "HTTP/1.1 404 Not here\r\nContent-Length: 2\r\n\r\nno",
         .said = "no",
         .status = 404,
         .keeps = true},
        {.raw = CHUNKED "5\r\nhello\r\n0\r\n\r\n", .said = "hello", .keeps = true},
        {.raw = CHUNKED "2\r\nhe\r\n03 \r\nllo\r\n00\r\n\r\n", .said = "hello", .keeps = true},
        {.raw = CHUNKED "00005;name=value;other\r\nhello\r\n0;last\r\n\r\n",
         .said = "hello",
         .keeps = true},
        {.raw = CHUNKED
         "A\r\n0123456789\r\nb\r\n\n\r\n\r\n\r\n\r\n\r\n0\r\nDigest: x\r\nMore: y\r\n\r\n",
         .code = CURLE_RECV_ERROR,
         .said = "Malformed encoding found in chunked-encoding"},
        {.raw = CHUNKED "9\r\n0\r\n2\r\n\r\n8\r\n1\r\nx\r\n0\r\nDigest: x\r\nMore: y\r\n\r\n",
         .said = "0\r\n2\r\n\r\n8x",
         .keeps = true},
        {.raw = OK "Transfer-Encoding: Chunked\n\n5\nhello\n0\n\n", .said = "hello", .keeps = true},
        {.raw = OK "\r\nuntil the end", .said = "until the end", .closed = true},
        {.raw = OK "\r\n", .said = "", .closed = true},
        {.raw = OK "Transfer-Encoding: identity\r\nContent-Length: 1\r\n\r\nx",
         .said = "x",
         .keeps = true},
        {.raw = "HTTP/1.1 204 No Content\r\n\r\n", .said = "", .status = 204, .keeps = true},
        {.raw = "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n",
         .said = "",
         .status = 304,
         .keeps = true},
    };
    CHECK_ROWS(rows);
}

static void what_comes_before_the_answer(void **state)
{
    (void)state;
    static const row rows[] = {
        {.raw = "HTTP/1.1 100 Continue\r\n\r\n" OK "Content-Length: 1\r\n\r\nx",
         .said = "x",
         .keeps = true},
        {.raw = "HTTP/1.1 102 Wait\r\nContent-Length: 9\r\nConnection: close\r\n\r\n"
                "HTTP/1.1 103 Hints\r\nLink: a\r\n\r\n" OK "Content-Length: 1\r\n\r\nx",
         .said = "x",
         .keeps = true},
        {.raw = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: h2c\r\n\r\n",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = "The server changes the protocol unasked"},
        {.raw = "HTTP/1.1 100 Continue\r\n\r\nnot",
         .code = CURLE_UNSUPPORTED_PROTOCOL,
         .said = "Received HTTP/0.9 when not allowed"},
        {.raw = "HTTP/1.1 100 Continue\r\n\r\n",
         .code = CURLE_PARTIAL_FILE,
         .said = "transfer closed in the middle of the headers",
         .closed = true},
    };
    CHECK_ROWS(rows);
}

static void which_connections_are_kept(void **state)
{
    (void)state;
    static const row rows[] = {
        {.raw = OK "Connection: close\r\nContent-Length: 1\r\n\r\nx", .said = "x"},
        {.raw = OK "Connection: TE, Close\r\nContent-Length: 1\r\n\r\nx", .said = "x"},
        {.raw = OK "Connection: TE\r\nconnection: close ,\r\nContent-Length: 1\r\n\r\nx",
         .said = "x"},
        {.raw = OK "Connection: closed\r\nContent-Length: 1\r\n\r\nx", .said = "x", .keeps = true},
        {.raw = "HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx", .said = "x"},
        {.raw = "HTTP/1.0 200 OK\r\nConnection: Keep-Alive\r\nContent-Length: 1\r\n\r\nx",
         .said = "x",
         .keeps = true},
        {.raw = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\n\r\nx", .said = "x", .closed = true},
        {.raw = "HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nTransfer-Encoding: chunked\r\n\r\n"
                "1\r\nx\r\n0\r\n\r\n",
         .said = "x"},
        /* Two ways to say how long it is: somebody is wrong, or means harm (RFC 9112, 6.3). */
        {.raw = OK "Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
         .said = "x"},
        {.raw = OK "Content-Length: 1\r\nContent-Length: 1\r\n\r\nx", .said = "x", .keeps = true},
        {.raw = OK "Content-Length: 1, 1 ,01\r\n\r\nx", .said = "x", .keeps = true},
    };
    CHECK_ROWS(rows);
}

static void what_is_wrong_with_lengths(void **state)
{
    (void)state;
    static const char invalid[] = "Invalid Content-Length: value";
    static const row rows[] = {
        {.raw = OK "Content-Length: -5\r\n\r\n{}",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = invalid},
        {.raw = OK "Content-Length: +5\r\n\r\n{}",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = invalid},
        {.raw = OK "Content-Length: 5x\r\n\r\n{}",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = invalid},
        {.raw = OK "Content-Length: 0x5\r\n\r\n{}",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = invalid},
        {.raw = OK "Content-Length: 5 5\r\n\r\n{}",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = invalid},
        {.raw = OK "Content-Length: 5,\r\n\r\nhello",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = invalid},
        {.raw = OK "Content-Length: , 5\r\n\r\nhello",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = invalid},
        {.raw = OK "Content-Length: 5, 6\r\n\r\nhello",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = "Two different Content-Length: values"},
        {.raw = OK "Content-Length:\r\n\r\n{}", .code = CURLE_WEIRD_SERVER_REPLY, .said = invalid},
        {.raw = OK "Content-Length: 99999999999999999999\r\n\r\n{}",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = invalid},
        {.raw = OK "Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = "Two different Content-Length: values"},
        {.raw = OK "Content-Length: 5\r\n 6\r\n\r\nhello",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = "Folded header"},
        {.raw = OK "Transfer-Encoding: gzip, chunked\r\n\r\n",
         .code = CURLE_BAD_CONTENT_ENCODING,
         .said = "Unrecognized transfer encoding"},
        {.raw = OK "Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n",
         .code = CURLE_BAD_CONTENT_ENCODING,
         .said = "Unrecognized transfer encoding"},
        {.raw = OK "Transfer-Encoding: xchunked\r\n\r\n",
         .code = CURLE_BAD_CONTENT_ENCODING,
         .said = "Unrecognized transfer encoding"},
        {.raw = OK "Content-Encoding: br\r\n\r\n",
         .code = CURLE_BAD_CONTENT_ENCODING,
         .said = "Unrecognized content encoding type"},
        {.raw = OK "Content-Encoding: gzip\r\nContent-Encoding: gzip\r\n\r\n",
         .code = CURLE_BAD_CONTENT_ENCODING,
         .said = "Unrecognized content encoding type"},
    };
    CHECK_ROWS(rows);
}

static void what_is_wrong_with_chunks(void **state)
{
    (void)state;
    static const char illegal[] = "Illegal or missing hexadecimal sequence in chunked-encoding";
    static const char malformed[] = "Malformed encoding found in chunked-encoding";
    static const char open[] = "transfer closed with outstanding read data remaining";
    static const row rows[] = {
        {.raw = CHUNKED "\r\nhello", .code = CURLE_RECV_ERROR, .said = illegal},
        {.raw = CHUNKED "-5\r\nhello\r\n0\r\n\r\n", .code = CURLE_RECV_ERROR, .said = illegal},
        {.raw = CHUNKED "0x5\r\nhello\r\n0\r\n\r\n", .code = CURLE_RECV_ERROR, .said = illegal},
        {.raw = CHUNKED "5 5\r\nhello\r\n0\r\n\r\n", .code = CURLE_RECV_ERROR, .said = illegal},
        {.raw = CHUNKED "fffffffffffffffff\r\nhello",
         .code = CURLE_RECV_ERROR,
         .said = "Too long hexadecimal number in chunked-encoding"},
        {.raw = CHUNKED "4\r\nhello\r\n0\r\n\r\n", .code = CURLE_RECV_ERROR, .said = malformed},
        {.raw = CHUNKED "5\r\nhelloo\r\n0\r\n\r\n", .code = CURLE_RECV_ERROR, .said = malformed},
        {.raw = CHUNKED "5\r\nhel", .code = CURLE_PARTIAL_FILE, .said = open, .closed = true},
        {.raw = CHUNKED "5\r\nhello", .code = CURLE_PARTIAL_FILE, .said = open, .closed = true},
        {.raw = CHUNKED "5\r\nhello\r\n", .code = CURLE_PARTIAL_FILE, .said = open, .closed = true},
        {.raw = CHUNKED "5\r\nhello\r\n0\r\n",
         .code = CURLE_PARTIAL_FILE,
         .said = open,
         .closed = true},
        {.raw = CHUNKED "5\r\nhello\r\n0\r\nA: b\r\n",
         .code = CURLE_PARTIAL_FILE,
         .said = open,
         .closed = true},
        {.raw = CHUNKED "", .code = CURLE_PARTIAL_FILE, .said = open, .closed = true},
    };
    CHECK_ROWS(rows);
}

static void what_is_wrong_with_heads(void **state)
{
    (void)state;
    static const char no_http[] = "Received HTTP/0.9 when not allowed";
    static const char invalid[] = "Invalid status line";
    static const char version[] = "Unsupported HTTP version in response";
    static const char cut[] = "transfer closed in the middle of the headers";
    static const row rows[] = {
        {.raw = "NONSENSE\r\n\r\n", .code = CURLE_UNSUPPORTED_PROTOCOL, .said = no_http},
        {.raw = "\r\nHTTP/1.1 200 OK\r\n\r\n", .code = CURLE_UNSUPPORTED_PROTOCOL, .said = no_http},
        {.raw = "http/1.1 200 OK\r\n\r\n", .code = CURLE_UNSUPPORTED_PROTOCOL, .said = no_http},
        {.raw = "\x15\x03\x01", .code = CURLE_UNSUPPORTED_PROTOCOL, .said = no_http},
        {.raw = "HTTP/2 200\r\n\r\n", .code = CURLE_WEIRD_SERVER_REPLY, .said = invalid},
        {.raw = "HTTP/2.0 200 OK\r\n\r\n", .code = CURLE_UNSUPPORTED_PROTOCOL, .said = version},
        {.raw = "HTTP/0.9 200 OK\r\n\r\n", .code = CURLE_UNSUPPORTED_PROTOCOL, .said = version},
        {.raw = "HTTP/1.2 200 OK\r\n\r\n", .code = CURLE_UNSUPPORTED_PROTOCOL, .said = version},
        {.raw = "HTTP/1.1 2000 OK\r\n\r\n", .code = CURLE_WEIRD_SERVER_REPLY, .said = invalid},
        {.raw = "HTTP/1.1 20 OK\r\n\r\n", .code = CURLE_WEIRD_SERVER_REPLY, .said = invalid},
        {.raw = "HTTP/1.1 099 OK\r\n\r\n", .code = CURLE_WEIRD_SERVER_REPLY, .said = invalid},
        {.raw = "HTTP/1.1  200 OK\r\n\r\n", .code = CURLE_WEIRD_SERVER_REPLY, .said = invalid},
        {.raw = "HTTP/1.1 -20 OK\r\n\r\n", .code = CURLE_WEIRD_SERVER_REPLY, .said = invalid},
        {.raw = "HTTP/1.1\r\n\r\n", .code = CURLE_WEIRD_SERVER_REPLY, .said = invalid},
        {.raw = OK "no colon\r\n\r\n",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = "Header without colon"},
        {.raw = OK ": value\r\n\r\n",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = "Header without colon"},
        {.raw = OK "Content-Length : 1\r\n\r\nx",
         .code = CURLE_WEIRD_SERVER_REPLY,
         .said = "Blank before a header's colon"},
        {.raw = "", .code = CURLE_GOT_NOTHING, .said = "Empty reply from server", .closed = true},
        {.raw = "HTT", .code = CURLE_PARTIAL_FILE, .said = cut, .closed = true},
        {.raw = OK "Content-Le", .code = CURLE_PARTIAL_FILE, .said = cut, .closed = true},
        {.raw = OK "Content-Length: 0\r\n",
         .code = CURLE_PARTIAL_FILE,
         .said = cut,
         .closed = true},
        {.raw = OK "Content-Length: 5\r\n\r\nhel",
         .code = CURLE_PARTIAL_FILE,
         .said = "transfer closed with 2 bytes remaining to read",
         .closed = true},
    };
    CHECK_ROWS(rows);
}

static void a_nul_in_a_header(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    result r;
    lme_str raw = LME_STR(OK "A: b\0c\r\n\r\n");
    read_in_pieces(arena, raw, 0, 1, false, &r);
    assert_int_equal(r.code, CURLE_WEIRD_SERVER_REPLY);
    assert_string_equal(r.fault, "Nul byte in header");
    lme_arena_free(arena);
}

static void the_fields_that_are_asked_for(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    result r;
    lme_str raw =
        LME_STR(OK "Server:  uvicorn \r\nX: folded\r\n  further\r\nRETRY-AFTER: 7\r\n"
                   "location:http://there/\r\nServers: none\r\nContent-Encoding: x-gzip\r\n"
                   "Content-Length: 3\r\n\r\nabc");
    for (size_t step = 1; step <= raw.len; step++) {
        read_in_pieces(arena, raw, 0, step, false, &r);
        assert_int_equal(r.code, CURLE_OK);
        assert_str(r.answer.server, "uvicorn");
        assert_str(r.answer.retry_after, "7");
        assert_str(r.answer.location, "http://there/");
        assert_int_equal(r.answer.coding, LME_CODING_GZIP);
        assert_int_equal(r.answer.version, 11);
        assert_int_equal(r.answer.length, 3);
        assert_str(r.body, "abc");
    }
    lme_arena_free(arena);
}

/* Whatever follows an answer was not asked for. */
static void more_than_the_answer(void **state)
{
    (void)state;
    static const char *const rows[] = {
        OK "Content-Length: 5\r\n\r\nhello" OK,
        CHUNKED "5\r\nhello\r\n0\r\n\r\n" OK,
        CHUNKED "5\r\nhello\r\n0\r\nA: b\r\n\r\nx",
    };
    lme_arena *arena = lme_arena_new();
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        result r;
        lme_str raw = lme_str_from(rows[i]);
        read_in_pieces(arena, raw, 0, raw.len, false, &r);
        assert_int_equal(r.code, CURLE_OK);
        assert_true(r.answer.is_whole);
        assert_false(r.answer.keeps);
        assert_str(r.body, "hello");
    }
    lme_arena_free(arena);
}

static void what_is_missing_is_told(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    result r;
    read_in_pieces(arena, LME_STR(OK "Content-Length: 50\r\n\r\nhello"), 0, 100, false, &r);
    assert_int_equal(lme_http_answer_missing(&r.answer), 45);
    read_in_pieces(arena, LME_STR(CHUNKED "1f\r\nhello"), 0, 100, false, &r);
    assert_int_equal(lme_http_answer_missing(&r.answer), 0x1f - 5);
    read_in_pieces(arena, LME_STR(OK "\r\nhello"), 0, 100, false, &r);
    assert_int_equal(lme_http_answer_missing(&r.answer), 0);
    lme_arena_free(arena);
}

/* ---- bounds ---- */

/* The same piece over and over until it is refused. Returns how many bytes that took. */
static size_t read_endless(lme_arena *arena, const char *begin, lme_str piece, result *r)
{
    *r = (result){.code = CURLE_OK};
    r->answer = (lme_http_answer){.fault = r->fault};
    lme_builder in = {.arena = arena};
    lme_builder_add(&in, lme_str_from(begin));
    size_t n = in.len;
    r->code = lme_http_answer_read(&r->answer, &in);
    while (r->code == CURLE_OK) {
        assert_false(r->answer.is_whole);
        lme_builder_add(&in, piece);
        n += piece.len;
        r->code = lme_http_answer_read(&r->answer, &in);
        assert_true(n < 2 * (size_t)LME_LIMIT_RESPONSE);
    }
    return n;
}

static void endless_answers_are_refused(void **state)
{
    (void)state;
    enum {
        LARGE = 1 << 20
    };
    lme_arena *arena = lme_arena_new();
    result r;
    char *block = lme_arena_alloc(arena, LARGE);
    memset(block, 'a', LARGE);
    lme_str piece = {block, 1000}, large = {block, LARGE};
    lme_arena *scratch = lme_arena_new();
    assert_true(read_endless(scratch, OK "A: ", piece, &r) < LME_LIMIT_RESPONSE_HEAD + 2000);
    assert_string_equal(r.fault, "Too large response headers");
    assert_true(read_endless(scratch, OK, LME_STR("A: b\r\n"), &r) <
                LME_LIMIT_RESPONSE_HEAD + 2000);
    assert_string_equal(r.fault, "Too large response headers");
    lme_str interim = LME_STR("HTTP/1.1 100 Continue\r\n\r\n");
    assert_true(read_endless(scratch, interim.ptr, interim, &r) < LME_LIMIT_RESPONSE_HEAD + 2000);
    assert_true(read_endless(scratch, CHUNKED "5;", piece, &r) < LME_LIMIT_CHUNK_LINE + 2000);
    assert_string_equal(r.fault, "Too long line in chunked-encoding");
    assert_true(read_endless(scratch, CHUNKED "0\r\n", LME_STR("A: b\r\n"), &r) <
                2 * (size_t)LME_LIMIT_RESPONSE_HEAD);
    assert_string_equal(r.fault, "Too large response headers");
    lme_arena_reset(scratch);

    read_endless(scratch, OK "\r\n", large, &r);
    assert_true(r.answer.too_large);
    lme_arena_reset(scratch);
    read_endless(scratch, OK "Content-Length: 999999999999999\r\n\r\n", large, &r);
    assert_true(r.answer.too_large);
    lme_arena_reset(scratch);
    read_endless(scratch, CHUNKED "ffffffffffff\r\n", large, &r);
    assert_true(r.answer.too_large);
    lme_arena_free(scratch);
    lme_arena_free(arena);
}

/* Their framing would be six times as large as what they hold. */
static void tiny_chunks_take_no_memory(void **state)
{
    (void)state;
    lme_arena *arena = lme_arena_new();
    char fault[CURL_ERROR_SIZE];
    lme_http_answer answer = {.fault = fault};
    lme_builder in = {.arena = arena};
    lme_builder_add(&in, LME_STR(CHUNKED));
    assert_int_equal(lme_http_answer_read(&answer, &in), CURLE_OK);
    size_t head = in.len;
    for (size_t i = 1; i <= 100000; i++) {
        lme_builder_add(&in, LME_STR("1\r\nx\r\n"));
        assert_int_equal(lme_http_answer_read(&answer, &in), CURLE_OK);
        assert_int_equal(in.len, head + i);
    }
    lme_arena_free(arena);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_of_all_forms),
        cmocka_unit_test(what_comes_before_the_answer),
        cmocka_unit_test(which_connections_are_kept),
        cmocka_unit_test(what_is_wrong_with_lengths),
        cmocka_unit_test(what_is_wrong_with_chunks),
        cmocka_unit_test(what_is_wrong_with_heads),
        cmocka_unit_test(a_nul_in_a_header),
        cmocka_unit_test(the_fields_that_are_asked_for),
        cmocka_unit_test(more_than_the_answer),
        cmocka_unit_test(what_is_missing_is_told),
        cmocka_unit_test(endless_answers_are_refused),
        cmocka_unit_test(tiny_chunks_take_no_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}

/* A tiny HTTP client for tests: one request, one connection, everything that came back as it came.
 * It sees what libraries hide: cut bodies, chunks, connections that close without a word.
 */
#ifndef LMEVAL_TEST_HTTP_CLIENT_H
#define LMEVAL_TEST_HTTP_CLIENT_H

#include <lmeval/str.h>
#include <lmeval/value.h>

typedef struct test_answer {
    unsigned status;  /* 0: the connection closed before an answer */
    lme_str head;     /* status line and headers */
    lme_str body;     /* chunks joined */
    size_t n_chunks;  /* 0 when the body was not chunked */
    bool is_complete; /* as long as Content-Length or the last chunk said */
} test_answer;

/* Sends to 127.0.0.1:port and reads until the server closes.
 *   body     NULL: none
 *   headers  further header lines, each with its CRLF; may be NULL */
test_answer test_http(lme_arena *arena, unsigned port, const char *request_line, const char *body,
                      const char *headers);

/* POST path with a JSON body; GET path. */
test_answer test_post(lme_arena *arena, unsigned port, const char *path, const char *body);
test_answer test_get(lme_arena *arena, unsigned port, const char *path);

/* Value of a header; "" when it is not there. */
lme_str test_header(const test_answer *answer, const char *name);

/* The text as JSON; the test fails when it is none. */
lme_value test_json(lme_arena *arena, lme_str text);

/* Walks the value: keys, and numbers for places in lists, with dots: "choices.0.text". NULL when
 * it leads nowhere. */
const lme_value *test_at(const lme_value *value, const char *path);

/* Text at the path; the test fails when there is none. */
lme_str test_text(const lme_value *value, const char *path);
int64_t test_int(const lme_value *value, const char *path);
double test_number(const lme_value *value, const char *path);
size_t test_len(const lme_value *value, const char *path); /* of a list */

#endif

/* What an HTTP/1.1 request begins with, made once for a URL. */
#ifndef LMEVAL_ENDPOINT_HTTP_REQUEST_H
#define LMEVAL_ENDPOINT_HTTP_REQUEST_H

#include <lmeval/str.h>

typedef struct lme_http_head {
    lme_str get, post; /* request line and headers, as far as they are the same for all requests */
    lme_str host;      /* and port: "127.0.0.1:8000" */
} lme_http_head;

/* The headers in the order and form in which libcurl sends them.
 *   lines    n_lines, each "Name: value"; one that libcurl would send, too, stands in its place
 * Returns false for a URL that is none of the common ones: it is left to libcurl. */
bool lme_http_head_make(lme_arena *arena, const char *url, const lme_str *lines, size_t n_lines,
                        lme_http_head *head) LME_MUST_CHECK;

enum {
    LME_HTTP_TAIL = 48 /* bytes; room for what lme_http_tail writes */
};

/* What ends the headers of a request with a body of that length; 0: without one. Returns its
 * length. */
size_t lme_http_tail(char *tail, size_t body_len);

#endif

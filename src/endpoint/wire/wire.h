/* The two wires, and what they share. */
#ifndef LMEVAL_ENDPOINT_WIRE_H
#define LMEVAL_ENDPOINT_WIRE_H

#include "../loop.h"
#include "wires.h"

typedef struct lme_plain lme_plain;

/* Who uses an easy handle of the multi handle: what its CURLOPT_PRIVATE points to. */
typedef struct lme_easy_user {
    void (*ended)(struct lme_easy_user *user, CURLcode code);
} lme_easy_user;

struct lme_wires {
    lme_arena *arena;
    const lme_transport_options *options;
    const lme_str *headers; /* n_headers */
    size_t n_headers;
    CURLM *multi;
    lme_loop *loop;
    bool has_proxy; /* of the environment's */
    lme_plain *plain;
    struct curl_slist *list;   /* the headers for libcurl */
    struct lme_curl_try *curl; /* all of libcurl's */
    lme_transfer *first_ended, *last_ended;
};

/* For the wires: the try has ended with libcurl's code, CURLE_OK when an answer came whole. */
void lme_wires_ended(lme_wires *wires, lme_transfer *t, int code);

/* Has libcurl act on the handle, whose CURLOPT_PRIVATE is an lme_easy_user. Errors: LME_ERR_IO. */
bool lme_wires_add(lme_wires *wires, CURL *easy, lme_error *err) LME_MUST_CHECK;

/* libcurl's wire: everything. */
bool lme_curl_begin(lme_wires *wires, lme_transfer *t, lme_error *err) LME_MUST_CHECK;
void lme_curl_close(lme_wires *wires);

/* Sockets of our own: http:// without a proxy. */
lme_plain *lme_plain_open(lme_wires *wires);
void lme_plain_close(lme_plain *plain);

/* What is known of the route; NULL: its URL is of a form that is left to libcurl. */
const struct lme_way *lme_plain_way(lme_plain *plain, const lme_route *route);
bool lme_plain_begin(lme_plain *plain, const struct lme_way *way, lme_transfer *t,
                     lme_error *err) LME_MUST_CHECK;

/* Not before this moment does a try take too long; UINT64_MAX: none is under way. */
uint64_t lme_plain_due(const lme_plain *plain);

/* Ends the tries that take too long. */
void lme_plain_tend(lme_plain *plain, uint64_t now_ms);

#endif

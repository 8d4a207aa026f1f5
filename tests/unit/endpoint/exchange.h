/* Exchanges of the transport with a loopback server, for its tests. */
#ifndef LMEVAL_TEST_EXCHANGE_H
#define LMEVAL_TEST_EXCHANGE_H

#include "loopback.h"
#include "transfer.h"

#include <stdlib.h>

/* What came of one exchange, kept past it. */
typedef struct outcome {
    lme_outcome outcome;
    long status;
    unsigned n_tries;
    size_t n_bytes;
    size_t n_held; /* bytes of memory for what came */
    char failure[1024];
    char text[64]; /* choices[0].text, where there is one */
    lme_transport *transport;
    bool came;
} outcome;

static inline void keep(lme_exchange *x)
{
    outcome *o = x->owner;
    o->outcome = x->outcome;
    o->status = x->status;
    o->n_tries = x->n_tries;
    o->n_bytes = x->answer.len;
    o->n_held = lme_arena_used(x->arena) + lme_arena_used(((lme_transfer *)x)->in);
    lme_str failure = lme_exchange_failure(x->arena, o->transport, x);
    snprintf(o->failure, sizeof o->failure, "%.*s", LME_STR_ARG(failure));
    const lme_value *text = lme_value_find(&x->value, "text");
    if (text != NULL)
        snprintf(o->text, sizeof o->text, "%.*s", LME_STR_ARG(text->string));
    o->came = true;
}

/* No proxy of the environment's. */
static inline void go_direct(void *context, lme_exchange *x, lme_route *route)
{
    (void)context;
    (void)x;
    route->direct = true;
}

static const lme_transport_options usual = {
    .concurrency = 4,
    .connect_ms = 20000,
    .timeout_ms = 20000,
    .max_retries = 3,
    .backoff_ms = 1,
    .api_key = {"sk-secret", 9},
    .before_try = go_direct,
    .n_servers = 1,
};

/* Those tests are run twice: by our own HTTP/1.1, and by libcurl's. */
static inline bool by_libcurl(void)
{
    const char *http = getenv("LMEVAL_TEST_HTTP"); /* NOLINT(concurrency-mt-unsafe) */
    return http != NULL && strcmp(http, "libcurl") == 0;
}

static inline lme_transport *open_transport(const lme_transport_options *options)
{
    lme_transport *transport;
    lme_error err = {0};
    lme_transport_options used = *options;
    used.network.libcurl_only = used.network.libcurl_only || by_libcurl();
    assert_ok(lme_transport_open(&used, &transport, &err), &err);
    return transport;
}

static inline void start(lme_transport *transport, const char *url, const char *body, outcome *o)
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

static inline void wait_all(lme_transport *transport)
{
    lme_error err = {0};
    for (int i = 0; lme_transport_in_flight(transport) > 0; i++) {
        assert_true(i < 1000);
        assert_ok(lme_transport_wait(transport, 5000, &err), &err);
    }
}

static inline outcome exchange(lme_transport *transport, const char *url)
{
    outcome o;
    start(transport, url, "{\"prompt\": \"x\"}", &o);
    wait_all(transport);
    assert_true(o.came);
    return o;
}

/* One exchange with a server that answers so. */
static inline outcome exchange_by(const lme_transport_options *options, loopback_answer *answer,
                                  void *context, lme_traffic *traffic)
{
    loopback server;
    loopback_start(&server, answer, context);
    lme_transport *transport = open_transport(options);
    outcome o = exchange(transport, server.url);
    if (traffic != NULL)
        *traffic = *lme_transport_traffic(transport);
    lme_transport_close(transport);
    loopback_stop(&server);
    return o;
}

static inline outcome exchange_with(loopback_answer *answer, void *context, lme_traffic *traffic)
{
    return exchange_by(&usual, answer, context, traffic);
}

static inline void answer_hello(void *context, const loopback_request *request, lme_arena *arena,
                                loopback_reply *reply)
{
    (void)context;
    (void)request;
    (void)arena;
    reply->body = LME_STR("{\"text\": \"hello\"}");
}

/* Always what `context` points to. */
static inline void answer_always(void *context, const loopback_request *request, lme_arena *arena,
                                 loopback_reply *reply)
{
    (void)request;
    (void)arena;
    *reply = *(const loopback_reply *)context;
}

#endif

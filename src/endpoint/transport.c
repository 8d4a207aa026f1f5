/* Easy handles and their memory are reused: a free list of transfers, each with its connection kept
 * alive by libcurl, its body buffer and its parsed answer in one arena that is reset before every
 * try. Nothing here knows what is asked; JSON in a 200 is read because a damaged body is retried.
 */
#include "transport.h"

#include "answer.h"
#include "failure.h"
#include "loop.h"

#include <string.h>
#include <strings.h>
#include <time.h>

#include <lmeval/limits.h>

typedef struct transfer {
    lme_exchange exchange; /* first: an exchange is its transfer */
    lme_transport *transport;
    CURL *easy;
    struct transfer *next;     /* free, or waiting for a retry */
    struct transfer *next_all; /* of all that were made */
    lme_arena *own;            /* the sender's; NULL until it is asked for */
    lme_builder body;
    const char *url_set; /* what the handle was told last */
    lme_str retry_after; /* header */
    uint64_t due_ms;
    bool active;    /* libcurl has it */
    bool too_large; /* we broke it off */
    bool fresh;     /* this try is on a new connection */
    char fault[CURL_ERROR_SIZE];
} transfer;

struct lme_transport {
    lme_arena *arena;
    lme_transport_options options;
    CURLM *multi;
    lme_loop *loop;
    struct curl_slist *headers;
    lme_secrets secrets;
    lme_json_reader *reader;
    transfer *idle, *waiting, *all;
    size_t in_flight;
    size_t n_delivered;
    uint64_t dice;
    lme_traffic traffic;
};

/* xorshift64* (Vigna 2016): jitter needs no more. */
static double draw(lme_transport *transport)
{
    uint64_t x = transport->dice;
    x ^= x >> 12;
    x ^= x << 25;
    x ^= x >> 27;
    transport->dice = x;
    return (double)((x * 0x2545F4914F6CDD1DULL) >> 11) * 0x1.0p-53;
}

/* ---- one try: what libcurl hands over ---- */

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static size_t take_body(char *bytes, size_t size, size_t n, void *user)
{
    transfer *t = user;
    size_t len = size * n;
    if (len > LME_LIMIT_RESPONSE - t->body.len) {
        t->too_large = true;
        return 0;
    }
    lme_builder_add(&t->body, (lme_str){bytes, len});
    t->transport->traffic.bytes_in += len;
    return len;
}

static bool is_header(lme_str line, const char *name, lme_str *value)
{
    size_t len = strlen(name);
    if (line.len <= len || line.ptr[len] != ':' || strncasecmp(line.ptr, name, len) != 0)
        return false;
    size_t from = len + 1;
    size_t to = line.len;
    while (from < to && (line.ptr[from] == ' ' || line.ptr[from] == '\t'))
        from++;
    while (to > from && (unsigned char)line.ptr[to - 1] <= ' ')
        to--;
    *value = lme_str_slice(line, from, to);
    return true;
}

/* The announced length is worth one allocation, not trust. */
static void reserve_body(transfer *t, lme_str announced)
{
    enum {
        MOST = 1 << 20
    };
    int64_t len;
    if (t->body.len == 0 && lme_str_to_int(announced, &len) && len > 0)
        lme_builder_reserve(&t->body, (size_t)(len < MOST ? len : MOST) + 1);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static size_t take_header(char *bytes, size_t size, size_t n, void *user)
{
    transfer *t = user;
    lme_exchange *x = &t->exchange;
    lme_str line = {bytes, size * n};
    lme_str value;
    switch (line.len > 0 ? line.ptr[0] | 0x20 : 0) {
    case 'c':
        if (is_header(line, "content-length", &value))
            reserve_body(t, value);
        break;
    case 'l':
        if (is_header(line, "location", &value))
            x->location = lme_str_copy(x->arena, value);
        break;
    case 'r':
        if (is_header(line, "retry-after", &value))
            t->retry_after = lme_str_copy(x->arena, value);
        break;
    case 's':
        if (is_header(line, "server", &value))
            x->server = lme_str_copy(x->arena, value);
        break;
    default:
        break;
    }
    return line.len;
}

/* What stays the same for all exchanges of a handle. */
static void set_up(lme_transport *transport, transfer *t)
{
    const lme_transport_options *options = &transport->options;
    CURL *easy = t->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->fault);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, transport->headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "lmeval/" LMEVAL_VERSION);
    /* Never: another host must not see the key, and a POST must not become a GET. */
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms);
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)options->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    if (options->loopback)
        curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
    if (options->secure)
        curl_easy_setopt(easy, CURLOPT_PIPEWAIT, 1L);
    if (options->unix_socket.len > 0)
        curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, options->unix_socket.ptr);
    lme_network_apply(&options->network, easy);
}

static bool submit(lme_transport *transport, transfer *t, lme_error *err)
{
    lme_exchange *x = &t->exchange;
    lme_arena_reset(x->arena);
    t->body = (lme_builder){.arena = x->arena};
    t->retry_after = x->server = x->location = x->answer = LME_STR("");
    t->too_large = false;
    t->fault[0] = '\0';
    if (t->url_set != x->url)
        curl_easy_setopt(t->easy, CURLOPT_URL, x->url);
    t->url_set = x->url;
    if (x->body.len > 0) {
        curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, x->body.ptr);
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body.len);
    } else {
        curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, t->fresh ? 1L : 0L);
    CURLMcode code = curl_multi_add_handle(transport->multi, t->easy);
    if (code != CURLM_OK)
        return lme_fail(err, LME_ERR_IO, NULL, "libcurl does not take a request: %s",
                        curl_multi_strerror(code));
    t->active = true;
    transport->traffic.n_sent++;
    transport->traffic.bytes_out += x->body.len;
    return true;
}

/* ---- after a try ---- */

/* A kept connection that the server had closed meanwhile: nobody's fault, and nothing was answered
 * (servers 3.20). libcurl sees most of these itself; a new connection cannot come here again. */
static bool was_stale(const transfer *t)
{
    long n_connects = 1;
    curl_easy_getinfo(t->easy, CURLINFO_NUM_CONNECTS, &n_connects);
    return t->exchange.outcome == LME_OUTCOME_CONNECTION && n_connects == 0 &&
           t->exchange.status == 0 && !t->fresh;
}

static void count_fault(lme_traffic *traffic, const lme_exchange *x)
{
    traffic->n_status_429 += x->status == 429;
    traffic->n_status_5xx += x->status >= 500;
    traffic->n_connection_faults += x->outcome == LME_OUTCOME_CONNECTION ||
                                    x->outcome == LME_OUTCOME_TIMEOUT ||
                                    x->outcome == LME_OUTCOME_TRUNCATED;
}

static void note_version(lme_traffic *traffic, CURL *easy)
{
    long version = CURL_HTTP_VERSION_NONE;
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    if (version == CURL_HTTP_VERSION_1_0 || version == CURL_HTTP_VERSION_1_1)
        traffic->http_version = version == CURL_HTTP_VERSION_1_0 ? 10 : 11;
    else if (version == CURL_HTTP_VERSION_2_0)
        traffic->http_version = 20;
}

static bool retry_later(lme_transport *transport, transfer *t)
{
    const lme_exchange *x = &t->exchange;
    lme_try last = {
        .outcome = x->outcome,
        .status = x->status,
        .n_tries = x->n_tries,
        .max_retries = transport->options.max_retries,
        .backoff_ms = transport->options.backoff_ms,
        .jitter = draw(transport),
    };
    last.has_retry_after = t->retry_after.len > 0 &&
                           lme_retry_after_ms(t->retry_after, time(NULL), &last.retry_after_ms);
    uint64_t wait_ms;
    if ((x->once && x->outcome == LME_OUTCOME_CONNECTION) || !lme_retry(&last, &wait_ms))
        return false;
    t->due_ms = lme_now_ms() + wait_ms;
    t->next = transport->waiting;
    transport->waiting = t;
    transport->traffic.n_retried++;
    return true;
}

static bool deliver(lme_transport *transport, transfer *t, lme_error *err)
{
    lme_exchange *x = &t->exchange;
    if (x->outcome == LME_OUTCOME_OK)
        transport->traffic.n_answered++;
    else
        transport->traffic.n_failed++;
    transport->in_flight--;
    transport->n_delivered++;
    x->goes_on = false;
    x->done(x);
    if (x->goes_on) {
        x->n_tries = 0;
        transport->in_flight++;
        return submit(transport, t, err);
    }
    t->next = transport->idle;
    transport->idle = t;
    return true;
}

static bool finish(lme_transport *transport, transfer *t, CURLcode code, lme_error *err)
{
    lme_exchange *x = &t->exchange;
    curl_multi_remove_handle(transport->multi, t->easy);
    t->active = false;
    x->status = 0;
    curl_easy_getinfo(t->easy, CURLINFO_RESPONSE_CODE, &x->status);
    note_version(&transport->traffic, t->easy);
    x->code = (int)code;
    x->answer = lme_builder_finish(&t->body);
    x->value = lme_null();
    x->fault = t->fault;
    x->outcome = t->too_large ? LME_OUTCOME_TOO_LARGE : lme_outcome_of((int)code, x->status);
    if (was_stale(t)) {
        t->fresh = true;
        return submit(transport, t, err);
    }
    t->fresh = false;
    x->n_tries++;
    if (t->fault[0] == '\0' && code != CURLE_OK)
        strncat(t->fault, curl_easy_strerror(code), sizeof t->fault - 1);
    if (x->outcome == LME_OUTCOME_OK)
        x->outcome = lme_answer_read(x->arena, transport->reader, x->answer, &x->value);
    count_fault(&transport->traffic, x);
    return retry_later(transport, t) || deliver(transport, t, err);
}

static bool collect(lme_transport *transport, lme_error *err)
{
    int left;
    CURLMsg *message = curl_multi_info_read(transport->multi, &left);
    while (message != NULL) {
        void *private = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        if (message->msg == CURLMSG_DONE && !finish(transport, private, message->data.result, err))
            return false;
        message = curl_multi_info_read(transport->multi, &left);
    }
    return true;
}

/* Sends what has waited long enough; *wait_ms becomes shorter when something is still waiting. */
static bool start_due(lme_transport *transport, uint64_t now, uint64_t *wait_ms, lme_error *err)
{
    transfer **link = &transport->waiting;
    while (*link != NULL) {
        transfer *t = *link;
        if (t->due_ms > now) {
            if (t->due_ms - now < *wait_ms)
                *wait_ms = t->due_ms - now;
            link = &t->next;
            continue;
        }
        *link = t->next;
        if (!submit(transport, t, err))
            return false;
    }
    return true;
}

bool lme_transport_wait(lme_transport *transport, unsigned timeout_ms, lme_error *err)
{
    uint64_t now = lme_now_ms();
    uint64_t end = now + timeout_ms;
    size_t before = transport->n_delivered;
    while (transport->n_delivered == before && transport->in_flight > 0) {
        uint64_t wait_ms = end > now ? end - now : 0;
        if (!start_due(transport, now, &wait_ms, err) ||
            !lme_loop_turn(transport->loop, wait_ms, err) || !collect(transport, err))
            return false;
        now = lme_now_ms();
        if (now >= end)
            break;
    }
    return true;
}

/* ---- open, take, start, close ---- */

static bool add_header(lme_transport *transport, const char *line)
{
    struct curl_slist *longer = curl_slist_append(transport->headers, line);
    if (longer == NULL)
        return false;
    transport->headers = longer;
    return true;
}

static bool add_headers(lme_transport *transport, lme_error *err)
{
    lme_str key = transport->options.api_key;
    for (size_t i = 0; i < key.len; i++) {
        if ((unsigned char)key.ptr[i] <= ' ' || (unsigned char)key.ptr[i] == 0x7f) {
            lme_fail(err, LME_ERR_USAGE, NULL,
                     "the API key has a blank or control character at byte %zu", i + 1);
            return lme_hint(err, "it must be one word; it goes into an HTTP header");
        }
    }
    /* "Expect:" keeps libcurl from asking for leave before a long prompt. */
    bool ok =
        add_header(transport, "Content-Type: application/json") && add_header(transport, "Expect:");
    const lme_network *network = &transport->options.network;
    if (ok && key.len > 0 && !lme_network_has(network, "Authorization"))
        ok = add_header(
            transport,
            lme_str_format(transport->arena, "Authorization: Bearer %.*s", LME_STR_ARG(key)).ptr);
    for (size_t i = 0; ok && i < network->n_headers; i++)
        ok = add_header(transport, network->headers[i].ptr);
    LME_BUG(!ok, "libcurl cannot make a list of headers");
    return true;
}

bool lme_transport_open(const lme_transport_options *options, lme_transport **transport,
                        lme_error *err)
{
    if (curl_global_init(CURL_GLOBAL_DEFAULT) != CURLE_OK)
        return lme_fail(err, LME_ERR_IO, NULL, "libcurl cannot start");
    lme_arena *arena = lme_arena_new();
    lme_transport *made = LME_NEW(arena, lme_transport);
    *made = (lme_transport){.arena = arena, .options = *options};
    made->options.api_key = lme_str_copy(arena, options->api_key);
    made->options.unix_socket = lme_str_copy(arena, options->unix_socket);
    made->options.network = (lme_network){0};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    made->dice = ((uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec) | 1;
    made->multi = curl_multi_init();
    LME_BUG(made->multi == NULL, "libcurl cannot make a multi handle");
    curl_multi_setopt(made->multi, CURLMOPT_MAXCONNECTS, (long)options->concurrency + 1);
    made->loop = lme_loop_new(made->multi);
    made->reader = lme_json_reader_new();
    if (!lme_network_read(arena, &options->network, &made->options.network, err) ||
        !add_headers(made, err)) {
        lme_transport_close(made);
        return false;
    }
    lme_secrets_add(arena, &made->secrets, made->options.api_key, "[api key]");
    lme_network_secrets(arena, &made->options.network, &made->secrets);
    *transport = made;
    return true;
}

void lme_transport_close(lme_transport *transport)
{
    if (transport == NULL)
        return;
    for (transfer *t = transport->all; t != NULL; t = t->next_all) {
        if (t->active)
            curl_multi_remove_handle(transport->multi, t->easy);
        curl_easy_cleanup(t->easy);
        lme_arena_free(t->exchange.arena);
        lme_arena_free(t->own);
    }
    curl_multi_cleanup(transport->multi);
    lme_loop_free(transport->loop);
    curl_slist_free_all(transport->headers);
    lme_json_reader_free(transport->reader);
    lme_arena_free(transport->arena);
    curl_global_cleanup();
}

lme_exchange *lme_transport_take(lme_transport *transport)
{
    transfer *t = transport->idle;
    if (t != NULL) {
        transport->idle = t->next;
        t->exchange = (lme_exchange){.arena = t->exchange.arena};
        if (t->own != NULL)
            lme_arena_reset(t->own);
        return &t->exchange;
    }
    t = LME_NEW(transport->arena, transfer);
    *t = (transfer){.transport = transport, .easy = curl_easy_init()};
    LME_BUG(t->easy == NULL, "libcurl cannot make an easy handle");
    t->exchange.arena = lme_arena_new();
    t->next_all = transport->all;
    transport->all = t;
    set_up(transport, t);
    return &t->exchange;
}

lme_arena *lme_exchange_own(lme_exchange *exchange)
{
    transfer *t = (transfer *)exchange;
    if (t->own == NULL)
        t->own = lme_arena_new();
    return t->own;
}

bool lme_transport_start(lme_transport *transport, lme_exchange *exchange, lme_error *err)
{
    transfer *t = (transfer *)exchange;
    t->fresh = false;
    if (!submit(transport, t, err)) {
        t->next = transport->idle;
        transport->idle = t;
        return false;
    }
    transport->in_flight++;
    return true;
}

size_t lme_transport_in_flight(const lme_transport *transport)
{
    return transport->in_flight;
}

const lme_traffic *lme_transport_traffic(const lme_transport *transport)
{
    return &transport->traffic;
}

lme_str lme_transport_scrub(lme_arena *arena, const lme_transport *transport, lme_str text)
{
    return lme_secrets_hide(arena, &transport->secrets, text);
}

lme_str lme_exchange_failure(lme_arena *arena, const lme_transport *transport,
                             const lme_exchange *exchange)
{
    return lme_failure_text(arena, exchange, &transport->secrets);
}

const char *lme_exchange_advice(const lme_transport *transport, const lme_exchange *exchange)
{
    if (exchange->code == CURLE_COULDNT_CONNECT && transport->options.unix_socket.len > 0)
        return "no server listens at that socket: look at its path, and whether you may open it";
    return lme_network_advice(&transport->options.network, transport->options.secure,
                              exchange->code, exchange->fault);
}

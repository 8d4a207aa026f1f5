/* Transfers and their memory are reused: a free list of them, each with its body and its parsed
 * answer in one arena that is reset before every try. How a try goes over the network is the wires'
 * work (wire/). Nothing here knows what is asked; JSON in a 200 is read because a damaged body is
 * retried. */
#include "transport.h"

#include "answer.h"
#include "failure.h"
#include "loop.h"
#include "queue.h"
#include "rate.h"
#include "transfer.h"
#include "wire/wires.h"

#include <string.h>
#include <time.h>

struct lme_transport {
    lme_arena *arena;
    lme_transport_options options;
    lme_wires *wires;
    lme_str *headers; /* n_headers, of every request */
    size_t n_headers;
    lme_secrets secrets;
    lme_json_reader *reader;
    lme_transfer *idle, *all;
    lme_queue queue;
    size_t in_flight;
    size_t n_delivered;
    uint64_t dice;
    lme_traffic traffic;
    lme_turns turns;
    lme_rate rate;
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

/* Where the next try goes. */
static lme_route route_of(lme_transport *transport, lme_exchange *x)
{
    const lme_transport_options *options = &transport->options;
    lme_route route = {.url = x->url};
    if (options->before_try != NULL)
        options->before_try(options->context, x, &route);
    if (options->network.proxy.len > 0)
        route.direct = false;
    return route;
}

/* By the route that it has. */
static bool submit_again(lme_transport *transport, lme_transfer *t, lme_error *err)
{
    if (!lme_wires_begin(transport->wires, t, err))
        return false;
    lme_turns_sent(&transport->turns, lme_now_ns());
    transport->traffic.n_sent++;
    transport->traffic.bytes_out += t->exchange.body.len;
    return true;
}

static bool submit(lme_transport *transport, lme_transfer *t, lme_error *err)
{
    t->route = route_of(transport, &t->exchange);
    return submit_again(transport, t, err);
}

/* ---- after a try ---- */

/* A kept connection that the server had closed meanwhile: nobody's fault, and nothing was answered
 * (servers 3.20). libcurl asks again by itself, but five times a handle at most, however many
 * requests those are spread over (7.88); a new connection cannot come here again. */
static bool was_stale(const lme_transfer *t)
{
    return t->exchange.outcome == LME_OUTCOME_CONNECTION && t->kept && t->exchange.status == 0 &&
           !t->fresh;
}

static void count_fault(lme_traffic *traffic, const lme_exchange *x)
{
    traffic->n_status_429 += x->status == 429;
    traffic->n_status_5xx += x->status >= 500;
    traffic->n_connection_faults += x->outcome == LME_OUTCOME_CONNECTION ||
                                    x->outcome == LME_OUTCOME_TIMEOUT ||
                                    x->outcome == LME_OUTCOME_TRUNCATED;
}

/* Sends it, or lets it wait for its turn, or for a server. */
static bool go(lme_transport *transport, lme_transfer *t, lme_error *err)
{
    uint64_t now = lme_now_ms();
    if (lme_queue_holds(&transport->queue, t)) {
        lme_queue_put(&transport->queue, t, now);
        return true;
    }
    uint64_t due = lme_rate_reserve(&transport->rate, now);
    if (due <= now)
        return submit(transport, t, err);
    t->has_turn = true;
    lme_queue_put(&transport->queue, t, due);
    return true;
}

static bool retry_later(lme_transport *transport, lme_transfer *t)
{
    lme_exchange *x = &t->exchange;
    const lme_transport_options *options = &transport->options;
    lme_try last = {
        .outcome = x->outcome,
        .status = x->status,
        .n_tries = x->n_tries,
        .max_retries = options->max_retries,
        .backoff_ms = options->backoff_ms,
        .jitter = draw(transport),
    };
    last.has_retry_after = t->retry_after.len > 0 &&
                           lme_retry_after_ms(t->retry_after, time(NULL), &last.retry_after_ms);
    uint64_t wait_ms;
    bool again = lme_retry(&last, &wait_ms) && !x->single &&
                 !(x->once && x->outcome == LME_OUTCOME_CONNECTION);
    bool held = x->outcome != LME_OUTCOME_OK && options->hold_try != NULL &&
                options->hold_try(options->context, x, !again);
    if (!again && !held)
        return false;
    t->is_over = !again;
    lme_queue_put(&transport->queue, t, lme_now_ms() + wait_ms);
    transport->traffic.n_retried += again;
    return true;
}

/* True when another server was asked in its place: no try of ours is lost by that, as long as each
 * server has failed it once. */
static bool go_elsewhere(lme_transport *transport, lme_transfer *t, bool *ok, lme_error *err)
{
    lme_exchange *x = &t->exchange;
    const lme_transport_options *options = &transport->options;
    uint64_t rest_ms = 0;
    if (t->retry_after.len > 0 && !lme_retry_after_ms(t->retry_after, time(NULL), &rest_ms))
        rest_ms = 0;
    bool elsewhere = options->after_try != NULL && options->after_try(options->context, x, rest_ms);
    if (!elsewhere || x->n_failovers + 1 >= options->n_servers)
        return false;
    x->n_failovers++;
    x->n_tries--;
    transport->traffic.n_retried++;
    *ok = go(transport, t, err);
    return true;
}

static bool deliver(lme_transport *transport, lme_transfer *t, lme_error *err)
{
    lme_exchange *x = &t->exchange;
    if (!x->looks && x->outcome == LME_OUTCOME_OK)
        transport->traffic.n_answered++;
    else if (!x->looks)
        transport->traffic.n_failed++;
    transport->in_flight--;
    transport->n_delivered++;
    lme_turns_answered(&transport->turns, lme_now_ns());
    x->goes_on = false;
    x->done(x);
    if (x->goes_on) {
        x->n_tries = x->n_failovers = 0;
        transport->in_flight++;
        return go(transport, t, err);
    }
    t->next = transport->idle;
    transport->idle = t;
    return true;
}

/* Its try has ended. */
static bool finish(lme_transport *transport, lme_transfer *t, lme_error *err)
{
    lme_exchange *x = &t->exchange;
    if (t->http_version > 0)
        transport->traffic.http_version = t->http_version;
    transport->traffic.bytes_in += x->answer.len;
    x->value = lme_null();
    x->fault = t->fault;
    x->outcome = t->too_large ? LME_OUTCOME_TOO_LARGE : lme_outcome_of(x->code, x->status);
    if (was_stale(t)) {
        t->fresh = true;
        return submit_again(transport, t, err);
    }
    t->fresh = false;
    x->n_tries++;
    if (t->fault[0] == '\0' && x->code != CURLE_OK)
        strncat(t->fault, curl_easy_strerror((CURLcode)x->code), sizeof t->fault - 1);
    if (x->outcome == LME_OUTCOME_OK && !x->raw)
        x->outcome = lme_answer_read(x->arena, transport->reader, x->answer, x->left, &x->value);
    if (x->looks)
        return deliver(transport, t, err);
    count_fault(&transport->traffic, x);
    bool ok = true;
    if (go_elsewhere(transport, t, &ok, err))
        return ok;
    return retry_later(transport, t) || deliver(transport, t, err);
}

static bool collect(lme_transport *transport, lme_error *err)
{
    lme_transfer *t;
    while ((t = lme_wires_take(transport->wires)) != NULL) {
        if (!finish(transport, t, err))
            return false;
    }
    return true;
}

/* Ends what was held after its last try, else sends it. */
static bool go_on(lme_transport *transport, lme_transfer *t, lme_error *err)
{
    bool is_over = t->is_over, has_turn = t->has_turn;
    t->is_over = t->has_turn = false;
    if (is_over)
        return deliver(transport, t, err);
    return has_turn ? submit(transport, t, err) : go(transport, t, err);
}

/* Sends what has waited long enough. What must wait once more goes behind the others. */
static bool start_due(lme_transport *transport, uint64_t now, lme_error *err)
{
    for (;;) {
        lme_transfer *t = lme_queue_take(&transport->queue, now);
        if (t == NULL)
            return true;
        if (!go_on(transport, t, err))
            return false;
    }
}

/* Until the end, or until something that waits is due. */
static uint64_t wait_of(const lme_transport *transport, uint64_t now, uint64_t end)
{
    end = lme_queue_due(&transport->queue, end);
    return end > now ? end - now : 0;
}

void lme_transport_hold(lme_transport *transport)
{
    lme_queue_hold(&transport->queue);
}

void lme_transport_release(lme_transport *transport, bool spared)
{
    lme_queue_release(&transport->queue, spared, lme_now_ms());
}

bool lme_transport_wait(lme_transport *transport, unsigned timeout_ms, lme_error *err)
{
    uint64_t now = lme_now_ms();
    uint64_t end = now + timeout_ms;
    size_t before = transport->n_delivered;
    while (transport->n_delivered == before && transport->in_flight > 0) {
        if (!start_due(transport, now, err) ||
            !lme_wires_turn(transport->wires, wait_of(transport, now, end), err) ||
            !collect(transport, err))
            return false;
        now = lme_now_ms();
        if (now >= end)
            break;
    }
    return true;
}

/* ---- open, take, start, close ---- */

static bool check_key(lme_str key, lme_error *err)
{
    for (size_t i = 0; i < key.len; i++) {
        if ((unsigned char)key.ptr[i] <= ' ' || (unsigned char)key.ptr[i] == 0x7f) {
            lme_fail(err, LME_ERR_USAGE, NULL,
                     "the API key has a blank or control character at byte %zu", i + 1);
            return lme_hint(err, "it must be one word; it goes into an HTTP header");
        }
    }
    return true;
}

static void make_headers(lme_transport *transport)
{
    lme_str key = transport->options.api_key;
    const lme_network *network = &transport->options.network;
    lme_str *headers = LME_ARRAY(transport->arena, lme_str, network->n_headers + 2);
    size_t n = 0;
    headers[n++] = LME_STR("Content-Type: application/json");
    if (key.len > 0 && !lme_network_has(network, "Authorization"))
        headers[n++] =
            lme_str_format(transport->arena, "Authorization: Bearer %.*s", LME_STR_ARG(key));
    for (size_t i = 0; i < network->n_headers; i++)
        headers[n++] = network->headers[i];
    transport->headers = headers;
    transport->n_headers = n;
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
    made->rate = lme_rate_of(options->max_rps);
    made->options.network = (lme_network){0};
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    made->dice = ((uint64_t)now.tv_sec << 30 ^ (uint64_t)now.tv_nsec) | 1;
    made->reader = lme_json_reader_new();
    if (!lme_network_read(arena, &options->network, &made->options.network, err) ||
        !check_key(made->options.api_key, err)) {
        lme_transport_close(made);
        return false;
    }
    make_headers(made);
    made->wires = lme_wires_open(&made->options, made->headers, made->n_headers, &made->turns);
    lme_secrets_add(arena, &made->secrets, made->options.api_key, "[api key]");
    lme_network_secrets(arena, &made->options.network, &made->secrets);
    *transport = made;
    return true;
}

void lme_transport_close(lme_transport *transport)
{
    if (transport == NULL)
        return;
    lme_wires_close(transport->wires);
    for (lme_transfer *t = transport->all; t != NULL; t = t->next_all) {
        lme_arena_free(t->exchange.arena);
        lme_arena_free(t->own);
        lme_arena_free(t->in);
    }
    lme_json_reader_free(transport->reader);
    lme_arena_free(transport->arena);
    curl_global_cleanup();
}

lme_exchange *lme_transport_take(lme_transport *transport)
{
    lme_transfer *t = transport->idle;
    if (t != NULL) {
        transport->idle = t->next;
        t->exchange = (lme_exchange){.arena = t->exchange.arena};
        if (t->own != NULL)
            lme_arena_reset(t->own);
        return &t->exchange;
    }
    t = LME_NEW(transport->arena, lme_transfer);
    t->exchange.arena = lme_arena_new();
    t->next_all = transport->all;
    transport->all = t;
    return &t->exchange;
}

void lme_transport_give_back(lme_transport *transport, lme_exchange *exchange)
{
    lme_transfer *t = (lme_transfer *)exchange;
    t->next = transport->idle;
    transport->idle = t;
}

lme_arena *lme_exchange_own(lme_exchange *exchange)
{
    lme_transfer *t = (lme_transfer *)exchange;
    if (t->own == NULL)
        t->own = lme_arena_new();
    return t->own;
}

bool lme_transport_start(lme_transport *transport, lme_exchange *exchange, lme_error *err)
{
    lme_transfer *t = (lme_transfer *)exchange;
    t->fresh = t->is_over = false;
    t->n_spared = 0;
    if (!go(transport, t, err)) {
        lme_transport_give_back(transport, exchange);
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

lme_client_time lme_transport_client_time(const lme_transport *transport)
{
    return lme_turns_sum(&transport->turns);
}

void lme_transport_restart_time(lme_transport *transport)
{
    transport->turns = (lme_turns){0};
}

lme_str lme_transport_scrub(lme_arena *arena, const lme_transport *transport, lme_str text)
{
    return lme_secrets_hide(arena, &transport->secrets, text);
}

lme_str lme_transport_scrub_answer(lme_arena *arena, const lme_transport *transport, lme_str text)
{
    return lme_secrets_hide_long(arena, &transport->secrets, text);
}

lme_str lme_exchange_failure(lme_arena *arena, const lme_transport *transport,
                             const lme_exchange *exchange)
{
    return lme_failure_text(arena, exchange, &transport->secrets);
}

const char *lme_exchange_advice(const lme_transport *transport, const lme_exchange *exchange)
{
    const lme_route *route = &((const lme_transfer *)exchange)->route;
    if (exchange->code == CURLE_COULDNT_CONNECT && route->unix_socket != NULL)
        return "no server listens at that socket: look at its path, and whether you may open it";
    return lme_network_advice(&transport->options.network, route->secure, exchange->code,
                              exchange->fault);
}

#include "dispatch.h"

#include "answer.h"
#include "loop.h"
#include "remark.h"
#include "state.h"

#include <lmeval/hash.h>
#include <lmeval/limits.h>
#include <lmeval/unicode.h>

/* Of English text about 4, of other scripts and of numbers fewer. */
static const double bytes_a_token = 3;

static size_t count_of(lme_str list)
{
    size_t n = 1;
    for (size_t i = 0; i < list.len; i++)
        n += list.ptr[i] == ',';
    return n;
}

static bool check_url(const lme_server_url *urls, size_t at, bool has_proxy, lme_error *err)
{
    if (urls[at].unix_socket.len > 0 && has_proxy)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "a proxy cannot stand before a Unix socket: --proxy does not go with it");
    for (size_t i = 0; i < at; i++) {
        if (lme_str_equal(urls[i].root, urls[at].root) &&
            lme_str_equal(urls[i].unix_socket, urls[at].unix_socket))
            return lme_fail(err, LME_ERR_USAGE, NULL, "the server %.*s is named twice",
                            LME_STR_ARG(urls[at].root));
    }
    return true;
}

bool lme_dispatch_open(lme_endpoint *endpoint, const lme_endpoint_options *options, lme_error *err)
{
    lme_arena *arena = endpoint->arena;
    lme_str list = options->base_url;
    size_t n = count_of(list), from = 0;
    lme_server_url *urls = LME_ARRAY(arena, lme_server_url, n);
    lme_server_traffic *servers = LME_ARRAY(arena, lme_server_traffic, n);
    for (size_t i = 0; i < n; i++) {
        size_t to = lme_str_find(list, LME_STR(","), from);
        to = to < list.len ? to : list.len;
        lme_str one = lme_strip(lme_str_slice(list, from, to));
        if (!lme_server_url_read(arena, one, &urls[i], err) ||
            !check_url(urls, i, options->network.proxy.len > 0, err))
            return false;
        servers[i] = (lme_server_traffic){.url = lme_str_copy(arena, one)};
        from = to + 1;
    }
    endpoint->url = urls[0];
    endpoint->dispatch = (lme_dispatch){
        .urls = urls,
        .pool = lme_pool_of(servers, n, options->backoff_ms),
        .concurrency = options->concurrency,
        .knee = lme_knee_begin(LME_KNEE_HIGHEST, lme_now_ms()),
        .max_tokens = options->max_tokens,
    };
    return true;
}

/* What requests of one item share: the context. 0 stands for none. */
static uint64_t prefix_of(const lme_request *request)
{
    uint64_t hash = LME_FNV_START;
    const lme_str *text = &request->context;
    for (size_t m = 0;; m++) {
        hash = lme_fnv_add(hash, *text);
        if (m == request->n_messages)
            break;
        text = &request->messages[m].content;
    }
    return hash != 0 ? hash : 1;
}

static void set_route(lme_route *route, const lme_server_url *url)
{
    route->unix_socket = url->unix_socket.len > 0 ? url->unix_socket.ptr : NULL;
    route->direct = url->loopback;
    route->secure = url->secure;
}

void lme_dispatch_before(void *context, lme_exchange *x, lme_route *route)
{
    lme_endpoint *endpoint = context;
    lme_dispatch *dispatch = &endpoint->dispatch;
    if (x->looks || dispatch->probing) {
        set_route(route, x->looks ? &dispatch->urls[x->ask.server] : &endpoint->url);
        return;
    }
    if (x->passes)
        lme_pool_take(&dispatch->pool, x->ask.server);
    else
        x->ask.server = lme_pool_choose(&dispatch->pool, lme_now_ms(), x->ask.prefix);
    const lme_server_url *url = &dispatch->urls[x->ask.server];
    route->url = lme_server_url_like(&dispatch->urls[0], x->url, url);
    set_route(route, url);
}

static bool says(const lme_exchange *x, long status, const char *words)
{
    if (x->outcome != LME_OUTCOME_STATUS || x->status != status)
        return false;
    lme_remark said = lme_remark_of(x->arena, x->answer, lme_exchange_sent(x), LME_STR(""));
    return lme_remark_has(&said, words);
}

/* llama-server's slots share one context, and what is under way does not fit into it together: all
 * of it is answered so, and each alone would not be (servers 3.30). */
static bool is_crowded(const lme_exchange *x)
{
    return says(x, 500, "context size has been exceeded");
}

const char *lme_slots_hint(const lme_exchange *x)
{
    if (is_crowded(x))
        return "the server's slots share one context: start llama-server with --parallel 1 or a "
               "greater --ctx-size, or ask with --concurrency 1";
    if (says(x, 400, "exceed_context_size_error"))
        return "where llama-server was started with --parallel, each slot has a part of "
               "--ctx-size: --parallel 1 gives a question all of it";
    return NULL;
}

/* Beside an error with status 200 there may be what the model wrote: the error alone tells. */
bool lme_overflows(const lme_endpoint *endpoint, const lme_exchange *x)
{
    bool is_error = x->outcome == LME_OUTCOME_ERROR;
    if (!is_error && x->outcome != LME_OUTCOME_STATUS)
        return false;
    lme_str text = is_error ? lme_answer_error(x->arena, NULL, x->answer, NULL) : x->answer;
    lme_remark said = lme_remark_of(x->arena, text, lme_exchange_sent(x), endpoint->form.model);
    return lme_is_overflow(is_error ? 400 : x->status, &said);
}

/* The server had no room: it says so, or it did not come round to it. */
static bool is_refusal(const lme_exchange *x)
{
    return x->outcome == LME_OUTCOME_TIMEOUT || is_crowded(x) ||
           (x->outcome == LME_OUTCOME_STATUS && (x->status == 429 || x->status == 503));
}

/* Half as many from then on. Those that are open beyond that are waited for, so that one crowd,
 * which is answered question by question, counts once. */
static void thin_out(lme_endpoint *endpoint)
{
    size_t open = lme_endpoint_in_flight(endpoint);
    size_t *most = &endpoint->dispatch.most_open;
    if (*most == 0 || open <= *most)
        *most = open > 3 ? open / 2 : 1;
}

/* What another server may do better. Questions that are refused as such are no server's fault. */
static bool is_servers_fault(const lme_exchange *x)
{
    if (x->outcome == LME_OUTCOME_STATUS)
        return x->status == 429 || x->status >= 500;
    return x->outcome != LME_OUTCOME_OK && x->outcome != LME_OUTCOME_TOO_LARGE;
}

bool lme_dispatch_after(void *context, lme_exchange *x, uint64_t rest_ms)
{
    lme_endpoint *endpoint = context;
    lme_dispatch *dispatch = &endpoint->dispatch;
    if (dispatch->probing)
        return false;
    if (x->outcome == LME_OUTCOME_OK)
        lme_fingerprints_count(&endpoint->fingerprints, x->ask.server, &x->value);
    /* A question that is too long is so each time and everywhere, also where that is a 500, or an
     * error with status 200. */
    bool is_long =
        (x->status >= 500 || x->outcome == LME_OUTCOME_ERROR) && lme_overflows(endpoint, x);
    bool is_faulty = is_servers_fault(x) && !is_long;
    x->single = x->single || is_long;
    lme_watch_tried(endpoint, x, is_faulty);
    uint64_t now = lme_now_ms();
    size_t open = lme_transport_in_flight(endpoint->transport);
    dispatch->n_crowded += is_crowded(x);
    if (dispatch->concurrency > 0 && is_crowded(x))
        thin_out(endpoint);
    if (dispatch->concurrency == 0 && is_refusal(x))
        lme_knee_refused(&dispatch->knee, now, open);
    else if (dispatch->concurrency == 0)
        lme_knee_answered(&dispatch->knee, now, open, (double)(x->body.len + x->answer.len));
    if (is_faulty) {
        bool elsewhere = lme_pool_failed(&dispatch->pool, x->ask.server, now, rest_ms);
        lme_watch_failed(endpoint, x);
        return elsewhere && !x->passes;
    }
    if (x->outcome == LME_OUTCOME_OK)
        lme_pool_answered(&dispatch->pool, x->ask.server);
    else
        lme_pool_left(&dispatch->pool, x->ask.server);
    return false;
}

static size_t tokens_of(const lme_dispatch *dispatch, const lme_request *request, lme_str body)
{
    if (request->kind == LME_REQUEST_GENERATE)
        return 0;
    double each =
        dispatch->tokens_read > 0 ? dispatch->bytes_read / dispatch->tokens_read : bytes_a_token;
    return (size_t)((double)body.len / each) + 1;
}

void lme_dispatch_begin(lme_endpoint *endpoint, lme_exchange *x)
{
    lme_dispatch *dispatch = &endpoint->dispatch;
    const lme_request *request = x->ask.request;
    x->ask.prefix = dispatch->pool.n_servers > 1 ? prefix_of(request) : 0;
    x->ask.n_tokens = tokens_of(dispatch, request, x->body);
    x->ask.n_bytes = x->body.len;
    dispatch->n_tokens += x->ask.n_tokens;
}

void lme_dispatch_end(lme_endpoint *endpoint, const lme_exchange *x, const lme_response *response)
{
    lme_dispatch *dispatch = &endpoint->dispatch;
    dispatch->n_tokens -= x->ask.n_tokens;
    if (response != NULL && x->ask.n_tokens > 0 && response->n_prompt_tokens > 0) {
        dispatch->tokens_read += (double)response->n_prompt_tokens;
        dispatch->bytes_read += (double)x->ask.n_bytes;
    }
    if (response != NULL)
        lme_dispatch_told(endpoint, lme_exchange_sent(x), response);
}

double lme_prompt_bytes(const lme_request *request)
{
    double n = (double)request->context.len;
    for (size_t i = 0; i < request->n_messages; i++)
        n += (double)request->messages[i].content.len;
    return request->kind == LME_REQUEST_LOGLIKELIHOOD ? n + (double)request->continuation.len : n;
}

void lme_dispatch_told(lme_endpoint *endpoint, const lme_request *request,
                       const lme_response *response)
{
    if (response->state != LME_RESPONSE_OK || response->n_prompt_tokens == 0)
        return;
    endpoint->dispatch.prompt_bytes += lme_prompt_bytes(request);
    endpoint->dispatch.prompt_tokens += (double)response->n_prompt_tokens;
}

/* ---- what a run asks ---- */

size_t lme_endpoint_concurrency(const lme_endpoint *endpoint)
{
    const lme_dispatch *dispatch = &endpoint->dispatch;
    size_t limit = dispatch->concurrency > 0 ? dispatch->concurrency : dispatch->knee.limit;
    return dispatch->most_open > 0 && dispatch->most_open < limit ? dispatch->most_open : limit;
}

void lme_endpoint_open_at_most(lme_endpoint *endpoint, size_t n)
{
    endpoint->dispatch.concurrency = n > 0 ? n : endpoint->options.concurrency;
}

bool lme_endpoint_has_room(const lme_endpoint *endpoint)
{
    /* A batch that is being gathered takes more; it has its place already. */
    return endpoint->gathering != NULL || endpoint->watch.checks ||
           lme_endpoint_in_flight(endpoint) - endpoint->watch.n_under_way <
               lme_endpoint_concurrency(endpoint);
}

bool lme_endpoint_has_room_for(const lme_endpoint *endpoint, const lme_request *request,
                               lme_str body)
{
    const lme_dispatch *dispatch = &endpoint->dispatch;
    if (lme_endpoint_joins(endpoint, request, body))
        return true;
    if (!lme_endpoint_has_room(endpoint))
        return false;
    /* One that is larger than the bound goes alone. */
    return dispatch->max_tokens == 0 || dispatch->n_tokens == 0 ||
           dispatch->n_tokens + tokens_of(dispatch, request, body) <= dispatch->max_tokens;
}

const lme_course *lme_endpoint_course(const lme_endpoint *endpoint)
{
    return endpoint->dispatch.concurrency > 0 ? NULL : &endpoint->dispatch.knee.course;
}

const lme_server_traffic *lme_endpoint_servers(const lme_endpoint *endpoint, size_t *n)
{
    *n = endpoint->dispatch.pool.n_servers;
    return endpoint->dispatch.pool.servers;
}

const lme_system_fingerprint *lme_endpoint_fingerprints(const lme_endpoint *endpoint, size_t *n)
{
    *n = endpoint->fingerprints.n;
    return endpoint->fingerprints.seen;
}

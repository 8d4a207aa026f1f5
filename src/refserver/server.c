/* HTTP by libmicrohttpd: a pool of threads with an event loop each. A request gathers its body,
 * perhaps waits (timer.c), is answered by the API (api.c) or by a fault, and goes back to a pool
 * with its memory.
 */
#include "exchange.h"
#include "fault.h"
#include "listener.h"
#include "load.h"
#include "timer.h"

#include <string.h>
#include <time.h>

#include <lmeval/refserver.h>

#define DEFAULT_MODEL "lmeval-ngram"
#define MAX_SLOTS     4096u

struct lme_refserver {
    lme_arena *arena;
    lme_service service;
    atomic_uint n_answers;
    lme_faults *faults;    /* NULL: none */
    atomic_bool is_ending; /* no request is taken any more */
    lme_str api_key;       /* "": any */
    unsigned latency_ms, prompt_token_us, token_us;
    lme_load *load;
    lme_timer *timer;
    lme_exchanges *exchanges;
    lme_listener listener;
};

static bool is_authorized(const lme_refserver *server, struct MHD_Connection *connection,
                          const char *url)
{
    if (server->api_key.len == 0 || strcmp(url, "/health") == 0)
        return true;
    const char *sent = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Authorization");
    lme_str value = lme_str_from(sent);
    return lme_str_starts(value, LME_STR("Bearer ")) &&
           lme_str_equal(lme_str_slice(value, 7, value.len), server->api_key);
}

/* Decides what will happen to the request. */
static void decide(lme_refserver *server, lme_exchange *exchange, const char *method,
                   const char *url)
{
    exchange->mishap = (lme_mishap){.fault = LME_FAULT_NONE, .argument = -1};
    if (strcmp(method, "POST") != 0)
        return;
    lme_str path = lme_str_from(url), body = {exchange->text.ptr, exchange->text.len};
    exchange->load = server->load;
    if (!lme_load_enter(server->load, path, body, &exchange->moment))
        exchange->mishap.fault = LME_FAULT_BUSY;
    else if (server->faults != NULL)
        exchange->mishap = lme_faults_draw(server->faults, path, body);
}

/* True when the answer has to wait first: for a place, and as long as the work takes. */
static bool must_wait(lme_refserver *server, const lme_exchange *exchange,
                      struct MHD_Connection *connection)
{
    const lme_reply *reply = &exchange->reply;
    if (exchange->load == NULL || exchange->mishap.fault == LME_FAULT_BUSY)
        return false;
    uint64_t tokens_us = (uint64_t)reply->n_prompt * server->prompt_token_us +
                         (uint64_t)reply->n_completion * server->token_us;
    unsigned work_ms = server->latency_ms + (unsigned)(tokens_us / 1000);
    unsigned delay_ms = lme_load_delay(server->load, work_ms) + exchange->mishap.delay_ms;
    return delay_ms > 0 && lme_timer_wait(server->timer, connection, delay_ms);
}

static void answer(lme_refserver *server, lme_exchange *exchange, struct MHD_Connection *connection,
                   const char *method, const char *url)
{
    lme_refusal refusal = {0};
    bool is_refused = true;
    lme_exchange_begin(exchange, &server->service);
    if (!is_authorized(server, connection, url))
        lme_refuse(&refusal, 401, NULL, "invalid_api_key", "a valid API key is needed");
    else if (exchange->is_too_large)
        lme_refuse(&refusal, 413, NULL, NULL, "the body is larger than %u bytes",
                   LME_EXCHANGE_MAX_BODY);
    else
        is_refused = false;
    if (is_refused)
        lme_reply_refuse(&exchange->reply, &refusal);
    else
        lme_exchange_answer(exchange, lme_str_from(method), lme_str_from(url));
}

/* NOLINTNEXTLINE(readability-function-size): libmicrohttpd's type */
static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload_data,
                              size_t *upload_size, void **own)
{
    lme_refserver *server = context;
    lme_exchange *exchange = *own;
    (void)version;
    if (exchange == NULL && atomic_load(&server->is_ending))
        return MHD_NO;
    if (exchange == NULL) {
        *own = lme_exchange_take(server->exchanges);
        return MHD_YES;
    }
    if (*upload_size > 0) {
        lme_exchange_add(exchange, (lme_str){upload_data, *upload_size});
        *upload_size = 0;
        return MHD_YES;
    }
    if (!exchange->is_decided) {
        exchange->is_decided = true;
        decide(server, exchange, method, url);
        answer(server, exchange, connection, method, url);
        if (must_wait(server, exchange, connection))
            return MHD_YES;
    }
    return lme_exchange_send(exchange, connection);
}

static void completed(void *context, struct MHD_Connection *connection, void **own,
                      enum MHD_RequestTerminationCode how)
{
    lme_refserver *server = context;
    (void)connection;
    (void)how;
    lme_exchange *exchange = *own;
    *own = NULL;
    if (exchange == NULL)
        return;
    if (exchange->load != NULL)
        lme_load_leave(exchange->load);
    lme_exchange_give_back(server->exchanges, exchange);
}

static bool check(const lme_refserver_options *options, lme_error *err)
{
    if (options->port > 65535)
        return lme_fail(err, LME_ERR_USAGE, NULL, "port %u: expected 0 to 65535", options->port);
    if (options->slots > MAX_SLOTS)
        return lme_fail(err, LME_ERR_USAGE, NULL, "slots %u: expected 0 to %u", options->slots,
                        MAX_SLOTS);
    if (options->quantize_bits > 16)
        return lme_fail(err, LME_ERR_USAGE, NULL, "quantize_bits %u: expected 0 to 16",
                        options->quantize_bits);
    if (options->replay_strict && options->replay == NULL) {
        lme_fail(err, LME_ERR_USAGE, NULL, "replay_strict without a record");
        return lme_hint(err, "name the record with --replay FILE");
    }
    return true;
}

/* Everything but the network. */
static bool load(lme_refserver *server, const lme_refserver_options *options, lme_error *err)
{
    lme_replay *replay = NULL;
    lme_service *service = &server->service;
    if (!lme_traits_read(options->impersonate, &service->traits, err) ||
        !lme_faults_new(server->arena, options->faults, options->fault_seed, &server->faults, err))
        return false;
    if (options->replay != NULL && !lme_replay_open(server->arena, options->replay, &replay, err))
        return false;
    if (!options->replay_strict && !lme_model_train(server->arena, options->corpus,
                                                    options->quantize_bits, &service->model, err))
        return false;
    service->replay = replay;
    service->name = LME_STR(DEFAULT_MODEL);
    if (replay != NULL && lme_replay_model(replay).len > 0)
        service->name = lme_replay_model(replay);
    if (options->model != NULL)
        service->name = lme_str_copy(server->arena, lme_str_from(options->model));
    service->created = (int64_t)time(NULL);
    server->api_key = lme_str_copy(server->arena, lme_str_from(options->api_key));
    server->latency_ms = options->latency_ms;
    server->prompt_token_us = options->prompt_token_us;
    server->token_us = options->token_us;
    service->gzip = options->gzip;
    service->n_answers = &server->n_answers;
    const unsigned slots_and_capacity[] = {options->slots, options->capacity};
    return lme_load_open(server->arena, slots_and_capacity, options->log, &server->load, err);
}

bool lme_refserver_start(const lme_refserver_options *options, lme_refserver **server,
                         lme_error *err)
{
    *server = NULL;
    if (!check(options, err))
        return false;
    lme_arena *arena = lme_arena_new();
    lme_refserver *made = LME_NEW(arena, lme_refserver);
    made->arena = arena;
    if (load(made, options, err)) {
        made->exchanges = lme_exchanges_new(arena);
        made->timer = lme_timer_start(arena);
        made->listener = (lme_listener){.handle = handle, .completed = completed, .context = made};
        if (lme_listener_start(arena, options, &made->listener, err)) {
            *server = made;
            return true;
        }
    }
    lme_refserver_stop(made);
    return false;
}

void lme_refserver_stop(lme_refserver *server)
{
    if (server == NULL)
        return;
    /* Without its timer it would answer at once what comes until the listener has stopped. */
    atomic_store(&server->is_ending, true);
    lme_timer_stop(server->timer);
    lme_listener_stop(&server->listener);
    lme_load_close(server->load);
    lme_exchanges_free(server->exchanges);
    lme_faults_free(server->faults);
    lme_arena_free(server->arena);
}

unsigned lme_refserver_port(const lme_refserver *server)
{
    return server->listener.port;
}

const char *lme_refserver_address(const lme_refserver *server)
{
    return server->listener.address;
}

/* The pool of exchanges, and sending: whole, event by event, or broken as the fault wants it. */
#include "exchange.h"

#include "gzip.h"

#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#define MAX_POOLED     64u
#define MAX_KEPT_BYTES (1u << 20) /* an exchange that grew larger is not kept */
#define STREAM_BLOCK   16384u

static const char server_header[] = "lmeval-refserver/" LMEVAL_VERSION;
static const char html_page[] = "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>"
                                "<h1>502 Bad Gateway</h1></body>\r\n</html>\r\n";

struct lme_exchanges {
    pthread_mutex_t lock;
    lme_exchange *first;
    size_t n;
};

lme_exchanges *lme_exchanges_new(lme_arena *arena)
{
    lme_exchanges *exchanges = LME_NEW(arena, lme_exchanges);
    LME_BUG(pthread_mutex_init(&exchanges->lock, NULL) != 0, "no mutex");
    return exchanges;
}

static void free_exchange(lme_exchange *exchange)
{
    lme_arena_free(exchange->texts);
    lme_arena_free(exchange->scratch);
    lme_json_reader_free(exchange->reader);
    free(exchange);
}

void lme_exchanges_free(lme_exchanges *exchanges)
{
    if (exchanges == NULL)
        return;
    while (exchanges->first != NULL) {
        lme_exchange *next = exchanges->first->next;
        free_exchange(exchanges->first);
        exchanges->first = next;
    }
    pthread_mutex_destroy(&exchanges->lock);
}

lme_exchange *lme_exchange_take(lme_exchanges *exchanges)
{
    pthread_mutex_lock(&exchanges->lock);
    lme_exchange *exchange = exchanges->first;
    if (exchange != NULL) {
        exchanges->first = exchange->next;
        exchanges->n--;
    }
    pthread_mutex_unlock(&exchanges->lock);
    if (exchange == NULL) {
        exchange = calloc(1, sizeof *exchange);
        LME_BUG(exchange == NULL, "out of memory");
        exchange->texts = lme_arena_new();
        exchange->scratch = lme_arena_new();
        exchange->reader = lme_json_reader_new();
    }
    *exchange = (lme_exchange){.texts = exchange->texts,
                               .scratch = exchange->scratch,
                               .reader = exchange->reader,
                               .text.arena = exchange->texts,
                               .cut_at = SIZE_MAX};
    return exchange;
}

void lme_exchange_give_back(lme_exchanges *exchanges, lme_exchange *exchange)
{
    bool is_large = lme_arena_used(exchange->texts) > MAX_KEPT_BYTES ||
                    lme_arena_used(exchange->scratch) > MAX_KEPT_BYTES;
    lme_arena_reset(exchange->texts);
    lme_arena_reset(exchange->scratch);
    pthread_mutex_lock(&exchanges->lock);
    bool is_kept = !is_large && exchanges->n < MAX_POOLED;
    if (is_kept) {
        exchange->next = exchanges->first;
        exchanges->first = exchange;
        exchanges->n++;
    }
    pthread_mutex_unlock(&exchanges->lock);
    if (!is_kept)
        free_exchange(exchange);
}

void lme_exchange_add(lme_exchange *exchange, lme_str part)
{
    if (exchange->text.len + part.len > LME_EXCHANGE_MAX_BODY)
        exchange->is_too_large = true;
    else
        lme_builder_add(&exchange->text, part);
}

void lme_exchange_begin(lme_exchange *exchange, const lme_service *service)
{
    exchange->service = service;
    exchange->reply = (lme_reply){.scratch = exchange->scratch,
                                  .traits = service->traits,
                                  .body.arena = exchange->texts,
                                  .status = 200,
                                  .content_type = "application/json"};
}

/* The answer of a fault that has one of its own; false when the API answers. */
static bool answer_fault(lme_exchange *exchange)
{
    lme_refusal refusal = {0};
    enum lme_fault fault = exchange->mishap.fault;
    bool shares = lme_traits_have(exchange->service->traits, LME_TRAIT_LLAMA_SERVER);
    if (fault == LME_FAULT_BUSY && shares)
        lme_refuse(&refusal, 500, NULL, NULL, "Context size has been exceeded.");
    else if (fault == LME_FAULT_429 || fault == LME_FAULT_429_DATE || fault == LME_FAULT_BUSY)
        lme_refuse(&refusal, 429, NULL, "rate_limit_exceeded", "too many requests");
    else if (fault == LME_FAULT_500 || fault == LME_FAULT_ERROR_200)
        lme_refuse(&refusal, 500, NULL, NULL, "the server had an error");
    else if (fault == LME_FAULT_503)
        lme_refuse(&refusal, 503, NULL, NULL, "Loading model");
    if (refusal.status != 0) {
        lme_reply_refuse(&exchange->reply, &refusal);
        if (fault == LME_FAULT_ERROR_200)
            exchange->reply.status = 200;
        return true;
    }
    if (fault == LME_FAULT_HTML) {
        exchange->reply.status = 502;
        exchange->reply.content_type = "text/html";
        lme_builder_add(&exchange->reply.body, LME_STR(html_page));
        return true;
    }
    return fault == LME_FAULT_DROP;
}

void lme_exchange_answer(lme_exchange *exchange, lme_str method, lme_str path)
{
    lme_call call = {.method = method,
                     .path = path,
                     .body = lme_builder_finish(&exchange->text),
                     .reader = exchange->reader,
                     .moment = exchange->moment};
    if (answer_fault(exchange))
        return;
    lme_reply *reply = &exchange->reply;
    reply->is_aborted = exchange->mishap.fault == LME_FAULT_ABORT;
    lme_api_answer(exchange->service, &call, reply);
    lme_reply_dress(reply);
    if (exchange->mishap.fault == LME_FAULT_TRUNCATE)
        exchange->cut_at = reply->body.len / 2;
    if (exchange->mishap.fault == LME_FAULT_BAD_JSON) {
        reply->body.len /= 2;
        reply->n_events = 0;
    }
}

/* libmicrohttpd asks for the next bytes: of one event at a time, up to the cut. */
static ssize_t read_answer(void *context, uint64_t position, char *to, size_t max)
{
    lme_exchange *exchange = context;
    const lme_reply *reply = &exchange->reply;
    size_t at = (size_t)position, end = reply->body.len;
    if (at >= exchange->cut_at)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    if (at >= end)
        return MHD_CONTENT_READER_END_OF_STREAM;
    while (exchange->event < reply->n_events && reply->events[exchange->event] <= at)
        exchange->event++;
    if (exchange->event < reply->n_events)
        end = reply->events[exchange->event];
    if (end > exchange->cut_at)
        end = exchange->cut_at;
    size_t n = end - at < max ? end - at : max;
    memcpy(to, reply->body.ptr + at, n);
    return (ssize_t)n;
}

static struct MHD_Response *response_of(lme_exchange *exchange)
{
    lme_reply *reply = &exchange->reply;
    if (reply->n_events > 0)
        return MHD_create_response_from_callback(MHD_SIZE_UNKNOWN, STREAM_BLOCK, read_answer,
                                                 exchange, NULL);
    if (exchange->cut_at != SIZE_MAX)
        return MHD_create_response_from_callback(reply->body.len, STREAM_BLOCK, read_answer,
                                                 exchange, NULL);
    return MHD_create_response_from_buffer(reply->body.len, reply->body.ptr,
                                           MHD_RESPMEM_PERSISTENT);
}

static void add_retry_after(struct MHD_Response *response, const lme_mishap *mishap)
{
    char text[64];
    int64_t seconds = mishap->argument < 0 ? 0 : mishap->argument;
    if (mishap->fault == LME_FAULT_429_DATE) {
        time_t when = time(NULL) + (time_t)seconds;
        struct tm utc;
        gmtime_r(&when, &utc);
        strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &utc);
    } else {
        snprintf(text, sizeof text, "%lld", (long long)seconds);
    }
    MHD_add_response_header(response, "Retry-After", text);
}

/* True when the body is now a gzip file. Streams and what breaks off are left as they are. */
static bool compress(lme_exchange *exchange, struct MHD_Connection *connection)
{
    lme_reply *reply = &exchange->reply;
    const char *takes = MHD_lookup_connection_value(connection, MHD_HEADER_KIND, "Accept-Encoding");
    if (!exchange->service->gzip || takes == NULL || strstr(takes, "gzip") == NULL ||
        reply->n_events > 0 || exchange->cut_at != SIZE_MAX)
        return false;
    lme_str packed = lme_gzip(exchange->scratch, (lme_str){reply->body.ptr, reply->body.len});
    reply->body = (lme_builder){.arena = reply->body.arena};
    lme_builder_add(&reply->body, packed);
    return true;
}

static enum MHD_Result add_header(void *to, enum MHD_ValueKind kind, const char *name,
                                  const char *value)
{
    (void)kind;
    lme_builder_format(to, "%s: %s; ", name, value != NULL ? value : "");
    return MHD_YES;
}

/* Where the first text of a JSON answer begins, in its quotes; 0: nowhere, or it is an echo, whose
 * tokens are held against it. */
static size_t text_begins(lme_str body)
{
    static const char *const texts[] = {"\"text\":\"", "\"content\":\"", "\"message\":\"",
                                        "\"msg\":\"", "\"error\":\""};
    if (lme_str_find(body, LME_STR("\"tokens\":["), 0) < body.len)
        return 0;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        size_t at = lme_str_find(body, lme_str_from(texts[i]), 0);
        if (at < body.len)
            return at + strlen(texts[i]);
    }
    return 0;
}

/* In front of its first text, else as a field of its own; behind what is no JSON. */
static void tell_headers(lme_exchange *exchange, struct MHD_Connection *connection)
{
    lme_reply *reply = &exchange->reply;
    lme_str body = {reply->body.ptr, reply->body.len};
    lme_builder headers = {.arena = exchange->scratch}, quoted = {.arena = exchange->scratch};
    MHD_get_connection_values(connection, MHD_HEADER_KIND, add_header, &headers);
    lme_json_write_string(&quoted, lme_builder_finish(&headers), true);
    bool is_object = lme_str_starts(body, LME_STR("{"));
    size_t at = is_object ? text_begins(body) : body.len;
    bool is_field = is_object && at == 0;
    lme_builder out = {.arena = reply->body.arena};
    lme_builder_add(&out, is_field ? LME_STR("{\"asked_with\":") : lme_str_slice(body, 0, at));
    lme_builder_add(&out, is_field ? (lme_str){quoted.ptr, quoted.len}
                                   : (lme_str){quoted.ptr + 1, quoted.len - 2});
    if (is_field)
        lme_builder_char(&out, ',');
    lme_builder_add(&out, lme_str_slice(body, is_field ? 1 : at, body.len));
    reply->body = out;
}

enum MHD_Result lme_exchange_send(lme_exchange *exchange, struct MHD_Connection *connection)
{
    const lme_mishap *mishap = &exchange->mishap;
    lme_reply *reply = &exchange->reply;
    if (mishap->fault == LME_FAULT_DROP)
        return MHD_NO;
    if (lme_traits_have(reply->traits, LME_TRAIT_HEADERS_TOLD) && reply->n_events == 0)
        tell_headers(exchange, connection);
    bool compressed = compress(exchange, connection);
    struct MHD_Response *response = response_of(exchange);
    LME_BUG(response == NULL, "no memory for a response");
    if (compressed)
        MHD_add_response_header(response, "Content-Encoding", "gzip");
    MHD_add_response_header(response, "Content-Type", reply->content_type);
    MHD_add_response_header(response, "Server", server_header);
    if (reply->allow != NULL)
        MHD_add_response_header(response, "Allow", reply->allow);
    if (mishap->fault == LME_FAULT_429 || mishap->fault == LME_FAULT_429_DATE ||
        (mishap->fault == LME_FAULT_503 && mishap->argument >= 0))
        add_retry_after(response, mishap);
    enum MHD_Result queued = MHD_queue_response(connection, reply->status, response);
    MHD_destroy_response(response);
    return queued;
}

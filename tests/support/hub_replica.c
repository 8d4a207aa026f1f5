#include "hub_replica.h"

#include <arpa/inet.h>
#include <microhttpd.h>
#include <netinet/in.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <lmeval/limits.h>
#include <lmeval/share.h>

struct test_replica {
    test_replica_options options;
    struct MHD_Daemon *daemon;
    char url[64];
    atomic_size_t n_requests, n_pages, n_downloads, n_leaks;
    atomic_llong busy_until_ms; /* 0: no file has been asked for */
};

typedef struct reply {
    struct MHD_Connection *connection;
    test_replica *replica;
    lme_arena *arena;
    const char *revision;
} reply;

static enum MHD_Result send_bytes(const reply *r, unsigned status, lme_str body)
{
    /* const is only lost on the way: the bytes are copied. */
    void *bytes = (void *)(uintptr_t)body.ptr;
    struct MHD_Response *response =
        MHD_create_response_from_buffer(body.len, bytes, MHD_RESPMEM_MUST_COPY);
    char wait[16];
    snprintf(wait, sizeof wait, "%u", r->replica->options.busy_seconds);
    if (status == 429)
        MHD_add_response_header(response, "Retry-After", wait);
    MHD_add_response_header(response, "X-Revision", r->revision);
    enum MHD_Result sent = MHD_queue_response(r->connection, status, response);
    MHD_destroy_response(response);
    return sent;
}

static enum MHD_Result send_text(const reply *r, unsigned status, const char *text)
{
    return send_bytes(r, status, lme_str_from(text));
}

static const char *argument(const reply *r, const char *name)
{
    const char *value = MHD_lookup_connection_value(r->connection, MHD_GET_ARGUMENT_KIND, name);
    return value != NULL ? value : "";
}

static enum MHD_Result send_splits(const reply *r)
{
    const test_replica_options *o = &r->replica->options;
    const char *first = o->no_default ? "main" : "default";
    lme_builder text = {.arena = r->arena};
    lme_builder_format(&text,
                       "{\"splits\":[{\"config\":\"%s\",\"split\":\"train\"},"
                       "{\"config\":\"%s\",\"split\":\"test\"}",
                       first, first);
    if (o->two_configs)
        lme_builder_format(&text, ",{\"config\":\"other\",\"split\":\"test\"}");
    lme_builder_format(&text, "],\"pending\":[],\"failed\":[]}");
    return send_bytes(r, 200, lme_builder_finish(&text));
}

static void write_row(lme_builder *text, const test_replica_options *o, size_t i)
{
    bool is_cut = o->truncated_from > 0 && i >= o->truncated_from;
    lme_builder_format(text,
                       "{\"row_idx\":%zu,\"row\":{\"id\":%zu,\"text\":\"row %zu of the replica\","
                       "\"label\":%zu},\"truncated_cells\":[%s]}",
                       i, i, i, i % 4, is_cut ? "\"text\"" : "");
}

static enum MHD_Result send_rows(reply *r)
{
    const test_replica_options *o = &r->replica->options;
    size_t from = strtoul(argument(r, "offset"), NULL, 10);
    size_t length = strtoul(argument(r, "length"), NULL, 10);
    size_t n_pages = atomic_fetch_add(&r->replica->n_pages, 1);
    if (o->no_rows)
        return send_text(r, 500, "{\"error\":\"The rows are not indexed.\"}");
    if (length > 100)
        return send_text(r, 422, "{\"error\":\"Parameter 'length' must not be greater than 100\"}");
    if (o->revision_changes > 0 && n_pages >= o->revision_changes)
        r->revision = "second";
    lme_builder text = {.arena = r->arena};
    lme_builder_format(&text,
                       "{\"features\":[{\"name\":\"id\",\"type\":{\"dtype\":\"int64\","
                       "\"_type\":\"Value\"}}%s],\"rows\":[",
                       o->has_image ? ",{\"name\":\"picture\",\"type\":{\"_type\":\"Image\"}}"
                                    : "");
    for (size_t i = from; i < o->n_rows && i < from + length; i++) {
        if (i > from)
            lme_builder_char(&text, ',');
        write_row(&text, o, i);
    }
    lme_builder_format(&text, "],\"num_rows_total\":%zu,\"num_rows_per_page\":100,\"partial\":%s}",
                       o->n_rows, o->is_partial ? "true" : "false");
    return send_bytes(r, 200, lme_builder_finish(&text));
}

static enum MHD_Result send_parquet_list(const reply *r)
{
    const test_replica_options *o = &r->replica->options;
    if (o->parquet == NULL)
        return send_text(r, 404, "{\"error\":\"There are no Parquet files.\"}");
    lme_str url = lme_str_from(r->replica->url);
    if (o->files_elsewhere)
        url = lme_str_replace(r->arena, url, LME_STR("127.0.0.1"), LME_STR("localhost"));
    lme_str text = lme_str_format(
        r->arena,
        "{\"parquet_files\":[{\"config\":\"default\",\"split\":\"train\",\"url\":\"%s/file\","
        "\"size\":1000},{\"config\":\"default\",\"split\":\"test\",\"url\":\"%.*s/file\","
        "\"size\":%zu}],\"partial\":%s}",
        r->replica->url, LME_STR_ARG(url), o->file_size, o->is_partial ? "true" : "false");
    return send_bytes(r, 200, text);
}

/* A body that ends early: the connection is closed in the middle of it. */
typedef struct cut_body {
    lme_str bytes;
    size_t cut;
} cut_body;

static ssize_t read_cut(void *context, uint64_t at, char *bytes, size_t most)
{
    const cut_body *body = context;
    if (at >= body->cut)
        return MHD_CONTENT_READER_END_WITH_ERROR;
    size_t n = body->cut - (size_t)at < most ? body->cut - (size_t)at : most;
    memcpy(bytes, body->bytes.ptr + at, n);
    return (ssize_t)n;
}

static bool is_busy(test_replica *replica)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    long long now_ms = (long long)time.tv_sec * 1000 + time.tv_nsec / 1000000;
    long long never = 0;
    atomic_compare_exchange_strong(&replica->busy_until_ms, &never,
                                   now_ms + 1000LL * replica->options.busy_seconds);
    return now_ms < atomic_load(&replica->busy_until_ms);
}

static enum MHD_Result send_file(const reply *r)
{
    const test_replica_options *o = &r->replica->options;
    lme_str bytes;
    if (is_busy(r->replica))
        return send_text(r, 429, "{\"error\":\"Too many requests.\"}");
    if (!lme_file_read(r->arena, o->parquet, LME_LIMIT_TASK_FILE, &bytes, NULL))
        return send_text(r, 404, "");
    size_t from = 0;
    const char *range = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Range");
    if (range != NULL && strncmp(range, "bytes=", 6) == 0)
        from = strtoul(range + 6, NULL, 10);
    if (from >= bytes.len)
        return send_text(r, 416, "");
    bytes = lme_str_slice(bytes, from, bytes.len);
    size_t nth = atomic_fetch_add(&r->replica->n_downloads, 1);
    if (o->cut_downloads == 0 || nth >= 2)
        return send_bytes(r, range != NULL ? 206 : 200, bytes);
    cut_body *body = malloc(sizeof *body + bytes.len);
    char *copy = (char *)(body + 1);
    memcpy(copy, bytes.ptr, bytes.len);
    *body =
        (cut_body){{copy, bytes.len}, o->cut_downloads < bytes.len ? o->cut_downloads : bytes.len};
    struct MHD_Response *response =
        MHD_create_response_from_callback(bytes.len, 4096, read_cut, body, free);
    enum MHD_Result sent = MHD_queue_response(r->connection, range != NULL ? 206 : 200, response);
    MHD_destroy_response(response);
    return sent;
}

static bool is_allowed(const reply *r)
{
    const char *token = r->replica->options.token;
    const char *sent = MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Authorization");
    if (token == NULL)
        return true;
    return sent != NULL && strncmp(sent, "Bearer ", 7) == 0 && strcmp(sent + 7, token) == 0;
}

static enum MHD_Result route(reply *r, const char *url)
{
    const test_replica_options *o = &r->replica->options;
    size_t n = atomic_fetch_add(&r->replica->n_requests, 1) + 1;
    if (o->fault_every > 0 && n % o->fault_every == 0)
        return send_text(r, o->fault_status, "{\"error\":\"a fault\"}");
    if (strcmp(url, "/file") == 0 &&
        MHD_lookup_connection_value(r->connection, MHD_HEADER_KIND, "Authorization") != NULL)
        atomic_fetch_add(&r->replica->n_leaks, 1);
    if (!is_allowed(r) && !(o->files_elsewhere && strcmp(url, "/file") == 0))
        return send_text(r, 401, "{\"error\":\"The dataset is gated.\"}");
    if (strcmp(url, "/file") == 0)
        return send_file(r);
    if (strcmp(argument(r, "dataset"), "owner/set") != 0)
        return send_text(r, 404, "{\"error\":\"The dataset does not exist.\"}");
    if (strcmp(url, "/splits") == 0)
        return send_splits(r);
    if (strcmp(url, "/rows") == 0)
        return send_rows(r);
    if (strcmp(url, "/parquet") == 0)
        return send_parquet_list(r);
    return send_text(r, 404, "{\"error\":\"Not Found\"}");
}

/* libmicrohttpd's type. */
/* NOLINTBEGIN(readability-function-size,readability-non-const-parameter) */
static enum MHD_Result answer(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *data,
                              size_t *data_size, void **request)
{
    (void)method, (void)version, (void)data, (void)data_size, (void)request;
    reply r = {connection, context, lme_arena_new(), "first"};
    if (r.replica->options.always_second)
        r.revision = "second";
    enum MHD_Result sent = route(&r, url);
    lme_arena_free(r.arena);
    return sent;
}
/* NOLINTEND(readability-function-size,readability-non-const-parameter) */

test_replica *test_replica_start(const test_replica_options *options)
{
    test_replica *replica = calloc(1, sizeof *replica);
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    replica->options = *options;
    replica->daemon = MHD_start_daemon(MHD_USE_INTERNAL_POLLING_THREAD, 0, NULL, NULL, answer,
                                       replica, MHD_OPTION_SOCK_ADDR, &address, MHD_OPTION_END);
    LME_BUG(replica->daemon == NULL, "the replica cannot listen");
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(replica->daemon, MHD_DAEMON_INFO_BIND_PORT);
    snprintf(replica->url, sizeof replica->url, "http://127.0.0.1:%u", (unsigned)info->port);
    return replica;
}

void test_replica_stop(test_replica *replica)
{
    MHD_stop_daemon(replica->daemon);
    free(replica);
}

const char *test_replica_url(const test_replica *replica)
{
    return replica->url;
}

size_t test_replica_requests(const test_replica *replica)
{
    return atomic_load(&replica->n_requests);
}

size_t test_replica_leaks(const test_replica *replica)
{
    return atomic_load(&replica->n_leaks);
}

size_t test_replica_pages(const test_replica *replica)
{
    return atomic_load(&replica->n_pages);
}

#include "transfer.h"

#include <string.h>
#include <strings.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static size_t take_body(char *bytes, size_t size, size_t n, void *user)
{
    lme_transfer *t = user;
    size_t len = size * n;
    if (len > LME_LIMIT_RESPONSE - t->body.len) {
        t->too_large = true;
        return 0;
    }
    lme_builder_add(&t->body, (lme_str){bytes, len});
    t->traffic->bytes_in += len;
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
static void reserve_body(lme_transfer *t, lme_str announced)
{
    enum {
        MOST = 1 << 20
    };
    int64_t len;
    if (t->body.len == 0 && lme_str_to_int(announced, &len) && len > 0)
        lme_builder_reserve(&t->body, (size_t)(len < MOST ? len : MOST) + LME_JSON_PADDING);
}

/* NOLINTNEXTLINE(readability-non-const-parameter): libcurl's type */
static size_t take_header(char *bytes, size_t size, size_t n, void *user)
{
    lme_transfer *t = user;
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

void lme_transfer_set_up(lme_transfer *t, const lme_transport_options *options,
                         struct curl_slist *headers)
{
    CURL *easy = t->easy;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, t);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->fault);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "lmeval/" LMEVAL_VERSION);
    /* Never: another host must not see the key, and a POST must not become a GET. */
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms);
    t->usual_ms = t->timeout_ms = options->timeout_ms;
    curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)t->timeout_ms);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    lme_network_apply(&options->network, easy);
}

/* What differs between servers is told when it changes: most runs have one. */
static void set_route(lme_transfer *t, const lme_route *route)
{
    CURL *easy = t->easy;
    if (t->route.url != route->url)
        curl_easy_setopt(easy, CURLOPT_URL, route->url);
    if (t->route.unix_socket != route->unix_socket)
        curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, route->unix_socket);
    /* NULL: as $no_proxy says. */
    if (t->route.direct != route->direct)
        curl_easy_setopt(easy, CURLOPT_NOPROXY, route->direct ? "*" : NULL);
    if (t->route.secure != route->secure)
        curl_easy_setopt(easy, CURLOPT_PIPEWAIT, route->secure ? 1L : 0L);
    t->route = *route;
}

void lme_transfer_prepare(lme_transfer *t, const lme_route *route)
{
    lme_exchange *x = &t->exchange;
    lme_arena_reset(x->arena);
    t->body = (lme_builder){.arena = x->arena};
    t->retry_after = x->server = x->location = x->answer = LME_STR("");
    t->too_large = false;
    t->fault[0] = '\0';
    set_route(t, route);
    unsigned timeout_ms = x->timeout_ms > 0 ? x->timeout_ms : t->usual_ms;
    if (timeout_ms != t->timeout_ms)
        curl_easy_setopt(t->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    t->timeout_ms = timeout_ms;
    if (x->body.len > 0) {
        curl_easy_setopt(t->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDS, x->body.ptr);
        curl_easy_setopt(t->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body.len);
    } else {
        curl_easy_setopt(t->easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(t->easy, CURLOPT_FRESH_CONNECT, t->fresh ? 1L : 0L);
}

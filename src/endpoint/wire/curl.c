/* A try on an easy handle of libcurl's. Each transfer that comes here keeps its handle where
 * libcurl can be trusted with it, which is then told again only what changes; connections are kept
 * alive by libcurl, whatever handle they were made for. */
#include "../network.h"
#include "wire.h"

#include <string.h>
#include <strings.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>

typedef struct lme_curl_try {
    lme_easy_user user; /* first */
    struct lme_curl_try *next;
    lme_wires *wires;
    lme_transfer *t;
    CURL *easy;          /* NULL: none was made, or it is not to be used again */
    lme_route route;     /* what the handle was told last */
    unsigned timeout_ms; /* likewise */
    bool is_open;        /* libcurl has it */
} curl_try;

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

static unsigned version_of(CURL *easy)
{
    long version = CURL_HTTP_VERSION_NONE;
    curl_easy_getinfo(easy, CURLINFO_HTTP_VERSION, &version);
    switch (version) {
    case CURL_HTTP_VERSION_1_0:
        return 10;
    case CURL_HTTP_VERSION_1_1:
        return 11;
    case CURL_HTTP_VERSION_2_0:
        return 20;
    default:
        return 0;
    }
}

/* From 7.84.0 on a handle remembers where the last header of its last answer was, after that is
 * freed: an answer whose first header looks folded has it read and written there. Mended in 8.1.1
 * and, for kept connections, in 8.3.0 (curl/curl 11101 and 11620). */
static bool keeps_handles(void)
{
    unsigned version = curl_version_info(CURLVERSION_NOW)->version_num;
    return version < 0x075400 || version >= 0x080300;
}

/* The lme_easy_user's. */
static void ended(lme_easy_user *user, CURLcode code)
{
    curl_try *try = (curl_try *)user;
    lme_transfer *t = try->t;
    long n_connects = 1;
    curl_multi_remove_handle(try->wires->multi, try->easy);
    try->is_open = false;
    curl_easy_getinfo(try->easy, CURLINFO_RESPONSE_CODE, &t->exchange.status);
    curl_easy_getinfo(try->easy, CURLINFO_NUM_CONNECTS, &n_connects);
    t->kept = n_connects == 0;
    t->http_version = version_of(try->easy);
    if (!keeps_handles()) {
        curl_easy_cleanup(try->easy);
        try->easy = NULL;
    }
    lme_builder_reserve(&t->body, LME_JSON_PADDING);
    t->exchange.answer = lme_builder_finish(&t->body);
    lme_wires_ended(try->wires, t, (int)code);
}

static struct curl_slist *header_list(lme_wires *wires)
{
    if (wires->list != NULL)
        return wires->list;
    /* "Expect:" keeps libcurl from asking for leave before a long prompt. */
    struct curl_slist *list = curl_slist_append(NULL, "Expect:");
    for (size_t i = 0; i < wires->n_headers && list != NULL; i++) {
        struct curl_slist *longer = curl_slist_append(list, wires->headers[i].ptr);
        LME_BUG(longer == NULL, "libcurl cannot make a list of headers");
        list = longer;
    }
    wires->list = list;
    return list;
}

static void make_handle(curl_try *try)
{
    CURL *easy = curl_easy_init();
    LME_BUG(easy == NULL, "libcurl cannot make an easy handle");
    lme_transfer *t = try->t;
    const lme_transport_options *options = try->wires->options;
    try->easy = easy;
    try->route = (lme_route){0};
    try->timeout_ms = 0;
    curl_easy_setopt(easy, CURLOPT_PRIVATE, try);
    curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(easy, CURLOPT_ERRORBUFFER, t->fault);
    curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_body);
    curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
    curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, take_header);
    curl_easy_setopt(easy, CURLOPT_HEADERDATA, t);
    curl_easy_setopt(easy, CURLOPT_HTTPHEADER, header_list(try->wires));
    curl_easy_setopt(easy, CURLOPT_USERAGENT, "lmeval/" LMEVAL_VERSION);
    /* Never: another host must not see the key, and a POST must not become a GET. */
    curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L);
    curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)options->connect_ms);
    curl_easy_setopt(easy, CURLOPT_TCP_KEEPALIVE, 1L);
    curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
    lme_network_apply(&options->network, easy);
}

static curl_try *make(lme_wires *wires, lme_transfer *t)
{
    curl_try *try = LME_NEW(wires->arena, curl_try);
    *try = (curl_try){
        .user = {.ended = ended},
        .next = wires->curl,
        .wires = wires,
        .t = t,
    };
    wires->curl = try;
    return try;
}

/* What differs between servers is told when it changes: most runs have one. */
static void set_route(curl_try *try, const lme_route *route)
{
    CURL *easy = try->easy;
    curl_easy_setopt(easy, CURLOPT_URL, route->url);
    curl_easy_setopt(easy, CURLOPT_UNIX_SOCKET_PATH, route->unix_socket);
    /* NULL: as $no_proxy says. */
    if (try->route.direct != route->direct)
        curl_easy_setopt(easy, CURLOPT_NOPROXY, route->direct ? "*" : NULL);
    if (try->route.secure != route->secure)
        curl_easy_setopt(easy, CURLOPT_PIPEWAIT, route->secure ? 1L : 0L);
    try->route = *route;
}

bool lme_curl_begin(lme_wires *wires, lme_transfer *t, lme_error *err)
{
    const lme_exchange *x = &t->exchange;
    if (t->curl == NULL)
        t->curl = make(wires, t);
    curl_try *try = t->curl;
    if (try->easy == NULL)
        make_handle(try);
    set_route(try, &t->route);
    unsigned timeout_ms = lme_transfer_timeout_ms(t, wires->options);
    if (timeout_ms != try->timeout_ms)
        curl_easy_setopt(try->easy, CURLOPT_TIMEOUT_MS, (long)timeout_ms);
    try->timeout_ms = timeout_ms;
    if (x->body.len > 0) {
        curl_easy_setopt(try->easy, CURLOPT_POST, 1L);
        curl_easy_setopt(try->easy, CURLOPT_POSTFIELDS, x->body.ptr);
        curl_easy_setopt(try->easy, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)x->body.len);
    } else {
        curl_easy_setopt(try->easy, CURLOPT_HTTPGET, 1L);
    }
    curl_easy_setopt(try->easy, CURLOPT_FRESH_CONNECT, t->fresh ? 1L : 0L);
    try->is_open = lme_wires_add(wires, try->easy, err);
    return try->is_open;
}

void lme_curl_close(lme_wires *wires)
{
    for (curl_try *try = wires->curl; try != NULL; try = try->next) {
        if (try->is_open)
            curl_multi_remove_handle(wires->multi, try->easy);
        curl_easy_cleanup(try->easy);
    }
    curl_slist_free_all(wires->list);
}

#include "wires.h"

#include "wire.h"

#include <stdlib.h>
#include <strings.h>
#include <sys/resource.h>

#include <lmeval/limits.h>

/* As libcurl looks for one before http://. */
static bool has_proxy(void)
{
    static const char *const names[] = {"http_proxy", "all_proxy", "ALL_PROXY"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        const char *value = getenv(names[i]); /* NOLINT(concurrency-mt-unsafe): nothing sets it */
        if (value != NULL && value[0] != '\0')
            return true;
    }
    return false;
}

/* Open files of which n are connections. Each may have two sockets for a while: one an address of
 * its server's. */
static rlim_t files_for(rlim_t n)
{
    return 2 * n + 64;
}

/* The usual bound of 1,024 is for programs that use select(2); the others may raise it up to the
 * hard one (setrlimit(2)), which is not passed: connecting then fails, and says so. All raise it to
 * the same, so that no thread lowers another one's. */
static void allow_files(size_t concurrency)
{
    const rlim_t most = files_for(LME_LIMIT_CONCURRENCY);
    struct rlimit files;
    if (getrlimit(RLIMIT_NOFILE, &files) != 0 || files.rlim_cur >= files_for(concurrency))
        return;
    files.rlim_cur = most < files.rlim_max ? most : files.rlim_max;
    (void)setrlimit(RLIMIT_NOFILE, &files);
}

lme_wires *lme_wires_open(const lme_transport_options *options, const lme_str *headers,
                          size_t n_headers, lme_turns *turns)
{
    lme_arena *arena = lme_arena_new();
    lme_wires *wires = LME_NEW(arena, lme_wires);
    *wires = (lme_wires){
        .arena = arena,
        .options = options,
        .headers = headers,
        .n_headers = n_headers,
        .multi = curl_multi_init(),
        .has_proxy = has_proxy(),
    };
    LME_BUG(wires->multi == NULL, "libcurl cannot make a multi handle");
    allow_files(options->concurrency);
    curl_multi_setopt(wires->multi, CURLMOPT_MAXCONNECTS, (long)options->concurrency + 1);
    wires->loop = lme_loop_new(wires->multi, turns);
    wires->plain = lme_plain_open(wires);
    return wires;
}

void lme_wires_close(lme_wires *wires)
{
    if (wires == NULL)
        return;
    lme_curl_close(wires);
    lme_plain_close(wires->plain);
    curl_multi_cleanup(wires->multi);
    lme_loop_free(wires->loop);
    lme_arena_free(wires->arena);
}

/* The one place where the wire is chosen. What $no_proxy means is libcurl's to say: where the
 * environment names a proxy that could stand in the way, libcurl goes it: NULL. */
static const struct lme_way *plain_way(const lme_wires *wires, const lme_route *route)
{
    const lme_network *network = &wires->options->network;
    if (network->libcurl_only || network->proxy.len > 0 || (wires->has_proxy && !route->direct))
        return NULL;
    return strncasecmp(route->url, "http://", 7) == 0 ? lme_plain_way(wires->plain, route) : NULL;
}

/* Clearing the memory of a body would cost as much as filling it. */
static void empty_body(lme_transfer *t)
{
    const size_t most_kept = 1 << 20;
    if (t->in == NULL)
        t->in = lme_arena_new();
    if (t->body.capacity > most_kept) {
        lme_arena_reset(t->in);
        t->body = (lme_builder){0};
    }
    t->body.arena = t->in;
    t->body.len = 0;
}

static void prepare(lme_transfer *t)
{
    lme_exchange *x = &t->exchange;
    lme_arena_reset(x->arena);
    empty_body(t);
    t->retry_after = x->server = x->location = x->answer = LME_STR("");
    x->status = 0;
    t->http_version = 0;
    t->kept = t->too_large = false;
    t->fault[0] = '\0';
}

bool lme_wires_begin(lme_wires *wires, lme_transfer *t, lme_error *err)
{
    prepare(t);
    const struct lme_way *way = plain_way(wires, &t->route);
    return way != NULL ? lme_plain_begin(wires->plain, way, t, err) : lme_curl_begin(wires, t, err);
}

bool lme_wires_add(lme_wires *wires, CURL *easy, lme_error *err)
{
    CURLMcode code = curl_multi_add_handle(wires->multi, easy);
    return code == CURLM_OK ||
           lme_fail(err, LME_ERR_IO, NULL, "libcurl does not take a request: %s",
                    curl_multi_strerror(code));
}

/* What was refused for its size is let go at once: many such answers would be all memory. */
static void let_go(lme_transfer *t)
{
    lme_exchange *x = &t->exchange;
    t->retry_after = x->server = x->location = x->answer = LME_STR("");
    lme_arena_reset(x->arena);
    lme_arena_reset(t->in);
    t->body = (lme_builder){0};
}

void lme_wires_ended(lme_wires *wires, lme_transfer *t, int code)
{
    if (t->too_large)
        let_go(t);
    t->exchange.code = code;
    t->next = NULL;
    if (wires->last_ended != NULL)
        wires->last_ended->next = t;
    else
        wires->first_ended = t;
    wires->last_ended = t;
}

lme_transfer *lme_wires_take(lme_wires *wires)
{
    lme_transfer *t = wires->first_ended;
    if (t == NULL)
        return NULL;
    wires->first_ended = t->next;
    if (t->next == NULL)
        wires->last_ended = NULL;
    return t;
}

/* Tells the users of easy handles what became of them. */
static void tell_users(lme_wires *wires)
{
    int left;
    CURLMsg *message = curl_multi_info_read(wires->multi, &left);
    while (message != NULL) {
        void *private = NULL;
        curl_easy_getinfo(message->easy_handle, CURLINFO_PRIVATE, &private);
        lme_easy_user *user = private;
        if (message->msg == CURLMSG_DONE)
            user->ended(user, message->data.result);
        message = curl_multi_info_read(wires->multi, &left);
    }
}

bool lme_wires_turn(lme_wires *wires, uint64_t timeout_ms, lme_error *err)
{
    uint64_t due = lme_plain_due(wires->plain);
    if (wires->first_ended != NULL)
        timeout_ms = 0;
    if (timeout_ms > 0 && due != UINT64_MAX) {
        uint64_t now = lme_now_ms(), left = due > now ? due - now : 0;
        timeout_ms = left < timeout_ms ? left : timeout_ms;
    }
    if (!lme_loop_turn(wires->loop, timeout_ms, err))
        return false;
    tell_users(wires);
    /* After the sockets: what came in time counts, however late we look at it. */
    if (due != UINT64_MAX)
        lme_plain_tend(wires->plain, lme_now_ms());
    return true;
}

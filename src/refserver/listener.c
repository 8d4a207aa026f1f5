/* libmicrohttpd's daemon. It makes its own socket for an address, and is handed one for a path.
 */
#include "listener.h"

#include <arpa/inet.h>
#include <errno.h>
#include <gnutls/gnutls.h>
#include <netinet/in.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <lmeval/share.h>

#define MAX_THREADS     64u
#define MAX_CONNECTIONS 8192u
#define BACKLOG         1024u
#define MAX_PEM         (1u << 20) /* bytes of a file of certificates */

static unsigned threads_of(const lme_refserver_options *options)
{
    long n = options->threads > 0 ? (long)options->threads : sysconf(_SC_NPROCESSORS_ONLN);
    if (n < 1)
        return 1;
    unsigned max = options->threads > 0 ? MAX_THREADS : 4;
    return (unsigned long)n > max ? max : (unsigned)n;
}

/* libmicrohttpd asks for a client's certificate and takes a connection without one. */
static void want_certificate(void *context, struct MHD_Connection *connection,
                             void **socket_context, enum MHD_ConnectionNotificationCode code)
{
    (void)context;
    (void)socket_context;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(connection, MHD_CONNECTION_INFO_GNUTLS_SESSION);
    if (code != MHD_CONNECTION_NOTIFY_STARTED || info == NULL)
        return;
    gnutls_session_t session = info->tls_session;
    gnutls_certificate_server_set_request(session, GNUTLS_CERT_REQUIRE);
    gnutls_session_set_verify_cert(session, NULL, 0);
}

/* What libmicrohttpd is told, in the making. */
typedef struct setup {
    lme_arena *arena;
    unsigned flags;
    struct MHD_OptionItem items[12];
    size_t n;
} setup;

static void add(setup *s, enum MHD_OPTION option, intptr_t value, void *pointer)
{
    LME_BUG(s->n + 1 >= sizeof s->items / sizeof s->items[0], "too many options");
    s->items[s->n++] = (struct MHD_OptionItem){option, value, pointer};
    s->items[s->n] = (struct MHD_OptionItem){MHD_OPTION_END, 0, NULL};
}

static bool add_file(setup *s, enum MHD_OPTION option, const char *path, lme_error *err)
{
    lme_str text;
    if (path == NULL)
        return true;
    if (!lme_file_read(s->arena, path, MAX_PEM, &text, err))
        return lme_while(err, "reading what TLS needs");
    char *copy = lme_arena_alloc(s->arena, text.len + 1);
    memcpy(copy, text.ptr, text.len);
    copy[text.len] = '\0';
    add(s, option, 0, copy);
    return true;
}

static bool add_tls(setup *s, const lme_refserver_options *options, lme_error *err)
{
    if (options->tls_cert == NULL)
        return options->tls_client_ca == NULL ||
               lme_fail(err, LME_ERR_USAGE, NULL, "a client's certificate needs TLS: --tls-cert");
    s->flags |= (unsigned)MHD_USE_TLS;
    const char *key = options->tls_key != NULL ? options->tls_key : options->tls_cert;
    if (!add_file(s, MHD_OPTION_HTTPS_MEM_CERT, options->tls_cert, err) ||
        !add_file(s, MHD_OPTION_HTTPS_MEM_KEY, key, err) ||
        !add_file(s, MHD_OPTION_HTTPS_MEM_TRUST, options->tls_client_ca, err))
        return false;
    if (options->tls_client_ca != NULL)
        add(s, MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)want_certificate, NULL);
    return true;
}

/* A socket's file that is left from before is in the way of the new one. */
static bool add_path(setup *s, const char *path, lme_listener *listener, lme_error *err)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof address.sun_path)
        return lme_fail(err, LME_ERR_USAGE, NULL, "the socket's path is longer than %zu bytes",
                        sizeof address.sun_path - 1);
    memcpy(address.sun_path, path, strlen(path) + 1);
    unlink(path);
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    if (fd < 0 || bind(fd, (const struct sockaddr *)&address, sizeof address) != 0 ||
        listen(fd, (int)BACKLOG) != 0) {
        int error = errno;
        if (fd >= 0)
            close(fd);
        return lme_fail(err, LME_ERR_IO, &(lme_place){.file = path}, "cannot listen: %s",
                        strerror(error)); /* NOLINT(concurrency-mt-unsafe): at the start */
    }
    listener->path = lme_str_copy(s->arena, lme_str_from(path)).ptr;
    add(s, MHD_OPTION_LISTEN_SOCKET, fd, NULL);
    return true;
}

static bool add_address(setup *s, const lme_refserver_options *options, lme_listener *listener,
                        lme_error *err)
{
    const char *at = options->listen != NULL ? options->listen : "127.0.0.1";
    uint16_t port = htons((uint16_t)options->port);
    if (strncmp(at, "unix:", 5) == 0)
        return add_path(s, at + 5, listener, err);
    if (strcmp(at, "::1") == 0) {
        struct sockaddr_in6 *to = LME_NEW(s->arena, struct sockaddr_in6);
        *to = (struct sockaddr_in6){
            .sin6_family = AF_INET6, .sin6_port = port, .sin6_addr = IN6ADDR_LOOPBACK_INIT};
        s->flags |= (unsigned)MHD_USE_IPv6;
        add(s, MHD_OPTION_SOCK_ADDR, 0, to);
        return true;
    }
    if (strcmp(at, "127.0.0.1") != 0)
        return lme_fail(err, LME_ERR_USAGE, NULL,
                        "cannot listen on \"%s\": expected 127.0.0.1, ::1 or unix:PATH", at);
    struct sockaddr_in *to = LME_NEW(s->arena, struct sockaddr_in);
    *to = (struct sockaddr_in){
        .sin_family = AF_INET, .sin_port = port, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    add(s, MHD_OPTION_SOCK_ADDR, 0, to);
    return true;
}

static const char *address_text(lme_arena *arena, const lme_refserver_options *options,
                                const lme_listener *listener)
{
    if (listener->path != NULL)
        return lme_str_format(arena, "unix:%s", listener->path).ptr;
    bool v6 = options->listen != NULL && strcmp(options->listen, "::1") == 0;
    return lme_str_format(arena, "%s://%s:%u", options->tls_cert != NULL ? "https" : "http",
                          v6 ? "[::1]" : "127.0.0.1", listener->port)
        .ptr;
}

bool lme_listener_start(lme_arena *arena, const lme_refserver_options *options,
                        lme_listener *listener, lme_error *err)
{
    setup s = {.arena = arena};
    s.flags = (unsigned)MHD_USE_EPOLL_INTERNAL_THREAD | (unsigned)MHD_ALLOW_SUSPEND_RESUME;
    unsigned threads = threads_of(options);
    if (threads > 1)
        add(&s, MHD_OPTION_THREAD_POOL_SIZE, threads, NULL);
    if (!add_tls(&s, options, err) || !add_address(&s, options, listener, err))
        return false;
    listener->daemon = MHD_start_daemon(
        s.flags, (uint16_t)options->port, NULL, NULL, listener->handle, listener->context,
        MHD_OPTION_NOTIFY_COMPLETED, listener->completed, listener->context,
        MHD_OPTION_CONNECTION_LIMIT, MAX_CONNECTIONS, MHD_OPTION_LISTEN_BACKLOG_SIZE, BACKLOG,
        MHD_OPTION_ARRAY, s.items, MHD_OPTION_END);
    if (listener->daemon == NULL) {
        lme_fail(err, LME_ERR_IO, NULL, "cannot listen on %s:%u: %s",
                 options->listen != NULL ? options->listen : "127.0.0.1", options->port,
                 errno != 0 ? strerror(errno) /* NOLINT(concurrency-mt-unsafe): at the start */
                            : "libmicrohttpd does not say why");
        return lme_hint(err, "another program may have the port; --port 0 takes a free one");
    }
    const union MHD_DaemonInfo *info =
        MHD_get_daemon_info(listener->daemon, MHD_DAEMON_INFO_BIND_PORT);
    if (listener->path == NULL)
        listener->port = info != NULL ? info->port : options->port;
    listener->address = address_text(arena, options, listener);
    return true;
}

void lme_listener_stop(lme_listener *listener)
{
    if (listener->daemon != NULL)
        MHD_stop_daemon(listener->daemon);
    if (listener->path != NULL)
        unlink(listener->path);
}

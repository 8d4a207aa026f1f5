/* An HTTP server of a few lines on 127.0.0.1, port 0, that answers as a test tells it: whole, late,
 * broken off, or not at all. One thread a connection; all are joined in loopback_stop.
 */
#ifndef LMEVAL_TEST_LOOPBACK_H
#define LMEVAL_TEST_LOOPBACK_H

#include "support.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <pthread.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <lmeval/str.h>

typedef struct loopback_request {
    size_t number;        /* of all requests, from 1 */
    size_t on_connection; /* of this connection's, from 1 */
    const char *head;     /* request line and headers */
    const char *body;
} loopback_request;

typedef struct loopback_reply {
    int status;          /* 0: 200 */
    const char *headers; /* more of them, each with its \r\n; NULL: none */
    lme_str body;
    const char *raw;   /* sent instead of all that */
    unsigned delay_ms; /* before the answer */
    size_t missing;    /* bytes of the body that are announced but not sent; then closes */
    unsigned drip_ms;  /* between the bytes of the body */
    bool drop;         /* closes without an answer */
    const char *later; /* said unasked, 20 ms after the answer; NULL: nothing */
    bool after_later;  /* the answer comes when that was said on another connection */
    bool close_after;  /* closes after the answer, without having said so */
} loopback_reply;

typedef void loopback_answer(void *context, const loopback_request *request, lme_arena *arena,
                             loopback_reply *reply);

enum {
    LOOPBACK_CONNECTIONS = 64
};

typedef struct loopback {
    int listener;
    unsigned port;
    char url[64];
    loopback_answer *answer;
    void *context;
    pthread_t acceptor;
    pthread_mutex_t lock; /* over what follows, and held while `answer` runs */
    size_t n_requests;
    size_t n_connections;
    size_t n_later; /* what was said unasked */
    int sockets[LOOPBACK_CONNECTIONS];
    pthread_t threads[LOOPBACK_CONNECTIONS];
    bool stopping;
} loopback;

typedef struct loopback_connection {
    loopback *server;
    int socket;
} loopback_connection;

static inline void loopback_sleep(unsigned ms)
{
    struct timespec time = {.tv_sec = ms / 1000, .tv_nsec = (long)(ms % 1000) * 1000000};
    nanosleep(&time, NULL);
}

static inline bool loopback_send(int fd, lme_str bytes)
{
    while (bytes.len > 0) {
        ssize_t n = send(fd, bytes.ptr, bytes.len, MSG_NOSIGNAL);
        if (n <= 0)
            return false;
        bytes = lme_str_slice(bytes, (size_t)n, bytes.len);
    }
    return true;
}

static inline size_t loopback_length(lme_str head)
{
    static const char name[] = "content-length:";
    for (size_t at = 0; at < head.len; at = lme_str_find(head, LME_STR("\n"), at) + 1) {
        lme_str line = lme_str_slice(head, at, lme_str_find(head, LME_STR("\r\n"), at));
        int64_t length;
        if (line.len >= sizeof name && strncasecmp(line.ptr, name, sizeof name - 1) == 0 &&
            lme_str_to_int(lme_str_slice(line, sizeof name, line.len), &length))
            return (size_t)length;
    }
    return 0;
}

/* Reads one request; false when the client has gone. */
static inline bool loopback_read(lme_arena *arena, int fd, lme_str *head, lme_str *body)
{
    lme_builder in = {.arena = arena};
    size_t end = SIZE_MAX, length = 0;
    while (end == SIZE_MAX || in.len < end + 4 + length) {
        char bytes[4096];
        ssize_t n = recv(fd, bytes, sizeof bytes, 0);
        if (n <= 0)
            return false;
        lme_builder_add(&in, (lme_str){bytes, (size_t)n});
        lme_str so_far = lme_builder_finish(&in);
        if (end == SIZE_MAX) {
            end = lme_str_find(so_far, LME_STR("\r\n\r\n"), 0);
            if (end != SIZE_MAX)
                length = loopback_length(lme_str_slice(so_far, 0, end + 2));
        }
    }
    *head = lme_str_copy(arena, lme_str_slice(lme_builder_finish(&in), 0, end + 2));
    *body = lme_str_copy(arena, lme_str_slice(lme_builder_finish(&in), end + 4, end + 4 + length));
    return true;
}

/* The body byte by byte, until the client has had enough. */
static inline bool loopback_drip(int fd, lme_str body, unsigned ms)
{
    for (size_t i = 0; i < body.len; i++) {
        loopback_sleep(ms);
        if (!loopback_send(fd, lme_str_slice(body, i, i + 1)))
            return false;
    }
    return true;
}

/* Answers one request; false when the connection is to be closed. */
static inline bool loopback_write(lme_arena *arena, int fd, const loopback_reply *reply)
{
    if (reply->delay_ms > 0)
        loopback_sleep(reply->delay_ms);
    if (reply->drop)
        return false;
    if (reply->raw != NULL)
        return loopback_send(fd, lme_str_from(reply->raw)) && !reply->close_after;
    lme_str head = lme_str_format(
        arena,
        "HTTP/1.1 %d Status\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n",
        reply->status != 0 ? reply->status : 200, reply->body.len,
        reply->headers != NULL ? reply->headers : "");
    if (reply->drip_ms > 0)
        return loopback_send(fd, head) && loopback_drip(fd, reply->body, reply->drip_ms);
    lme_str whole = lme_str_concat(arena, head, reply->body);
    return loopback_send(fd, lme_str_slice(whole, 0, whole.len - reply->missing)) &&
           reply->missing == 0 && !reply->close_after;
}

/* One of the server's counts, which its threads go on with. */
static inline size_t loopback_count(loopback *server, const size_t *n)
{
    pthread_mutex_lock(&server->lock);
    size_t count = *n;
    pthread_mutex_unlock(&server->lock);
    return count;
}

/* Until so much was said unasked, or for ten seconds. */
static inline void loopback_await_later(loopback *server, size_t n)
{
    for (int i = 0; i < 10000 && loopback_count(server, &server->n_later) < n; i++)
        loopback_sleep(1);
}

static inline void loopback_say_later(loopback *server, int fd, const char *text)
{
    loopback_sleep(20);
    loopback_send(fd, lme_str_from(text));
    pthread_mutex_lock(&server->lock);
    server->n_later++;
    pthread_mutex_unlock(&server->lock);
}

static inline void *loopback_serve(void *argument)
{
    lme_arena *arena = lme_arena_new();
    loopback_connection c = *(loopback_connection *)argument;
    lme_str head, body;
    loopback_request request = {0};
    while (loopback_read(arena, c.socket, &head, &body)) {
        loopback_reply reply = {.body = LME_STR("{}")};
        pthread_mutex_lock(&c.server->lock);
        request.number = ++c.server->n_requests;
        request.on_connection++;
        request.head = head.ptr;
        request.body = body.ptr;
        c.server->answer(c.server->context, &request, arena, &reply);
        pthread_mutex_unlock(&c.server->lock);
        if (reply.after_later)
            loopback_await_later(c.server, 1);
        if (!loopback_write(arena, c.socket, &reply))
            break;
        if (reply.later != NULL)
            loopback_say_later(c.server, c.socket, reply.later);
        lme_arena_reset(arena);
    }
    shutdown(c.socket, SHUT_RDWR);
    lme_arena_free(arena);
    return NULL;
}

static inline void *loopback_accept(void *argument)
{
    loopback *server = argument;
    loopback_connection connections[LOOPBACK_CONNECTIONS];
    for (;;) {
        int fd = accept(server->listener, NULL, NULL);
        pthread_mutex_lock(&server->lock);
        size_t n = server->n_connections;
        bool stop = fd < 0 || server->stopping || n == LOOPBACK_CONNECTIONS;
        if (!stop) {
            connections[n] = (loopback_connection){server, fd};
            server->sockets[n] = fd;
            stop = pthread_create(&server->threads[n], NULL, loopback_serve, &connections[n]) != 0;
            server->n_connections += !stop;
        }
        pthread_mutex_unlock(&server->lock);
        if (stop) {
            if (fd >= 0)
                close(fd);
            break;
        }
    }
    for (size_t i = 0; i < server->n_connections; i++) {
        pthread_join(server->threads[i], NULL);
        close(server->sockets[i]);
    }
    return NULL;
}

static inline void loopback_start(loopback *server, loopback_answer *answer, void *context)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    *server = (loopback){.answer = answer, .context = context};
    server->listener = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(server->listener >= 0);
    assert_int_equal(bind(server->listener, (struct sockaddr *)&address, len), 0);
    assert_int_equal(listen(server->listener, 64), 0);
    assert_int_equal(getsockname(server->listener, (struct sockaddr *)&address, &len), 0);
    server->port = ntohs(address.sin_port);
    snprintf(server->url, sizeof server->url, "http://127.0.0.1:%u", server->port);
    pthread_mutex_init(&server->lock, NULL);
    assert_int_equal(pthread_create(&server->acceptor, NULL, loopback_accept, server), 0);
}

/* A port where nobody listens, and that nobody else is given before the socket is closed. */
static inline int loopback_nobody(char url[64])
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t len = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, len), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &len), 0);
    snprintf(url, 64, "http://127.0.0.1:%u", ntohs(address.sin_port));
    return fd;
}

static inline void loopback_stop(loopback *server)
{
    pthread_mutex_lock(&server->lock);
    server->stopping = true;
    for (size_t i = 0; i < server->n_connections; i++)
        shutdown(server->sockets[i], SHUT_RDWR);
    pthread_mutex_unlock(&server->lock);
    shutdown(server->listener, SHUT_RDWR);
    pthread_join(server->acceptor, NULL);
    close(server->listener);
    pthread_mutex_destroy(&server->lock);
}

#endif

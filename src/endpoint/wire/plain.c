/* HTTP/1.1 over sockets of our own.
 *
 * Workload: tens of connections to one server, each with one small request and one answer of some
 * 10 KB at a time, as many thousand times a second as the server gives. A turn of such a connection
 * is one sendmsg and one recv, which fills the arena that the answer is read in. A connection that
 * was just used is sent on without a look whether it still stands: one that does not is told by its
 * answer, and the transport then asks again (servers 3.20).
 */
#include "connect.h"
#include "http_answer.h"
#include "http_unpack.h"
#include "way.h"

#include <errno.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <lmeval/json.h>
#include <lmeval/limits.h>

enum {
    OLDEST_MS = 118 * 1000, /* that a kept connection is trusted: libcurl's own bound */
    QUIET_MS = 100, /* kept for longer: looked at before it is used, as it costs little then */
    LEAST_ROOM = 4 << 10, /* bytes that a read is worth */
    MOST_GUESSED = 64 << 10,
    MOST_RESERVED = 1 << 20, /* for an announced length, which is not believed */
    MOST_READS = 16          /* of one connection before the others have their turn */
};

typedef struct connection {
    struct connection *next_all;
    struct connection *newer, *older; /* of those that are kept; older: also of the free ones */
    lme_plain *plain;
    int fd; /* -1: none */
    lme_str origin;
    const lme_way *way;
    lme_transfer *t; /* whose try it has; NULL: it is kept, or free */
    bool is_sending;
    char tail[LME_HTTP_TAIL];
    size_t tail_len, n_sent; /* bytes of the request */
    lme_http_answer answer;
    uint64_t began_ms, due_ms; /* of the try; 0: libcurl counts the time */
    uint64_t kept_ms;          /* when it was kept */
} connection;

struct lme_plain {
    lme_wires *wires;
    lme_connector *connector;
    lme_way *ways;
    connection *all, *free;
    connection *newest, *oldest; /* kept */
    size_t n_open;
    size_t guess;    /* bytes that an answer has, about */
    uint64_t due_ms; /* no try is over before; UINT64_MAX: none is under way */
};

lme_plain *lme_plain_open(lme_wires *wires)
{
    lme_plain *plain = LME_NEW(wires->arena, lme_plain);
    *plain = (lme_plain){
        .wires = wires,
        .connector = lme_connector_new(wires),
        .guess = LEAST_ROOM,
        .due_ms = UINT64_MAX,
    };
    return plain;
}

void lme_plain_close(lme_plain *plain)
{
    lme_connector_free(plain->connector);
    for (connection *c = plain->all; c != NULL; c = c->next_all) {
        if (c->fd >= 0)
            close(c->fd);
    }
}

const lme_way *lme_plain_way(lme_plain *plain, const lme_route *route)
{
    const lme_way *way = lme_way_of(plain->wires, &plain->ways, route);
    return way->is_ours ? way : NULL;
}

/* ---- connections ---- */

static connection *make_connection(lme_plain *plain, const lme_way *to)
{
    connection *c = plain->free;
    if (c != NULL) {
        plain->free = c->older;
    } else {
        c = LME_NEW(plain->wires->arena, connection);
        c->next_all = plain->all;
        plain->all = c;
    }
    *c = (connection){.next_all = c->next_all, .plain = plain, .fd = -1, .origin = to->origin};
    plain->n_open++;
    return c;
}

static void unkeep(connection *c)
{
    lme_plain *plain = c->plain;
    *(c->newer != NULL ? &c->newer->older : &plain->newest) = c->older;
    *(c->older != NULL ? &c->older->newer : &plain->oldest) = c->newer;
    c->newer = c->older = NULL;
}

static void keep(connection *c)
{
    lme_plain *plain = c->plain;
    c->kept_ms = lme_now_ms();
    c->older = plain->newest;
    *(plain->newest != NULL ? &plain->newest->newer : &plain->oldest) = c;
    plain->newest = c;
}

/* One that is not kept. */
static void drop(connection *c)
{
    lme_plain *plain = c->plain;
    if (c->fd >= 0) {
        lme_loop_forget(plain->wires->loop, c->fd);
        close(c->fd);
    }
    c->fd = -1;
    c->older = plain->free;
    plain->free = c;
    plain->n_open--;
}

static void drop_kept(connection *c)
{
    unkeep(c);
    drop(c);
}

static bool would_block(int error)
{
    return error == EAGAIN || error == EWOULDBLOCK || error == EINTR;
}

/* What a recv would find: > 0 bytes, 0 the end, < 0 nothing or an error. */
static ssize_t peek(const connection *c)
{
    char byte;
    return recv(c->fd, &byte, 1, MSG_PEEK);
}

/* Neither closed nor said anything unasked, as some servers do before they close (408). */
static bool is_quiet(const connection *c)
{
    return peek(c) < 0 && would_block(errno);
}

/* The one that was used last; NULL: none is kept. */
static connection *take_kept(lme_plain *plain, const lme_way *to)
{
    uint64_t now = plain->newest != NULL ? lme_now_ms() : 0;
    for (connection *c = plain->newest, *older; c != NULL; c = older) {
        older = c->older;
        uint64_t idle_ms = now - c->kept_ms;
        if (idle_ms > OLDEST_MS || (idle_ms > QUIET_MS && !is_quiet(c))) {
            drop_kept(c);
        } else if (lme_str_equal(c->origin, to->origin)) {
            unkeep(c);
            return c;
        }
    }
    return NULL;
}

/* ---- a try ---- */

/* The largest of the last answers, about: most then need one read. */
static void learn_size(lme_plain *plain, size_t len)
{
    if (len > plain->guess)
        plain->guess = len < MOST_GUESSED ? len + len / 8 : MOST_GUESSED;
    else
        plain->guess -= (plain->guess - len) / 64;
}

/* Hands over what came. Returns the try's code: a body may turn out to be packed wrongly. */
static int hand_over(connection *c, int code)
{
    lme_transfer *t = c->t;
    lme_exchange *x = &t->exchange;
    const lme_http_answer *a = &c->answer;
    x->status = a->status;
    if (lme_http_has_head(a)) {
        x->server = a->server;
        x->location = a->location;
        t->retry_after = a->retry_after;
    }
    t->http_version = a->version;
    t->too_large = a->too_large;
    if (code == CURLE_OK)
        learn_size(c->plain, t->body.len);
    t->body.len = a->body_from + a->body_len;
    lme_builder_reserve(&t->body, LME_JSON_PADDING);
    x->answer = lme_str_slice(lme_builder_finish(&t->body), a->body_from, t->body.len);
    if (code != CURLE_OK || a->coding == LME_CODING_NONE)
        return code;
    return lme_http_unpack(x->arena, a->coding, x->answer, &x->answer, &t->too_large, t->fault);
}

/* The try is over; the connection is kept when it can be used again. */
static void end_try(connection *c, int code)
{
    lme_plain *plain = c->plain;
    lme_transfer *t = c->t;
    bool keeps = code == CURLE_OK && c->answer.keeps && !c->is_sending;
    code = hand_over(c, code);
    c->t = NULL;
    if (keeps)
        keep(c);
    else
        drop(c);
    lme_wires_ended(plain->wires, t, code);
}

static void fail_try(connection *c, int code, const char *what, int error)
{
    snprintf(c->t->fault, sizeof c->t->fault, "%s: %s", what,
             strerror(error)); /* NOLINT(concurrency-mt-unsafe): one thread */
    end_try(c, code);
}

/* The connection broke. A server that closes it with a part of the request unread breaks it so,
 * also when it meant the end of the connection to be the end of its answer. What it said of an
 * error is enough then, and anything where we know that a part was unread. */
static void break_off(connection *c, int code, const char *what, int error)
{
    bool is_enough = c->is_sending || c->answer.status >= 400;
    if (is_enough && c->answer.stage == LME_HTTP_UNTIL_CLOSED)
        end_try(c, lme_http_answer_closed(&c->answer, &c->t->body));
    else
        fail_try(c, code, what, error);
}

/* Room for what is to come, in one piece as far as that is known. */
static size_t make_room(connection *c)
{
    lme_builder *in = &c->t->body;
    uint64_t missing = lme_http_answer_missing(&c->answer);
    size_t wanted = missing < MOST_RESERVED ? (size_t)missing : MOST_RESERVED;
    if (in->len == 0)
        wanted = c->plain->guess;
    /* One byte more: what follows an answer is to be seen. */
    wanted += 1 + LME_JSON_PADDING;
    if (in->capacity - in->len <= wanted)
        lme_builder_reserve(in, wanted > LEAST_ROOM ? wanted : LEAST_ROOM);
    return in->capacity - in->len - LME_JSON_PADDING - 1; /* and the NUL's */
}

/* One recv. Returns whether another one may find more. */
static bool receive_some(connection *c)
{
    lme_builder *in = &c->t->body;
    size_t room = make_room(c);
    ssize_t n = recv(c->fd, in->ptr + in->len, room, 0);
    if (n < 0 && would_block(errno))
        return false;
    if (n < 0) {
        break_off(c, CURLE_RECV_ERROR, "Recv failure", errno);
        return false;
    }
    in->len += (size_t)n;
    int code =
        n > 0 ? lme_http_answer_read(&c->answer, in) : lme_http_answer_closed(&c->answer, in);
    if (code != CURLE_OK || c->answer.is_whole) {
        end_try(c, code);
        return false;
    }
    /* Where the end of the connection is wanted, it may be there already. */
    return (size_t)n == room || c->answer.stage == LME_HTTP_UNTIL_CLOSED;
}

static void receive(connection *c)
{
    for (int i = 0; i < MOST_READS && receive_some(c); i++)
        continue;
}

/* The parts of the request that are not sent yet. Returns how many. */
static size_t unsent(const connection *c, struct iovec *parts)
{
    lme_str body = c->t->exchange.body;
    lme_str head = body.len > 0 ? c->way->head.post : c->way->head.get;
    const lme_str all[] = {head, {c->tail, c->tail_len}, body};
    size_t skip = c->n_sent, n = 0;
    for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
        lme_str rest = lme_str_slice(all[i], skip, all[i].len);
        skip -= all[i].len - rest.len;
        if (rest.len > 0)
            parts[n++] = (struct iovec){(void *)(uintptr_t)rest.ptr, rest.len};
    }
    return n;
}

static void on_ready(void *context, int events);

static void watch(connection *c)
{
    lme_loop_watch(c->plain->wires->loop, c->fd, c->is_sending ? POLLIN | POLLOUT : POLLIN,
                   on_ready, c);
}

/* A server may have answered before it stopped listening: that counts more. Where nothing was sent
 * yet there is no answer to it. */
static void give_up_sending(connection *c, int error)
{
    lme_transfer *t = c->t;
    while (c->n_sent > 0 && c->t == t && peek(c) > 0)
        receive_some(c);
    if (c->t == t)
        break_off(c, CURLE_SEND_ERROR, "Send failure", error);
}

/* Sends as much as the socket takes. */
static void send_some(connection *c)
{
    struct iovec parts[3];
    bool was_sending = c->is_sending;
    for (size_t n = unsent(c, parts); n > 0; n = unsent(c, parts)) {
        struct msghdr message = {.msg_iov = parts, .msg_iovlen = n};
        c->is_sending = true;
        ssize_t sent = sendmsg(c->fd, &message, MSG_NOSIGNAL);
        if (sent < 0 && errno == EINTR)
            continue;
        if (sent < 0 && would_block(errno))
            break;
        if (sent < 0) {
            give_up_sending(c, errno);
            return;
        }
        c->n_sent += (size_t)sent;
        c->is_sending = false;
    }
    c->is_sending = unsent(c, parts) > 0;
    if (c->is_sending != was_sending)
        watch(c);
}

/* The lme_loop's. */
static void on_ready(void *context, int events)
{
    connection *c = context;
    lme_transfer *t = c->t;
    if (t == NULL) {
        /* Closed, or something said unasked. */
        drop_kept(c);
        return;
    }
    /* An answer that comes before all is sent spares us the rest, and its connection is not kept:
     * how much of the rest the server would take for the next request is its secret. */
    if ((events & ~POLLOUT) != 0)
        receive(c);
    if ((events & POLLOUT) != 0 && c->t == t && c->is_sending)
        send_some(c);
}

static void start_request(connection *c)
{
    lme_transfer *t = c->t;
    c->answer = (lme_http_answer){.fault = t->fault};
    c->tail_len = lme_http_tail(c->tail, t->exchange.body.len);
    c->n_sent = 0;
    c->is_sending = false;
    c->due_ms = c->began_ms + lme_transfer_timeout_ms(t, c->plain->wires->options);
    if (c->due_ms < c->plain->due_ms)
        c->plain->due_ms = c->due_ms;
    send_some(c);
}

/* The lme_connect's. */
static void connected(void *context, int fd, int code)
{
    connection *c = context;
    c->fd = fd;
    c->answer = (lme_http_answer){.fault = c->t->fault};
    if (code != CURLE_OK) {
        end_try(c, code);
        return;
    }
    c->t->fault[0] = '\0';
    watch(c);
    start_request(c);
}

bool lme_plain_begin(lme_plain *plain, const lme_way *way, lme_transfer *t, lme_error *err)
{
    connection *c = t->fresh ? NULL : take_kept(plain, way);
    t->kept = c != NULL;
    if (c == NULL) {
        if (plain->n_open > plain->wires->options->concurrency && plain->oldest != NULL)
            drop_kept(plain->oldest);
        c = make_connection(plain, way);
    }
    c->t = t;
    c->way = way;
    c->began_ms = lme_now_ms();
    c->due_ms = 0;
    if (t->kept) {
        start_request(c);
        return true;
    }
    lme_connect wanted = {
        .route = &t->route,
        .timeout_ms = lme_transfer_timeout_ms(t, plain->wires->options),
        .fault = t->fault,
        .connected = connected,
        .context = c,
    };
    if (lme_connect_begin(plain->connector, &wanted, err))
        return true;
    drop(c);
    return false;
}

/* ---- time ---- */

uint64_t lme_plain_due(const lme_plain *plain)
{
    return plain->due_ms;
}

static void time_out(connection *c, uint64_t now_ms)
{
    const lme_http_answer *a = &c->answer;
    char of[32] = "";
    if (lme_http_has_head(a) && a->length >= 0)
        snprintf(of, sizeof of, " out of %lld", (long long)a->length);
    snprintf(c->t->fault, sizeof c->t->fault,
             "Operation timed out after %llu milliseconds with %zu%s bytes received",
             (unsigned long long)(now_ms - c->began_ms), a->body_len, of);
    end_try(c, CURLE_OPERATION_TIMEDOUT);
}

void lme_plain_tend(lme_plain *plain, uint64_t now_ms)
{
    if (now_ms < plain->due_ms)
        return;
    plain->due_ms = UINT64_MAX;
    for (connection *c = plain->all; c != NULL; c = c->next_all) {
        bool counts = c->fd >= 0 && c->t != NULL && c->due_ms > 0;
        if (counts && now_ms >= c->due_ms)
            time_out(c, now_ms);
        else if (counts && c->due_ms < plain->due_ms)
            plain->due_ms = c->due_ms;
    }
}

/* libcurl says which sockets it waits for and when its next timer is; we poll and tell it back. Who
 * watches a socket of its own is told in the same turn. */
#include "loop.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <string.h>
#include <time.h>

#include <lmeval/arena.h>

typedef struct ready {
    int fd;
    int events; /* of poll */
} ready;

/* Who is told; libcurl is where `call` is NULL. */
typedef struct listener {
    lme_loop_ready *call;
    void *context;
} listener;

struct lme_loop {
    lme_arena *arena;
    CURLM *multi;
    lme_turns *turns;
    struct pollfd *sockets;
    listener *listeners; /* of the sockets, in their order */
    ready *ready; /* as many as sockets: filled anew each turn, because acting changes those */
    size_t n_sockets, capacity;
    size_t *index_of; /* by socket number: 1 + its place in sockets, 0: not there */
    size_t n_index_of;
    bool has_timer;
    uint64_t timer_ms;
};

uint64_t lme_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000 + (uint64_t)now.tv_nsec;
}

uint64_t lme_now_ms(void)
{
    return lme_now_ns() / 1000000;
}

static void make_room(lme_loop *loop, size_t number)
{
    if (number >= loop->n_index_of) {
        size_t more = number * 2 + 64;
        loop->index_of =
            lme_arena_grow(loop->arena, loop->index_of, loop->n_index_of * sizeof *loop->index_of,
                           more * sizeof *loop->index_of);
        loop->n_index_of = more;
    }
    if (loop->n_sockets == loop->capacity) {
        size_t more = loop->capacity * 2 + 16;
        loop->sockets =
            lme_arena_grow(loop->arena, loop->sockets, loop->capacity * sizeof *loop->sockets,
                           more * sizeof *loop->sockets);
        loop->listeners =
            lme_arena_grow(loop->arena, loop->listeners, loop->capacity * sizeof *loop->listeners,
                           more * sizeof *loop->listeners);
        loop->ready = LME_ARRAY(loop->arena, ready, more);
        loop->capacity = more;
    }
}

void lme_loop_forget(lme_loop *loop, int fd)
{
    size_t number = (size_t)fd;
    if (number >= loop->n_index_of || loop->index_of[number] == 0)
        return;
    size_t hole = loop->index_of[number] - 1;
    loop->index_of[number] = 0;
    loop->n_sockets--;
    if (hole == loop->n_sockets)
        return;
    loop->sockets[hole] = loop->sockets[loop->n_sockets];
    loop->listeners[hole] = loop->listeners[loop->n_sockets];
    loop->index_of[(size_t)loop->sockets[hole].fd] = hole + 1;
}

void lme_loop_watch(lme_loop *loop, int fd, int events, lme_loop_ready *call, void *context)
{
    size_t number = (size_t)fd;
    make_room(loop, number);
    if (loop->index_of[number] == 0) {
        loop->sockets[loop->n_sockets++] = (struct pollfd){.fd = fd};
        loop->index_of[number] = loop->n_sockets;
    }
    size_t at = loop->index_of[number] - 1;
    loop->sockets[at].events = (short)events;
    loop->listeners[at] = (listener){call, context};
}

/* libcurl's CURLMOPT_SOCKETFUNCTION. */
static int watch(CURL *easy, curl_socket_t socket, int what, void *user, void *unused)
{
    (void)easy;
    (void)unused;
    lme_loop *loop = user;
    int events = 0;
    if (what == CURL_POLL_IN || what == CURL_POLL_INOUT)
        events |= POLLIN;
    if (what == CURL_POLL_OUT || what == CURL_POLL_INOUT)
        events |= POLLOUT;
    if (what == CURL_POLL_REMOVE)
        lme_loop_forget(loop, socket);
    else
        lme_loop_watch(loop, socket, events, NULL, NULL);
    return 0;
}

/* libcurl's CURLMOPT_TIMERFUNCTION. */
static int set_timer(CURLM *multi, long timeout_ms, void *user)
{
    (void)multi;
    lme_loop *loop = user;
    loop->has_timer = timeout_ms >= 0;
    if (loop->has_timer)
        loop->timer_ms = lme_now_ms() + (uint64_t)timeout_ms;
    return 0;
}

lme_loop *lme_loop_new(CURLM *multi, lme_turns *turns)
{
    lme_arena *arena = lme_arena_new();
    lme_loop *loop = LME_NEW(arena, lme_loop);
    *loop = (lme_loop){.arena = arena, .multi = multi, .turns = turns};
    curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, watch);
    curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, loop);
    curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, set_timer);
    curl_multi_setopt(multi, CURLMOPT_TIMERDATA, loop);
    return loop;
}

void lme_loop_free(lme_loop *loop)
{
    if (loop != NULL)
        lme_arena_free(loop->arena);
}

static bool act(lme_loop *loop, curl_socket_t socket, int events, lme_error *err)
{
    int running;
    CURLMcode code = curl_multi_socket_action(loop->multi, socket, events, &running);
    if (code != CURLM_OK)
        return lme_fail(err, LME_ERR_IO, NULL, "libcurl cannot go on: %s",
                        curl_multi_strerror(code));
    return true;
}

static bool timer_is_due(const lme_loop *loop)
{
    return loop->has_timer && lme_now_ms() >= loop->timer_ms;
}

static bool run_timer(lme_loop *loop, lme_error *err)
{
    loop->has_timer = false;
    return act(loop, CURL_SOCKET_TIMEOUT, 0, err);
}

static int wait_of(const lme_loop *loop, uint64_t timeout_ms, uint64_t now_ns)
{
    uint64_t wait = timeout_ms;
    if (loop->has_timer) {
        uint64_t now = now_ns / 1000000;
        uint64_t until = loop->timer_ms > now ? loop->timer_ms - now : 0;
        wait = until < wait ? until : wait;
    }
    return wait < INT_MAX ? (int)wait : INT_MAX;
}

static size_t collect_ready(lme_loop *loop)
{
    size_t n = 0;
    for (size_t i = 0; i < loop->n_sockets; i++) {
        if (loop->sockets[i].revents != 0)
            loop->ready[n++] = (ready){loop->sockets[i].fd, loop->sockets[i].revents};
    }
    return n;
}

static int for_libcurl(int came)
{
    int events = 0;
    if ((came & POLLIN) != 0)
        events |= CURL_CSELECT_IN;
    if ((came & POLLOUT) != 0)
        events |= CURL_CSELECT_OUT;
    if ((came & (POLLERR | POLLHUP | POLLNVAL)) != 0)
        events |= CURL_CSELECT_ERR;
    return events;
}

/* Whoever watches the socket now is told. */
static bool tell(lme_loop *loop, ready one, lme_error *err)
{
    size_t place = loop->index_of[(size_t)one.fd];
    listener who = place > 0 ? loop->listeners[place - 1] : (listener){0};
    if (who.call == NULL)
        return act(loop, one.fd, for_libcurl(one.events), err);
    who.call(who.context, one.events);
    return true;
}

bool lme_loop_turn(lme_loop *loop, uint64_t timeout_ms, lme_error *err)
{
    /* What the timer starts may end at once: whoever turns looks at that before it waits. */
    if (timer_is_due(loop))
        return run_timer(loop, err);
    uint64_t began = lme_now_ns();
    int n = poll(loop->sockets, (nfds_t)loop->n_sockets, wait_of(loop, timeout_ms, began));
    lme_turns_waited(loop->turns, began, lme_now_ns());
    if (n < 0 && errno != EINTR && errno != EAGAIN) {
        return lme_fail(err, LME_ERR_IO, NULL, "cannot wait for the network: poll: %s",
                        strerror(errno));
    }
    size_t n_ready = n > 0 ? collect_ready(loop) : 0;
    const ready *list = loop->ready;
    for (size_t i = 0; i < n_ready; i++) {
        if (!tell(loop, list[i], err))
            return false;
    }
    return true;
}

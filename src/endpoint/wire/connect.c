#include "connect.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

typedef struct attempt {
    lme_easy_user user;              /* first */
    struct attempt *next, *next_all; /* free; of all that were made */
    lme_connector *connector;
    CURL *easy;
    lme_connect wanted;
    bool is_open; /* libcurl has it */
} attempt;

struct lme_connector {
    lme_wires *wires;
    attempt *idle, *all; /* in the wires' arena */
};

lme_connector *lme_connector_new(lme_wires *wires)
{
    lme_connector *connector = LME_NEW(wires->arena, lme_connector);
    connector->wires = wires;
    return connector;
}

void lme_connector_free(lme_connector *connector)
{
    for (attempt *one = connector->all; one != NULL; one = one->next_all) {
        if (one->is_open)
            curl_multi_remove_handle(connector->wires->multi, one->easy);
        curl_easy_cleanup(one->easy);
    }
}

/* The socket under a number of our own: libcurl closes the one it made. */
static int take_socket(CURL *easy, char *fault)
{
    curl_socket_t socket = CURL_SOCKET_BAD;
    curl_easy_getinfo(easy, CURLINFO_ACTIVESOCKET, &socket);
    /* CURL_SOCKET_BAD is -1, which fcntl refuses. */
    int fd = fcntl(socket, F_DUPFD_CLOEXEC, 0);
    if (fd < 0)
        snprintf(fault, CURL_ERROR_SIZE, "cannot keep a connection: %s",
                 strerror(errno)); /* NOLINT(concurrency-mt-unsafe): one thread */
    return fd;
}

/* The lme_easy_user's. */
static void ended(lme_easy_user *user, CURLcode code)
{
    attempt *one = (attempt *)user;
    lme_connector *connector = one->connector;
    lme_connect wanted = one->wanted;
    int fd = -1;
    if (code == CURLE_OK) {
        fd = take_socket(one->easy, wanted.fault);
        code = fd < 0 ? CURLE_COULDNT_CONNECT : CURLE_OK;
    }
    curl_multi_remove_handle(connector->wires->multi, one->easy);
    one->is_open = false;
    one->next = connector->idle;
    connector->idle = one;
    wanted.connected(wanted.context, fd, (int)code);
}

static attempt *make(lme_connector *connector)
{
    attempt *one = LME_NEW(connector->wires->arena, attempt);
    *one = (attempt){
        .user = {.ended = ended},
        .next_all = connector->all,
        .connector = connector,
        .easy = curl_easy_init(),
    };
    LME_BUG(one->easy == NULL, "libcurl cannot make an easy handle");
    connector->all = one;
    curl_easy_setopt(one->easy, CURLOPT_PRIVATE, one);
    curl_easy_setopt(one->easy, CURLOPT_NOSIGNAL, 1L);
    curl_easy_setopt(one->easy, CURLOPT_CONNECT_ONLY, 1L);
    /* Never one that libcurl keeps for itself. */
    curl_easy_setopt(one->easy, CURLOPT_FRESH_CONNECT, 1L);
    curl_easy_setopt(one->easy, CURLOPT_PROXY, "");
    curl_easy_setopt(one->easy, CURLOPT_CONNECTTIMEOUT_MS,
                     (long)connector->wires->options->connect_ms);
    curl_easy_setopt(one->easy, CURLOPT_TCP_KEEPALIVE, 1L);
    return one;
}

bool lme_connect_begin(lme_connector *connector, const lme_connect *wanted, lme_error *err)
{
    attempt *one = connector->idle;
    if (one != NULL)
        connector->idle = one->next;
    else
        one = make(connector);
    one->wanted = *wanted;
    curl_easy_setopt(one->easy, CURLOPT_URL, wanted->route->url);
    curl_easy_setopt(one->easy, CURLOPT_UNIX_SOCKET_PATH, wanted->route->unix_socket);
    curl_easy_setopt(one->easy, CURLOPT_ERRORBUFFER, wanted->fault);
    curl_easy_setopt(one->easy, CURLOPT_TIMEOUT_MS, (long)wanted->timeout_ms);
    one->is_open = lme_wires_add(connector->wires, one->easy, err);
    return one->is_open;
}

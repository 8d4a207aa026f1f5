/* Where and how the server listens: an address of this machine or a Unix socket, plain or TLS. */
#ifndef LMEVAL_REFSERVER_LISTENER_H
#define LMEVAL_REFSERVER_LISTENER_H

#include <microhttpd.h>

#include <lmeval/arena.h>
#include <lmeval/error.h>
#include <lmeval/refserver.h>

typedef struct lme_listener {
    /* Set by the caller. */
    MHD_AccessHandlerCallback handle;
    MHD_RequestCompletedCallback completed;
    void *context; /* of both */
    /* Filled by lme_listener_start. */
    struct MHD_Daemon *daemon;
    unsigned port;       /* 0: a Unix socket */
    const char *address; /* http://127.0.0.1:PORT, unix:PATH ... */
    const char *path;    /* of the socket, removed at the end; NULL: none */
} lme_listener;

/* The files' texts live as long as arena.
 * Errors: LME_ERR_USAGE (address), LME_ERR_IO (port, socket, certificate). */
bool lme_listener_start(lme_arena *arena, const lme_refserver_options *options,
                        lme_listener *listener, lme_error *err) LME_MUST_CHECK;
void lme_listener_stop(lme_listener *listener);

#endif

/* Sockets that libcurl connects and then leaves to us: names, IPv6 or IPv4, Unix sockets, time-outs
 * and the words for what goes wrong are its own. */
#ifndef LMEVAL_ENDPOINT_CONNECT_H
#define LMEVAL_ENDPOINT_CONNECT_H

#include "wire.h"

typedef struct lme_connector lme_connector;

/*   fd    CURLE_OK: connected, not blocking, the caller's to close; else -1 */
typedef void lme_connected(void *context, int fd, int code);

typedef struct lme_connect {
    const lme_route *route;
    unsigned timeout_ms;
    char *fault; /* CURL_ERROR_SIZE bytes for what goes wrong; must stay until then */
    lme_connected *connected;
    void *context;
} lme_connect;

lme_connector *lme_connector_new(lme_wires *wires);
void lme_connector_free(lme_connector *connector); /* drops what is under way */

/* Begins to connect; `connected` is called from within a later lme_wires_turn. Errors: LME_ERR_IO
 * when libcurl refuses. */
bool lme_connect_begin(lme_connector *connector, const lme_connect *wanted,
                       lme_error *err) LME_MUST_CHECK;

#endif

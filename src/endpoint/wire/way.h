/* What is made once for each URL that requests go to. */
#ifndef LMEVAL_ENDPOINT_WAY_H
#define LMEVAL_ENDPOINT_WAY_H

#include "http_request.h"
#include "wire.h"

typedef struct lme_way {
    struct lme_way *next;
    const char *url, *unix_socket;
    lme_str origin; /* the server's name and socket: URLs of one share their connections */
    lme_http_head head;
    bool is_ours; /* false: of a form that is left to libcurl */
} lme_way;

/* The route's; made when it is not among them yet.
 *   ways  in the wires' arena, the last used first */
const lme_way *lme_way_of(lme_wires *wires, lme_way **ways, const lme_route *route);

#endif

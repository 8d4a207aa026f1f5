#include "way.h"

#include <string.h>

static lme_way *make(lme_wires *wires, const lme_route *route)
{
    lme_way *way = LME_NEW(wires->arena, lme_way);
    *way = (lme_way){.url = lme_str_cstr(wires->arena, lme_str_from(route->url))};
    if (route->unix_socket != NULL)
        way->unix_socket = lme_str_cstr(wires->arena, lme_str_from(route->unix_socket));
    way->is_ours =
        lme_http_head_make(wires->arena, route->url, wires->headers, wires->n_headers, &way->head);
    if (way->is_ours)
        way->origin = lme_str_format(wires->arena, "%.*s %s", LME_STR_ARG(way->head.host),
                                     route->unix_socket != NULL ? route->unix_socket : "");
    return way;
}

/* By what they say: another URL may stand where one was. */
static bool is_of(const lme_way *way, const lme_route *route)
{
    const char *a = way->unix_socket, *b = route->unix_socket;
    return strcmp(way->url, route->url) == 0 &&
           (a == NULL || b == NULL ? a == b : strcmp(a, b) == 0);
}

const lme_way *lme_way_of(lme_wires *wires, lme_way **ways, const lme_route *route)
{
    lme_way **at = ways;
    while (*at != NULL && !is_of(*at, route))
        at = &(*at)->next;
    lme_way *way = *at;
    if (way != NULL && at == ways)
        return way;
    if (way != NULL)
        *at = way->next;
    else
        way = make(wires, route);
    /* Most requests go to one of a few. */
    way->next = *ways;
    *ways = way;
    return way;
}

/* Several servers with one model: which of them is asked next.
 *
 * The one with the fewest open requests is, but requests that share a prefix (the choices of one
 * item) go where the first of them went, so that its prefix cache serves them. A server that fails
 * is rested, longer each time; then one request tries it, and when that is answered it is back.
 * When all are rested, the one whose rest ends first is asked: then the retry policy says when it
 * is enough. One that is away (watch.h) is asked only when all are.
 *
 * A pure state machine: the caller tells the time.
 */
#ifndef LMEVAL_ENDPOINT_POOL_H
#define LMEVAL_ENDPOINT_POOL_H

#include <lmeval/endpoint.h>

enum {
    LME_POOL_ITEMS = 256 /* prefixes whose server is remembered */
};

typedef struct lme_pool_item {
    uint64_t prefix; /* 0: none */
    size_t server;
} lme_pool_item;

typedef struct lme_pool {
    lme_server_traffic *servers; /* n_servers; their order is that of the command line */
    size_t n_servers;
    unsigned backoff_ms;
    lme_pool_item items[LME_POOL_ITEMS];
} lme_pool;

/*   servers  as long as the pool; url is set, the rest zero
 *   backoff_ms  the first rest */
lme_pool lme_pool_of(lme_server_traffic *servers, size_t n_servers, unsigned backoff_ms);

/* The server for a request, which counts as open there from now on.
 *   prefix  a hash of what it shares with others; 0: nothing */
size_t lme_pool_choose(lme_pool *pool, uint64_t now_ms, uint64_t prefix);

/* The request was answered, or the server failed it.
 *   rest_ms  what the server asked for (Retry-After); 0: nothing
 * Returns true when another server could be asked at once. */
void lme_pool_answered(lme_pool *pool, size_t server);
bool lme_pool_failed(lme_pool *pool, size_t server, uint64_t now_ms, uint64_t rest_ms);

/* It may be another server when it is there again. Looks at it are due when its rest is over. */
void lme_pool_away(lme_pool *pool, size_t server);
void lme_pool_missed(lme_pool *pool, size_t server, uint64_t now_ms); /* one met nobody */
bool lme_pool_all_away(const lme_pool *pool);

/* It is known to be there: it may be asked at once. */
void lme_pool_back(lme_pool *pool, size_t server);

/* This server for a request, whatever its state. */
void lme_pool_take(lme_pool *pool, size_t server);

/* Neither: a refusal of the question itself. */
void lme_pool_left(lme_pool *pool, size_t server);

#endif

#include "pool.h"

enum {
    LONGEST_REST_MS = 60000,
    /* Open requests more than elsewhere that a shared prefix is worth. */
    WORTH = 4
};

lme_pool lme_pool_of(lme_server_traffic *servers, size_t n_servers, unsigned backoff_ms)
{
    return (lme_pool){.servers = servers, .n_servers = n_servers, .backoff_ms = backoff_ms};
}

/* Rested, or being tried after a rest. */
static bool is_out(const lme_server_traffic *server, uint64_t now_ms)
{
    return server->n_failed_in_row > 0 && (now_ms < server->rested_until_ms || server->n_open > 0);
}

/* The least loaded of those that may be asked; n_servers when there is none. */
static size_t least_loaded(const lme_pool *pool, uint64_t now_ms)
{
    size_t best = pool->n_servers;
    for (size_t i = 0; i < pool->n_servers; i++) {
        if (is_out(&pool->servers[i], now_ms))
            continue;
        if (best == pool->n_servers || pool->servers[i].n_open < pool->servers[best].n_open)
            best = i;
    }
    return best;
}

static size_t first_rested(const lme_pool *pool)
{
    size_t first = 0;
    for (size_t i = 1; i < pool->n_servers; i++) {
        if (pool->servers[i].rested_until_ms < pool->servers[first].rested_until_ms)
            first = i;
    }
    return first;
}

size_t lme_pool_choose(lme_pool *pool, uint64_t now_ms, uint64_t prefix)
{
    size_t chosen = least_loaded(pool, now_ms);
    if (chosen == pool->n_servers)
        chosen = first_rested(pool);
    lme_pool_item *item = &pool->items[prefix % LME_POOL_ITEMS];
    if (prefix != 0 && item->prefix == prefix && !is_out(&pool->servers[item->server], now_ms) &&
        pool->servers[item->server].n_open <= pool->servers[chosen].n_open + WORTH)
        chosen = item->server;
    if (prefix != 0)
        *item = (lme_pool_item){prefix, chosen};
    pool->servers[chosen].n_open++;
    pool->servers[chosen].n_sent++;
    return chosen;
}

void lme_pool_left(lme_pool *pool, size_t server)
{
    LME_BUG(pool->servers[server].n_open == 0, "a server answered more than it was asked");
    pool->servers[server].n_open--;
}

void lme_pool_answered(lme_pool *pool, size_t server)
{
    lme_pool_left(pool, server);
    pool->servers[server].n_failed_in_row = 0;
    pool->servers[server].n_answered++;
}

void lme_pool_back(lme_pool *pool, size_t server)
{
    pool->servers[server].n_failed_in_row = 0;
    pool->servers[server].rested_until_ms = 0;
}

bool lme_pool_failed(lme_pool *pool, size_t server, uint64_t now_ms, uint64_t rest_ms)
{
    lme_server_traffic *it = &pool->servers[server];
    lme_pool_left(pool, server);
    it->n_failed++;
    /* Many are open when it falls over: those are one failure, not a longer rest for each. */
    if (it->n_failed_in_row == 0 || now_ms >= it->rested_until_ms) {
        uint64_t rest = pool->backoff_ms;
        for (size_t i = 0; i < it->n_failed_in_row && rest < LONGEST_REST_MS; i++)
            rest *= 2;
        rest = rest < LONGEST_REST_MS ? rest : LONGEST_REST_MS;
        it->n_failed_in_row++;
        it->n_rests++;
        it->rested_until_ms = now_ms + (rest > rest_ms ? rest : rest_ms);
    }
    return least_loaded(pool, now_ms) < pool->n_servers;
}

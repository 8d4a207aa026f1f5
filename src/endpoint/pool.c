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

/* Away, rested, or being tried after a rest. */
static bool is_out(const lme_server_traffic *server, uint64_t now_ms)
{
    return server->is_away || (server->n_failed_in_row > 0 &&
                               (now_ms < server->rested_until_ms || server->n_open > 0));
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
        const lme_server_traffic *a = &pool->servers[i], *b = &pool->servers[first];
        if (a->is_away != b->is_away ? b->is_away : a->rested_until_ms < b->rested_until_ms)
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
    lme_pool_take(pool, chosen);
    return chosen;
}

void lme_pool_take(lme_pool *pool, size_t server)
{
    pool->servers[server].n_open++;
    pool->servers[server].n_sent++;
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
    pool->servers[server].is_away = false;
}

void lme_pool_away(lme_pool *pool, size_t server)
{
    pool->servers[server].is_away = true;
}

bool lme_pool_all_away(const lme_pool *pool)
{
    for (size_t i = 0; i < pool->n_servers; i++) {
        if (!pool->servers[i].is_away)
            return false;
    }
    return true;
}

/* Twice as long each time. */
static void rest(const lme_pool *pool, lme_server_traffic *it, uint64_t now_ms, uint64_t rest_ms)
{
    uint64_t own = pool->backoff_ms;
    for (size_t i = 0; i < it->n_failed_in_row && own < LONGEST_REST_MS; i++)
        own *= 2;
    own = own < LONGEST_REST_MS ? own : LONGEST_REST_MS;
    it->n_failed_in_row++;
    it->rested_until_ms = now_ms + (own > rest_ms ? own : rest_ms);
}

void lme_pool_missed(lme_pool *pool, size_t server, uint64_t now_ms)
{
    rest(pool, &pool->servers[server], now_ms, 0);
}

bool lme_pool_failed(lme_pool *pool, size_t server, uint64_t now_ms, uint64_t rest_ms)
{
    lme_server_traffic *it = &pool->servers[server];
    lme_pool_left(pool, server);
    it->n_failed++;
    /* Many are open when it falls over: those are one failure, not a longer rest for each. */
    if (it->n_failed_in_row == 0 || now_ms >= it->rested_until_ms) {
        rest(pool, it, now_ms, rest_ms);
        it->n_rests++;
    }
    return least_loaded(pool, now_ms) < pool->n_servers;
}

/* Which way the rows come: from the cache, as pages of rows when a few are wanted, as Parquet files
 * when all are; and the other way where the hub does not offer the one. */
#include "api.h"

#include <stdlib.h>

#include <lmeval/share.h>

enum {
    MOST_BY_PAGES = 1000 /* ten pages; past that files are kinder to the hub, and faster */
};

lme_str lme_hub_cache(lme_arena *arena)
{
    const char *cache = getenv("XDG_CACHE_HOME"); /* NOLINT(concurrency-mt-unsafe) */
    const char *home = getenv("HOME");            /* NOLINT(concurrency-mt-unsafe) */
    if (cache != NULL && cache[0] == '/')
        return lme_path_join(arena, lme_str_from(cache), LME_STR("lmeval"));
    if (home != NULL && home[0] != '\0')
        return lme_path_join(arena, lme_str_from(home), LME_STR(".cache/lmeval"));
    return LME_STR("");
}

static bool is_here(const lme_store *store, size_t wanted)
{
    const lme_manifest *manifest = &store->manifest;
    if (store->is_whole)
        return true;
    return wanted > 0 && manifest->n_rows > 0 &&
           (manifest->n_rows >= wanted || manifest->n_rows == manifest->n_total);
}

bool lme_hub_has(lme_arena *arena, const lme_hub *hub, const lme_hub_split *split, size_t wanted,
                 lme_hub_rows *rows)
{
    lme_store store;
    if (hub->cache.len == 0 || !lme_store_exists(arena, hub->cache, split) ||
        !lme_store_open(arena, hub->cache, split, &store, NULL))
        return false;
    bool has = is_here(&store, wanted);
    if (has)
        *rows = lme_store_rows(&store);
    lme_store_close(&store);
    return has;
}

static bool fetch(lme_fetching *f)
{
    bool few = f->wanted > 0 && f->wanted <= MOST_BY_PAGES;
    lme_error *err = f->err, first = {0}, second = {0};
    if (!lme_hub_resolve(f))
        return false;
    f->err = &first;
    lme_fetched how = few ? lme_hub_fetch_rows(f) : lme_hub_fetch_parquet(f);
    if (how == LME_FETCH_NOT_OFFERED) {
        f->err = &second;
        how = few ? lme_hub_fetch_parquet(f) : lme_hub_fetch_rows(f);
        /* When neither is offered the first refusal is the one that was meant. */
        if (how == LME_FETCH_FAILED)
            first = second;
    }
    f->err = err;
    if (how != LME_FETCHED && err != NULL)
        *err = first;
    return how == LME_FETCHED;
}

bool lme_hub_fetch(lme_arena *arena, const lme_hub *hub, const lme_hub_split *split, size_t wanted,
                   lme_hub_rows *rows, lme_error *err)
{
    lme_store store;
    if (!lme_store_open(arena, hub->cache, split, &store, err))
        return false;
    lme_fetching f = {
        .arena = arena,
        .hub = hub,
        .store = &store,
        .split = *split,
        .wanted = wanted,
        .err = err,
    };
    bool ok = is_here(&store, wanted) || fetch(&f);
    if (ok)
        *rows = lme_store_rows(&store);
    lme_store_close(&store);
    return ok;
}

/* The calls of the rows API that fetching is made of. */
#ifndef LMEVAL_HUB_API_H
#define LMEVAL_HUB_API_H

#include "client.h"
#include "store.h"

/* A fetch under way. */
typedef struct lme_fetching {
    lme_arena *arena;
    const lme_hub *hub;
    lme_store *store;
    lme_hub_split split; /* config resolved */
    size_t wanted;       /* rows; 0: all */
    bool has_changed;    /* the hub has another revision than the store */
    lme_error *err;
} lme_fetching;

/* How a way of fetching ended. */
typedef enum lme_fetched {
    LME_FETCHED,
    LME_FETCH_FAILED,      /* err says why */
    LME_FETCH_NOT_OFFERED, /* the hub has no such way for this set; err says what it said */
} lme_fetched;

/* Fills in split.config where the task names none (/splits), and checks that the split is there.
 * Errors: LME_ERR_DATA with the configs or splits there are. */
bool lme_hub_resolve(lme_fetching *f) LME_MUST_CHECK;

/* Pages of rows behind those that the store has (rows.c). */
lme_fetched lme_hub_fetch_rows(lme_fetching *f);

/* The whole split from its Parquet files (parquet_files.c). */
lme_fetched lme_hub_fetch_parquet(lme_fetching *f);

/* rows_url/ENDPOINT?dataset=..&config=..&split=.. of the split. */
lme_str lme_hub_address(const lme_fetching *f, const char *endpoint);

#endif

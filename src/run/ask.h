/* Questions under way. Equal questions of different samples are one ask: it is sent once, and its
 * answer goes to everyone who waits for it.
 */
#ifndef LMEVAL_RUN_ASK_H
#define LMEVAL_RUN_ASK_H

#include <lmeval/sample.h>

/* One document in the window. */
typedef struct lme_slot {
    lme_arena *arena; /* of its sample; recycled when the sample is handed out */
    lme_sample sample;
    size_t n_open; /* requests without a response */
} lme_slot;

typedef struct lme_waiter {
    struct lme_waiter *next;
    lme_slot *slot;
    size_t index; /* into the sample's requests */
} lme_waiter;

typedef struct lme_ask {
    struct lme_ask *next_in_bucket;
    struct lme_ask *next_to_send;
    struct lme_run_work *work;
    lme_str key;
    lme_str body;
    const lme_request *request;
    lme_waiter first;
    lme_waiter *others;
} lme_ask;

enum {
    LME_ASK_BUCKETS = 1024
};

/* Asks by key, and the queue of those not sent yet. */
typedef struct lme_asks {
    lme_ask *buckets[LME_ASK_BUCKETS];
    lme_ask *send_first, *send_last;
} lme_asks;

/* The ask with that key; NULL when none is under way. */
lme_ask *lme_asks_find(const lme_asks *asks, lme_str key);

/* Puts a new ask into the table and at the end of the queue. */
void lme_asks_add(lme_asks *asks, lme_ask *ask);

/* The next one to send; NULL when the queue is empty. */
const lme_ask *lme_asks_next(const lme_asks *asks);

/* Takes the next one to send from the queue; NULL when it is empty. */
lme_ask *lme_asks_take(lme_asks *asks);

/* Removes an answered ask from the table. */
void lme_asks_remove(lme_asks *asks, const lme_ask *ask);

#endif

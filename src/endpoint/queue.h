/* Exchanges that are not sent yet: each waits until its time, or is held while a server is away
 * (watch.h). What came first goes first. No clock: the caller tells the time. */
#ifndef LMEVAL_ENDPOINT_QUEUE_H
#define LMEVAL_ENDPOINT_QUEUE_H

#include "transfer.h"

typedef struct lme_line {
    lme_transfer *first, *last;
} lme_line;

/* Zeroed: empty. */
typedef struct lme_queue {
    lme_line waiting, held;
    bool on_hold; /* what is put is held; but for what passes */
} lme_queue;

bool lme_queue_holds(const lme_queue *queue, const lme_transfer *t);

/* Lets it wait; behind those that do. */
void lme_queue_put(lme_queue *queue, lme_transfer *t, uint64_t due_ms);

/* Takes the first one that is due; NULL when none is. */
lme_transfer *lme_queue_take(lme_queue *queue, uint64_t now_ms);

/* When the next one is due, at most end_ms. */
uint64_t lme_queue_due(const lme_queue *queue, uint64_t end_ms);

/* As lme_transport_hold and lme_transport_release. */
void lme_queue_hold(lme_queue *queue);
void lme_queue_release(lme_queue *queue, bool spared, uint64_t now_ms);

#endif

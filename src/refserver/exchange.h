/* One request and its answer on the wire, with the faults that concern the wire. */
#ifndef LMEVAL_REFSERVER_EXCHANGE_H
#define LMEVAL_REFSERVER_EXCHANGE_H

#include "api.h"
#include "fault.h"
#include "load.h"

#include <microhttpd.h>

#define LME_EXCHANGE_MAX_BODY (32u << 20) /* bytes: 2,048 prompts of 8,192 tokens as ids */

typedef struct lme_exchange {
    struct lme_exchange *next; /* in the pool */
    lme_arena *texts;          /* of the request's body, then the answer's */
    lme_arena *scratch;
    lme_json_reader *reader;
    lme_builder text; /* body of the request */
    bool is_too_large, is_decided;
    lme_mishap mishap;
    lme_load *load; /* that it entered; NULL: it did not */
    lme_moment moment;
    const lme_service *service;
    lme_reply reply;
    size_t event;  /* next one to send of a stream */
    size_t cut_at; /* bytes after which the connection breaks; SIZE_MAX: it does not */
} lme_exchange;

/* Exchanges are used again, because their arenas and the JSON reader are worth keeping. */
typedef struct lme_exchanges lme_exchanges;

lme_exchanges *lme_exchanges_new(lme_arena *arena);
void lme_exchanges_free(lme_exchanges *exchanges); /* NULL is a no-op */
lme_exchange *lme_exchange_take(lme_exchanges *exchanges);
void lme_exchange_give_back(lme_exchanges *exchanges, lme_exchange *exchange);

/* Adds a part of the request's body. */
void lme_exchange_add(lme_exchange *exchange, lme_str part);

/* Makes the reply ready to be written. */
void lme_exchange_begin(lme_exchange *exchange, const lme_service *service);

/* Writes the answer, or that of the fault. */
void lme_exchange_answer(lme_exchange *exchange, lme_str method, lme_str path);

/* Hands the answer to libmicrohttpd; MHD_NO closes the connection. */
enum MHD_Result lme_exchange_send(lme_exchange *exchange, struct MHD_Connection *connection);

#endif

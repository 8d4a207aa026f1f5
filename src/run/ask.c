/* A fixed table of chains: the window bounds how many asks there are at once. */
#include "ask.h"

/* Keys are SHA-256 in hex: any four characters of one are as good a hash as there is. */
static size_t bucket_of(lme_str key)
{
    size_t value = 0;
    for (size_t i = 0; i < 4 && i < key.len; i++)
        value = value * 31 + (unsigned char)key.ptr[i];
    return value % LME_ASK_BUCKETS;
}

lme_ask *lme_asks_find(const lme_asks *asks, lme_str key)
{
    lme_ask *ask = asks->buckets[bucket_of(key)];
    while (ask != NULL && !lme_str_equal(ask->key, key))
        ask = ask->next_in_bucket;
    return ask;
}

void lme_asks_add(lme_asks *asks, lme_ask *ask)
{
    lme_ask **bucket = &asks->buckets[bucket_of(ask->key)];
    ask->next_in_bucket = *bucket;
    *bucket = ask;
    ask->next_to_send = NULL;
    if (asks->send_last != NULL)
        asks->send_last->next_to_send = ask;
    else
        asks->send_first = ask;
    asks->send_last = ask;
}

const lme_ask *lme_asks_next(const lme_asks *asks)
{
    return asks->send_first;
}

lme_ask *lme_asks_take(lme_asks *asks)
{
    lme_ask *ask = asks->send_first;
    if (ask == NULL)
        return NULL;
    asks->send_first = ask->next_to_send;
    if (asks->send_first == NULL)
        asks->send_last = NULL;
    return ask;
}

void lme_asks_remove(lme_asks *asks, const lme_ask *ask)
{
    lme_ask **link = &asks->buckets[bucket_of(ask->key)];
    while (*link != NULL && *link != ask)
        link = &(*link)->next_in_bucket;
    LME_BUG(*link == NULL, "an ask was answered that is not under way");
    *link = ask->next_in_bucket;
}

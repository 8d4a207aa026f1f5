#include "journal_sum.h"

#include <string.h>

#include <lmeval/hash.h>

/* The same on every machine: the lowest byte first. */
static uint64_t add_number(uint64_t sum, uint64_t number)
{
    char bytes[sizeof number];
    for (size_t i = 0; i < sizeof bytes; i++)
        bytes[i] = (char)(unsigned char)(number >> 8 * i);
    return lme_fnv_add(sum, (lme_str){bytes, sizeof bytes});
}

/* With its length, so that no two lists of texts look alike. */
static uint64_t add_text(uint64_t sum, lme_str text)
{
    return lme_fnv_add(add_number(sum, text.len), text);
}

int64_t lme_journal_sum(lme_str key, const lme_response *response)
{
    /* SQLite does not keep the sign of a zero. */
    double nats = response->logprob_nats == 0 ? 0 : response->logprob_nats;
    uint64_t bits, sum = add_text(LME_FNV_START, key);
    memcpy(&bits, &nats, sizeof bits);
    sum = add_number(sum, bits);
    sum = add_number(sum, response->is_greedy);
    sum = add_number(sum, response->straddles);
    sum = add_number(sum, response->n_tokens);
    sum = add_number(sum, response->n_prompt_tokens);
    sum = add_text(sum, response->text);
    sum = add_text(sum, response->finish);
    sum = add_number(sum, response->n_truncated);
    sum = add_number(sum, response->n_windows);
    int64_t value;
    memcpy(&value, &sum, sizeof value);
    return value;
}

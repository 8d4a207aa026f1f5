#include "journal_sum.h"

#include <string.h>

/* FNV-1a, of eight bytes and of a text with its length. */
static uint64_t add_number(uint64_t sum, uint64_t number)
{
    for (int i = 0; i < 8; i++)
        sum = (sum ^ (number >> 8 * i & 0xff)) * 0x100000001b3;
    return sum;
}

static uint64_t add_text(uint64_t sum, lme_str text)
{
    sum = add_number(sum, text.len);
    for (size_t i = 0; i < text.len; i++)
        sum = (sum ^ (unsigned char)text.ptr[i]) * 0x100000001b3;
    return sum;
}

int64_t lme_journal_sum(lme_str key, const lme_response *response)
{
    /* SQLite does not keep the sign of a zero. */
    double nats = response->logprob_nats == 0 ? 0 : response->logprob_nats;
    uint64_t bits, sum = add_text(0xcbf29ce484222325, key);
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

/* When a request may go, and to which server: joins the limits (knee.h), the pool of servers and
 * the count of tokens under way with the transport's tries. */
#ifndef LMEVAL_ENDPOINT_DISPATCH_H
#define LMEVAL_ENDPOINT_DISPATCH_H

#include "knee.h"
#include "pool.h"
#include "transport.h"
#include "url.h"

typedef struct lme_dispatch {
    const lme_server_url *urls; /* one a server */
    lme_pool pool;
    bool probing;       /* all goes where the endpoint's url points to, and counts nowhere */
    size_t concurrency; /* 0: the knee's limit */
    size_t most_open;   /* that a fixed concurrency came down to; 0: it stands */
    size_t n_crowded;   /* tries */
    lme_knee knee;
    /* Prompt tokens in open scoring requests: estimated from the body's bytes, by what answers
     * said so far. */
    size_t max_tokens, n_tokens; /* 0: no bound */
    double bytes_read, tokens_read;
    /* Of answered questions whose prompt's tokens the server counted. */
    double prompt_bytes, prompt_tokens;
} lme_dispatch;

/* Reads the URLs ("a,b,c"). The endpoint's url becomes that of the first.
 * Errors: LME_ERR_USAGE: a URL, one that is named twice, a proxy before a socket. */
bool lme_dispatch_open(lme_endpoint *endpoint, const lme_endpoint_options *options,
                       lme_error *err) LME_MUST_CHECK;

/* The transport's hooks; the context is the endpoint. */
void lme_dispatch_before(void *context, lme_exchange *x, lme_route *route);
bool lme_dispatch_after(void *context, lme_exchange *x, uint64_t rest_ms);

/* What to do about a refusal that llama-server's slots are the reason of; NULL: another one is. */
const char *lme_slots_hint(const lme_exchange *x);

/* Whether the server says that the question is longer than its context. */
bool lme_overflows(const lme_endpoint *endpoint, const lme_exchange *x);

/* A request is handed over, and done with.
 *   response  NULL: it has none */
void lme_dispatch_begin(lme_endpoint *endpoint, lme_exchange *x);
void lme_dispatch_end(lme_endpoint *endpoint, const lme_exchange *x, const lme_response *response);

/* A question of a batch has its answer: what the prompt came to. */
void lme_dispatch_told(lme_endpoint *endpoint, const lme_request *request,
                       const lme_response *response);

/* Of a question's texts. */
double lme_prompt_bytes(const lme_request *request);

#endif

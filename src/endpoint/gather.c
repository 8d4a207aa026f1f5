#include "gather.h"

#include "generate.h"

bool lme_gather_takes(const lme_endpoint *endpoint, const lme_request *request)
{
    return endpoint->batch > 1 && request->kind != LME_REQUEST_GENERATE && !lme_is_chat(request) &&
           endpoint->path->encode_many != NULL;
}

/* Every question gets its answer, or is asked alone. */
static void answered_together(lme_exchange *x)
{
    lme_endpoint *endpoint = x->owner;
    const lme_batch *batch = x->ask.batch;
    lme_value whole = x->value;
    lme_value *parts = LME_ARRAY(x->arena, lme_value, batch->n);
    bool ok = x->outcome == LME_OUTCOME_OK && lme_batch_split(x->arena, &whole, batch->n, parts);
    lme_dispatch_end(endpoint, x, NULL);
    if (ok)
        endpoint->n_shared += batch->n - 1;
    for (size_t i = 0; i < batch->n; i++) {
        const lme_batch_item *item = &batch->items[i];
        if (ok) {
            x->value = parts[i];
            lme_endpoint_answer(endpoint, x, item);
        } else if (!endpoint->is_broken) {
            endpoint->is_broken = !lme_endpoint_send_alone(endpoint, item, &endpoint->broken);
        }
    }
}

bool lme_gather_flush(lme_endpoint *endpoint, lme_error *err)
{
    lme_exchange *x = endpoint->gathering;
    endpoint->gathering = NULL;
    if (x == NULL)
        return true;
    lme_arena *arena = lme_exchange_own(x);
    const lme_batch *batch = x->ask.batch;
    if (batch->n == 1) {
        lme_batch_item only = batch->items[0];
        lme_transport_give_back(endpoint->transport, x);
        return lme_endpoint_send_alone(endpoint, &only, err);
    }
    const lme_request **requests = LME_ARRAY(arena, const lme_request *, batch->n);
    for (size_t i = 0; i < batch->n; i++)
        requests[i] = batch->items[i].request;
    x->body = endpoint->path->encode_many(arena, &endpoint->form, requests, batch->n);
    lme_dispatch_begin(endpoint, x);
    if (lme_transport_start(endpoint->transport, x, err))
        return true;
    lme_dispatch_end(endpoint, x, NULL);
    return false;
}

bool lme_gather(lme_endpoint *endpoint, const lme_batch_item *question, lme_error *err)
{
    lme_exchange *x = endpoint->gathering;
    if (x == NULL) {
        x = lme_transport_take(endpoint->transport);
        x->url = endpoint->path->url(&endpoint->url, question->request);
        x->done = answered_together;
        x->owner = endpoint;
        x->ask.path = endpoint->path;
        x->left = endpoint->path->left;
        x->ask.request = question->request;
        x->ask.done = question->done;
        x->ask.context = question->context;
        x->ask.batch = lme_batch_new(lme_exchange_own(x), endpoint->batch);
        endpoint->gathering = x;
    }
    lme_batch *batch = x->ask.batch;
    batch->items[batch->n++] = *question;
    return batch->n < batch->capacity || lme_gather_flush(endpoint, err);
}

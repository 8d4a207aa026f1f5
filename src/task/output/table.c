/* The output types, and the requests that all of them make. */
#include "output.h"

#define OUTPUT_TYPE(name) extern const lme_output_type lme_output_##name;
#include "list.h"
#undef OUTPUT_TYPE

#define OUTPUT_TYPE(name) &lme_output_##name,
static const lme_output_type *const types[] = {
#include "list.h"
};
#undef OUTPUT_TYPE
enum {
    N_TYPES = sizeof types / sizeof types[0]
};

const lme_output_type *const *lme_output_types(size_t *n)
{
    *n = N_TYPES;
    return types;
}

const lme_output_type *lme_output_type_find(lme_str name)
{
    for (size_t i = 0; i < N_TYPES; i++) {
        if (lme_str_is(name, types[i]->name))
            return types[i];
    }
    return NULL;
}

const lme_output_type *lme_output_type_default(void)
{
    return &lme_output_generate_until;
}

lme_request lme_request_after(lme_request_kind kind, const lme_context *context)
{
    return (lme_request){
        .kind = kind,
        .context = context->text,
        .messages = context->messages,
        .n_messages = context->n_messages,
    };
}

lme_request *lme_requests_new(lme_arena *arena, lme_sample *sample, size_t n, size_t repeats)
{
    lme_request *requests = LME_ARRAY(arena, lme_request, n * repeats);
    sample->requests = requests;
    sample->n_requests = n * repeats;
    sample->n_repeats = repeats;
    sample->responses = LME_ARRAY(arena, lme_response, n * repeats);
    return requests;
}

void lme_requests_set(lme_request *requests, size_t i, size_t repeats, const lme_request *request)
{
    for (size_t repeat = 0; repeat < repeats; repeat++) {
        requests[i * repeats + repeat] = *request;
        requests[i * repeats + repeat].repeat = repeat;
    }
}

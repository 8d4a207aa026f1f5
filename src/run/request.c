#include "request.h"

static const lme_str *copy_texts(lme_arena *arena, const lme_str *texts, size_t n)
{
    lme_str *copy = LME_ARRAY(arena, lme_str, n);
    for (size_t i = 0; i < n; i++)
        copy[i] = lme_str_copy(arena, texts[i]);
    return copy;
}

static const lme_message *copy_messages(lme_arena *arena, const lme_request *request)
{
    if (request->messages == NULL)
        return NULL;
    lme_message *copy = LME_ARRAY(arena, lme_message, request->n_messages);
    for (size_t i = 0; i < request->n_messages; i++)
        copy[i] = (lme_message){
            .role = lme_str_copy(arena, request->messages[i].role),
            .content = lme_str_copy(arena, request->messages[i].content),
        };
    return copy;
}

static const lme_generation *copy_generation(lme_arena *arena, const lme_generation *generation)
{
    if (generation == NULL)
        return NULL;
    lme_generation *copy = LME_NEW(arena, lme_generation);
    *copy = *generation;
    copy->until = copy_texts(arena, generation->until, generation->n_until);
    copy->extra = lme_value_copy(arena, &generation->extra);
    copy->as_written = lme_value_copy(arena, &generation->as_written);
    return copy;
}

lme_request lme_request_copy(lme_arena *arena, const lme_request *request)
{
    lme_request copy = *request;
    copy.context = lme_str_copy(arena, request->context);
    copy.continuation = lme_str_copy(arena, request->continuation);
    copy.messages = copy_messages(arena, request);
    copy.generation = copy_generation(arena, request->generation);
    if (request->alternatives != NULL)
        copy.alternatives = copy_texts(arena, request->alternatives, request->n_alternatives);
    return copy;
}

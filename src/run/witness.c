#include "witness.h"

#include "request.h"

void lme_witness_keep(lme_witnesses *witnesses, const lme_request *request, lme_str body,
                      const lme_response *response)
{
    size_t *n = &witnesses->n[request->kind];
    if (*n == LME_WITNESSES)
        return;
    if (witnesses->arena == NULL)
        witnesses->arena = lme_arena_new();
    lme_arena *arena = witnesses->arena;
    lme_witness *kept = &witnesses->of[request->kind][(*n)++];
    *kept = (lme_witness){
        .request = lme_request_copy(arena, request),
        .body = lme_str_copy(arena, body),
        .response = *response,
    };
    kept->response.text = lme_str_copy(arena, response->text);
    kept->response.finish = lme_str_copy(arena, response->finish);
    kept->response.failure = LME_STR("");
}

void lme_witnesses_free(lme_witnesses *witnesses)
{
    lme_arena_free(witnesses->arena);
    *witnesses = (lme_witnesses){0};
}

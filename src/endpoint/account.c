/* What became of the requests, as a run reports it. */
#include "state.h"

lme_traffic lme_endpoint_traffic(const lme_endpoint *endpoint)
{
    lme_traffic traffic = *lme_transport_traffic(endpoint->transport);
    traffic.n_answered += endpoint->n_shared;
    traffic.n_answered -= endpoint->n_unusable + endpoint->n_steps;
    traffic.n_failed += endpoint->n_unusable;
    traffic.n_failed -= endpoint->n_reworded;
    traffic.n_retried += endpoint->n_reworded;
    traffic.prompt_bytes = endpoint->dispatch.prompt_bytes;
    traffic.prompt_tokens = endpoint->dispatch.prompt_tokens;
    traffic.n_crowded = endpoint->dispatch.n_crowded;
    traffic.n_absences = endpoint->watch.n_absences;
    traffic.waited_ms = endpoint->watch.waited_ms;
    traffic.n_hidden = endpoint->n_hidden;
    return traffic;
}

lme_client_time lme_endpoint_client_time(const lme_endpoint *endpoint)
{
    return lme_transport_client_time(endpoint->transport);
}

lme_str lme_endpoint_reworded(lme_arena *arena, const lme_endpoint *endpoint)
{
    lme_str completions = lme_dialect_text(arena, &endpoint->completions);
    lme_str chats = lme_dialect_text(arena, &endpoint->chats);
    if (chats.len == 0 || completions.len == 0)
        return chats.len > 0 ? chats : completions;
    return lme_str_format(arena, "of chats: %.*s; of completions: %.*s", LME_STR_ARG(chats),
                          LME_STR_ARG(completions));
}

const lme_str *lme_endpoint_refused(const lme_endpoint *endpoint, bool chats, size_t *n)
{
    const lme_dialect *dialect = chats ? &endpoint->chats : &endpoint->completions;
    *n = dialect->n_refused;
    return dialect->refused;
}

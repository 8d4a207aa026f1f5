/* How many tokens a question and its answer may have: where servers tell it. */
#include "probe.h"

/* An integer above 0, or 0. */
static int64_t count_of(const lme_value *map, const char *key)
{
    const lme_value *n = lme_value_find(map, key);
    return n != NULL && n->kind == LME_INT && n->integer > 0 ? n->integer : 0;
}

/* llama-server tells the context of one slot. */
static int64_t of_props(const lme_value *answer)
{
    return count_of(lme_value_find(answer, "default_generation_settings"), "n_ctx");
}

/* SGLang's arguments, of which the context is null unless it was given; what a question may have
 * at most is always there, and never more (servers 3.32). */
static int64_t of_server_info(const lme_value *answer)
{
    int64_t given = count_of(answer, "context_length"),
            longest = count_of(answer, "max_req_input_len");
    return longest > 0 && (given == 0 || longest < given) ? longest : given;
}

void lme_prober_take_context(lme_prober *prober, int64_t n_tokens, const char *route)
{
    if (n_tokens <= 0 || (prober->context > 0 && prober->context <= n_tokens))
        return;
    prober->context = n_tokens;
    prober->context_route = route;
    lme_length_of_server(&prober->endpoint->length, n_tokens);
}

void lme_prober_take_model(lme_prober *prober, const lme_value *model)
{
    /* vLLM and SGLang; llama-server, whose n_ctx_train is the model's own and may be longer. */
    lme_prober_take_context(prober, count_of(model, "max_model_len"), "/v1/models");
    lme_prober_take_context(prober, count_of(lme_value_find(model, "meta"), "n_ctx"), "/v1/models");
    prober->takes_less = lme_str_is(lme_value_text(model, "owned_by"), "sglang");
}

/* A place where a context may be told. */
typedef struct place {
    const char *url, *route;
    int64_t (*read)(const lme_value *answer);
} place;

/* False with the error; *is_told stays where the place does not tell. */
static bool ask_place(lme_prober *prober, const place *at, bool *is_told, lme_error *err)
{
    lme_probed probed;
    if (!lme_prober_ask(prober, at->url, LME_STR(""), &probed, err))
        return false;
    int64_t n_tokens = probed.outcome == LME_OUTCOME_OK ? at->read(&probed.value) : 0;
    *is_told = *is_told || n_tokens > 0;
    lme_prober_take_context(prober, n_tokens, at->route);
    return true;
}

bool lme_prove_context(lme_prober *prober, unsigned needs, lme_error *err)
{
    const lme_length *length = &prober->endpoint->length;
    const lme_server_url *url = &prober->endpoint->url;
    /* An answer that SGLang cut is told by it (lme_length_ended). */
    bool is_needed = length->truncates || (needs & 1u << LME_REQUEST_ROLLING) != 0 ||
                     (needs & LME_LOOK_AT_ALL) != 0 || prober->takes_less;
    bool is_told = prober->context > 0 && !prober->takes_less;
    const place places[] = {
        {url->props, "/props", of_props},
        {url->server_info, "/server_info", of_server_info},
        {url->server_info_0, "/get_server_info", of_server_info},
    };
    for (size_t i = 0; is_needed && !is_told && i < sizeof places / sizeof places[0]; i++) {
        if (prober->takes_less && places[i].read != of_server_info)
            continue;
        if (!ask_place(prober, &places[i], &is_told, err))
            return false;
    }
    if (prober->context > 0)
        lme_prober_find(prober, "context", true, "%lld tokens, by %s", (long long)prober->context,
                        prober->context_route);
    else if (is_needed)
        lme_prober_find(prober, "context", false, "not told by /v1/models, /props or /server_info");
    return true;
}

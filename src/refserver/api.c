/* Routes, and the small ones of them. */
#include "api.h"

#include <lmeval/unicode.h>

typedef struct api_route {
    const char *path, *method;
    lme_trait missing_with; /* takes the route away */
    lme_trait only_with;    /* gives it */
    void (*answer)(const lme_service *service, const lme_value *body, const lme_call *call,
                   lme_reply *reply);
} api_route;

/* FNV-1a: the same request gets the same id, so that answers are the same bytes every time. */
static lme_str id_of(lme_arena *arena, lme_str body)
{
    uint64_t hash = 0xCBF29CE484222325u;
    for (size_t i = 0; i < body.len; i++)
        hash = (hash ^ (unsigned char)body.ptr[i]) * 0x100000001B3u;
    return lme_str_format(arena, "%016llx", (unsigned long long)hash);
}

static void answer_health(const lme_service *service, const lme_value *body, const lme_call *call,
                          lme_reply *reply)
{
    (void)service;
    (void)body;
    (void)call;
    lme_builder_add(&reply->body, LME_STR("{\"status\":\"ok\"}"));
}

static void answer_models(const lme_service *service, const lme_value *body, const lme_call *call,
                          lme_reply *reply)
{
    (void)body;
    (void)call;
    lme_builder_add(&reply->body, LME_STR("{\"object\":\"list\",\"data\":[{\"id\":"));
    lme_json_write_string(&reply->body, service->name, false);
    const char *owner = "lmeval";
    if (lme_traits_have(service->traits, LME_TRAIT_LLAMA_SERVER))
        owner = "llamacpp";
    else if (lme_traits_have(service->traits, LME_TRAIT_SGLANG))
        owner = "sglang";
    lme_builder_format(&reply->body, ",\"object\":\"model\",\"created\":%lld,\"owned_by\":\"%s\"",
                       (long long)service->created, owner);
    if (lme_traits_have(service->traits, LME_TRAIT_CONTEXT_UNTOLD))
        lme_builder_add(&reply->body, LME_STR("}]}"));
    else if (lme_traits_have(service->traits, LME_TRAIT_LLAMA_SERVER))
        lme_builder_format(&reply->body, ",\"meta\":{\"n_ctx\":%u,\"n_ctx_train\":%u}}]}",
                           LME_MODEL_CONTEXT, 4 * LME_MODEL_CONTEXT);
    else
        lme_builder_format(&reply->body, ",\"max_model_len\":%u}]}", LME_MODEL_CONTEXT);
}

static void answer_order(const lme_service *service, const lme_value *body, const lme_call *call,
                         lme_reply *reply, bool is_chat)
{
    lme_order order;
    lme_refusal refusal;
    if (!lme_order_read(reply->scratch, service, body, is_chat, &order, &refusal)) {
        lme_reply_refuse(reply, &refusal);
        return;
    }
    lme_order_meet(service, &call->moment, &order);
    lme_str id = id_of(reply->scratch, call->body);
    if (service->n_answers != NULL)
        atomic_fetch_add(service->n_answers, 1);
    if (is_chat)
        lme_chat_answer(service, &order, id, reply);
    else
        lme_completion_answer(service, &order, id, reply);
}

static void answer_completions(const lme_service *service, const lme_value *body,
                               const lme_call *call, lme_reply *reply)
{
    answer_order(service, body, call, reply, false);
}

static void answer_chat(const lme_service *service, const lme_value *body, const lme_call *call,
                        lme_reply *reply)
{
    answer_order(service, body, call, reply, true);
}

static void answer_tokenize(const lme_service *service, const lme_value *body, const lme_call *call,
                            lme_reply *reply)
{
    lme_prompt prompt;
    lme_refusal refusal;
    (void)call;
    const lme_value *special = lme_value_find(body, "add_special_tokens");
    if (lme_traits_have(service->traits, LME_TRAIT_LLAMA_SERVER)) {
        lme_pieces_answer(service, body, reply);
        return;
    }
    if (!lme_model_check(service, body, &refusal) ||
        !lme_prompt_read(reply->scratch, service, body, &prompt, &refusal)) {
        lme_reply_refuse(reply, &refusal);
        return;
    }
    size_t from = prompt.tokens.len > 0 && prompt.tokens.ids[0] == LME_TOKEN_BEGIN &&
                  special != NULL && !lme_value_truth(special);
    lme_builder *out = &reply->body;
    lme_builder_format(out, "{\"count\":%zu,\"max_model_len\":%u,\"tokens\":[",
                       prompt.tokens.len - from, LME_MODEL_CONTEXT);
    for (size_t i = from; i < prompt.tokens.len; i++) {
        if (i > from)
            lme_builder_char(out, ',');
        lme_write_number(out, prompt.tokens.ids[i]);
    }
    lme_builder_add(out, LME_STR("]}"));
}

/* What servers call a text that was made of ids. */
static const char *text_name(const lme_service *service)
{
    if (lme_traits_have(service->traits, LME_TRAIT_LLAMA_SERVER))
        return "content";
    return lme_traits_have(service->traits, LME_TRAIT_SGLANG) ? "text" : "prompt";
}

/* llama-server's, as far as clients read it. */
static void answer_props(const lme_service *service, const lme_value *body, const lme_call *call,
                         lme_reply *reply)
{
    bool has_bos = lme_traits_have(service->traits, LME_TRAIT_BOS);
    (void)body;
    (void)call;
    lme_builder_format(&reply->body,
                       "{\"default_generation_settings\":{\"n_ctx\":%u},\"chat_template\":\"%s\","
                       "\"bos_token\":\"%s\",\"eos_token\":\"" LME_END_TEXT "\"}",
                       LME_MODEL_CONTEXT,
                       "{% for m in messages %}{{ m.role }}: {{ m.content }} ...",
                       has_bos ? LME_BEGIN_TEXT : "");
}

static void answer_detokenize(const lme_service *service, const lme_value *body,
                              const lme_call *call, lme_reply *reply)
{
    const lme_value *list = lme_value_find(body, "tokens"), none = lme_null();
    lme_tokens tokens = {.arena = reply->scratch};
    lme_builder text = {.arena = reply->scratch};
    lme_refusal refusal;
    (void)call;
    if (!lme_model_check(service, body, &refusal) ||
        !lme_token_ids_read(service, list != NULL ? list : &none, "tokens", &tokens, &refusal)) {
        lme_reply_refuse(reply, &refusal);
        return;
    }
    lme_vocab_decode(service->model->vocab, tokens.ids, tokens.len, &text);
    lme_builder_format(&reply->body, "{\"%s\":", text_name(service));
    lme_json_write_string(&reply->body, lme_utf8_repair(reply->scratch, lme_builder_finish(&text)),
                          false);
    lme_builder_char(&reply->body, '}');
}

/* What lm_eval's remote tokenizer asks for (lm_eval 8, tokenizer_backend). */
static void answer_tokenizer_info(const lme_service *service, const lme_value *body,
                                  const lme_call *call, lme_reply *reply)
{
    lme_refusal refusal;
    (void)body;
    (void)call;
    if (lme_traits_have(service->traits, LME_TRAIT_NO_TOKENIZER_INFO)) {
        lme_refuse(&refusal, 404, NULL, NULL, "there is no /tokenizer_info here");
        lme_reply_refuse(reply, &refusal);
        return;
    }
    lme_builder_add(&reply->body,
                    LME_STR("{\"tokenizer_class\":\"lmeval-bpe\",\"eos_token\":\"" LME_END_TEXT
                            "\",\"pad_token\":null,\"chat_template\":null,\"bos_token\":"));
    if (lme_traits_have(service->traits, LME_TRAIT_BOS))
        lme_builder_add(&reply->body, LME_STR("\"" LME_BEGIN_TEXT "\"}"));
    else
        lme_builder_add(&reply->body, LME_STR("null}"));
}

static const api_route routes[] = {
    {"/v1/completions", "POST", LME_TRAIT_CHAT_ONLY, LME_TRAITS, answer_completions},
    {"/v1/chat/completions", "POST", LME_TRAIT_NO_CHAT, LME_TRAITS, answer_chat},
    {"/v1/models", "GET", LME_TRAIT_NO_MODELS, LME_TRAITS, answer_models},
    {"/health", "GET", LME_TRAITS, LME_TRAITS, answer_health},
    {"/tokenize", "POST", LME_TRAIT_NO_TOKENIZE, LME_TRAITS, answer_tokenize},
    {"/detokenize", "POST", LME_TRAIT_NO_TOKENIZE, LME_TRAITS, answer_detokenize},
    {"/tokenizer_info", "GET", LME_TRAIT_NO_TOKENIZE, LME_TRAITS, answer_tokenizer_info},
    {"/server_info", "GET", LME_TRAIT_SERVER_INFO_0, LME_TRAIT_SGLANG, lme_server_info_answer},
    {"/get_server_info", "GET", LME_TRAITS, LME_TRAIT_SGLANG, lme_server_info_answer},
    {"/props", "GET", LME_TRAITS, LME_TRAIT_LLAMA_SERVER, answer_props},
    {"/apply-template", "POST", LME_TRAITS, LME_TRAIT_LLAMA_SERVER, lme_template_answer},
    {"/completion", "POST", LME_TRAITS, LME_TRAIT_LLAMA_SERVER, lme_completion_native_answer},
    {"/generate", "POST", LME_TRAITS, LME_TRAIT_SGLANG, lme_generate_answer},
};

static bool has_route(const lme_service *service, const api_route *route)
{
    return !lme_traits_have(service->traits, route->missing_with) &&
           (route->only_with == LME_TRAITS || lme_traits_have(service->traits, route->only_with));
}

static const api_route *find_route(const lme_service *service, lme_str path)
{
    for (size_t i = 0; i < sizeof routes / sizeof *routes; i++) {
        if (lme_str_is(path, routes[i].path))
            return has_route(service, &routes[i]) ? &routes[i] : NULL;
    }
    return NULL;
}

static bool read_body(const lme_call *call, lme_reply *reply, lme_value *body, lme_refusal *refusal)
{
    lme_error err = {0};
    if (!lme_json_read(reply->scratch, call->reader, call->body, NULL, body, &err))
        return lme_refuse(refusal, 400, NULL, "invalid_json",
                          "the body is not valid JSON (line %u, column %u): %.300s", err.line,
                          err.column, err.message);
    if (body->kind != LME_MAP)
        return lme_refuse(refusal, 400, NULL, "invalid_type",
                          "the body must be a JSON object, not %s", lme_kind_name(body->kind));
    return true;
}

/* A recorded request gets its recorded answer. True when that is all there is to say. */
static bool answer_recorded(const lme_service *service, const lme_call *call, const lme_value *body,
                            lme_reply *reply)
{
    lme_recorded recorded;
    lme_refusal refusal;
    if (service->replay != NULL &&
        lme_replay_find(reply->scratch, service->replay, call->path, body, &recorded)) {
        reply->status = recorded.status;
        lme_builder_add(&reply->body, recorded.answer);
        if (lme_str_starts(recorded.answer, LME_STR("data:")))
            reply->content_type = "text/event-stream; charset=utf-8";
        return true;
    }
    if (service->model != NULL)
        return false;
    lme_refuse(&refusal, 404, NULL, "not_recorded",
               "this request is not in the record of %zu exchanges (compared: path, prompt or "
               "messages, echo, max_tokens, temperature)",
               lme_replay_len(service->replay));
    lme_reply_refuse(reply, &refusal);
    return true;
}

void lme_api_answer(const lme_service *service, const lme_call *call, lme_reply *reply)
{
    lme_refusal refusal;
    lme_value body = lme_null();
    const api_route *route = find_route(service, call->path);
    reply->status = 200;
    reply->content_type = "application/json";
    if (route == NULL) {
        lme_refuse(&refusal, 404, NULL, NULL, "there is no %.*s here",
                   LME_STR_ARG(lme_str_slice(call->path, 0, 200)));
        lme_reply_refuse(reply, &refusal);
        return;
    }
    if (!lme_str_is(call->method, route->method)) {
        lme_refuse(&refusal, 405, NULL, NULL, "%s needs %s, not %.*s", route->path, route->method,
                   LME_STR_ARG(lme_str_slice(call->method, 0, 40)));
        lme_reply_refuse(reply, &refusal);
        reply->allow = route->method;
        return;
    }
    bool has_body = lme_str_is(call->method, "POST");
    if (has_body && !read_body(call, reply, &body, &refusal)) {
        lme_reply_refuse(reply, &refusal);
        return;
    }
    if (!has_body || !answer_recorded(service, call, &body, reply))
        route->answer(service, &body, call, reply);
}

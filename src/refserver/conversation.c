/* What only chats have: messages, the template that makes a prompt of them, and what servers of
 * reasoning models refuse. */
#include "api.h"

/* The text parts of a message's content. */
static bool add_content(const lme_value *content, lme_builder *text, lme_refusal *refusal)
{
    if (content == NULL)
        return true;
    if (content->kind == LME_STRING) {
        lme_builder_add(text, content->string);
        return true;
    }
    if (content->kind != LME_LIST)
        return lme_refuse_type(refusal, "messages", "messages with a text as content", content);
    for (size_t i = 0; i < content->list.len; i++) {
        const lme_value *part = lme_value_find(&content->list.items[i], "text");
        if (part == NULL || part->kind != LME_STRING)
            return lme_refuse(refusal, 400, "messages", "invalid_value",
                              "a content part must be {\"type\": \"text\", \"text\": ...}");
        lme_builder_add(text, part->string);
    }
    return true;
}

/* Whether the last message stays open, to be gone on with. vLLM's fields and its rules for them. */
static bool read_continues(const lme_service *service, const lme_value *body,
                           const lme_value *messages, bool *continues, bool *begins,
                           lme_refusal *refusal)
{
    *continues = false;
    *begins = true;
    const lme_value *last = &messages->list.items[messages->list.len - 1];
    const lme_value *role = lme_value_find(last, "role");
    bool is_answer =
        role != NULL && role->kind == LME_STRING && lme_str_is(role->string, "assistant");
    if (lme_traits_have(service->traits, LME_TRAIT_NO_CONTINUE))
        return true;
    if (!lme_field_bool(body, "continue_final_message", continues, refusal) ||
        !lme_field_bool(body, "add_generation_prompt", begins, refusal))
        return false;
    if (*continues && *begins)
        return lme_refuse(refusal, 400, "continue_final_message", "invalid_value",
                          "Cannot set both `continue_final_message` and `add_generation_prompt` to "
                          "True.");
    if (is_answer && lme_traits_have(service->traits, LME_TRAIT_ALWAYS_CONTINUE))
        *continues = true;
    return true;
}

bool lme_messages_read(lme_arena *arena, const lme_service *service, const lme_value *body,
                       lme_str *text, lme_refusal *refusal)
{
    const lme_value *messages = lme_field(body, "messages");
    lme_builder out = {.arena = arena};
    bool continues, begins;
    if (messages == NULL)
        return lme_refuse(refusal, 400, "messages", "missing_required_parameter",
                          "you must provide 'messages'");
    if (messages->kind != LME_LIST || messages->list.len == 0)
        return lme_refuse_type(refusal, "messages", "a list of at least one message", messages);
    if (!read_continues(service, body, messages, &continues, &begins, refusal))
        return false;
    for (size_t i = 0; i < messages->list.len; i++) {
        const lme_value *role = lme_value_find(&messages->list.items[i], "role");
        if (role == NULL || role->kind != LME_STRING)
            return lme_refuse(refusal, 400, "messages", "invalid_value",
                              "message %zu must be an object with a 'role'", i);
        lme_builder_add(&out, role->string);
        /* An answer that is put stands where a generated one would. */
        lme_builder_add(&out, lme_str_is(role->string, "assistant") ? LME_STR(":") : LME_STR(": "));
        if (!add_content(lme_field(&messages->list.items[i], "content"), &out, refusal))
            return false;
        if (i + 1 < messages->list.len || !continues)
            lme_builder_char(&out, '\n');
    }
    if (begins && !continues)
        lme_builder_add(&out, LME_STR("assistant:"));
    *text = lme_builder_finish(&out);
    return true;
}

/* The refusals of OpenAI's reasoning models, in their words. */
bool lme_chat_check(const lme_service *service, const lme_value *body, lme_refusal *refusal)
{
    const lme_value *temperature = lme_field(body, "temperature");
    if (lme_traits_have(service->traits, LME_TRAIT_LOGPROBS_403) &&
        lme_field(body, "logprobs") != NULL)
        return lme_refuse(refusal, 403, "logprobs", NULL,
                          "You are not allowed to request logprobs from this model");
    if (lme_traits_have(service->traits, LME_TRAIT_MAX_COMPLETION_TOKENS) &&
        lme_field(body, "max_tokens") != NULL)
        return lme_refuse(refusal, 400, "max_tokens", "unsupported_parameter",
                          "Unsupported parameter: 'max_tokens' is not supported with this model. "
                          "Use 'max_completion_tokens' instead.");
    if (lme_traits_have(service->traits, LME_TRAIT_TEMPERATURE_1) && temperature != NULL &&
        !(temperature->kind == LME_INT && temperature->integer == 1))
        return lme_refuse(refusal, 400, "temperature", "unsupported_value",
                          "Unsupported value: 'temperature' does not support this value with this "
                          "model. Only the default (1) value is supported.");
    if (lme_traits_have(service->traits, LME_TRAIT_STOP_REFUSED) && lme_field(body, "stop") != NULL)
        return lme_refuse(refusal, 400, "stop", "unsupported_parameter",
                          "Unsupported parameter: 'stop' is not supported with this model.");
    return true;
}

void lme_chat_begin(lme_arena *arena, const lme_service *service, lme_prompt *prompt)
{
    lme_tokens tokens = {.arena = arena};
    if (!lme_traits_have(service->traits, LME_TRAIT_DOUBLE_BOS))
        return;
    lme_tokens_add(&tokens, LME_TOKEN_BEGIN);
    for (size_t i = 0; i < prompt->tokens.len; i++)
        lme_tokens_add(&tokens, prompt->tokens.ids[i]);
    prompt->tokens = tokens;
}

void lme_order_think(lme_arena *arena, const lme_service *service, lme_order *order)
{
    static const lme_trait ways[] = {LME_TRAIT_REASONING_CONTENT, LME_TRAIT_REASONING,
                                     LME_TRAIT_THINK_TAGS};
    lme_tokens tokens = {.arena = arena};
    bool thinks = false;
    for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++)
        thinks = thinks || lme_traits_have(service->traits, ways[i]);
    if (!thinks)
        return;
    order->thought = LME_STR("The question is short.");
    lme_vocab_encode(service->model->vocab, order->thought, &tokens);
    size_t left = order->sampling.max_tokens;
    order->n_thought = tokens.len < left ? tokens.len : left;
    order->is_thinking_cut = tokens.len >= left;
    order->sampling.max_tokens -= order->n_thought;
}

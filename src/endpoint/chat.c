/* What chats have beside completions: messages in, and out a message whose text can be null, a list
 * of parts, or stand behind what the model thought first (servers 3.15). */
#include "generate.h"

bool lme_is_chat(const lme_request *request)
{
    return request->n_messages > 0;
}

bool lme_is_begun(const lme_request *request)
{
    return lme_is_chat(request) &&
           lme_str_is(request->messages[request->n_messages - 1].role, "assistant");
}

void lme_chat_add_messages(lme_map_builder *map, const lme_form *form, const lme_request *request)
{
    lme_arena *arena = map->arena;
    lme_list_builder list = {.arena = arena};
    for (size_t i = 0; i < request->n_messages; i++) {
        lme_map_builder message = {.arena = arena};
        lme_map_add(&message, LME_STR("role"), lme_string(request->messages[i].role));
        lme_map_add(&message, LME_STR("content"), lme_string(request->messages[i].content));
        lme_list_add(&list, lme_map_finish(&message));
    }
    lme_map_add(map, LME_STR("messages"), lme_list_finish(&list));
    lme_map_add(map, LME_STR("model"), lme_string(form->model));
}

/* The text among a content's parts; what the model thought is a part of another type (Mistral). */
static lme_str parts_text(lme_arena *arena, const lme_value *parts)
{
    lme_builder out = {.arena = arena};
    for (size_t i = 0; i < parts->list.len; i++) {
        const lme_value *type = lme_value_find(&parts->list.items[i], "type");
        const lme_value *text = lme_value_find(&parts->list.items[i], "text");
        bool is_text =
            type == NULL || (type->kind == LME_STRING && lme_str_is(type->string, "text"));
        if (is_text && text != NULL && text->kind == LME_STRING)
            lme_builder_add(&out, text->string);
    }
    return lme_builder_finish(&out);
}

bool lme_chat_read_text(lme_arena *arena, const lme_value *choice, lme_str *text, lme_error *err)
{
    const lme_value *message = lme_value_find(choice, "message");
    const lme_value *content = lme_value_find(message, "content");
    *text = LME_STR("");
    if (message == NULL || message->kind != LME_MAP)
        return lme_fail(
            err, LME_ERR_SERVER, NULL, "the answer's choices[0].message is %s%s",
            message == NULL ? "missing" : lme_kind_name(message->kind),
            lme_value_find(choice, "text") != NULL ? "; it has the shape of a completion" : "");
    /* Nothing but thoughts, a refusal or a call: the answer is empty, as lm_eval takes it. */
    if (content == NULL || content->kind == LME_NULL)
        return true;
    if (content->kind == LME_LIST)
        *text = parts_text(arena, content);
    else if (content->kind == LME_STRING)
        *text = content->string;
    else
        return lme_fail(err, LME_ERR_SERVER, NULL,
                        "the answer's choices[0].message.content is %s, expected text",
                        lme_kind_name(content->kind));
    return true;
}
